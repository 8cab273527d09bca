"""Writing a target's files: all of them or none."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import ConfigError, WriteError
from .records import Artifact, FileChange
from .tokens import file_digest

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Staged:
    """A new file that waits, complete, beside the one that it will replace."""

    path: Path
    temporary: Path
    before: bytes | None


def write_all(root: Path, artifacts: Sequence[Artifact]) -> tuple[FileChange, ...]:
    """Write artifacts (paths relative to `root`) so that either all are there or none is.

    A file that is there with the same content, line ends aside, is left alone.

    Raises:
        ConfigError: a path leaves the root or is a folder.
        WriteError: the disk refuses; every file is as it was.
    """
    changes = tuple(_intended(root, artifact) for artifact in artifacts)
    wanted = [
        (safe_path(root, artifact.path), artifact.content)
        for artifact, change in zip(artifacts, changes, strict=True)
        if change.action != "unchanged"
    ]
    with ExitStack() as temporaries:
        staged = [_stage(path, content, temporaries, root) for path, content in wanted]
        _replace_all(staged, root)
    return changes


def safe_path(root: Path, relative: str) -> Path:
    """Return the absolute path of a file below the root, symlinks followed.

    Raises:
        ConfigError: it is outside the root, or a folder.
    """
    path = Path(os.path.realpath(root / relative))
    if not path.is_relative_to(os.path.realpath(root)):
        raise ConfigError(
            f"{relative} is outside the root {root}",
            hint="give outputs a path below the root, without symbolic links that leave it",
        )
    if os.path.isdir(path):  # noqa: PTH112 (pathlib raises where a folder cannot be searched)
        raise ConfigError(
            f"{relative} is a folder, and a file of that name has to be written",
            hint="remove the folder, or give the output another path",
        )
    return path


def read_if_there(path: Path) -> bytes | None:
    """Return a file's bytes, or None if there is no such file."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def read_below(root: Path, relative: str) -> bytes | None:
    """Return the bytes of a file below the root, or None if there is no such file.

    Raises:
        ConfigError: it is outside the root, a folder, or cannot be read.
    """
    try:
        return read_if_there(safe_path(root, relative))
    except OSError as error:
        raise ConfigError(
            f"{relative} cannot be read: {error.strerror or error}",
            hint="check the permissions of the file and its folder",
        ) from error


def _intended(root: Path, artifact: Artifact) -> FileChange:
    path = safe_path(root, artifact.path)
    try:
        before = read_if_there(path)
    except OSError as error:
        raise _refused(path, root, error) from error
    if before is None:
        return FileChange(path=artifact.path, action="created")
    same = file_digest(before) == file_digest(artifact.content)
    return FileChange(path=artifact.path, action="unchanged" if same else "changed")


def _stage(path: Path, content: bytes, temporaries: ExitStack, root: Path) -> _Staged:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        before = read_if_there(path)
        _check_writable(path, before)
        return _Staged(path=path, temporary=_temporary(path, content, temporaries), before=before)
    except OSError as error:
        raise _refused(path, root, error) from error


def _check_writable(path: Path, before: bytes | None) -> None:
    # A rename replaces a read-only file without asking; whoever protected it did so on purpose.
    if before is not None and not os.access(path, os.W_OK):
        raise PermissionError(13, "the file is read-only")


def _temporary(path: Path, content: bytes, temporaries: ExitStack) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    temporaries.callback(temporary.unlink, missing_ok=True)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    # mkstemp makes files private; a generated file has the mode of the one it replaces.
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    temporary.chmod(mode)
    return temporary


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _replace_all(staged: Sequence[_Staged], root: Path) -> None:
    done: list[_Staged] = []
    try:
        for each in staged:
            each.temporary.replace(each.path)
            done.append(each)
    except BaseException as error:
        for each in done:
            _restore(each)
        if isinstance(error, OSError):
            raise _refused(staged[len(done)].path, root, error) from error
        raise


def _restore(staged: _Staged) -> None:
    with suppress(OSError):
        if staged.before is None:
            staged.path.unlink()
        else:
            staged.path.write_bytes(staged.before)


def _refused(path: Path, root: Path, error: OSError) -> WriteError:
    shown = os.path.relpath(path, os.path.realpath(root)).replace(os.sep, "/")
    return WriteError(
        f"{shown} cannot be written: {error.strerror or error}; no file was changed",
        hint="check the permissions of the file and its folder and the space on the disk, "
        "then run the same command again",
    )
