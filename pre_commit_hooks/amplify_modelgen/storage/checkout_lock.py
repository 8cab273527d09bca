"""One writing run at a time in a checkout: a commit hook and tox may start together."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from amplify_modelgen.errors import ModelgenError
from amplify_modelgen.fast_path import open_state_file

from . import state_directory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from filelock import BaseFileLock

_NAME = "running.lock"
_POLL_INTERVAL = 0.05


@contextmanager
def checkout_lock(root: Path, timeout: float, on_wait: Callable[[], None]) -> Iterator[bool]:
    """Hold the lock of the checkout at `root` while the block runs.

    If another run holds it, `on_wait` is called once, and it is waited for up to `timeout`
    seconds. The system releases the lock if the process dies. The value is whether the lock is
    held: a checkout whose state cannot be written, such as a read-only one, has no lock.

    Raises:
        ModelgenError: the other run did not end in time.
    """
    lock = _create(root)
    if lock is None:
        yield False
        return
    is_held = _acquire(lock, timeout, on_wait)
    try:
        yield is_held
    finally:
        lock.release()


def _create(root: Path) -> BaseFileLock | None:
    directory = state_directory(root)
    if directory is None:
        return None
    try:
        directory.mkdir(parents=True, exist_ok=True)
        # A link or a FIFO in the place of the file is an error here; filelock would open it.
        os.close(open_state_file(str(directory), _NAME, os.O_RDWR | os.O_CREAT))
    except OSError:
        return None
    from filelock import FileLock

    return FileLock(directory / _NAME, thread_local=False)


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
