"""Run git without running programs that a repository configures.

A cloned repository is untrusted: its configuration may name programs (fsmonitor, hooks, remote
helpers), and a subdirectory may look like a bare repository with a separate configuration.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from .errors import ConfigError, ModelgenError
from .fast_path import find_git_directory, find_repository
from .text import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from subprocess import Popen
    from typing import IO

# Options of the command line override every configuration file.
_OPTIONS = (
    "--no-optional-locks",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "safe.bareRepository=explicit"),
    *("-c", "protocol.allow=never"),
)
# `check-ignore` is the only command with paths that does not accept it.
_LITERAL = "--literal-pathspecs"
# Git sets these for its hooks. They would point it to another repository than the directory's,
# or contradict the options above.
_REMOVED_VARIABLES = frozenset(
    (
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_EXTERNAL_DIFF",
        "GIT_GLOB_PATHSPECS",
        "GIT_ICASE_PATHSPECS",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_NOGLOB_PATHSPECS",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    )
)
_SET_VARIABLES = {
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    # `protocol.ext.allow` of a repository would override `protocol.allow`; this overrides both.
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
}
_MAX_ERROR_BYTES = 100_000
_MAX_LISTING_BYTES = 500_000_000
_CHUNK = 1 << 16
# The command line of Windows holds 32,000 characters.
_PATHS_PER_COMMAND = 100
_ADD_TIMEOUT = 10.0


class GitError(ModelgenError):
    """Git is missing, timed out, failed, or returned too much."""


class GitResult(Struct, frozen=True, kw_only=True):
    """The result of a git command. `returncode` is git's own: not every failure is an error."""

    returncode: int
    stdout: bytes
    stderr: str

    @property
    def error(self) -> str:
        """The last error message of git, on one line; advice that follows it is left out."""
        lines = [line for line in self.stderr.splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith(("fatal:", "error:"))]
        return escape((errors or lines or [f"exit code {self.returncode}"])[-1].strip())


def run_git(
    directory: Path,
    *arguments: str,
    stdin: bytes | None = None,
    timeout: float = 60.0,
    max_bytes: int = 50_000_000,
) -> GitResult:
    """Run `git ARGUMENTS` in `directory` and return its output.

    `timeout` is in seconds; `max_bytes` limits stdout. A non-zero exit code is not an error here.

    Raises:
        GitError: git is missing, timed out or returned too much, or `directory` is unusable.
    """
    import subprocess

    program = _find_program()
    try:
        _reject_bare_repository(directory)
        process = subprocess.Popen(  # noqa: S603 (an absolute path, no shell)
            (program, *_OPTIONS, *arguments),
            cwd=directory,
            env=_environment(),
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            process_group=0,  # so that children of git end with it
        )
    except (OSError, ValueError) as error:
        raise GitError(f"cannot run git: {escape(str(error))}") from error
    with process:
        command = next(argument for argument in arguments if not argument.startswith("-"))
        return _communicate(process, command, stdin, timeout, max_bytes)


def _find_program() -> str:
    # Only absolute directories of PATH: Windows would also search the working directory, which
    # may be the checkout of a stranger.
    name = "git.exe" if os.name == "nt" else "git"
    for directory in os.get_exec_path():
        program = Path(directory, name)
        # Not pathlib: it raises for a directory that cannot be searched.
        if program.is_absolute() and os.path.isfile(program) and os.access(program, os.X_OK):  # noqa: PTH113
            return str(program)
    raise GitError("git is not installed", hint="install git, or add it to PATH")


def _environment() -> dict[str, str]:
    kept = {key: os.environ[key] for key in os.environ if key not in _REMOVED_VARIABLES}
    return kept | _SET_VARIABLES


def _reject_bare_repository(directory: Path) -> None:
    # git before 2.38 does not know `safe.bareRepository`.
    path = Path(os.path.realpath(directory))
    for parent in (path, *path.parents):
        if os.path.lexists(parent / ".git"):
            return
        names = [name for name in ("HEAD", "objects", "refs") if os.path.lexists(parent / name)]
        if "HEAD" in names and (len(names) > 2 or os.path.lexists(parent / "commondir")):  # noqa: PLR2004
            raise GitError(
                f"{escape(str(parent))} looks like a bare git repository",
                hint="its configuration is not trusted; run the command in a working tree",
            )


def _communicate(
    process: Popen[bytes], command: str, stdin: bytes | None, timeout: float, max_bytes: int
) -> GitResult:
    from threading import Event, Thread, Timer

    expired = Event()

    def expire() -> None:
        expired.set()
        _kill(process)

    errors: list[bytes] = []
    timer = Timer(timeout, expire)
    timer.daemon = True  # Python would wait for a timer that an interrupt left running
    helpers = [Thread(target=_drain, args=(process.stderr, errors), daemon=True)]
    if stdin is not None:
        helpers.append(Thread(target=_send, args=(process.stdin, stdin), daemon=True))
    try:
        for thread in (timer, *helpers):
            thread.start()
        stdout = _read(process.stdout, max_bytes + 1)
        if len(stdout) > max_bytes:
            _kill(process)
        returncode = process.wait()
    except BaseException:
        _kill(process)
        raise
    finally:
        timer.cancel()
        for thread in filter(Thread.is_alive, helpers):
            thread.join()
    if len(stdout) > max_bytes:
        raise GitError(f"git {command} returned more than {max_bytes:,} bytes")
    if expired.is_set():
        raise GitError(f"git {command} did not finish within {timeout:g} s")
    stderr = b"".join(errors).decode(errors="replace")
    return GitResult(returncode=returncode, stdout=stdout, stderr=stderr)


def _kill(process: Popen[bytes]) -> None:
    if os.name == "nt":
        process.kill()
        return
    import signal

    # The group may be gone already; macOS answers PermissionError for one that has just ended.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _read(stream: IO[bytes] | None, size: int) -> bytes:
    chunks: list[bytes] = []
    while stream is not None and size > 0 and (chunk := stream.read(min(size, _CHUNK))):
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)


def _drain(stream: IO[bytes], chunks: list[bytes]) -> None:
    chunks.append(_read(stream, _MAX_ERROR_BYTES))
    # Git would wait for ever if nothing read the rest.
    while stream.read(_CHUNK):
        pass


def _send(stream: IO[bytes], content: bytes) -> None:
    # Git may end before it has read everything; its exit code says why.
    with suppress(OSError), stream:
        stream.write(content)


def ignored_directories(root: Path) -> frozenset[str]:
    """Return the directories below `root` that git ignores, relative to it, ending in a slash.

    Directories with tracked files are not ignored. Without git or outside a checkout the result
    is empty.

    Raises:
        ConfigError: git fails in its own checkout, for example because another user owns it.
    """
    options = ("--others", "--ignored", "--exclude-standard", "--directory", "-z")
    try:
        result = run_git(root, "ls-files", *options, max_bytes=_MAX_LISTING_BYTES)
    except GitError:
        return frozenset()
    top = find_repository(os.path.realpath(root))
    # Git also reports this for a worktree whose git directory is not mounted, as in a container.
    if result.returncode and top and "not a git repository" not in result.stderr:
        import shlex

        raise ConfigError(
            f"git failed to list ignored files: {result.error}",
            hint="try 'git status'; if another user owns the checkout and you trust it: "
            f"git config --global --add safe.directory {escape(shlex.quote(top))}",
        )
    return frozenset(path for path in _split(result.stdout) if path.endswith("/"))


def check_ignore(root: Path, paths: Iterable[str]) -> dict[str, str]:
    """Return the paths that git ignores, each with the `FILE:LINE` of the pattern.

    Paths are relative to `root`; the file of a pattern is absolute or relative to the top of the
    repository. Tracked files are not ignored. Without git or outside a checkout, and for paths in
    submodules or behind links, nothing is.
    """
    asked = list(paths)
    if not asked or find_repository(os.path.realpath(root)) is None:
        return {}
    try:
        # `./`, because git would read a leading colon as magic.
        stdin = "".join(f"./{path}\0" for path in asked).encode(errors="surrogateescape")
        result = run_git(root, "check-ignore", "-v", "-z", "--stdin", stdin=stdin)
    except (GitError, UnicodeEncodeError):
        return {}
    if result.returncode > 1:
        # Git rejects all paths if one is in a submodule or behind a link.
        middle = len(asked) // 2
        if middle and ("submodule" in result.stderr or "symbolic link" in result.stderr):
            return check_ignore(root, asked[:middle]) | check_ignore(root, asked[middle:])
        return {}
    fields = _split(result.stdout)
    rows = zip(fields[::4], fields[1::4], fields[2::4], fields[3::4], strict=True)
    # A pattern with `!` says that the path is not ignored.
    sources = {
        path[2:]: f"{file}:{line}" for file, line, pattern, path in rows if pattern[0] != "!"
    }
    return {path: sources[path] for path in asked if path in sources}


def is_sparse_checkout(root: Path) -> bool:
    """Whether files may be missing below `root` because of `git sparse-checkout`."""
    directory = find_git_directory(str(root))
    if directory is None or not Path(directory, "info", "sparse-checkout").exists():
        return False
    try:  # `git sparse-checkout disable` does not remove the file.
        repository_prefix(root)  # `git config` does not fail if git distrusts the checkout.
        result = run_git(root, "config", "--type=bool", "core.sparseCheckout")
    except GitError:
        return True  # Listing what is left out fails with the reason.
    return result.returncode > 1 or result.stdout == b"true\n"


def left_out_paths(root: Path, paths: Sequence[str]) -> list[str]:
    """Return the tracked files at or below `paths` that a sparse checkout does not have on disk.

    Raises:
        GitError: git is missing or fails.
    """
    listed = _list_files(root, ("-t",), [path or "." for path in paths])
    tracked = {entry[2:] for entry in listed if entry.startswith("S ")}
    return sorted(path for path in tracked if not os.path.lexists(root / path))


def addable_paths(root: Path, paths: Sequence[str]) -> list[str]:
    """Return those of the paths that `git add` accepts, relative to the working directory.

    `paths` are relative to `root`. Git would reject all of them for one that it ignores, that was
    removed and never tracked, or that is behind a symbolic link or in a submodule. Without git the
    result is empty.
    """
    typed = [typed_path(root, path) for path in paths]
    options = ("--cached", "--others", "--exclude-standard")
    try:
        known = frozenset(_list_files(Path(), options, typed, timeout=_ADD_TIMEOUT))
    except GitError:
        return []
    return [_as_argument(path) for path in typed if path in known]


def _list_files(
    directory: Path, options: Sequence[str], paths: Sequence[str], timeout: float = 60.0
) -> list[str]:
    """Return what `git ls-files` prints about paths, with several commands for many."""
    listed: list[str] = []
    for start in range(0, len(paths), _PATHS_PER_COMMAND):
        batch = paths[start : start + _PATHS_PER_COMMAND]
        arguments = (_LITERAL, "ls-files", "-z", *options, "--", *batch)
        listed += _split(_check(run_git(directory, *arguments, timeout=timeout)))
    return listed


def git_command(root: Path, subcommand: str, *paths: str) -> str:
    """Return a git command to type in the working directory; `paths` are relative to `root`."""
    import shlex

    typed = (_as_argument(typed_path(root, path)) for path in paths)
    return shlex.join(("git", *subcommand.split(), *typed))


def _as_argument(path: str) -> str:
    # Git would read these as an option or as magic of a pathspec.
    return f"./{path}" if path.startswith(("-", ":")) else path


def typed_path(root: Path, path: str) -> str:
    """Return a path, which is relative to `root`, as it is typed in the working directory."""
    try:
        return Path(os.path.relpath(root / path)).as_posix()
    except (OSError, ValueError):  # no working directory, or another drive of Windows
        return path


def repository_prefix(root: Path) -> str:
    """Return the path of `root` in its repository: empty for the top, else ending in a slash.

    Raises:
        GitError: `root` is not in a working tree.
    """
    output = _check(run_git(root, "rev-parse", "--show-prefix"))
    return os.fsdecode(output).rstrip("\n")


def resolve_commit(root: Path, revision: str) -> str | None:
    """Return the id of the commit that `revision` names, None if git does not know it."""
    if revision.startswith("-"):  # would be an option
        return None
    result = run_git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    return result.stdout.decode().strip() if result.returncode == 0 else None


def list_tree(root: Path, commit: str, directory: str) -> dict[str, str]:
    """Return the files of a commit below `directory`, each with its object id.

    `directory` is relative to the top of the repository, empty for all; the paths are relative to
    it. Links and submodules are left out: their content is not a file's.
    """
    start = f"{directory}/" if directory else ""
    options = ("-r", "-z", "--full-tree", commit, "--", *filter(None, (start,)))
    result = run_git(root, _LITERAL, "ls-tree", *options, max_bytes=_MAX_LISTING_BYTES)
    files = {}
    for entry in _split(_check(result)):
        details, _, path = entry.partition("\t")
        mode, _, object_id = details.split(" ")
        if mode.startswith("100"):
            files[path.removeprefix(start)] = object_id
    return files


def read_objects(root: Path, object_ids: Iterable[str], max_bytes: int) -> dict[str, bytes]:
    """Return the contents of objects. Objects that the repository lacks are left out.

    Raises:
        GitError: they have more than `max_bytes` together.
    """
    lines = "".join(f"{object_id}\n" for object_id in dict.fromkeys(object_ids)).encode()
    output = _check(run_git(root, "cat-file", "--batch", stdin=lines, max_bytes=max_bytes))
    contents, position = {}, 0
    while position < len(output):
        end = output.index(b"\n", position)
        header = output[position:end].decode().split(" ")
        position = end + 1
        if header[-1] != "missing":
            size = int(header[2])
            contents[header[0]] = output[position : position + size]
            position += size + 1
    return contents


def changed_paths(root: Path, revision: str) -> list[str]:
    """Return the files below `root` that differ between the working tree and a commit, sorted.

    Paths are relative to `root`. A file that only one of them has differs, unless git ignores it.
    Changes within submodules do not count. Nothing is written, not even the index, which
    `git diff` would update.

    Raises:
        GitError: unknown revision, or not a working tree.
    """
    commit = resolve_commit(root, revision)
    if commit is None:
        raise GitError(f"git does not know the revision {escape(revision)!r}")
    # To count lines git compares contents; otherwise new timestamps count. Of binary files they do.
    options = ("--numstat", "--no-renames", "--no-textconv", "--ignore-submodules=all")
    tracked = run_git(root, "diff-index", "-z", "--relative", *options, commit)
    untracked = run_git(root, "ls-files", "-z", "--others", "--exclude-standard")
    changed = {row.split("\t", 2)[2] for row in _split(_check(tracked))}
    return sorted(changed.union(_split(_check(untracked))))


def _check(result: GitResult) -> bytes:
    if result.returncode:
        raise GitError(f"git failed: {result.error}")
    return result.stdout


def _split(output: bytes) -> list[str]:
    return os.fsdecode(output).split("\0")[:-1] if output else []
