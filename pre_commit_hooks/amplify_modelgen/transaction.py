"""Writing the files of many targets: those of one all or none, and then all with the lock."""

from __future__ import annotations

import os
import secrets
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import WriteError
from .files import read_if_there, safe_path
from .journal import Journal, Move
from .records import Artifact, FileChange
from .tokens import file_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Transaction:
    """Files that are made beside those they will replace, and then put in place together.

    Paths are relative to `root`. Close it (`contextlib.closing`): what was staged and not
    committed is gone then. A run that dies is finished or taken back by `journal.recover`.
    """

    def __init__(self, root: Path) -> None:
        self._root = Path(os.path.realpath(root))
        self._journal = Journal(root)
        self._moves: list[Move] = []

    def close(self) -> None:
        """Forget what was staged and not committed; nothing of it is left."""
        self._discard(self._moves)
        self._journal.end()

    def stage(
        self, artifacts: Sequence[Artifact], obsolete: Mapping[str, str] | None = None
    ) -> tuple[FileChange, ...]:
        """Make a target's files, complete, beside their places; return what will be done.

        A file that is there with the same content, line ends aside, is left alone. `obsolete`
        maps files to be removed to their digests: one that was edited since is kept.

        Raises:
            ConfigError: a path leaves the root or is a folder.
            WriteError: the disk refuses; nothing of these files is left.
        """
        changes = tuple(self._intended(artifact) for artifact in artifacts)
        removals = tuple(self._removals(obsolete or {}, {each.path for each in artifacts}))
        moves: list[Move] = []
        try:
            for artifact, change in zip(artifacts, changes, strict=True):
                if change.action != "unchanged":
                    self._make(artifact, moves)
        except BaseException:
            self._discard(moves)
            raise
        self._moves += [*moves, *removals]
        gone = (FileChange(path=move.path, action="removed") for move in removals)
        return (*changes, *gone)

    def commit(self) -> None:
        """Put all that was staged in place.

        Raises:
            WriteError: the disk refuses; every file is as it was.
        """
        if not self._moves:
            return
        self._journal.seal(self._moves)
        before: list[tuple[Path, bytes | None]] = []
        try:
            for move in self._moves:
                path = safe_path(self._root, move.path)
                before.append((path, read_if_there(path)))
                move.apply(self._root)
        except BaseException as error:
            for path, content in before:
                _put_back(path, content)
            if isinstance(error, OSError):
                raise self._refused(before[-1][0], error) from error
            raise
        self._moves = []

    def _intended(self, artifact: Artifact) -> FileChange:
        path = safe_path(self._root, artifact.path)
        try:
            before = read_if_there(path)
        except OSError as error:
            raise self._refused(path, error) from error
        if before is None:
            return FileChange(path=artifact.path, action="created")
        same = file_digest(before) == file_digest(artifact.content)
        return FileChange(path=artifact.path, action="unchanged" if same else "changed")

    def _removals(self, obsolete: Mapping[str, str], kept: set[str]) -> Iterable[Move]:
        for path, digest in obsolete.items():
            if path not in kept:
                content = read_if_there(safe_path(self._root, path))
                if content is not None and file_digest(content) == digest:
                    yield Move(path=path, removed=digest)

    def _make(self, artifact: Artifact, moves: list[Move]) -> None:
        path = safe_path(self._root, artifact.path)
        temporary = path.with_name(f".{path.name[:40]}.{secrets.token_hex(4)}.tmp")
        move = Move(path=artifact.path, temporary=self._relative(temporary))
        self._journal.note(self._relative(temporary))
        moves.append(move)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _check_writable(path)
            _write_beside(path, temporary, artifact.content)
        except OSError as error:
            raise self._refused(path, error) from error

    def _relative(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()

    def _discard(self, moves: Iterable[Move]) -> None:
        for move in moves:
            if move.temporary is not None:
                with suppress(OSError):
                    (self._root / move.temporary).unlink()

    def _refused(self, path: Path, error: OSError) -> WriteError:
        return WriteError(
            f"{self._relative(path)} cannot be written: {error.strerror or error}; "
            "no file was changed",
            hint="check the permissions of the file and its folder and the space on the disk, "
            "then run the same command again",
        )


def write_all(root: Path, artifacts: Sequence[Artifact]) -> tuple[FileChange, ...]:
    """Write artifacts so that either all are there or none is; return what was done.

    Raises:
        ConfigError, WriteError: as `Transaction.stage`; every file is as it was.
    """
    with closing(Transaction(root)) as transaction:
        changes = transaction.stage(artifacts)
        transaction.commit()
    return changes


def _check_writable(path: Path) -> None:
    # A rename replaces a read-only file without asking; whoever protected it did so on purpose.
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(13, "the file is read-only")


def _write_beside(path: Path, temporary: Path, content: bytes) -> None:
    with temporary.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        temporary.chmod(path.stat().st_mode & 0o777)


def _put_back(path: Path, content: bytes | None) -> None:
    with suppress(OSError):
        if content is None:
            path.unlink()
        elif read_if_there(path) != content:
            path.write_bytes(content)
