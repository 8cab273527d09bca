"""Write and remove files below a root: each file is old or new, and no link is followed."""

from __future__ import annotations

import os
import signal
import stat
import threading
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from amplify_modelgen.errors import WriteError
from amplify_modelgen.fast_path import find_repository, scan_directory

from .directories import DirectoryTree, UnsafePathError, check_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from .directories import Directory

_STALE_SECONDS = 60
_SUFFIX = ".amplify-modelgen.tmp"
_PERMISSIONS = "check the permissions of the file and its directory, and the space on the disk"
# SIGINT comes last, because its handler may raise as soon as it is restored.
_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGINT") if hasattr(signal, name)
)


def replace_file(root: Path, path: str, content: bytes) -> None:
    """Write a file below the root; missing directories are created.

    `path` is relative to the root. The mode of an existing file is kept, except for execute
    bits. An interrupt is delayed until the file is written and no temporary file is left.

    Raises:
        WriteError: it is a link or below one, in a git directory, read-only or not a file, or
            the system refuses. The file is unchanged.
    """
    with _write_errors(path):
        _replace_below(root, path, content)


def remove_file(root: Path, path: str) -> None:
    """Remove a file below the root, if it exists.

    Raises:
        WriteError: as `replace_file`.
    """
    with (
        _write_errors(path),
        closing(DirectoryTree(root)) as tree,
        suppress(FileNotFoundError, NotADirectoryError),
    ):
        directory, name = tree.find_parent(path)
        directory.check_file(name, directory.stat(name))
        directory.remove(name)


def write_report_file(path: Path, content: bytes) -> None:
    """Write a file that the user named; missing directories are created.

    Directories outside of git repositories may be links: the user chose them.

    Raises:
        WriteError: it is a link, a device or a FIFO, is in a git directory, or cannot be written.
    """
    hint = "name a regular file; '>' of the shell redirects the standard output"
    with _write_errors(str(path), hint):
        root, relative = _split_report_path(path)
        _replace_below(root, relative, content)


def _split_report_path(path: Path) -> tuple[Path, str]:
    """Return the directory below which no link is followed, and the rest of the path.

    It is the first one that is inside a git repository or the working directory.
    """
    absolute = Path(os.path.abspath(path))
    names = absolute.relative_to(absolute.anchor).parts
    working_directory = Path.cwd()
    root, index = Path(absolute.anchor), 0
    for index, name in enumerate(names):
        child = Path(os.path.realpath(root / name))
        is_protected = root.is_relative_to(working_directory) or find_repository(str(root))
        if is_protected or index == len(names) - 1 or not child.is_dir():
            break
        for part in child.parts[1:]:
            check_name(part, str(child))
        root = child
    return root, "/".join(names[index:])


def _replace_below(root: Path, path: str, content: bytes) -> None:
    with closing(DirectoryTree(root)) as tree:
        directory, name = tree.find_parent(path, create=True)
        _replace(directory, name, content, _mode(directory, name))


@contextmanager
def _write_errors(path: str, unsafe_hint: str | None = None) -> Iterator[None]:
    try:
        yield
    except UnsafePathError as error:
        hint = unsafe_hint or error.hint
        raise WriteError(f"cannot write {path}: {error.message}", hint=hint) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise WriteError(f"cannot write {path}: {reason}", hint=_PERMISSIONS) from error


def _mode(directory: Directory, name: str) -> int | None:
    """Return the mode for a new content of an entry, None if it does not exist."""
    try:
        status = directory.stat(name)
    except FileNotFoundError:
        return None
    directory.check_file(name, status)
    if not status.st_mode & 0o222 or not directory.is_writable(name):
        # Renaming would replace it nevertheless.
        raise PermissionError(13, "the file is read-only")
    return stat.S_IMODE(status.st_mode) & 0o666


def _replace(directory: Directory, name: str, content: bytes, mode: int | None) -> None:
    with _deferred_signals():
        temporary, descriptor = _create_temporary(directory, name, mode)
        try:
            try:
                _write(descriptor, content, mode)
            finally:
                os.close(descriptor)
            directory.replace(temporary, name)
        except BaseException:
            with suppress(OSError):
                directory.remove(temporary)
            raise


def _create_temporary(directory: Directory, name: str, mode: int | None) -> tuple[str, int]:
    prefix = f".{name[:50]}."
    _remove_abandoned(directory, prefix)
    temporary = f"{prefix}{os.getpid()}{_SUFFIX}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    return temporary, directory.open_file(temporary, flags, 0o666 if mode is None else 0o600)


def _remove_abandoned(directory: Directory, prefix: str) -> None:
    """Remove the temporary files that killed runs left for a file."""
    with suppress(OSError):
        for entry, _ in scan_directory(directory.handle):
            process = entry.removeprefix(prefix).removesuffix(_SUFFIX)
            is_temporary = entry == f"{prefix}{process}{_SUFFIX}" and process.isdecimal()
            if is_temporary and not _is_alive(directory, entry, int(process)):
                directory.remove(entry)


def _is_alive(directory: Directory, entry: str, process: int) -> bool:
    if process == os.getpid() or time.time() - directory.stat(entry).st_mtime > _STALE_SECONDS:
        return False
    if os.name == "nt":  # pragma: no cover (`os.kill` would end the process there)
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


def _write(descriptor: int, content: bytes, mode: int | None) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
    if mode is not None and hasattr(os, "fchmod"):
        os.fchmod(descriptor, mode)


@contextmanager
def _deferred_signals() -> Iterator[None]:
    """Delay the signals that end a process until the block is done.

    Only the main thread can do that, and only it is interrupted.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[int] = []

    def receive(number: int, _: FrameType | None) -> None:
        received.append(number)

    previous = {number: signal.getsignal(number) for number in _SIGNALS}
    # None: another language installed it.
    previous = {
        key: value for key, value in previous.items() if value not in (None, signal.SIG_IGN)
    }
    try:
        for number in previous:
            signal.signal(number, receive)
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        for number in dict.fromkeys(received):
            signal.raise_signal(number)
