"""Asking the backend for many targets at once, and remembering the jobs that outlive a run."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from amplify_modelgen.files.state import JobMemory
from amplify_modelgen.tokens import file_digest, schema_digest

from .scheduler import run_all
from .work import Context, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from amplify_modelgen.hookspecs import Backend
    from amplify_modelgen.records import JobEvent, Target
    from amplify_modelgen.run.survey import Survey

    from .scheduler import Steps
    from .work import Errand

_T = TypeVar("_T")


def ask_backend(
    life: Callable[[Work, Backend, Context], Steps[_T]],
    work: Sequence[Work],
    backend: Backend,
    survey: Survey,
    listen: Callable[[JobEvent], None],
) -> Iterator[tuple[Work, _T]]:
    """Do all work at once; yield each piece with what came of it, when that is known.

    `life` is what is done for a target: `jobs.generation` or `jobs.inspection`.
    """
    memory = JobMemory(survey.settings.root)
    digests = {each.target.key: schema_digest(each.sdl or "") for each in work}

    def digest(target: Target, errand: Errand) -> str:
        return _job_digest(survey.settings.backend, target, digests[target.key], errand)

    ended: set[str] = set()

    def note(target: Target, errand: Errand, job: str | None) -> None:
        if job is None:
            ended.add(target.key)
            return
        ended.discard(target.key)
        memory.note(target.key, digest(target, errand), job)

    context = Context(
        backend_name=survey.settings.backend,
        timeout=survey.settings.timeout,
        listen=_one_at_a_time(listen),
        note=note,
        recall=lambda target, errand: memory.recall(target.key, digest(target, errand)),
    )
    lives = [life(each, backend, context) for each in work]
    for index, result in run_all(lives, news=lambda: context.lengths.news):
        yield work[index], result
    # Not before: the next run takes up what an interrupted one saw the end of as well.
    memory.forget(ended)


def _job_digest(backend: str, target: Target, tree: str, errand: Errand) -> str:
    where = (backend, target.app_id, target.environment, target.resource)
    operation, deployed = errand
    there = schema_digest(deployed) if deployed is not None else ""
    return file_digest("\n".join((*where, operation, tree, there)).encode())


def _one_at_a_time(listen: Callable[[JobEvent], None]) -> Callable[[JobEvent], None]:
    lock = threading.Lock()

    def locked(event: JobEvent) -> None:
        # Nobody reads what we say any more: that is no fault of the backend.
        with lock, suppress(OSError):
            listen(event)

    return locked
