"""The journal of a run's writing: what the next run needs to finish it or to take it back.

It lies in the state folder while files are written. Every temporary file is noted before it is
made. Once all of them are complete the journal is sealed with the moves that put them in place:
from then on an interrupted run is finished by the next one, and before it is taken back. It may
be sealed again, where a run takes its own moves back: the last seal holds.
"""

from __future__ import annotations

import errno
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from amplify_modelgen.errors import ConfigError, WriteError
from amplify_modelgen.tokens import file_digest
from amplify_modelgen.unchanged import regular

from .paths import entry_path, read_if_there, safe_path
from .state import checkout_folder, state_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAME = "journal"


class Move(Struct, frozen=True, kw_only=True):
    """One change to a file; paths are relative to the root.

    `temporary` takes the place of `path`; without it `path` is removed. `before` is the digest
    of the content that is replaced or removed, None where there was no file.
    """

    path: str
    temporary: str | None = None
    before: str | None = None

    def apply(self, root: Path) -> None:
        """Make the change."""
        path = safe_path(root, self.path)
        if self.temporary is None:
            path.unlink()
            return
        temporary = entry_path(root, self.temporary)
        if temporary.is_symlink():
            message = "the file that was made for it has become a link"
            raise OSError(errno.ELOOP, message, str(temporary))
        temporary.replace(path)

    def is_made(self, root: Path) -> bool:
        """Whether nothing is left to do."""
        if self.temporary is None:
            return not (root / self.path).exists()
        return not os.path.lexists(root / self.temporary)

    def is_possible(self, root: Path) -> bool:
        """Whether the file is still the one that the run meant to change."""
        content = read_if_there(safe_path(root, self.path))
        return (None if content is None else file_digest(content)) == self.before


class Journal:
    """The journal of one run. Where there is no place for one, writing goes on without."""

    def __init__(self, root: Path) -> None:
        self._path = state_folder(root) / _NAME
        self._file = self._open()
        self._write({"root": _relative_root(root)})

    def _open(self) -> IO[str] | None:
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            return open(self._path, "w", encoding="utf-8", opener=regular)
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
            self.leave()
            with suppress(OSError):
                self._path.unlink()

    def leave(self) -> None:
        """Let the next run do what the journal says."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None

    def _write(self, record: dict[str, object]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(record) + "\n")
            self._file.flush()


def is_interrupted(root: Path) -> bool:
    """Whether a run left a journal behind: one that died, or one that still writes.

    Of a state folder that nobody may read nothing is known, and nothing can be put in order.
    """
    with suppress(OSError):
        return (state_folder(root) / _NAME).exists()
    return False


def recover(root: Path) -> bool:
    """Finish what an interrupted run wrote, or take it back; whether there was anything.

    The run may have had another root in the same checkout. Where somebody has changed one of its
    files since, all files stay as they are, and `check` says what does not fit. The caller holds
    the checkout (`exclusive`), so nobody is writing.

    Raises:
        WriteError: the disk refuses; the journal and what it names are kept for the next run.
    """
    path = state_folder(root) / _NAME
    try:
        content = read_if_there(path)
    except OSError:
        return False
    if content is None:
        return False
    records = [record for record in map(_parsed, content.split(b"\n")) if record is not None]
    place = checkout_folder(root) / _root_of(records)
    try:
        _finish(place, records)
    except OSError as error:
        raise _refused(place, error) from error
    with suppress(OSError):
        path.unlink()
    return True


def _refused(root: Path, error: OSError) -> WriteError:
    named = str(error.filename2 or error.filename or root)
    return WriteError(
        f"an earlier run was interrupted while it wrote, and {os.path.relpath(named, root)} "
        f"cannot be written: {error.strerror or error}",
        hint="mend what keeps it from being written, then run the same command again",
    )


def _relative_root(root: Path) -> str:
    # Not absolute: a checkout may be moved before the next run.
    return Path(os.path.relpath(root, checkout_folder(root))).as_posix()


def _root_of(records: Sequence[dict[str, object]]) -> str:
    root = records[0].get("root") if records else None
    return root if isinstance(root, str) and "\0" not in root else "."


def _parsed(line: bytes) -> dict[str, object] | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        # A line that was cut off when the run died was never acted on.
        return None
    return record if isinstance(record, dict) else None


def _finish(root: Path, records: Sequence[dict[str, object]]) -> None:
    sealed = [record["moves"] for record in records if "moves" in record]
    # What a broken journal cannot mend, `check` names.
    with suppress(ConfigError, TypeError, ValueError):
        _make(root, [Move(**move) for move in sealed[-1]] if sealed else [])  # type: ignore[attr-defined]  # what is no move raises
    for record in records:
        if "temporary" in record:
            with suppress(NotADirectoryError, ConfigError, ValueError):
                entry_path(root, str(record["temporary"])).unlink(missing_ok=True)


def _make(root: Path, moves: Sequence[Move]) -> None:
    pending = [move for move in moves if not move.is_made(root)]
    if all(move.is_possible(root) for move in pending):
        for move in pending:
            move.apply(root)
