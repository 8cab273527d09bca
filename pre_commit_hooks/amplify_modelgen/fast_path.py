"""Fast path: return the cached message of the last successful run if nothing has changed since.

A git hook runs on every commit, and few commits touch a schema. After a successful run,
`save_result` stores its message with a fingerprint of every path that the run read: size, times
and inode, as git's index does. While all of them hold, `load_cached_message` returns the message;
in any doubt it returns None, and the command runs. This module imports nothing but `os`, `sys`
and `time`, because an import costs more than all the rest.
"""

from __future__ import annotations

import os
import sys
import time

from . import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Self

_TITLE = "amplify-modelgen fast path 2"
_END = "end"
_STATE = "amplify-modelgen"
_COMMANDS = ("check", "generate", "validate")
# Environment variables that change the result of a run. Credentials do not, and are not stored.
_VARIABLE_PREFIXES = ("AMPLIFY_MODELGEN_", "AMPLIFYCLI", "PRE_COMMIT")
_VARIABLES = (
    "AWS_CONFIG_FILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_AMPLIFYBACKEND",
    "AWS_PROFILE",
    "AWS_REGION",
    "CI",
    "FORCE_COLOR",
    "GITHUB_ACTIONS",
    "NO_COLOR",
)
# Entries of a directory that may add or change a target. Another new source file does not.
_SUFFIXES = (".graphql", ".json", ".toml", ".gitignore", "schema.js")
# File systems round times to up to 2 s: a file that was changed a moment before it was read may
# change again without a new time.
_CLOCK_GRANULARITY = 2_000_000_000
_MAX_STATE_BYTES = 16_000_000
_MAX_GIT_FILE_BYTES = 4096
_OPEN_FLAGS = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_HAS_DESCRIPTORS = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
_FILE, _DIRECTORY = 0o100000, 0o040000  # as in `stat`


def load_cached_message(argv: Sequence[str]) -> str | None:
    """Return the message of the last successful run of the same command, if it still holds.

    The working directory must be the root of that run. A run of `check` or `generate` also
    answers for the same command with FILEs that are among the schema files that it read.
    """
    try:
        records = _read_records(argv)
        count = int(records[2])
        saved, message, lines = records[3 : count + 3], records[count + 3], records[count + 4 :]
        if records[:2] != [_TITLE, _context()] or lines.pop() != _END:
            return None
        if list(argv) != saved and not _is_covered(argv, saved, lines):
            return None
        return message if all(map(_is_current, lines)) else None
    except (OSError, ValueError, IndexError):
        return None


def save_result(argv: Sequence[str], message: str, fingerprints: Sequence[str]) -> None:
    """Store the message of a successful run; the working directory must be its root.

    `fingerprints` are those of `ProjectFiles`, the first of them the time before anything was
    read. Nothing is stored if a file changed so shortly before that another change could go
    unnoticed, or if the state cannot be written: the next run takes longer then.
    """
    if not argv or argv[0] not in _COMMANDS or "\0" in message:
        return
    try:
        opened = int(fingerprints[0].removeprefix("opened "))
        directory = find_state_directory(os.getcwd())
        if directory is None:
            return
        with _Replacement(directory, _file_name(argv[0])) as replacement:
            # The clock of a file server may be behind.
            trusted = opened + min(0, replacement.clock_offset()) - _CLOCK_GRANULARITY
            if max(time for _, time in _installation()) >= trusted:
                return
            lines = [_trusted_line(line, trusted) for line in fingerprints[1:]]
            records = [_TITLE, _context(), str(len(argv)), *argv, message, *lines, _END]
            replacement.commit("\0".join(records).encode("utf-8", "surrogateescape"))
    except (OSError, ValueError, IndexError):
        return


def file_fingerprint(path: str, status: os.stat_result) -> str:
    """Return the line for a file that was read; `status` is from before that."""
    return f"file {_signature(status)} {path}"


def directory_fingerprint(
    path: str,
    status: os.stat_result,
    entries: Iterable[tuple[str, str]],
    *,
    all_names: bool = False,
) -> str:
    """Return the line for a directory that was listed; `status` is from before that.

    `entries` are those of `scan_directory`. A plain file counts if its name ends like those of
    schemas and settings, or if `all_names` is true.
    """
    kind = "all" if all_names else "directory"
    return f"{kind} {_signature(status)} {path}//{_names(entries, all_names=all_names)}"


def scan_directory(directory: int | str) -> list[tuple[str, str]]:
    """Return the name and the kind (`f`, `d`, `l`, `o`) of each entry, sorted.

    A link, a Windows reparse point included, is `l` wherever it leads; a FIFO or device is `o`.
    """
    with os.scandir(directory) as entries:
        return sorted((entry.name, _kind(entry)) for entry in entries)


def find_state_directory(root: str) -> str | None:
    """Return the directory for the state of the checkout at `root`; it may not exist yet.

    It is `amplify-modelgen` in the git directory (of the worktree or submodule), or a directory
    in the user's cache for a root without git. None if there is neither.
    """
    git = find_git_directory(root)
    if git is not None:
        return os.path.join(git, _STATE)
    cache = _cache_directory()
    if not os.path.isabs(cache):
        return None
    name = root.replace("%", "%25").replace(os.sep, "%2F").replace(":", "%3A")
    return os.path.join(cache, _STATE, name)


def find_git(root: str) -> str | None:
    """Return the `.git` file or directory of the checkout that `root` is in, None without git."""
    directory = root
    while True:
        git = os.path.join(directory, ".git")
        if os.path.lexists(git):
            return git
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent


def find_git_directory(root: str) -> str | None:
    """Return the git directory of the checkout (worktree, submodule) that `root` is in, or None."""
    git = find_git(root)
    return _git_directory(git) if git else None


def open_state_file(directory: str, name: str, flags: int) -> int:
    """Open a regular file of the state directory without following links.

    Raises:
        OSError: it does not exist, or it or the directory is a link or something else.
    """
    with _StateDirectory(directory) as state:
        return state.open(name, flags)


def read_state_file(directory: str, name: str, limit: int) -> bytes:
    """Return the content of a state file.

    Raises:
        OSError: as `open_state_file`, or it is larger than `limit` bytes.
    """
    return _read(open_state_file(directory, name, os.O_RDONLY), limit)


def replace_state_file(directory: str, name: str, content: bytes) -> None:
    """Write a state file, creating the directory. Raises `OSError` if that is not possible."""
    with _Replacement(directory, name) as replacement:
        replacement.commit(content)


class _StateDirectory:
    """The open state directory; it is never a link."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._descriptor: int | None = None
        if _HAS_DESCRIPTORS:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | _OPEN_FLAGS)
        elif not _is_type(os.lstat(path), _DIRECTORY):
            raise NotADirectoryError(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)

    def open(self, name: str, flags: int) -> int:
        descriptor = os.open(self._entry(name), flags | _OPEN_FLAGS, 0o666, dir_fd=self._descriptor)
        if _is_type(os.fstat(descriptor), _FILE):
            return descriptor
        os.close(descriptor)
        raise OSError(f"{name} is not a file")

    def remove(self, name: str) -> None:
        os.unlink(self._entry(name), dir_fd=self._descriptor)

    def replace(self, source: str, destination: str) -> None:
        descriptor = self._descriptor
        os.replace(
            self._entry(source),
            self._entry(destination),
            src_dir_fd=descriptor,
            dst_dir_fd=descriptor,
        )

    def _entry(self, name: str) -> str:
        return name if self._descriptor is not None else os.path.join(self._path, name)


class _Replacement:
    """A new content for a state file. A single temporary name, so that no others pile up.

    A concurrent run may take the temporary file away; the loser fails, and nothing is lost but
    time: what is read is complete, or it is not used.
    """

    def __init__(self, directory: str, name: str) -> None:
        os.makedirs(directory, exist_ok=True)
        self._directory = _StateDirectory(directory)
        self._name = name
        self._temporary = f"{name}.tmp"

    def __enter__(self) -> Self:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            try:
                self._file = self._directory.open(self._temporary, flags)
            except FileExistsError:
                self._directory.remove(self._temporary)
                self._file = self._directory.open(self._temporary, flags)
        except BaseException:
            self._directory.__exit__()
            raise
        self._is_open = True
        return self

    def clock_offset(self) -> int:
        """Return how far the file system's clock is ahead of the system's, in ns."""
        return os.fstat(self._file).st_mtime_ns - time.time_ns()

    def commit(self, content: bytes) -> None:
        """Put the content in place."""
        view = memoryview(content)
        while view:
            view = view[os.write(self._file, view) :]
        self._close()
        self._directory.replace(self._temporary, self._name)

    def __exit__(self, *_: object) -> None:
        try:
            self._close()
            self._directory.remove(self._temporary)
        except FileNotFoundError:
            pass
        finally:
            self._directory.__exit__()

    def _close(self) -> None:
        if self._is_open:
            self._is_open = False
            os.close(self._file)


def _read_records(argv: Sequence[str]) -> list[str]:
    directory = find_state_directory(os.getcwd())
    if directory is None or argv[0] not in _COMMANDS:
        return []
    content = read_state_file(directory, _file_name(argv[0]), _MAX_STATE_BYTES)
    return content.decode("utf-8", "surrogateescape").split("\0")


def _file_name(command: str) -> str:
    return f"last-{command}"


def _context() -> str:
    """Return what a run depends on besides its arguments and files, on one line."""
    variables = [
        (name, os.environ[name])
        for name in sorted(os.environ)
        if name in _VARIABLES or name.startswith(_VARIABLE_PREFIXES)
    ]
    return repr((__version__, __file__, os.getcwd(), variables, _installation()))


def _installation() -> list[tuple[str, int]]:
    """Return the directories of `sys.path` and their times: installing a plugin changes one."""
    return [(path, _modified(path)) for path in sys.path]


def _modified(path: str) -> int:
    try:
        return os.stat(path or ".").st_mtime_ns
    except OSError:
        return 0


def _is_covered(argv: Sequence[str], saved: list[str], lines: list[str]) -> bool:
    # The schemas of targets that were not selected are not read, so that each schema file among
    # the lines belongs to a target that is up to date.
    files = argv[len(saved) :]
    if argv[0] == "validate" or list(argv[: len(saved)]) != saved:
        return False
    known = {line.split(" ", 2)[-1] for line in lines if line.startswith("file ")}
    return all(file.endswith(".graphql") and file in known for file in files)


def _trusted_line(line: str, trusted: int) -> str:
    kind, rest = line.split(" ", 1)
    if kind in ("parent", "absent", "no-directory"):
        return line
    if kind not in ("file", "directory", "all"):
        raise ValueError(kind)
    signature, path = rest.split(" ", 1)
    _, modified, changed, _ = signature.split(":")
    if max(int(modified), int(changed)) < trusted:
        return line
    if kind == "file":
        raise ValueError("changed too recently")
    # The names are compared instead.
    return f"{kind} - {path}"


def _is_current(line: str) -> bool:
    kind, _, rest = line.partition(" ")
    if kind == "file":
        signature, _, path = rest.partition(" ")
        status = os.lstat(path)
        return _is_type(status, _FILE) and _signature(status) == signature
    if kind == "parent":
        inode, _, path = rest.partition(" ")
        status = os.lstat(path)
        return _is_type(status, _DIRECTORY) and str(status.st_ino) == inode
    if kind in ("directory", "all"):
        return _is_same_directory(rest, all_names=kind == "all")
    if kind in ("absent", "no-directory"):
        try:
            status = os.lstat(rest)
        except (FileNotFoundError, NotADirectoryError):
            return True
        return kind == "no-directory" and _is_type(status, _FILE)
    return False


def _is_same_directory(rest: str, *, all_names: bool) -> bool:
    signature, _, rest = rest.partition(" ")
    path, _, names = rest.partition("//")
    path = path or "."
    status = os.lstat(path)
    if not _is_type(status, _DIRECTORY):
        return False
    if _signature(status) == signature:
        return True
    return _names(scan_directory(path), all_names=all_names) == names


def _names(entries: Iterable[tuple[str, str]], *, all_names: bool) -> str:
    return "/".join(
        kind + name
        for name, kind in entries
        if all_names or kind != "f" or name.endswith(_SUFFIXES)
    )


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink() or (os.name == "nt" and _is_reparse_point(entry)):
        return "l"
    if entry.is_dir(follow_symlinks=False):
        return "d"
    return "f" if entry.is_file(follow_symlinks=False) else "o"


def _is_reparse_point(entry: os.DirEntry[str]) -> bool:  # pragma: no cover (Windows)
    attributes: int = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    return bool(attributes & 0x400)


def _is_type(status: os.stat_result, kind: int) -> bool:
    return status.st_mode & 0o170000 == kind


def _signature(status: os.stat_result) -> str:
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"


def _git_directory(git: str) -> str | None:
    status = os.lstat(git)
    if _is_type(status, _DIRECTORY):
        return git
    if not _is_type(status, _FILE):
        return None
    # A worktree or submodule: one line with the path of its git directory, which may be out of
    # reach, as in a container that sees only the worktree.
    try:
        content = _read(os.open(git, os.O_RDONLY | _OPEN_FLAGS), _MAX_GIT_FILE_BYTES)
    except OSError:
        return None
    text = content.decode("utf-8", "surrogateescape")
    path = os.path.join(os.path.dirname(git), text.removeprefix("gitdir:").strip())
    is_git = text.startswith("gitdir:") and os.path.isfile(os.path.join(path, "HEAD"))
    return os.path.normpath(path) if is_git else None


def _cache_directory() -> str:
    home = os.environ.get("HOME", "")
    if sys.platform == "win32":  # pragma: no cover
        return os.environ.get("LOCALAPPDATA", "")
    if sys.platform == "darwin":  # pragma: no cover
        return os.path.join(home, "Library", "Caches")
    cache = os.environ.get("XDG_CACHE_HOME", "")
    return cache if os.path.isabs(cache) else os.path.join(home, ".cache")


def _read(descriptor: int, limit: int) -> bytes:
    """Return the content of an open file and close it."""
    try:
        size = os.fstat(descriptor).st_size
        if size > limit:
            raise OSError("too large")
        return os.read(descriptor, size)
    finally:
        os.close(descriptor)
