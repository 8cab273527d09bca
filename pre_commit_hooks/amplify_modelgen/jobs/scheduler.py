"""Running the steps of many targets at once, each when it is due.

The due times stand in a heap and a pool of workers makes the steps: with the latency of a real
network one thread would be the limit, and a thread for each job would let jobs run in waves.
"""

from __future__ import annotations

import heapq
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

_T = TypeVar("_T")
Wait = float | Callable[[], float]
"""Seconds to wait, or what tells those that are left now, which others may make fewer."""
Steps = Generator[Wait, None, _T]
"""Work that yields how long to wait before its next step, and whose value is its result."""

_MOST_WORKERS = 64
# More steps than workers, so that none of them has to wait for the main thread.
_IN_LINE = 4
# Windows hears of an interrupt only once a wait is over.
_LONGEST_SLEEP = 0.5
# How late it may be noticed that a wait has become shorter.
_LOOK = 0.02


class _Waiting(Struct, frozen=True):
    left: Wait


class _Result(Struct, Generic[_T], frozen=True):
    value: _T


class _Raised(Struct, frozen=True):
    error: BaseException


def run_all(
    work: Sequence[Steps[_T]], *, clock: Callable[[], float] = time.monotonic
) -> Iterator[tuple[int, _T]]:
    """Run every generator to its end; yield the value of each, with its place, when it has ended.

    Steps go on while the caller handles a value, but new ones wait for it. An exception that
    leaves a generator ends the whole run, as does an interrupt: steps that are being made then
    are left to daemon threads, nobody waits for them.
    """
    return _Scheduler(work, clock).run()


class _Scheduler(Generic[_T]):
    def __init__(self, work: Sequence[Steps[_T]], clock: Callable[[], float]) -> None:
        self._work = work
        self._clock = clock
        self._waiting: list[tuple[float, int, Wait]] = []
        self._ready: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._made: queue.SimpleQueue[tuple[int, _Waiting | _Result[_T] | _Raised]] = (
            queue.SimpleQueue()
        )
        self._over = threading.Event()
        self._begun = 0
        self._under_way = 0

    def run(self) -> Iterator[tuple[int, _T]]:
        workers = min(len(self._work), _MOST_WORKERS)
        for _ in range(workers):
            threading.Thread(target=self._make_steps, daemon=True).start()
        try:
            left = len(self._work)
            while left:
                self._release_due()
                self._begin_more(workers + _IN_LINE)
                for ended in self._take_made():
                    left -= 1
                    yield ended
        finally:
            self._over.set()
            for _ in range(workers):
                self._ready.put(None)

    def _make_steps(self) -> None:
        while (index := self._ready.get()) is not None and not self._over.is_set():
            self._made.put((index, _advance(self._work[index])))

    def _release_due(self) -> None:
        while self._waiting and self._waiting[0][0] <= self._clock():
            _, index, left = heapq.heappop(self._waiting)
            if callable(left) and left() > 0:
                self._wait(index, left)
            else:
                self._release(index)

    def _begin_more(self, most: int) -> None:
        # Not all at once, so that work that has begun goes on before other work begins.
        while self._begun < len(self._work) and self._under_way < most:
            self._release(self._begun)
            self._begun += 1

    def _release(self, index: int) -> None:
        self._under_way += 1
        self._ready.put(index)

    def _wait(self, index: int, left: Wait) -> None:
        seconds = min(left(), _LOOK) if callable(left) else left
        heapq.heappush(self._waiting, (self._clock() + seconds, index, left))

    def _take_made(self) -> Iterator[tuple[int, _T]]:
        due = self._waiting[0][0] - self._clock() if self._waiting else _LONGEST_SLEEP
        try:
            index, step = self._made.get(timeout=min(max(0.0, due), _LONGEST_SLEEP))
        except queue.Empty:
            return
        self._under_way -= 1
        match step:
            case _Waiting(left):
                self._wait(index, left)
            case _Result(value):
                yield index, value
            case _Raised(error):
                raise error


def _advance(steps: Steps[_T]) -> _Waiting | _Result[_T] | _Raised:
    try:
        return _Waiting(next(steps))
    except StopIteration as stop:
        return _Result(stop.value)
    except BaseException as error:  # noqa: BLE001 (it is raised again in the main thread)
        return _Raised(error)
