"""Writing the files of many targets: those of one all or none, and then all with the lock."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
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


class Prepared(Struct, frozen=True, kw_only=True):
    """A target's files, complete beside their places, and what putting them in place will do."""

    changes: tuple[FileChange, ...]
    moves: tuple[Move, ...]
    claims: frozenset[str]


class Transaction:
    """Files that are made beside those they will replace, and then put in place together.

    A target's are prepared as soon as they are known, and staged when the others are known too:
    in an order that does not depend on who was first. Paths are relative to `root`. Close it
    (`contextlib.closing`): what was prepared and not committed is gone then. A run that dies is
    finished or taken back by `journal.recover`.
    """

    def __init__(self, root: Path) -> None:
        self._root = Path(os.path.realpath(root))
        self._journal = Journal(self._root)
        self._prepared: list[Move] = []
        self._moves: list[Move] = []
        self._claimed: set[str] = set()

    def close(self) -> None:
        """Forget what was prepared and not committed; nothing of it is left."""
        self._discard(self._prepared)
        self._journal.end()

    def prepare(
        self, artifacts: Sequence[Artifact], obsolete: Mapping[str, str] | None = None
    ) -> Prepared:
        """Make a target's files, complete, beside their places.

        A file that is there with the same content, line ends aside, is left alone. `obsolete`
        maps files to be removed to their digests: one that was edited since is kept.

        Raises:
            ConfigError: a path leaves the root, or is a folder.
            WriteError: the disk refuses; nothing of these files is left.
        """
        places = [self._place(artifact.path) for artifact in artifacts]
        changes = [self._intended(*each) for each in zip(artifacts, places, strict=True)]
        removals = tuple(self._removals(obsolete or {}, {each.path for each in artifacts}))
        moves: list[Move] = []
        try:
            for artifact, path, change in zip(artifacts, places, changes, strict=True):
                if change.action != "unchanged":
                    self._make(artifact.path, path, artifact.content, moves)
        except BaseException:
            self._discard(moves)
            raise
        self._prepared += moves
        gone = (FileChange(path=move.path, action="removed") for move in removals)
        return Prepared(
            changes=(*changes, *gone),
            moves=(*moves, *removals),
            claims=frozenset(map(_claim, places)),
        )

    def stage(self, prepared: Prepared) -> None:
        """Have a target's files put in place by `commit`.

        Raises:
            ConfigError: a file was staged for another target, or its path leaves the root or is a
                folder by now; nothing of these files is left.
        """
        try:
            self._check_claims(prepared)
            for move in prepared.moves:
                self._place(move.path)
        except ConfigError:
            self._discard(prepared.moves)
            raise
        self._claimed |= prepared.claims
        self._moves += prepared.moves

    def commit(self) -> None:
        """Put all that was staged in place.

        Raises:
            ConfigError: a folder or a link out of the root came in the way at the last moment.
            WriteError: the disk refuses. Every file is as it was in both cases; where even that
                fails, the journal stays, and the next run finishes what this one began.
        """
        if not self._moves:
            return
        before = {move.path: self._content(self._place(move.path)) for move in self._moves}
        moves, place = self._settled(before), self._root
        try:
            self._journal.seal(moves)
            for move in moves:
                place = self._root / move.path
                move.apply(self._root)
        except BaseException as error:
            self._take_back(before)
            if isinstance(error, OSError):
                raise self._refused(place, error) from error
            raise
        self._prepared, self._moves = [], []

    def _place(self, path: str) -> Path:
        return safe_path(self._root, path)

    def _check_claims(self, prepared: Prepared) -> None:
        twice = prepared.claims & self._claimed
        if twice:
            paths = (change.path for change in prepared.changes)
            named = next(path for path in paths if _claim(self._place(path)) in twice)
            raise ConfigError(
                f"{named} would be written by two targets",
                hint="give one of their outputs another path",
            )

    def _content(self, path: Path) -> bytes | None:
        try:
            return read_if_there(path)
        except OSError as error:
            raise self._refused(path, error) from error

    def _intended(self, artifact: Artifact, path: Path) -> FileChange:
        before = self._content(path)
        if before is None:
            return FileChange(path=artifact.path, action="created")
        same = same_file(before, artifact.content)
        return FileChange(path=artifact.path, action="unchanged" if same else "changed")

    def _removals(self, obsolete: Mapping[str, str], kept: set[str]) -> Iterable[Move]:
        for path, digest in obsolete.items():
            content = self._content(self._place(path)) if path not in kept else None
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
            elif found == move and _claim(self._place(move.path)) not in self._claimed:
                moves.append(move)
        return moves

    def _make(self, relative: str, path: Path, content: bytes, moves: list[Move]) -> None:
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
        self._prepared = []

    def _attempt(self, move: Move) -> Exception | None:
        try:
            move.apply(self._root)
        except (OSError, ConfigError) as error:
            return error
        return None

    def _reverse(self, path: str, content: bytes | None, moves: list[Move]) -> None:
        try:
            place = self._place(path)
            now = read_if_there(place)
        except ConfigError:
            return  # Something else has taken the place: it was not put there by us.
        if now == content:
            return
        if content is None:
            moves.append(Move(path=path, before=None if now is None else file_digest(now)))
            return
        self._make(path, place, content, moves)
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
    with exclusive(root, _PATIENCE, lambda: None):
        recover(root)
        with closing(Transaction(root)) as transaction:
            prepared = transaction.prepare(artifacts)
            transaction.stage(prepared)
            transaction.commit()
    return prepared.changes


def _claim(path: Path) -> str:
    return str(path).casefold()


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
