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
"""Seconds to wait, or what tells those that are left now."""
Steps = Generator[Wait, None, _T]
"""Work that yields how long to wait before its next step, and whose value is its result."""

# Of workers: each of them contends for the interpreter, so few begin, and more come where those
# wait for the network. The last number is the bound.
_FEW, _MOST = 4, 64
# How long none of them may come back until there are more, and how late news may be heard.
_SHORT_SLEEP = 0.01
# Windows hears of an interrupt only once a wait is over.
_LONG_SLEEP = 0.05


class _Waiting(Struct, frozen=True):
    left: Wait


class _Result(Struct, Generic[_T], frozen=True):
    value: _T


class _Raised(Struct, frozen=True):
    error: BaseException


def run_all(
    work: Sequence[Steps[_T]],
    *,
    clock: Callable[[], float] = time.monotonic,
    news: Callable[[], object] = lambda: None,
) -> Iterator[tuple[int, _T]]:
    """Run every generator to its end; yield the value of each, with its place, when it has ended.

    A wait that is a function is asked for what is left of it when it begins, and again when `news`
    returns another value. Steps go on while the caller handles a value, but new ones wait for it.
    An exception that leaves a generator ends the whole run, as does an interrupt: steps that are
    being made then are left to daemon threads, nobody waits for them.
    """
    return _Scheduler(work, clock, news).run()


class _Scheduler(Generic[_T]):
    def __init__(
        self, work: Sequence[Steps[_T]], clock: Callable[[], float], news: Callable[[], object]
    ) -> None:
        self._work = work
        self._clock = clock
        self._news = news
        self._heard = news()
        self._waiting: list[tuple[float, int, Wait]] = []
        self._ready: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._made: queue.SimpleQueue[tuple[int, _Waiting | _Result[_T] | _Raised]] = (
            queue.SimpleQueue()
        )
        self._over = threading.Event()
        self._workers = 0
        self._begun = 0
        self._under_way = 0
        self._looked = time.perf_counter(), time.process_time()

    def run(self) -> Iterator[tuple[int, _T]]:
        try:
            self._add_workers(_FEW)
            left = len(self._work)
            while left:
                self._hear_news()
                self._release_due()
                self._begin_more()
                for ended in self._take_made():
                    left -= 1
                    yield ended
        finally:
            self._over.set()
            for _ in range(self._workers):
                self._ready.put(None)

    def _add_workers(self, more: int) -> None:
        for _ in range(min(more, len(self._work) - self._workers, _MOST - self._workers)):
            threading.Thread(target=self._make_steps, daemon=True).start()
            self._workers += 1

    def _make_steps(self) -> None:
        while (index := self._ready.get()) is not None and not self._over.is_set():
            self._made.put((index, _advance(self._work[index])))

    def _hear_news(self) -> None:
        if (news := self._news()) != self._heard:
            self._heard = news
            self._waiting = [
                (self._due(left) if callable(left) else due, index, left)
                for due, index, left in self._waiting
            ]
            heapq.heapify(self._waiting)

    def _wait(self, index: int, left: Wait) -> None:
        heapq.heappush(self._waiting, (self._due(left), index, left))

    def _due(self, left: Wait) -> float:
        return self._clock() + (left() if callable(left) else left)

    def _release_due(self) -> None:
        while self._waiting and self._waiting[0][0] <= self._clock():
            self._release(heapq.heappop(self._waiting)[1])

    def _begin_more(self) -> None:
        # A few at a time, so that work that has begun goes on before other work begins.
        while self._begun < len(self._work) and self._under_way < self._workers + _FEW:
            self._release(self._begun)
            self._begun += 1

    def _release(self, index: int) -> None:
        self._under_way += 1
        self._ready.put(index)

    def _is_idle(self) -> bool:
        """Whether the processor was of use for less than half of the time since the last look."""
        then, self._looked = self._looked, (time.perf_counter(), time.process_time())
        passed, used = (now - before for now, before in zip(self._looked, then, strict=True))
        return used < passed / 2

    def _take_made(self) -> Iterator[tuple[int, _T]]:
        busy = self._under_way > self._workers
        due = self._waiting[0][0] - self._clock() if self._waiting else _LONG_SLEEP
        try:
            index, step = self._made.get(
                timeout=min(max(0.0, due), _SHORT_SLEEP if busy else _LONG_SLEEP)
            )
        except queue.Empty:
            if busy and self._is_idle():
                self._add_workers(3 * self._workers)
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
