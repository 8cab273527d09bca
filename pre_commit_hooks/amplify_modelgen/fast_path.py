"""Fast path: return the cached message of the last successful run if nothing has changed since.

A git hook runs on every commit, and few commits touch a schema. After a successful run its message
is stored with a fingerprint of every path that the run read: size, times and inode, as in git's
index. While all of them hold, `load_cached_message` returns the message; in any doubt it returns
None, and the command runs. This module imports nothing but `os` and `sys`, because an import costs
more than all the rest.
"""

from __future__ import annotations

import os
import sys

from . import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal

    Kind = Literal["file", "directory", "link", "other"]

_TITLE = "amplify-modelgen fast path 2"
_END = "end"
_STATE = "amplify-modelgen"
COMMANDS = ("check", "generate", "validate")
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
_MAX_STATE_BYTES = 16_000_000
_MAX_GIT_FILE_BYTES = 4096
OPEN_FLAGS = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
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


def file_fingerprint(path: str, status: os.stat_result) -> str:
    """Return the line for a file that was read; `status` is from before that."""
    return f"file {_signature(status)} {path}"


def directory_fingerprint(
    path: str,
    status: os.stat_result,
    entries: Iterable[tuple[str, Kind]],
    *,
    all_names: bool = False,
) -> str:
    """Return the line for a directory that was listed; `status` is from before that.

    `entries` are those of `scan_directory`. A plain file counts if its name ends like those of
    schemas and settings, or if `all_names` is true.
    """
    kind = "all" if all_names else "directory"
    return f"{kind} {_signature(status)} {path}//{_names(entries, all_names=all_names)}"


def scan_directory(directory: int | str) -> list[tuple[str, Kind]]:
    """Return the name and the kind of each entry, sorted.

    A link, a Windows reparse point included, is a `link` wherever it leads; a FIFO or device is
    `other`.
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


def find_repository(root: str) -> str | None:
    """Return the top directory of the working tree that `root` is in, None without git.

    The nearest directory with a `.git` counts, so that a submodule is its own repository.
    """
    directory = root
    while not os.path.lexists(os.path.join(directory, ".git")):
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent
    return directory


def find_git_directory(root: str) -> str | None:
    """Return the git directory of the checkout (worktree, submodule) that `root` is in, or None."""
    top = find_repository(root)
    if top is None:
        return None
    git = os.path.join(top, ".git")
    status = os.lstat(git)
    if _is_type(status, _DIRECTORY):
        return git
    if not _is_type(status, _FILE):
        return None
    # A worktree or submodule: one line with the path of its git directory, which may be out of
    # reach, as in a container that sees only the worktree.
    try:
        content = _read(git, _MAX_GIT_FILE_BYTES)
    except OSError:
        return None
    text = content.decode("utf-8", "surrogateescape")
    path = os.path.join(top, text.removeprefix("gitdir:").strip())
    is_git = text.startswith("gitdir:") and os.path.isfile(os.path.join(path, "HEAD"))
    return os.path.normpath(path) if is_git else None


def encode_result(argv: Sequence[str], message: str, lines: Iterable[str]) -> bytes:
    """Return the content of the state file for a result; `lines` are the fingerprints."""
    records = [_TITLE, _context(), str(len(argv)), *argv, message, *lines, _END]
    return "\0".join(records).encode("utf-8", "surrogateescape")


def _read_records(argv: Sequence[str]) -> list[str]:
    directory = find_state_directory(os.getcwd())
    if directory is None or argv[0] not in COMMANDS:
        return []
    if not _is_type(os.lstat(directory), _DIRECTORY):
        raise NotADirectoryError(directory)
    content = _read(os.path.join(directory, file_name(argv[0])), _MAX_STATE_BYTES)
    return content.decode("utf-8", "surrogateescape").split("\0")


def file_name(command: str) -> str:
    """Return the name of the state file with the result of a command."""
    return f"last-{command}"


def _context() -> str:
    """Return what a run depends on besides its arguments and files, on one line."""
    variables = [
        (name, os.environ[name])
        for name in sorted(os.environ)
        if name in _VARIABLES or name.startswith(_VARIABLE_PREFIXES)
    ]
    return repr((__version__, __file__, os.getcwd(), variables, installation()))


def installation() -> list[tuple[str, int]]:
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
    if kind == "absent":
        try:
            os.lstat(rest)
        except (FileNotFoundError, NotADirectoryError):
            return True
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


def _names(entries: Iterable[tuple[str, Kind]], *, all_names: bool) -> str:
    return "/".join(
        kind + name
        for name, kind in entries
        if all_names or kind != "file" or name.endswith(_SUFFIXES)
    )


def _kind(entry: os.DirEntry[str]) -> Kind:
    if entry.is_symlink() or (os.name == "nt" and _is_reparse_point(entry)):
        return "link"
    if entry.is_dir(follow_symlinks=False):
        return "directory"
    return "file" if entry.is_file(follow_symlinks=False) else "other"


def _is_reparse_point(entry: os.DirEntry[str]) -> bool:  # pragma: no cover (Windows)
    attributes: int = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    return bool(attributes & 0x400)


def _is_type(status: os.stat_result, kind: int) -> bool:
    return status.st_mode & 0o170000 == kind


def _signature(status: os.stat_result) -> str:
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"


def _cache_directory() -> str:
    home = os.environ.get("HOME", "")
    if sys.platform == "win32":  # pragma: no cover
        return os.environ.get("LOCALAPPDATA", "")
    if sys.platform == "darwin":  # pragma: no cover
        return os.path.join(home, "Library", "Caches")
    cache = os.environ.get("XDG_CACHE_HOME", "")
    return cache if os.path.isabs(cache) else os.path.join(home, ".cache")


def _read(path: str, limit: int) -> bytes:
    """Return the content of a regular file, which is not a link."""
    descriptor = os.open(path, os.O_RDONLY | OPEN_FLAGS)
    try:
        status = os.fstat(descriptor)
        if not _is_type(status, _FILE) or status.st_size > limit:
            raise OSError(f"{path} is not a file, or too large")
        return os.read(descriptor, status.st_size)
    finally:
        os.close(descriptor)
