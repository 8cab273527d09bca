"""The life of a target's job: push, start or adopt, follow to its end, fetch the models.

It is a generator that yields the seconds to wait before its next step, so that it reads as
straight code while `scheduler` follows many of them at once.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, TypeVar

from amplify_modelgen.errors import (
    BackendError,
    MissingError,
    ModelgenError,
    PluginError,
    TransientError,
)
from amplify_modelgen.records import Job, JobEvent, JobEventKind, Target
from amplify_modelgen.run.compare import drifted

from .work import Context, Drift, Failure, Generated, Inspected, Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from amplify_modelgen.hookspecs import Backend

    from .scheduler import Steps

_T = TypeVar("_T")

FIRST_WAIT = 0.5
LONGEST_WAIT = 5.0
# A job is noticed within two fifths of its length.
_GROWTH = 1.4
_JITTER = 0.1
_ATTEMPTS = 5


class _Progress:
    """How far one target's work has come. Only its own steps change it."""

    def __init__(self, work: Work, backend: Backend, context: Context) -> None:
        self.target = work.target
        self.work = work
        self.backend = backend
        self.context = context
        self.job: Job | None = None
        self.deployed: str | None = None
        self.polls = 0
        self._began = context.clock()

    @property
    def seconds(self) -> float:
        return max(0.0, self.context.clock() - self._began)

    def tell(self, kind: JobEventKind, error: str | None = None) -> None:
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


def generation(
    work: Work, backend: Backend, context: Context
) -> Steps[Generated | Drift | Failure]:
    """Make models for one target, step by step; the generator's value is what came of it."""
    progress = _Progress(work, backend, context)
    return (yield from _guarded(progress, _generate(progress)))


def inspection(work: Work, backend: Backend, context: Context) -> Steps[Inspected | Failure]:
    """Ask what the backend has for one target; start nothing."""
    progress = _Progress(work, backend, context)
    return (yield from _guarded(progress, _inspect(progress)))


def _guarded(progress: _Progress, steps: Steps[_T]) -> Steps[_T | Failure]:
    failure: ModelgenError
    try:
        return (yield from steps)
    except ModelgenError as error:
        failure = error
    except Exception as error:  # noqa: BLE001 (a backend is a plugin: it may raise anything)
        failure = PluginError(
            f"{progress.target.name}: the backend {progress.context.backend_name!r} broke: "
            f"{type(error).__name__}: {error}"
        )
        failure.__cause__ = error
    return Failure(error=failure, job=progress.job, seconds=progress.seconds, polls=progress.polls)


def _inspect(progress: _Progress) -> Steps[Inspected]:
    backend, target = progress.backend, progress.target
    deployed = yield from _patiently(progress, lambda: backend.deployed_schema(target))
    try:
        status = yield from _patiently(progress, lambda: backend.models_status(target))
        models = yield from _patiently(progress, lambda: backend.models(target))
    except MissingError:
        return Inspected(models=None, deployed=deployed, status=None)
    return Inspected(models=models, deployed=deployed, status=status)


def _generate(progress: _Progress) -> Steps[Generated | Drift]:
    backend, target, sdl = progress.backend, progress.target, progress.work.sdl
    if progress.work.push and sdl is not None:
        pushed = yield from _patiently(progress, lambda: backend.push_schema(target, sdl))
        _check_success(target, (yield from _until_ended(progress, pushed)))
    if not backend.feeds_on_tree:
        progress.deployed = yield from _patiently(progress, lambda: backend.deployed_schema(target))
    if not progress.work.allow_drift and drifted(progress.deployed, sdl):
        return Drift(deployed=progress.deployed, seconds=progress.seconds)
    job = None if (yield from _is_latest(progress)) else (yield from _made(progress))
    models = yield from _patiently(progress, lambda: backend.models(target))
    return Generated(
        job=job,
        models=models,
        deployed=progress.deployed,
        seconds=progress.seconds,
        polls=progress.polls,
    )


def _is_latest(progress: _Progress) -> Steps[bool]:
    """Whether the backend has models of its schema already, where only it has a schema."""
    backend, target = progress.backend, progress.target
    if progress.work.sdl is not None:
        return False
    try:
        status = yield from _patiently(progress, lambda: backend.models_status(target))
    except MissingError:
        return False
    return status == "LATEST"


def _made(progress: _Progress) -> Steps[Job]:
    job = yield from _left_behind(progress)
    if job is None:
        started = progress.backend.start
        job = yield from _patiently(progress, lambda: started(progress.target))
    return (yield from _follow(progress, job))


def _left_behind(progress: _Progress) -> Steps[Job | None]:
    """Return the job that an earlier run left as it is now; None where it is of no use.

    One that has ended is, unless the backend says that its models are the latest.
    """
    backend, target = progress.backend, progress.target
    job_id = progress.context.recall(target, progress.deployed)
    if job_id is None:
        return None
    try:
        left = yield from _patiently(progress, lambda: backend.job(target, job_id))
        outdated = left.ended and not left.failed and not (yield from _has_latest(progress))
    except TransientError:
        raise
    except BackendError:
        return None
    return None if left.failed or outdated else left


def _has_latest(progress: _Progress) -> Steps[bool]:
    backend, target = progress.backend, progress.target
    return (yield from _patiently(progress, lambda: backend.models_status(target))) == "LATEST"


def _follow(progress: _Progress, job: Job) -> Steps[Job]:
    """Follow a generation to its good end; one that is left early is there for the next run."""
    if not job.ended:
        progress.context.note(progress.target, progress.deployed, job.id)
    job = yield from _until_ended(progress, job)
    progress.context.note(progress.target, progress.deployed, None)
    _check_success(progress.target, job)
    return job


def _until_ended(progress: _Progress, job: Job) -> Steps[Job]:
    progress.job = job
    progress.tell("started")
    wait, began = FIRST_WAIT, progress.seconds
    while not job.ended:
        yield _bounded_wait(progress, wait, began)
        wait = min(wait * _GROWTH, LONGEST_WAIT)
        job = yield from _polled(progress, job)
    progress.tell("finished", job.error)
    return job


def _check_success(target: Target, job: Job) -> None:
    if job.failed:
        raise job_failure(target, job)


def _polled(progress: _Progress, job: Job) -> Steps[Job]:
    job_id = job.id
    if job_id is None:
        raise BackendError(
            f"{progress.target.name}: the backend says {job.status!r} and names no job to follow",
            hint="run the same command again in a minute",
        )
    job = yield from _patiently(progress, lambda: progress.backend.job(progress.target, job_id))
    progress.job = job
    progress.polls += 1
    progress.tell("polled")
    return job


def _bounded_wait(progress: _Progress, wait: float, began: float) -> float:
    job, limit = progress.job, progress.context.timeout
    left = limit - (progress.seconds - began)
    if left <= 0 and job is not None:
        raise BackendError(
            f"{progress.target.name}: job {job.id} ({job.operation}) has not ended after "
            f"{limit:g} s; its last status is {job.status!r}",
            hint="run the same command again to go on waiting; '--timeout SECONDS' waits longer",
        )
    return min(_jittered(wait), left)


def _patiently(progress: _Progress, call: Callable[[], _T]) -> Steps[_T]:
    """Make a call; where it fails for the moment only, wait and make it again."""
    for attempt in range(1, _ATTEMPTS):
        try:
            return call()
        except TransientError as error:
            progress.tell("retried", error.message)
        yield _jittered(min(2.0 ** (attempt - 1), LONGEST_WAIT))
    return call()


def _jittered(seconds: float) -> float:
    return seconds * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 (spreads polls)


def job_failure(target: Target, job: Job) -> BackendError:
    """Return the error for a job that ended badly, with the service's own words."""
    named = f"job {job.id} ({job.operation})" if job.id else f"the job ({job.operation})"
    told = f": {job.error}" if job.error else " and does not say why"
    if job.error and "schema file not found" in job.error:
        hint = (
            "the service reads one schema.graphql only, and a schema/ folder was pushed: "
            "'amplify-modelgen generate --push-schema' sends the merged text"
        )
    else:
        hint = f"look at the environment {target.environment!r} in the Amplify console, mend it, "
        hint += "then run the same command again"
    return BackendError(f"{target.name}: {named} ended with {job.status}{told}", hint=hint)
