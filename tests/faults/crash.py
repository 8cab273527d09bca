"""Crash points: where a process dies, before, in the middle of or after a call on the disk."""

from __future__ import annotations

import builtins
import io
import os
import signal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_CALLS = ("replace", "rename", "unlink", "remove", "mkdir", "rmdir", "chmod", "fsync", "link")
_WRITING = frozenset("wxa+")


class CrashPoints:
    """Counts the points that a process passes, and kills it at number `deadly` (from 1)."""

    def __init__(self, deadly: int | None = None) -> None:
        self.passed: list[str] = []
        self._deadly = deadly

    def point(self, name: str) -> None:
        """Pass a point, or die at it."""
        self.passed.append(name)
        if len(self.passed) == self._deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        """Put points around every call of this process that changes the disk, for good."""
        module: Any = os
        for name in _CALLS:
            setattr(module, name, self._around(name, getattr(os, name)))
        # Not at the top: Windows, where these tests are skipped, does not have it.
        import fcntl

        lock: Any = fcntl
        lock.flock = self._around("flock", fcntl.flock)
        opener = self._opener(io.open)
        for home in (builtins, io):
            where: Any = home
            where.open = opener

    def _around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **named: Any) -> Any:
            self.point(f"before {name}")
            result = call(*arguments, **named)
            self.point(f"after {name}")
            return result

        return called

    def _opener(self, plain: Callable[..., Any]) -> Callable[..., Any]:
        def opened(file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
            if _WRITING.isdisjoint(mode):
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
    """Return the work that writes to `report` which points it has passed, one in a line."""

    def run() -> int:
        points = CrashPoints()
        plain = io.open
        points.install()
        code = work()
        with plain(report, "w", encoding="utf-8") as file:
            file.write("\n".join(points.passed))
        return code

    return run


def dying(work: Callable[[], int], deadly: int) -> Callable[[], int]:
    """Return the work that is killed at its point number `deadly`."""

    def run() -> int:
        CrashPoints(deadly).install()
        return work()

    return run
