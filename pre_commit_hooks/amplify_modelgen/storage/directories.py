"""Open directories and files below a root, component by component, without following links."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from amplify_modelgen.fast_path import OPEN_FLAGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# Windows has neither; there, each entry is examined before it is opened.
_HAS_DESCRIPTORS = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
_DIRECTORY_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_MAX_DESCRIPTORS = 64
# Characters that HFS+ ignores in names, so that ".g\u200cit" is ".git" there (as git's utf8.c).
_IGNORED_CHARACTERS = dict.fromkeys(
    [*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF]
)
_REPARSE_POINT = 0x400


class UnsafePathError(OSError):
    """A path that is not opened: a link, a git directory, or something else than expected.

    `message` begins with the path; `hint` says how to fix it.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def is_git_name(name: str) -> bool:
    """Whether some file system takes `name` for `.git`: in any case, and as Windows abbreviates it.

    These are the names that git itself refuses to check out (core.protectHFS, core.protectNTFS).
    """
    if name.isascii() and name[0] not in ".gG":
        return False
    plain = name.translate(_IGNORED_CHARACTERS).partition(":")[0].rstrip(". ").casefold()
    return plain in (".git", "git~1")


class Directory:
    """An open directory. Its entries are opened, created and replaced without following links.

    `path` is relative to the root. Methods raise `UnsafePathError` for a link, an unsafe name and
    entries of another kind than expected, and `OSError` as the functions of `os` do.
    """

    def __init__(self, path: str, descriptor: int | None, system_path: str) -> None:
        self.path = path
        self._descriptor = descriptor
        self._system_path = system_path

    @classmethod
    def open_root(cls, root: Path) -> Directory:
        """Open a root. Links on the way to it are followed: the user chose it."""
        if _HAS_DESCRIPTORS:
            return cls("", os.open(root, _DIRECTORY_FLAGS), "")
        if not root.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "not a directory", str(root))
        return cls("", None, str(root))

    def close(self) -> None:
        """Close the descriptor."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def join(self, name: str) -> str:
        """Return the path of an entry, relative to the root."""
        return f"{self.path}/{name}" if self.path else name

    def stat(self, name: str) -> os.stat_result:
        """Return the status of an entry itself, also if it is a link."""
        return os.lstat(self._entry(name), dir_fd=self._descriptor)

    def fstat(self) -> os.stat_result:
        """Return the status of the directory."""
        return os.stat(self.handle)

    @property
    def handle(self) -> int | str:
        """The directory as `os.scandir` takes it."""
        return self._system_path if self._descriptor is None else self._descriptor

    def is_writable(self, name: str) -> bool:
        """Whether the user may write to an entry, which is not a link."""
        return os.access(self._entry(name), os.W_OK, dir_fd=self._descriptor)

    def open_directory(self, name: str) -> Directory:
        """Open a subdirectory.

        Raises:
            NotADirectoryError: it is something else, but not a link.
        """
        entry = self._entry(name)
        if self._descriptor is None:
            self._check_no_link(name, self.stat(name))
            if not os.path.isdir(entry):
                raise NotADirectoryError(errno.ENOTDIR, "not a directory", self.join(name))
            return Directory(self.join(name), None, entry)
        try:
            descriptor = os.open(entry, _DIRECTORY_FLAGS | OPEN_FLAGS, dir_fd=self._descriptor)
        except FileNotFoundError:
            raise
        except OSError:
            # Systems differ in how they refuse a link here.
            self._check_no_link(name, self.stat(name))
            raise
        return Directory(self.join(name), descriptor, "")

    def open_file(self, name: str, flags: int = os.O_RDONLY, mode: int = 0o666) -> int:
        """Open a regular file; return its descriptor."""
        if self._descriptor is None:
            self._check_existing(name)
        try:
            entry = self._entry(name)
            descriptor = os.open(entry, flags | OPEN_FLAGS, mode, dir_fd=self._descriptor)
        except FileNotFoundError:
            raise
        except OSError:
            # Systems differ in how they refuse a link or a socket here.
            self._check_existing(name)
            raise
        try:
            self.check_file(name, os.fstat(descriptor))
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def make_directory(self, name: str) -> None:
        """Create a subdirectory; it may exist."""
        try:
            os.mkdir(self._entry(name), dir_fd=self._descriptor)
        except FileExistsError:
            return

    def replace(self, source: str, destination: str) -> None:
        """Rename an entry of this directory, replacing another one."""
        descriptor = self._descriptor
        os.replace(
            self._entry(source),
            self._entry(destination),
            src_dir_fd=descriptor,
            dst_dir_fd=descriptor,
        )

    def remove(self, name: str) -> None:
        """Remove a file or a link."""
        os.unlink(self._entry(name), dir_fd=self._descriptor)

    def check_file(self, name: str, status: os.stat_result) -> None:
        """Raise unless an entry of this status is a regular file."""
        self._check_no_link(name, status)
        if not stat.S_ISREG(status.st_mode):
            raise UnsafePathError(
                f"{self.join(name)} is not a regular file", "remove it or use another path"
            )

    def _check_existing(self, name: str) -> None:
        with suppress(FileNotFoundError):
            self.check_file(name, self.stat(name))

    def _check_no_link(self, name: str, status: os.stat_result) -> None:
        attributes: int = getattr(status, "st_file_attributes", 0)
        if stat.S_ISLNK(status.st_mode) or attributes & _REPARSE_POINT:
            raise UnsafePathError(
                f"{self.join(name)} is a symbolic link; links are not followed",
                "replace the link with what it points to, or use another path",
            )

    def _entry(self, name: str) -> str:
        check_name(name, self.join(name))
        return name if self._descriptor is not None else os.path.join(self._system_path, name)


def check_name(name: str, path: str) -> None:
    """Raise `UnsafePathError` if `name` is not the plain name of an entry; `path` is its path."""
    if name in ("", ".", "..") or "/" in name or "\0" in name or _is_windows_path(name):
        raise UnsafePathError(
            f"{path!r} is not a path below the root",
            "use a path relative to the root, without '..' and with single forward slashes",
        )
    if is_git_name(name):
        raise UnsafePathError(f"{path} is inside a git directory", "use a path outside of it")


def _split_path(path: str) -> tuple[str, str]:
    """Return the directory and the name of a path; an absolute path gives an invalid name."""
    directory, separator, name = path.rpartition("/")
    return directory, name if directory else separator + name


def _is_windows_path(name: str) -> bool:
    return os.sep != "/" and (os.sep in name or ":" in name)


class DirectoryTree:
    """The directories below a root. A few stay open, so that neighbours are reached in one step.

    `on_open` is called with each directory that is opened. The descriptors are bounded, and a
    walk through a tree opens each directory about once, however deep it is.
    """

    def __init__(self, root: Path, on_open: Callable[[Directory], None] | None = None) -> None:
        self._root = Directory.open_root(root)
        self._on_open = on_open
        self._open: dict[str, Directory] = {}

    def find(self, path: str, *, create: bool = False) -> Directory:
        """Return the directory, which is valid until the next call; or create what is missing.

        Raises:
            FileNotFoundError, NotADirectoryError: it does not exist.
            UnsafePathError, OSError: as `Directory`.
        """
        directory, names = self._nearest(path)
        for name in names:
            try:
                child = directory.open_directory(name)
            except FileNotFoundError:
                if not create:
                    raise
                directory.make_directory(name)
                child = directory.open_directory(name)
            directory = self._keep(child)
        return directory

    def find_parent(self, path: str, *, create: bool = False) -> tuple[Directory, str]:
        """Return the directory of a path, and its last component. Raises as `find`."""
        parent, name = _split_path(path)
        check_name(name, path)
        return self.find(parent, create=create), name

    def close(self) -> None:
        """Close all descriptors."""
        for directory in (*self._open.values(), self._root):
            directory.close()
        self._open = {}

    def _nearest(self, path: str) -> tuple[Directory, Iterator[str]]:
        names = []
        parent = path
        while parent and parent not in self._open:
            parent, name = _split_path(parent)
            check_name(name, path)
            names.append(name)
        if not parent:
            return self._root, reversed(names)
        directory = self._open[parent] = self._open.pop(parent)
        return directory, reversed(names)

    def _keep(self, directory: Directory) -> Directory:
        self._open[directory.path] = directory
        if len(self._open) > _MAX_DESCRIPTORS:
            self._open.pop(next(iter(self._open))).close()
        if self._on_open is not None:
            self._on_open(directory)
        return directory


def read_descriptor(descriptor: int, limit: int) -> bytes:
    """Return the content of an open file, at most `limit` + 1 bytes."""
    chunks = []
    left = limit + 1
    size = os.fstat(descriptor).st_size
    while left > 0:
        chunk = os.read(descriptor, min(left, max(size + 1, 65_536)))
        if not chunk:
            break
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks)
