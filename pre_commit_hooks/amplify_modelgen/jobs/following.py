"""Following a job to its end, and the notes by which the next run finds one that is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.errors import BackendError, TransientError

from .progress import LONGEST_WAIT, Progress, jittered, patiently

if TYPE_CHECKING:
    from amplify_modelgen.records import Job, Target

    from .scheduler import Steps
    from .work import Errand

FIRST_WAIT = 0.5
# A job is noticed within two fifths of its length.
_GROWTH = 1.4


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


def until_ended(progress: Progress, job: Job) -> Steps[Job]:
    """Follow a job; return it as it is at its end, good or bad."""
    progress.job = job
    progress.tell("started")
    wait, began = FIRST_WAIT, progress.seconds
    while not job.ended:
        yield _bounded_wait(progress, wait, began)
        wait = min(wait * _GROWTH, LONGEST_WAIT)
        job = yield from _polled(progress, job)
    progress.tell("finished", job.error)
    return job


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


def _bounded_wait(progress: Progress, wait: float, began: float) -> float:
    job, limit = progress.job, progress.context.timeout
    left = limit - (progress.seconds - began)
    if left <= 0 and job is not None:
        raise BackendError(
            f"{progress.target.name}: job {job.id} ({job.operation}) has not ended after "
            f"{limit:g} s; its last status is {job.status!r}",
            hint="run the same command again to go on waiting; '--timeout SECONDS' waits longer",
        )
    return min(jittered(wait), left)


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
