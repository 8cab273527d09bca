"""Bringing the working tree's schema to the backend: once, and only where it is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.run.compare import drifted

from .following import check_success, left_behind, note, until_ended
from .progress import ask_deployed, patiently

if TYPE_CHECKING:
    from amplify_modelgen.records import Job

    from .progress import Progress
    from .scheduler import Steps
    from .work import Errand

_PUSH: Errand = ("push", None)


def feed(progress: Progress, sdl: str) -> Steps[None]:
    """Give the schema to a backend that has none of its own.

    Raises:
        BackendError: its job ended badly.
    """
    sent = yield from _sent(progress, sdl)
    job = yield from until_ended(progress, sent, ours=True)
    check_success(progress.target, job)


def deploy(progress: Progress, sdl: str) -> Steps[None]:
    """Have the backend deploy the schema; `progress.deployed` is what it has afterwards.

    Nothing is sent where it has that schema already, nor while a job of an earlier run deploys
    it: that one is followed. After one that failed, or that nobody knows any more, the schema is
    sent whatever the backend says that it has.

    Raises:
        BackendError: the job ended badly.
    """
    job_id = progress.context.recall(progress.target, _PUSH)
    left = (yield from left_behind(progress, job_id)) if job_id is not None else None
    trusted = job_id is None or (left is not None and left.completed)
    if trusted and (yield from _is_there(progress, sdl)):
        progress.spared = sdl
    elif left is not None and not left.ended:
        yield from _follow(progress, left, ours=False)
    else:
        yield from send(progress, sdl)


def send(progress: Progress, sdl: str) -> Steps[None]:
    """Send the schema, whatever the backend has, and wait until it is deployed.

    Raises:
        BackendError: the job ended badly.
    """
    yield from _follow(progress, (yield from _sent(progress, sdl)), ours=True)


def _is_there(progress: Progress, sdl: str) -> Steps[bool]:
    progress.deployed = yield from ask_deployed(progress)
    return progress.deployed is not None and not drifted(progress.deployed, sdl)


def _sent(progress: Progress, sdl: str) -> Steps[Job]:
    backend, target = progress.backend, progress.target
    return (yield from patiently(progress, lambda: backend.push_schema(target, sdl)))


def _follow(progress: Progress, job: Job, *, ours: bool) -> Steps[None]:
    """Follow a push to its good end; until then the next run knows of it."""
    if not job.completed:
        note(progress, _PUSH, job.id)
    job = yield from until_ended(progress, job, ours=ours)
    if job.completed:
        note(progress, _PUSH, None)
    check_success(progress.target, job)
    progress.deployed = yield from ask_deployed(progress)
