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
Steps = Generator[float, None, _T]
"""Work that yields the seconds to wait before its next step, and whose value is its result."""

_MOST_WORKERS = 64
# Windows hears of an interrupt only once a wait is over.
_LONGEST_SLEEP = 0.5


class _Wait(Struct, frozen=True):
    seconds: float


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
        self._waiting = [(clock(), index) for index in range(len(work))]
        self._ready: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._made: queue.SimpleQueue[tuple[int, _Wait | _Result[_T] | _Raised]] = (
            queue.SimpleQueue()
        )
        self._over = threading.Event()

    def run(self) -> Iterator[tuple[int, _T]]:
        workers = min(len(self._work), _MOST_WORKERS)
        for _ in range(workers):
            threading.Thread(target=self._make_steps, daemon=True).start()
        try:
            left = len(self._work)
            while left:
                self._release_due()
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
            self._ready.put(heapq.heappop(self._waiting)[1])

    def _take_made(self) -> Iterator[tuple[int, _T]]:
        due = self._waiting[0][0] - self._clock() if self._waiting else _LONGEST_SLEEP
        try:
            index, step = self._made.get(timeout=min(max(0.0, due), _LONGEST_SLEEP))
        except queue.Empty:
            return
        match step:
            case _Wait(seconds):
                heapq.heappush(self._waiting, (self._clock() + seconds, index))
            case _Result(value):
                yield index, value
            case _Raised(error):
                raise error


def _advance(steps: Steps[_T]) -> _Wait | _Result[_T] | _Raised:
    try:
        return _Wait(next(steps))
    except StopIteration as stop:
        return _Result(stop.value)
    except BaseException as error:  # noqa: BLE001 (it is raised again in the main thread)
        return _Raised(error)
