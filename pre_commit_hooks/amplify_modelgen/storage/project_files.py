"""Read the files below a root once, without following links."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from amplify_modelgen.errors import ConfigError
from amplify_modelgen.fast_path import directory_fingerprint, file_fingerprint, scan_directory

from .directories import DirectoryTree, UnsafePathError, read_descriptor

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

    from .directories import Directory

MAX_BYTES = 20_000_000
"""The size of the largest file that is read. AppSync itself accepts schemas of 1 MB."""

_PERMISSIONS = "check the permissions of the file and its directory"


class DirectoryEntry(Struct, frozen=True, kw_only=True):
    """An entry of a directory; a symbolic link is a `link`, wherever it leads."""

    name: str
    kind: Literal["file", "directory", "link", "other"]


class ProjectFiles:
    """The files below a root, each opened at most once.

    Paths are relative to the root, with `/`; the root itself is empty. What was read is
    remembered, so that a later run can see that nothing has changed (`fingerprints`).

    Raises:
        ConfigError: the root is not a directory that can be opened.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._fingerprints: dict[str, str] = {}
        self._contents: dict[str, bytes | None] = {}
        self._listings: dict[str, tuple[DirectoryEntry, ...]] = {}
        self._opened_at = time.time_ns()
        try:
            self._tree = DirectoryTree(root, self._record_parent)
        except OSError as error:
            raise ConfigError(
                f"cannot open the root {root}: {_reason(error)}", hint="use another root"
            ) from error

    def read_bytes(self, path: str) -> bytes | None:
        """Return the content of a file, or None if it does not exist.

        Raises:
            ConfigError: it is a link or below one, is not a file, is too large, or cannot be read.
        """
        if path not in self._contents:
            self._contents[path] = self._read(path)
        return self._contents[path]

    def read_text(self, path: str) -> str | None:
        r"""Return the text of a file, or None if it does not exist.

        The byte-order mark is dropped, and each line ending is `\n`.

        Raises:
            ConfigError: as `read_bytes`, or it is not UTF-8.
        """
        content = self.read_bytes(path)
        if content is None:
            return None
        return decode_text(content, path)

    def list_directory(self, path: str, *, all_names: bool = False) -> tuple[DirectoryEntry, ...]:
        """Return the entries of a directory, sorted by name; empty if it does not exist.

        Names that are not UTF-8 are skipped with a warning. A new file in the directory changes
        the fingerprints only if its name ends like those of schemas and settings, or if
        `all_names` is true.

        Raises:
            ConfigError: it is a link or below one, or cannot be read.
        """
        if path in self._listings and (not all_names or self._has_all_names(path)):
            return self._listings[path]
        try:
            directory = self._tree.find(path)
            status = directory.fstat()
            entries = scan_directory(directory.handle)
        except (FileNotFoundError, NotADirectoryError):
            self._fingerprints.setdefault(path, f"absent {path}")
            return ()
        except OSError as error:
            raise self._error(path, error) from error
        self._fingerprints[path] = directory_fingerprint(path, status, entries, all_names=all_names)
        self._listings[path] = tuple(
            DirectoryEntry(name=name, kind=kind) for name, kind in entries if _is_utf8(path, name)
        )
        return self._listings[path]

    def find_listed(self, name: str) -> list[str]:
        """Return the directories listed so far that have a file called `name`, sorted.

        The top directories of other git repositories are left out.
        """
        wanted = DirectoryEntry(name=name, kind="file")
        return sorted(
            path
            for path, entries in self._listings.items()
            if wanted in entries and not (path and any(each.name == ".git" for each in entries))
        )

    def absent_paths(self) -> list[str]:
        """Return the paths that were read or listed, and do not exist."""
        return [path for path, line in self._fingerprints.items() if line.startswith("absent ")]

    def fingerprints(self) -> list[str]:
        """Return a line for each path that was read, as `fast_path.save_result` takes them.

        The first line is the time (in ns) before anything was read.
        """
        return [f"opened {self._opened_at}", *self._fingerprints.values()]

    def close(self) -> None:
        """Close all descriptors."""
        self._tree.close()

    def __enter__(self) -> Self:
        """Return the object itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close all descriptors."""
        self.close()

    def _read(self, path: str) -> bytes | None:
        try:
            directory, name = self._tree.find_parent(path)
            descriptor = directory.open_file(name)
        except (FileNotFoundError, NotADirectoryError):
            self._fingerprints[path] = f"absent {path}"
            return None
        except OSError as error:
            raise self._error(path, error) from error
        try:
            # Taken before reading: a change in between is then seen by the next run.
            self._fingerprints[path] = file_fingerprint(path, os.fstat(descriptor))
            content = read_descriptor(descriptor, MAX_BYTES)
        except OSError as error:
            raise self._error(path, error) from error
        finally:
            os.close(descriptor)
        if len(content) > MAX_BYTES:
            raise ConfigError(f"{path} is larger than {MAX_BYTES:,} bytes", hint="make it smaller")
        return content

    def _record_parent(self, directory: Directory) -> None:
        self._fingerprints.setdefault(
            directory.path, f"parent {directory.fstat().st_ino} {directory.path}"
        )

    def _error(self, path: str, error: OSError) -> ConfigError:
        self._fingerprints[path] = f"failed {path}"
        if isinstance(error, UnsafePathError):
            return ConfigError(error.message, hint=error.hint)
        return ConfigError(f"cannot read {path or '.'}: {_reason(error)}", hint=_PERMISSIONS)

    def _has_all_names(self, path: str) -> bool:
        return self._fingerprints[path].startswith(("all ", "absent "))


def decode_text(content: bytes, name: str) -> str:
    r"""Return UTF-8 text without its byte-order mark, with each line ending as `\n`.

    Raises:
        ConfigError: it is not UTF-8; the message begins with `name`.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # `error` holds the content, and its text shows a part of it.
        reason = f"{name} is not UTF-8 text: invalid byte at position {error.start + 1}"
        raise ConfigError(reason, hint="save the file as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _is_utf8(path: str, name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        import logging

        shown = ascii(f"{path}/{name}" if path else name)
        logging.getLogger(__name__).warning("skipping %s: its name is not UTF-8", shown)
        return False
    return True


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
