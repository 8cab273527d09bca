"""The state of a checkout: its lock, the last result, and the jobs that have not ended.

It is a cache: it is never committed, and deleting it is safe. Its files are opened without
following links, and whatever is not as expected counts as absent.
"""

from __future__ import annotations

import os
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import msgspec

from amplify_modelgen.errors import ModelgenError, WriteError
from amplify_modelgen.fast_path import (
    COMMANDS,
    encode_result,
    file_name,
    find_state_directory,
    installation,
)

from .atomic_write import replace_file
from .directories import DirectoryTree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from filelock import BaseFileLock

_LOCK = "running.lock"
_POLL_INTERVAL = 0.05
_JOBS = "pending-jobs.jsonl"
_MAX_BYTES = 5_000_000
# File systems round times to up to 2 s: a file that was changed a moment before it was read may
# change again without a new time.
_CLOCK_GRANULARITY = 2_000_000_000


class StateDirectory:
    """The directory for the state of the checkout at a root; it may not exist yet.

    It is in the git directory (of the worktree or submodule), or in the user's cache if the root
    is not in a git repository. `path` is None if there is neither: nothing is stored then.
    """

    def __init__(self, root: Path) -> None:
        path = find_state_directory(os.path.realpath(root))
        self.path = Path(path) if path else None

    def open(self, name: str, flags: int) -> int:
        """Open a regular file; return its descriptor.

        Raises:
            OSError: it does not exist, or it or the directory is a link or something else.
        """
        create = bool(flags & os.O_CREAT)
        parent, directory = self._split(create=create)
        with closing(DirectoryTree(parent)) as tree:
            return tree.find(directory, create=create).open_file(name, flags)

    def replace(self, name: str, content: bytes) -> None:
        """Write a file; raise `OSError` or `WriteError` if that is not possible."""
        parent, directory = self._split(create=True)
        replace_file(parent, f"{directory}/{name}", content)

    def _split(self, *, create: bool) -> tuple[Path, str]:
        if self.path is None:
            raise FileNotFoundError("there is no git directory and no cache")
        if create:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        return self.path.parent, self.path.name


@contextmanager
def checkout_lock(root: Path, timeout: float, on_wait: Callable[[], None]) -> Iterator[bool]:
    """Hold the lock of the checkout at `root` while the block runs: only one run writes.

    If another run holds it, `on_wait` is called once, and it is waited for up to `timeout`
    seconds. The system releases the lock if the process dies. The value is whether the lock is
    held: a checkout whose state cannot be written, such as a read-only one, has no lock.

    Raises:
        ModelgenError: the other run did not end in time.
    """
    state = StateDirectory(root)
    try:
        # A link or a FIFO in the place of the file is an error here; filelock would open it.
        os.close(state.open(_LOCK, os.O_RDWR | os.O_CREAT))
    except OSError:
        yield False
        return
    from filelock import FileLock

    lock = FileLock(f"{state.path}/{_LOCK}", thread_local=False)
    is_held = _acquire(lock, timeout, on_wait)
    try:
        yield is_held
    finally:
        lock.release()


def _acquire(lock: BaseFileLock, timeout: float, on_wait: Callable[[], None]) -> bool:
    from filelock import Timeout

    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            on_wait()
            lock.acquire(timeout=max(timeout, 0), poll_interval=_POLL_INTERVAL)
    except Timeout:
        raise ModelgenError(
            f"another run has been writing models here for more than {timeout:g} s",
            hint="wait for it to end, then run the same command again; "
            "'--timeout SECONDS' waits longer",
        ) from None
    except (OSError, NotImplementedError):
        # Some network file systems have no locks.
        return False
    return True


def save_result(argv: Sequence[str], message: str, fingerprints: Sequence[str]) -> None:
    """Store the message of a successful run for the fast path; its root is the working directory.

    `fingerprints` are those of `ProjectFiles`, the first of them the time before anything was
    read. Nothing is stored if a file changed so shortly before that another change could go
    unnoticed, or if the state cannot be written: the next run takes longer then.
    """
    if not argv or argv[0] not in COMMANDS or "\0" in message:
        return
    with suppress(OSError, ValueError, WriteError):
        opened = int(fingerprints[0].removeprefix("opened "))
        lines = _trusted_lines(fingerprints[1:], opened)
        if lines is None:
            return
        state, name = StateDirectory(Path.cwd()), file_name(argv[0])
        state.replace(name, encode_result(argv, message, lines))
        # The clock of a file server may be behind.
        behind = min(0, _clock_offset(f"{state.path}/{name}"))
        if _trusted_lines(fingerprints[1:], opened + behind) != lines:
            state.replace(name, b"")


def _clock_offset(path: str) -> int:
    """Return how far the clock of the file system of a new file is ahead of the system's, in ns."""
    return os.lstat(path).st_mtime_ns - time.time_ns()


def _trusted_lines(fingerprints: Sequence[str], opened: int) -> list[str] | None:
    """Return the lines to store, None if a path changed too shortly before `opened`, or failed."""
    limit = opened - _CLOCK_GRANULARITY
    if max(changed for _, changed in installation()) >= limit:
        return None
    lines = []
    for line in fingerprints:
        kind, rest = line.split(" ", 1)
        if kind in ("file", "directory", "all"):
            signature, path = rest.split(" ", 1)
            _, modified, changed, _ = signature.split(":")
            is_trusted = max(int(modified), int(changed)) < limit
            if kind == "file" and not is_trusted:
                return None
            # Of a directory, the names are compared instead.
            lines.append(line if is_trusted else f"{kind} - {path}")
        elif kind in ("parent", "absent"):
            lines.append(line)
        else:
            return None
    return lines


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A job that was started for a target, or that has ended (`job` is None)."""

    root: str
    path: str
    digest: str = ""
    job: str | None = None


class PendingJobs:
    """The jobs of a root that have not ended, by the first output path of their target.

    They are lines of a single file, the last one about a path counts, and the next run continues
    these jobs if the schema is the same. A state that cannot be read or written costs a second
    job, never an error. Safe to share between threads.
    """

    def __init__(self, root: Path) -> None:
        self._state = StateDirectory(root)
        self._root = os.path.realpath(root)
        self._lock = Lock()
        self._is_compact = False
        self._entries = self._read()

    def get(self, path: str, digest: str) -> str | None:
        """Return the id of the job that was started for this path and schema digest."""
        entry = self._entries.get(path)
        return entry.job if entry is not None and entry.digest == digest else None

    def add(self, path: str, digest: str, job_id: str) -> None:
        """Store that this job runs for the target with this first output path."""
        entry = _Entry(root=self._root, path=path, digest=digest, job=job_id)
        with self._lock:
            self._entries[path] = entry
            self._write(entry)

    def discard(self, path: str) -> None:
        """Remove the job of this path, if there is one."""
        with self._lock:
            if self._entries.pop(path, None) is not None:
                self._write(_Entry(root=self._root, path=path))

    def _write(self, entry: _Entry) -> None:
        # A path that is not UTF-8 (a lone surrogate) cannot be stored either.
        with suppress(OSError, UnicodeEncodeError, WriteError):
            if self._entries and self._is_compact:
                with os.fdopen(self._state.open(_JOBS, os.O_WRONLY | os.O_APPEND), "ab") as file:
                    file.write(_line(entry))
                return
            # Lines of earlier runs must not pile up.
            self._state.replace(_JOBS, b"".join(map(_line, self._entries.values())))
            self._is_compact = True

    def _read(self) -> dict[str, _Entry]:
        entries: dict[str, _Entry] = {}
        with suppress(OSError):
            with os.fdopen(self._state.open(_JOBS, os.O_RDONLY), "rb") as file:
                content = file.read(_MAX_BYTES + 1)
            for line in content.split(b"\n") if len(content) <= _MAX_BYTES else ():
                # The last line may be incomplete.
                with suppress(msgspec.DecodeError, ValueError, RecursionError):
                    entry = msgspec.json.decode(line, type=_Entry)
                    if entry.root == self._root:
                        entries[entry.path] = entry
        return {path: entry for path, entry in entries.items() if entry.job is not None}


def _line(entry: _Entry) -> bytes:
    return msgspec.json.encode(entry) + b"\n"
