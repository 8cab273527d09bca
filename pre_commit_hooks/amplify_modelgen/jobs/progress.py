"""How far one target's work has come, and the patience with which its backend is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from amplify_modelgen.errors import TransientError
from amplify_modelgen.records import Job, JobEvent, JobEventKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from amplify_modelgen.hookspecs import Backend

    from .scheduler import Steps
    from .work import Context, Work

_T = TypeVar("_T")

LONGEST_WAIT = 5.0
_JITTER = 0.1
_ATTEMPTS = 5


class Progress:
    """How far one target's work has come. Only its own steps change it.

    `deployed` is the backend's schema, as far as it tells; `spared` the schema that was not pushed
    because the backend told that it has it.
    """

    def __init__(self, work: Work, backend: Backend, context: Context) -> None:
        self.target = work.target
        self.work = work
        self.backend = backend
        self.context = context
        self.job: Job | None = None
        self.deployed: str | None = None
        self.spared: str | None = None
        self.polls = 0
        self._began = context.clock()

    @property
    def seconds(self) -> float:
        """The time since the work began, which a clock that is set back does not make negative."""
        return max(0.0, self.context.clock() - self._began)

    def tell(self, kind: JobEventKind, error: str | None = None) -> None:
        """Tell whoever listens what the job has just done."""
        self.context.listen(
            JobEvent(
                kind=kind,
                target=self.target,
                job=self.job,
                seconds=self.seconds,
                polls=self.polls,
                error=error,
            )
        )


def patiently(progress: Progress, call: Callable[[], _T]) -> Steps[_T]:
    """Make a call; where it fails for the moment only, wait and make it again.

    That goes on for the run's timeout at most, as the wait for a job does.
    """
    began = progress.seconds
    for attempt in range(1, _ATTEMPTS):
        try:
            return call()
        except TransientError as error:
            left = progress.context.timeout - (progress.seconds - began)
            if left <= 0:
                raise
            progress.tell("retried", error.message)
        yield min(jittered(min(2.0 ** (attempt - 1), LONGEST_WAIT)), left)
    return call()


def ask_deployed(progress: Progress) -> Steps[str | None]:
    """Return the schema that the backend has, or None where it does not tell."""
    return (
        yield from patiently(progress, lambda: progress.backend.deployed_schema(progress.target))
    )


def jittered(seconds: float) -> float:
    """Return about as many seconds: polls of many targets should not fall together."""
    # Loaded here, because the local backend's jobs are not waited for.
    from random import uniform

    return seconds * uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 (spreads polls)
