"""Showing how jobs come along: a live line on a terminal, plain lines elsewhere, on stderr."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING

from amplify_modelgen.text import printable

from .console import note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.status import Status

    from amplify_modelgen.records import JobEvent

_SLOWEST = 3
_FEW = 10
_PAUSE = 5.0


Listener = Callable[["JobEvent"], None]


class Running:
    """The jobs that have begun and not ended, by the names of their targets."""

    def __init__(self) -> None:
        self.events: dict[str, JobEvent] = {}
        self._done: set[str] = set()

    @property
    def ended(self) -> int:
        """How many targets have nothing running after a job that ended."""
        return len(self._done - self.events.keys())

    def __call__(self, event: JobEvent) -> None:
        """Take note of an event."""
        name = event.target.name
        if event.kind == "finished":
            if self.events.pop(name, None) is not None:
                self._done.add(name)
        elif event.job is not None:
            self.events[name] = event

    def jobs(self) -> list[str]:
        """Return `name: job id` for every job that still runs in the backend."""
        known = sorted(self.events.items())
        return [f"{name}: job {each.job.id}" for name, each in known if each.job and each.job.id]


@contextmanager
def progress(*, enabled: bool, targets: int = 1) -> Iterator[Listener]:
    """Give a listener that shows what it hears, in the way that suits where stderr goes.

    A terminal has one line that changes. Elsewhere a few targets have a line for each thing
    that takes time, and many a line for all of them every few seconds.
    """
    if not enabled:
        yield _silent
    elif sys.stderr.isatty() and not os.environ.get("CI"):
        yield from _live()
    else:
        yield _plain if targets <= _FEW else _Counted()


def _silent(_event: JobEvent) -> None:
    pass


def _plain(event: JobEvent) -> None:
    if event.kind == "retried":
        note(f"{event.target.name}: trying again: {event.error}")
    elif event.job is not None and event.kind == "started" and not event.job.ended:
        note(f"{event.target.name}: job {event.job.id} ({event.job.operation}) started")
    elif event.job is not None and event.kind == "finished" and event.polls:
        note(f"{event.target.name}: {event.job.status} after {event.seconds:.1f} s")


def _live() -> Iterator[Listener]:
    from rich.console import Console

    running, began = Running(), time.monotonic()
    with Console(stderr=True).status("asking the backend") as status:

        def listen(event: JobEvent) -> None:
            running(event)
            _redraw(status, running, time.monotonic() - began)

        yield listen


def _redraw(status: Status, running: Running, seconds: float) -> None:
    from rich.text import Text

    status.update(Text(printable(_counts(running, seconds))))


class _Counted:
    """Notes how many jobs have ended, at most once in a while."""

    def __init__(self) -> None:
        self._running = Running()
        self._began = self._said = time.monotonic()

    def __call__(self, event: JobEvent) -> None:
        self._running(event)
        now = time.monotonic()
        if now - self._said >= _PAUSE:
            self._said = now
            note(_counts(self._running, now - self._began))


def _counts(running: Running, seconds: float) -> str:
    slowest = sorted(running.events.values(), key=lambda each: -each.seconds)[:_SLOWEST]
    named = ", ".join(f"{each.target.name} {each.job.status}" for each in slowest if each.job)
    counts = f"{running.ended} done, {len(running.events)} running, {seconds:.0f} s"
    return f"{counts}: {named}" if named else counts
