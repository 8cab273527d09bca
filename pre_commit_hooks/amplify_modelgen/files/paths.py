"""Files below the root: nothing else is ever read or written."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from amplify_modelgen.errors import ConfigError
from amplify_modelgen.unchanged import AT_ONCE, regular


def safe_path(root: Path, relative: str) -> Path:
    """Return the absolute path of a file below the root, symlinks followed.

    Raises:
        ConfigError: it is outside the root, or a folder.
    """
    path = os.path.realpath(os.path.join(root, relative))  # noqa: PTH118 (a third of its time)
    _check_below(root, relative, path)
    if os.path.isdir(path):  # noqa: PTH112 (pathlib raises where a folder cannot be searched)
        raise ConfigError(
            f"{relative} is a folder, and a file of that name has to be written",
            hint="remove the folder, or give the output another path",
        )
    return Path(path)


def entry_path(root: Path, relative: str) -> Path:
    """Return the absolute path of an entry in a folder below the root, which may be a link itself.

    Raises:
        ConfigError: the folder is outside the root, or the entry is a folder.
    """
    entry = root / relative
    path = Path(os.path.realpath(entry.parent), entry.name)
    _check_below(root, relative, str(path))
    if path.is_dir() and not path.is_symlink():
        raise ConfigError(f"{relative} is a folder")
    return path


def _check_below(root: Path, relative: str, path: str) -> None:
    if not _is_below(path, os.fspath(root)) and not _is_below(path, os.path.realpath(root)):
        raise ConfigError(
            f"{relative} is outside the root {root}",
            hint="give outputs a path below the root, without symbolic links that leave it",
        )


def _is_below(path: str, folder: str) -> bool:
    # Of a path without links: one that begins as a linked folder does cannot be.
    return path == folder or path.startswith(os.path.join(folder, ""))  # noqa: PTH118


def read_by_somebody(path: str, flags: int) -> int:
    """Open what is going to be written, as the `opener` of `open`: a file, or a pipe with a reader.

    Raises:
        OSError: as `os.open`, and for a pipe that nobody reads, which would be waited for.
    """
    try:
        number = os.open(path, flags | AT_ONCE, 0o666)
    except OSError as error:
        if error.errno != errno.ENXIO:
            raise
        raise OSError(errno.ENXIO, "it is a pipe that nobody reads, or a socket", path) from error
    if AT_ONCE:
        os.set_blocking(number, True)
    return number


def read_if_there(path: Path) -> bytes | None:
    """Return a file's bytes, or None if there is no such file.

    Raises:
        OSError: it cannot be read, or is a pipe or a device, which may never end.
    """
    try:
        with open(path, "rb", opener=regular) as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None


def read_below(root: Path, relative: str) -> bytes | None:
    """Return the bytes of a file below the root, or None if there is no such file.

    Raises:
        ConfigError: it is outside the root, a folder, or cannot be read.
    """
    try:
        return read_if_there(safe_path(root, relative))
    except OSError as error:
        raise ConfigError(
            f"{relative} cannot be read: {error.strerror or error}",
            hint="check the permissions of the file and its folder",
        ) from error
