"""Writing the files of many targets: those of one all or none, and then all with the lock."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen.errors import ConfigError, WriteError
from amplify_modelgen.records import Artifact, FileChange
from amplify_modelgen.tokens import file_digest, same_file

from .exclusive import exclusive
from .journal import Journal, Move, recover
from .paths import read_if_there, safe_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_PATIENCE = 60.0


class Transaction:
    """Files that are made beside those they will replace, and then put in place together.

    Paths are relative to `root`. Close it (`contextlib.closing`): what was staged and not
    committed is gone then. A run that dies is finished or taken back by `journal.recover`.
    """

    def __init__(self, root: Path) -> None:
        self._root = Path(os.path.realpath(root))
        self._journal = Journal(self._root)
        self._moves: list[Move] = []
        self._claimed: set[str] = set()

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
            ConfigError: a path leaves the root, is a folder, or was staged for another target.
            WriteError: the disk refuses; nothing of these files is left.
        """
        claims = self._claims(artifacts)
        changes = tuple(self._intended(artifact) for artifact in artifacts)
        removals = tuple(self._removals(obsolete or {}, {each.path for each in artifacts}))
        moves: list[Move] = []
        try:
            for artifact, change in zip(artifacts, changes, strict=True):
                if change.action != "unchanged":
                    self._make(artifact.path, artifact.content, moves)
        except BaseException:
            self._discard(moves)
            raise
        self._claimed |= claims
        self._moves += [*moves, *removals]
        gone = (FileChange(path=move.path, action="removed") for move in removals)
        return (*changes, *gone)

    def commit(self) -> None:
        """Put all that was staged in place.

        Raises:
            ConfigError: a folder or a link out of the root has come in the way meanwhile.
            WriteError: the disk refuses. Every file is as it was in both cases; where even that
                fails, the journal stays, and the next run finishes what this one began.
        """
        if not self._moves:
            return
        before = {move.path: self._content(move.path) for move in self._moves}
        moves, place = self._settled(before), self._root
        self._seal(moves)
        try:
            for move in moves:
                place = self._root / move.path
                move.apply(self._root)
        except BaseException as error:
            self._take_back(before)
            if isinstance(error, OSError):
                raise self._refused(place, error) from error
            raise
        self._moves = []

    def _seal(self, moves: Sequence[Move]) -> None:
        try:
            self._journal.seal(moves)
        except OSError as error:
            # Nothing has been moved, and nobody is to think so.
            self._journal.end()
            raise WriteError(
                f"what is going to be written cannot be noted in the state folder: "
                f"{error.strerror or error}; no file was changed",
                hint="check the space on the disk that the git folder is on, then run the same "
                "command again",
            ) from error

    def _claims(self, artifacts: Sequence[Artifact]) -> set[str]:
        claims = set()
        for artifact in artifacts:
            claim = self._claim(artifact.path)
            if claim in self._claimed:
                raise ConfigError(
                    f"{artifact.path} would be written by two targets",
                    hint="give one of their outputs another path",
                )
            claims.add(claim)
        return claims

    def _claim(self, path: str) -> str:
        return str(safe_path(self._root, path)).casefold()

    def _content(self, relative: str) -> bytes | None:
        path = safe_path(self._root, relative)
        try:
            return read_if_there(path)
        except OSError as error:
            raise self._refused(path, error) from error

    def _intended(self, artifact: Artifact) -> FileChange:
        before = self._content(artifact.path)
        if before is None:
            return FileChange(path=artifact.path, action="created")
        same = same_file(before, artifact.content)
        return FileChange(path=artifact.path, action="unchanged" if same else "changed")

    def _removals(self, obsolete: Mapping[str, str], kept: set[str]) -> Iterable[Move]:
        for path, digest in obsolete.items():
            content = self._content(path) if path not in kept else None
            if content is not None and file_digest(content) == digest:
                yield Move(path=path, before=digest)

    def _settled(self, before: Mapping[str, bytes | None]) -> list[Move]:
        """Return the moves with what they will find.

        A file that was edited meanwhile is not removed, nor is one that another target writes.
        """
        moves = []
        for move in self._moves:
            content = before[move.path]
            found = replace(move, before=None if content is None else file_digest(content))
            if move.temporary is not None:
                moves.append(found)
            elif found == move and self._claim(move.path) not in self._claimed:
                moves.append(move)
        return moves

    def _make(self, relative: str, content: bytes, moves: list[Move]) -> None:
        path = safe_path(self._root, relative)
        temporary = path.with_name(f".{path.name[:40]}.{os.urandom(4).hex()}.tmp")
        try:
            self._journal.note(self._relative(temporary))
            moves.append(Move(path=relative, temporary=self._relative(temporary)))
            path.parent.mkdir(parents=True, exist_ok=True)
            _check_writable(path)
            _write_beside(path, temporary, content)
        except OSError as error:
            raise self._refused(path, error) from error

    def _take_back(self, before: Mapping[str, bytes | None]) -> None:
        """Make every file what it was before the commit, in a way that may be interrupted too."""
        moves: list[Move] = []
        failure: Exception | None = None
        try:
            for path, content in before.items():
                self._reverse(path, content, moves)
            self._journal.seal(moves)
            for move in moves:
                failure = self._attempt(move) or failure
        except (OSError, ConfigError, WriteError) as error:
            failure = error
        except BaseException:
            self._leave()  # Interrupted once more: the next run needs what the journal names.
            raise
        if failure is not None:
            self._leave()
            raise WriteError(
                f"a file cannot be written, and not every other be put back: {failure}",
                hint="once the disk can be written again, run the same command again: "
                "it puts that in order first",
            ) from failure

    def _leave(self) -> None:
        self._journal.leave()
        self._moves = []

    def _attempt(self, move: Move) -> Exception | None:
        try:
            move.apply(self._root)
        except (OSError, ConfigError) as error:
            return error
        return None

    def _reverse(self, path: str, content: bytes | None, moves: list[Move]) -> None:
        try:
            now = read_if_there(safe_path(self._root, path))
        except ConfigError:
            return  # Something else has taken the place: it was not put there by us.
        if now == content:
            return
        if content is None:
            moves.append(Move(path=path, before=None if now is None else file_digest(now)))
            return
        self._make(path, content, moves)
        moves[-1] = replace(moves[-1], before=None if now is None else file_digest(now))

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
        ModelgenError: another run has been writing in the checkout for a minute.
    """
    root = Path(os.path.realpath(root))
    with exclusive(root, _PATIENCE, lambda: None) as held:
        if held:
            recover(root)
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
