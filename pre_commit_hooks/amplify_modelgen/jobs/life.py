"""The life of a target's job: push, start or adopt, follow to its end, fetch the models.

It is a generator that yields the seconds to wait before its next step, so that it reads as
straight code while `scheduler` follows many of them at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from amplify_modelgen.errors import (
    BackendError,
    MissingError,
    ModelgenError,
    PluginError,
    TransientError,
)
from amplify_modelgen.faults import FAULTS, described
from amplify_modelgen.run.compare import drifted

from .following import check_success, left_behind, named, note, until_ended
from .progress import Progress, ask_deployed, patiently
from .push import deploy, feed, send
from .work import Context, Drift, Errand, Failure, Generated, Inspected, Work

if TYPE_CHECKING:
    from amplify_modelgen.hookspecs import Backend
    from amplify_modelgen.records import Job, Models

    from .scheduler import Steps

_T = TypeVar("_T")


def generation(
    work: Work, backend: Backend, context: Context
) -> Steps[Generated | Drift | Failure]:
    """Make models for one target, step by step; the generator's value is what came of it."""
    progress = Progress(work, backend, context)
    return (yield from _guarded(progress, _generate(progress)))


def inspection(work: Work, backend: Backend, context: Context) -> Steps[Inspected | Failure]:
    """Ask what the backend has for one target; start nothing."""
    progress = Progress(work, backend, context)
    return (yield from _guarded(progress, _inspect(progress)))


def _guarded(progress: Progress, steps: Steps[_T]) -> Steps[_T | Failure]:
    failure: ModelgenError
    try:
        return (yield from steps)
    except ModelgenError as error:
        failure = error
    except FAULTS as error:
        failure = PluginError(
            f"{progress.target.name}: the backend {progress.context.backend_name!r} broke: "
            f"{described(error)}"
        )
        failure.__cause__ = error
    return Failure(error=failure, job=progress.job, seconds=progress.seconds, polls=progress.polls)


def _inspect(progress: Progress) -> Steps[Inspected]:
    deployed = yield from ask_deployed(progress)
    return Inspected(models=(yield from _models_there(progress)), deployed=deployed)


def _models_there(progress: Progress) -> Steps[Models | None]:
    backend, target = progress.backend, progress.target
    try:
        return (yield from patiently(progress, lambda: backend.models(target)))
    except MissingError:
        return None


def _generate(progress: Progress) -> Steps[Generated | Drift]:
    backend, sdl = progress.backend, progress.work.sdl
    pushed = sdl if progress.work.push else None
    if backend.feeds_on_tree:
        if pushed is not None:
            yield from feed(progress, pushed)
    elif pushed is not None:
        yield from deploy(progress, pushed)
    else:
        progress.deployed = yield from ask_deployed(progress)
    if not progress.work.allow_drift and drifted(progress.deployed, sdl):
        return Drift(deployed=progress.deployed, seconds=progress.seconds)
    # Where only the backend has a schema, its models are taken if they are of that one.
    models = (yield from _models_there(progress)) if sdl is None else None
    job = None
    if models is None or models.status != "LATEST":
        job = yield from _made(progress)
        models = yield from patiently(progress, lambda: _models_of(progress, job))
    return Generated(
        job=job,
        models=models,
        deployed=progress.deployed,
        seconds=progress.seconds,
        polls=progress.polls,
    )


def _models_of(progress: Progress, job: Job) -> Models:
    """Return the models that a job made; the service may need a moment until it gives them."""
    target = progress.target
    models = progress.backend.models(target)
    if models.status == "STALE":
        raise TransientError(
            f"{target.name}: {named(job)} ended with {job.status}, and the models that the backend "
            "has are STALE all the same: another schema was probably deployed meanwhile",
            hint="run the same command again",
        )
    return models


def _made(progress: Progress) -> Steps[Job]:
    """Follow a generation to its good end.

    One that fails on a schema which was not pushed, as the backend told that it has it, gets it
    pushed after all, and a second chance: a folder of schemas, which the service tells of and
    cannot read, is mended so.
    """
    try:
        return (yield from _followed(progress))
    except BackendError:
        sdl, job = progress.spared, progress.job
        if sdl is None or job is None or not job.failed:
            raise
    yield from send(progress, sdl)
    return (yield from _followed(progress))


def _followed(progress: Progress) -> Steps[Job]:
    errand: Errand = ("generate", progress.deployed)
    adopted = yield from _adopted(progress, errand)
    backend, target = progress.backend, progress.target
    job = adopted or (yield from patiently(progress, lambda: backend.start(target)))
    if not job.ended:
        note(progress, errand, job.id)
    job = yield from until_ended(progress, job, ours=adopted is None)
    note(progress, errand, None)
    check_success(progress.target, job)
    return job


def _adopted(progress: Progress, errand: Errand) -> Steps[Job | None]:
    """Return the job that an earlier run left as it is now; None where it is of no use.

    One that has ended is, unless the backend says that its models are the latest.
    """
    job_id = progress.context.recall(progress.target, errand)
    left = (yield from left_behind(progress, job_id)) if job_id is not None else None
    if left is None or left.failed:
        return None
    return left if not left.ended or (yield from _has_latest(progress)) else None


def _has_latest(progress: Progress) -> Steps[bool]:
    try:
        models = yield from _models_there(progress)
    except TransientError:
        raise
    except BackendError:
        return False
    return models is not None and models.status == "LATEST"
