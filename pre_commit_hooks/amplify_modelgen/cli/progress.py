"""Show the progress of jobs on stderr: a live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING

from amplify_modelgen.text import escape

from .output import print_status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.status import Status

    from amplify_modelgen.records import JobEvent

_MAX_NAMED_JOBS = 3
_MAX_VERBOSE_TARGETS = 10
_INTERVAL = 5.0


EventListener = Callable[["JobEvent"], None]


class ActiveJobs:
    """The jobs that have started and not finished, by the names of their targets."""

    def __init__(self) -> None:
        self.events: dict[str, JobEvent] = {}
        self._finished: set[str] = set()

    @property
    def finished(self) -> int:
        """The number of targets with a finished job and no active one."""
        return len(self._finished - self.events.keys())

    def __call__(self, event: JobEvent) -> None:
        """Update the state by an event."""
        name = event.target.name
        if event.kind == "finished":
            if self.events.pop(name, None) is not None:
                self._finished.add(name)
        elif event.job is not None:
            self.events[name] = event

    def describe(self) -> list[str]:
        """Return `name: job id` for each active job that has an id."""
        events = sorted(self.events.items())
        return [f"{name}: job {event.job.id}" for name, event in events
                if event.job and event.job.id]  # fmt: skip


@contextmanager
def progress(*, enabled: bool, targets: int = 1) -> Iterator[EventListener]:
    """Yield a listener that shows job events in the form that suits stderr.

    A terminal gets one live line. Elsewhere a few targets get a line for each job, and many
    targets one line for all of them every five seconds.
    """
    if not enabled:
        yield _ignore
    elif sys.stderr.isatty() and not os.environ.get("CI"):
        yield from _live_line()
    else:
        yield _print_event if targets <= _MAX_VERBOSE_TARGETS else _Summary()


def _ignore(_event: JobEvent) -> None:
    pass


def _print_event(event: JobEvent) -> None:
    name, job = event.target.name, event.job
    if event.kind == "retried":
        print_status(f"{name}: retrying: {event.error}")
    elif job is not None and event.kind == "started" and not job.is_finished:
        print_status(f"{name}: job {job.id} ({job.operation}) started")
    elif job is not None and event.kind == "finished" and event.polls:
        print_status(f"{name}: {job.status} after {event.seconds:.1f} s")


def _live_line() -> Iterator[EventListener]:
    from rich.console import Console

    jobs, start = ActiveJobs(), time.monotonic()
    # rich keeps bold and dim with NO_COLOR; without a color system it writes no style at all.
    console = Console(stderr=True, color_system=None if os.environ.get("NO_COLOR") else "auto")
    with console.status("waiting for the backend") as status:

        def listen(event: JobEvent) -> None:
            jobs(event)
            _redraw(status, jobs, time.monotonic() - start)

        yield listen


def _redraw(status: Status, jobs: ActiveJobs, seconds: float) -> None:
    from rich.text import Text

    status.update(Text(escape(_counts(jobs, seconds))))


class _Summary:
    """Print how many jobs are finished, at most once in each interval."""

    def __init__(self) -> None:
        self._jobs = ActiveJobs()
        self._start = self._printed = time.monotonic()

    def __call__(self, event: JobEvent) -> None:
        self._jobs(event)
        now = time.monotonic()
        if now - self._printed >= _INTERVAL:
            self._printed = now
            print_status(_counts(self._jobs, now - self._start))


def _counts(jobs: ActiveJobs, seconds: float) -> str:
    slowest = sorted(jobs.events.values(), key=lambda event: -event.seconds)[:_MAX_NAMED_JOBS]
    named = ", ".join(f"{event.target.name} {event.job.status}" for event in slowest if event.job)
    counts = f"{jobs.finished} done, {len(jobs.events)} running, {seconds:.0f} s"
    return f"{counts}: {named}" if named else counts
