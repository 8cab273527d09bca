"""One writing run at a time in a checkout: a commit hook and tox may well start together."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from amplify_modelgen.errors import ModelgenError
from amplify_modelgen.unchanged import regular

from .state import state_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_NAME = "running.lock"
_PAUSE = 0.05


@contextmanager
def exclusive(root: Path, patience: float, waiting: Callable[[], None]) -> Iterator[bool]:
    """Hold the checkout at `root` while the block runs; the system lets go of it if we die.

    Where another run holds it, `waiting` is called once, and the run waits up to `patience`
    seconds. A state folder that cannot be written holds nobody: such a checkout is read-only, or
    another user's. The block is told whether it holds the checkout: if not, somebody else may.

    Raises:
        ModelgenError: the other run did not end in time.
    """
    file = _open(root)
    if file is None:
        yield False
        return
    with file:
        _wait(file, patience, waiting)
        try:
            yield True
        finally:
            _release(file)


def _open(root: Path) -> IO[bytes] | None:
    with suppress(OSError):
        folder = state_folder(root)
        folder.mkdir(parents=True, exist_ok=True)
        return open(folder / _NAME, "a+b", opener=regular)
    return None


def _wait(file: IO[bytes], patience: float, waiting: Callable[[], None]) -> None:
    if _acquire(file):
        return
    waiting()
    deadline = time.monotonic() + patience
    while not _acquire(file):
        if time.monotonic() >= deadline:
            raise ModelgenError(
                f"another run has been writing models here for more than {patience:g} s",
                hint="wait for it to end, then run the same command again; "
                "'--timeout SECONDS' waits longer",
            )
        time.sleep(_PAUSE)


if sys.platform == "win32":  # pragma: no cover (its counterpart below runs here)
    import msvcrt

    def _acquire(file: IO[bytes]) -> bool:
        with suppress(OSError):
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            return True
        return False

    def _release(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _acquire(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            # Some network file systems know no locks; nobody is held up there.
            return True
        return True

    def _release(file: IO[bytes]) -> None:
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_UN)
