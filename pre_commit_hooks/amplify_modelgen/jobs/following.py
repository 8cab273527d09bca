"""Following a job to its end, and the notes by which the next run finds one that is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.errors import BackendError, TransientError

from .lengths import Lengths
from .progress import LONGEST_WAIT, Progress, jittered, patiently

if TYPE_CHECKING:
    from amplify_modelgen.records import Job, Target

    from .scheduler import Steps
    from .work import Errand

FIRST_WAIT = 0.5
# A job is noticed within two fifths of its length, and the first one of a run that many scouts
# look for within a twentieth: they begin at different points of one step of this growth.
_GROWTH = 1.4
SCOUTS = 16
# A clock that is a little slow must not make a job that is due be asked for without a pause.
_LEAST_WAIT = 0.05


def left_behind(progress: Progress, job_id: str) -> Steps[Job | None]:
    """Return the job that an earlier run left as it is now, or None where nobody knows it."""
    backend, target = progress.backend, progress.target
    try:
        return (yield from patiently(progress, lambda: backend.job(target, job_id)))
    except TransientError:
        raise
    except BackendError:
        return None


def note(progress: Progress, errand: Errand, job_id: str | None) -> None:
    """Remember a job for the next run, or (None) that there is none to go on with."""
    progress.context.note(progress.target, errand, job_id)


def until_ended(progress: Progress, job: Job, *, ours: bool) -> Steps[Job]:
    """Follow a job; return it as it is at its end, good or bad.

    `ours` is one that this run began: of another's the length is not known, and tells nothing.
    """
    progress.job = job
    progress.tell("started")
    if not job.ended:
        job = yield from _followed(progress, job, _Rhythm(progress, job.operation, ours=ours))
    progress.tell("finished", job.error)
    return job


def _followed(progress: Progress, job: Job, rhythm: _Rhythm) -> Steps[Job]:
    while not job.ended:
        if rhythm.is_over:
            raise _too_long(progress, job)
        yield rhythm.left
        job = yield from _polled(progress, job)
        rhythm.asked(job)
    return job


class _Rhythm:
    """When a job is to be asked for: seldom, and soon after its end.

    The first jobs of a run are scouts that are asked for at growing intervals. The others wait
    until one has ended: they take about as long, and are asked for when as much time has passed.
    """

    def __init__(self, progress: Progress, operation: str, *, ours: bool) -> None:
        self._progress = progress
        self._lengths = progress.context.lengths if ours else Lengths()
        self._operation = operation
        self._began = progress.seconds
        self._asked = 0.0
        place = self._lengths.place(operation)
        # Scouts are spread by their places.
        self._jittered = jittered if place >= SCOUTS or not ours else float
        self._pause(LONGEST_WAIT)
        if place < SCOUTS:
            self._wait = FIRST_WAIT * _GROWTH ** (place / SCOUTS)
            # What the waits add up to that began at FIRST_WAIT and have grown beyond this one.
            self._due = self._jittered((self._wait * _GROWTH - FIRST_WAIT) / (_GROWTH - 1))

    @property
    def is_over(self) -> bool:
        """Whether the job has had all the time that it may take."""
        return self._passed >= self._progress.context.timeout

    def left(self) -> float:
        """Return the seconds until the job is to be asked for, as far as is known by now."""
        shortest = self._shortest
        known = max(shortest, self._asked + _LEAST_WAIT)
        due = known if shortest > self._asked else self._due
        return min(due, self._progress.context.timeout) - self._passed

    def asked(self, job: Job) -> None:
        """Take note of what was answered: of the length of a job that has ended well."""
        before, self._asked = self._asked, self._passed
        if job.completed:
            told = job.seconds
            if told is None or not before < told <= self._asked:
                told = self._asked
            self._lengths.learn(self._operation, told)
        elif before < self._shortest <= self._asked:
            self._pause(max(FIRST_WAIT, self._shortest / 4))
        else:
            self._pause(min(self._wait * _GROWTH, LONGEST_WAIT))

    def _pause(self, wait: float) -> None:
        self._wait = wait
        self._due = self._asked + self._jittered(wait)

    @property
    def _passed(self) -> float:
        return self._progress.seconds - self._began

    @property
    def _shortest(self) -> float:
        return self._lengths.shortest(self._operation) or 0.0


def check_success(target: Target, job: Job) -> None:
    """Raise `BackendError` for a job that ended badly."""
    if job.failed:
        raise job_failure(target, job)


def _polled(progress: Progress, job: Job) -> Steps[Job]:
    job_id = job.id
    if job_id is None:
        raise BackendError(
            f"{progress.target.name}: the backend says {job.status!r} and names no job to follow",
            hint="run the same command again in a minute",
        )
    job = yield from patiently(progress, lambda: progress.backend.job(progress.target, job_id))
    progress.job = job
    progress.polls += 1
    progress.tell("polled")
    return job


def _too_long(progress: Progress, job: Job) -> BackendError:
    return BackendError(
        f"{progress.target.name}: job {job.id} ({job.operation}) has not ended after "
        f"{progress.context.timeout:g} s; its last status is {job.status!r}",
        hint="run the same command again to go on waiting; '--timeout SECONDS' waits longer",
    )


def job_failure(target: Target, job: Job) -> BackendError:
    """Return the error for a job that ended badly, with the service's own words."""
    told = f": {job.error}" if job.error else " and does not say why"
    if job.error and "schema file not found" in job.error:
        hint = (
            "the service reads one schema.graphql only, and a schema/ folder was pushed: "
            "'amplify-modelgen generate --push-schema' sends the merged text"
        )
    else:
        hint = f"look at the environment {target.environment!r} in the Amplify console, mend it, "
        hint += "then run the same command again"
    return BackendError(f"{target.name}: {named(job)} ended with {job.status}{told}", hint=hint)


def named(job: Job) -> str:
    """Return what messages call a job."""
    return f"job {job.id} ({job.operation})" if job.id else f"the job ({job.operation})"
