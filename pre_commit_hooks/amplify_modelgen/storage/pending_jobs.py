"""The jobs that a run started and that had not ended when it was interrupted."""

from __future__ import annotations

import os
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

import msgspec

from amplify_modelgen.fast_path import open_state_file, read_state_file, replace_state_file

from . import state_directory

if TYPE_CHECKING:
    from pathlib import Path

_NAME = "pending-jobs.jsonl"
_MAX_BYTES = 5_000_000


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
        directory = state_directory(root)
        self._directory = str(directory) if directory else None
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
        if self._directory is None:
            return
        # A path that is not UTF-8 (a lone surrogate) cannot be stored either.
        with suppress(OSError, UnicodeEncodeError):
            if self._entries and self._is_compact:
                _append(self._directory, _line(entry))
                return
            # Lines of earlier runs must not pile up.
            content = b"".join(map(_line, self._entries.values()))
            replace_state_file(self._directory, _NAME, content)
            self._is_compact = True

    def _read(self) -> dict[str, _Entry]:
        entries: dict[str, _Entry] = {}
        with suppress(OSError):
            content = read_state_file(self._directory or "", _NAME, _MAX_BYTES)
            for line in content.split(b"\n"):
                # The last line may be incomplete.
                with suppress(msgspec.DecodeError, ValueError, RecursionError):
                    entry = msgspec.json.decode(line, type=_Entry)
                    if entry.root == self._root:
                        entries[entry.path] = entry
        return {path: entry for path, entry in entries.items() if entry.job is not None}


def _line(entry: _Entry) -> bytes:
    return msgspec.json.encode(entry) + b"\n"


def _append(directory: str, line: bytes) -> None:
    descriptor = open_state_file(directory, _NAME, os.O_WRONLY | os.O_APPEND)
    try:
        os.write(descriptor, line)
    finally:
        os.close(descriptor)
