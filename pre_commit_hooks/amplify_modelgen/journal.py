"""The journal of a run's writing: what the next run needs to finish it or to take it back.

It lies in the state folder while files are written. Every temporary file is noted before it is
made. Once all of them are complete the journal is sealed with the moves that put them in place:
from then on an interrupted run is finished by the next one, and before it is taken back.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING

from .errors import ConfigError
from .files import read_if_there, safe_path
from .state import state_folder
from .tokens import file_digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_NAME = "journal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One change to a file; paths are relative to the root.

    `temporary` takes the place of `path`. Without it `path` is removed, if its content still has
    the digest `removed`.
    """

    path: str
    temporary: str | None = None
    removed: str | None = None

    def apply(self, root: Path) -> None:
        """Make the change; one that was made already stays as it is."""
        path = safe_path(root, self.path)
        if self.temporary is not None:
            with suppress(FileNotFoundError):
                safe_path(root, self.temporary).replace(path)
        elif (content := read_if_there(path)) is not None and file_digest(content) == self.removed:
            path.unlink()


class Journal:
    """The journal of one run. Where there is no place for one, writing goes on without."""

    def __init__(self, root: Path) -> None:
        self._path = state_folder(root) / _NAME
        self._file = self._open()

    def _open(self) -> IO[str] | None:
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            return self._path.open("w", encoding="utf-8")
        return None

    def note(self, temporary: str) -> None:
        """Note a temporary file that is going to be made."""
        self._write({"temporary": temporary})

    def seal(self, moves: Sequence[Move]) -> None:
        """Note that everything is ready: these moves are going to be made."""
        self._write({"moves": [asdict(move) for move in moves]})
        if self._file is not None:
            os.fsync(self._file.fileno())

    def end(self) -> None:
        """Forget the journal: whatever it named is in place, or gone."""
        if self._file is not None:
            self._file.close()
            self._file = None
            with suppress(OSError):
                self._path.unlink()

    def _write(self, record: dict[str, object]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(record) + "\n")
            self._file.flush()


def is_interrupted(root: Path) -> bool:
    """Whether a run left a journal behind: one that died, or one that still writes."""
    return (state_folder(root) / _NAME).exists()


def recover(root: Path) -> bool:
    """Finish what an interrupted run wrote, or take it back; whether there was anything.

    The caller holds the checkout (`exclusive`), so nobody is writing.
    """
    path = state_folder(root) / _NAME
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError:
        return False
    records = [record for record in map(_parsed, lines) if record is not None]
    # The files may be out of reach by now; what the journal cannot mend, `check` names.
    with suppress(OSError, ConfigError):
        _finish(root, records)
    with suppress(OSError):
        path.unlink()
    return True


def _parsed(line: bytes) -> dict[str, object] | None:
    try:
        record = json.loads(line)
    except ValueError:
        # A line that was cut off when the run died was never acted on.
        return None
    return record if isinstance(record, dict) else None


def _finish(root: Path, records: Sequence[dict[str, object]]) -> None:
    moves = next((record["moves"] for record in records if "moves" in record), None)
    if isinstance(moves, list):
        for move in moves:
            Move(**move).apply(root)
    for record in records:
        if "temporary" in record:
            safe_path(root, str(record["temporary"])).unlink(missing_ok=True)
