"""Crash points: kill a process before, in the middle of or after a call that changes the disk."""

from __future__ import annotations

import builtins
import io
import os
import signal
import stat
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_CALLS = (
    *("replace", "rename", "unlink", "remove", "mkdir", "rmdir", "chmod", "fchmod", "fsync"),
    *("link", "ftruncate"),
)
_WRITING = frozenset("wxa+")


class CrashPoints:
    """Count the points that a process passes, and kill it at number `deadly` (from 1).

    It gets these signals there, one after the other.
    """

    def __init__(
        self, deadly: int | None = None, signals: tuple[signal.Signals, ...] = (signal.SIGKILL,)
    ) -> None:
        self.passed: list[str] = []
        self._deadly = deadly
        self._signals = signals

    def point(self, name: str) -> None:
        """Pass a point, or be killed at it."""
        self.passed.append(name)
        if len(self.passed) == self._deadly:
            for number in self._signals:
                os.kill(os.getpid(), number)

    def install(self) -> None:
        """Put points around every call of this process that changes the disk, permanently."""
        module: Any = os
        for name in _CALLS:
            setattr(module, name, self._around(name, getattr(os, name)))
        module.open = self._creating(os.open)
        module.write = self._writing(os.write)
        # Imported here: Windows, on which these tests are skipped, does not have it.
        import fcntl

        lock: Any = fcntl
        lock.flock = self._around("flock", fcntl.flock)
        opener = self._opener(io.open)
        for owner in (builtins, io):
            patched: Any = owner
            patched.open = opener

    def _around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **named: Any) -> Any:
            self.point(f"before {name}")
            result = call(*arguments, **named)
            self.point(f"after {name}")
            return result

        return called

    def _creating(self, plain: Callable[..., int]) -> Callable[..., int]:
        watched = self._around("create", plain)

        def opened(path: Any, flags: int, *arguments: Any, **named: Any) -> int:
            call = watched if flags & (os.O_CREAT | os.O_TRUNC) else plain
            return call(path, flags, *arguments, **named)

        return opened

    def _writing(self, plain: Callable[..., int]) -> Callable[..., int]:
        def written(descriptor: int, data: Any) -> int:
            if not _is_file(descriptor):
                return plain(descriptor, data)
            self.point("before write")
            whole = bytes(data)
            half = plain(descriptor, whole[: len(whole) // 2])
            self.point("in the middle of write")
            count = half + plain(descriptor, whole[half:])
            self.point("after write")
            return count

        return written

    def _opener(self, plain: Callable[..., Any]) -> Callable[..., Any]:
        def opened(file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
            if _WRITING.isdisjoint(mode) or (isinstance(file, int) and not _is_file(file)):
                return plain(file, mode, *arguments, **named)
            self.point("before open")
            raw = _Watched(file, mode.replace("b", "").replace("t", ""))
            raw.points = self
            self.point("after open")
            if "+" in mode:
                return io.BufferedRandom(raw)
            buffered = io.BufferedWriter(raw)
            if "b" in mode:
                return buffered
            return io.TextIOWrapper(buffered, encoding=named.get("encoding") or "utf-8")

        return opened


def _is_file(descriptor: int) -> bool:
    # Not a pipe to git, which may end before it has read everything.
    return stat.S_ISREG(os.fstat(descriptor).st_mode)


class _Watched(io.FileIO):
    points: CrashPoints

    def write(self, data: Any, /) -> int:
        self.points.point("before write")
        whole = bytes(data)
        half = len(whole) // 2
        super().write(whole[:half])
        self.points.point("in the middle of write")
        super().write(whole[half:])
        self.points.point("after write")
        return len(whole)


def counted(work: Callable[[], int], report: Path) -> Callable[[], int]:
    """Return `work` so that it writes the points that it passed to `report`, one on each line."""

    def run() -> int:
        points = CrashPoints()
        plain = io.open
        points.install()
        code = work()
        with plain(report, "w", encoding="utf-8") as file:
            file.write("\n".join(points.passed))
        return code

    return run


def dying(
    work: Callable[[], int], deadly: int, signals: tuple[signal.Signals, ...] = (signal.SIGKILL,)
) -> Callable[[], int]:
    """Return `work` so that it gets these signals at its point number `deadly`."""

    def run() -> int:
        for number in signals:
            if number != signal.SIGKILL:
                # As a shell in the foreground starts it: none of them is ignored.
                is_interrupt = number == signal.SIGINT
                signal.signal(
                    number, signal.default_int_handler if is_interrupt else signal.SIG_DFL
                )
        CrashPoints(deadly, signals).install()
        return work()

    return run
