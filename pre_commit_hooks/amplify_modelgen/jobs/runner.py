"""Run the jobs of many targets side by side, one thread for each.

The threads are daemons and not those of a `ThreadPoolExecutor`, which are joined when Python
exits: an interrupt would wait for every request that is under way.
"""

from __future__ import annotations

import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from amplify_modelgen.errors import BackendError, ModelgenError
from amplify_modelgen.records import JobEvent

from .run_target import (
    JobContext,
    JobFailure,
    RunStoppedError,
    TargetRequest,
    TargetSession,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from amplify_modelgen.plugin import JobBackend
    from amplify_modelgen.records import Settings
    from amplify_modelgen.storage.checkout_state import PendingJobs

_T = TypeVar("_T")
# What a worker reports: an event, a result, or an exception that ends the run.
_Message: TypeAlias = tuple[TargetSession, JobEvent | _T | JobFailure | BaseException]

MAX_WORKERS = 200
# How often calls that do not return are looked for. No wait for the queue is longer, because
# Windows does not interrupt it.
_TICK = 0.25
# Seconds after a deadline in which a last call may still return.
_GRACE = 1.0


def run_jobs(  # noqa: PLR0913, PLR0917 (each has another origin)
    requests: Sequence[TargetRequest],
    step: Callable[[TargetSession], _T],
    backend: JobBackend,
    settings: Settings,
    pending: PendingJobs,
    on_event: Callable[[JobEvent], None],
) -> dict[str, _T | JobFailure]:
    """Run `step` for all requests at once; return the results by the names of the targets.

    `step` is `run_target.generate_models` or `run_target.fetch_remote_state`. `on_event` is called
    in the calling thread. An interrupt is raised at once; jobs that were started stay in
    `pending`, and the next run continues them.
    """
    messages: SimpleQueue[_Message[_T]] = SimpleQueue()
    context = JobContext(
        backend=backend,
        settings=settings,
        pending=pending,
        emit=lambda session, event: messages.put((session, event)),
        stop=Event(),
    )
    sessions = [TargetSession(request, context) for request in requests]
    try:
        results = _collect(sessions, step, messages, on_event)
    finally:
        context.stop.set()
    # Not earlier, so that a run that is interrupted before it has written continues all its jobs.
    for session in sessions:
        if session.is_resolved:
            pending.discard(session.request.key)
    return {request.target.name: results[request.target.name] for request in requests}


def _collect(
    sessions: Sequence[TargetSession],
    step: Callable[[TargetSession], _T],
    messages: SimpleQueue[_Message[_T]],
    on_event: Callable[[JobEvent], None],
) -> dict[str, _T | JobFailure]:
    queue: SimpleQueue[TargetSession] = SimpleQueue()
    for session in sessions:
        queue.put(session)

    def start_worker() -> None:
        Thread(target=_work, args=(queue, step, messages), daemon=True).start()

    start_worker()
    # As many as the system allows.
    with suppress(RuntimeError):
        for _ in range(1, min(len(sessions), MAX_WORKERS)):
            start_worker()
    results: dict[str, _T | JobFailure] = {}
    next_check = time.monotonic() + _TICK
    while len(results) < len(sessions):
        with suppress(Empty):
            session, content = messages.get(timeout=_TICK)
            # The session of a call that was given up may report later.
            if session.target.name not in results:
                _handle(session, content, results, on_event)
        if time.monotonic() >= next_check:
            for session in sessions:
                if session.target.name not in results and session.remaining < -_GRACE:
                    results[session.target.name] = _no_return(session)
                    # The thread is lost; others may be waiting for it.
                    start_worker()
            next_check = time.monotonic() + _TICK
    return results


def _work(
    queue: SimpleQueue[TargetSession],
    step: Callable[[TargetSession], _T],
    messages: SimpleQueue[_Message[_T]],
) -> None:
    with suppress(Empty, RunStoppedError):
        while True:
            session = queue.get_nowait()
            content: _T | JobFailure | BaseException
            try:
                content = step(session)
            except ModelgenError as error:
                content = JobFailure(error=error, jobs=tuple(session.jobs))
            except RunStoppedError:
                raise
            except BaseException as error:  # noqa: BLE001 (raised again in the calling thread)
                content = error
            messages.put((session, content))


def _handle(
    session: TargetSession,
    content: JobEvent | _T | JobFailure | BaseException,
    results: dict[str, _T | JobFailure],
    on_event: Callable[[JobEvent], None],
) -> None:
    if isinstance(content, BaseException):
        raise content
    if isinstance(content, JobEvent):
        # A closed stderr is not an error of the backend.
        with suppress(OSError):
            on_event(content)
    else:
        results[session.target.name] = content


def _no_return(session: TargetSession) -> JobFailure:
    settings = session.context.settings
    return JobFailure(
        error=BackendError(
            f"{session.target.name}: the backend {settings.backend!r} did not answer within "
            f"{settings.timeout:g} s",
            hint="check the network and the backend's settings, then run the same command again; "
            "'--timeout SECONDS' waits longer",
        ),
        jobs=tuple(session.jobs),
    )
