"""Jobs: started, shown as they are at a moment, ended with their work.

Nothing runs in the background. A job's status follows from the time that has passed, and its
work is done by whoever looks first after its time has come: `settle`, before every operation.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from uuid import uuid4

from msgspec.structs import replace

from amplify_modelgen import ModelgenError

from .context import environment_of
from .errors import BadRequestError, NotFoundError
from .records import JobView, StoredJob, Work
from .work import perform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .context import Context

COMPLETED = "COMPLETED"
FAILED = "FAILED"
PENDING = "PENDING"
IN_PROGRESS = "IN_PROGRESS"

# The part of its time that a job spends in the queue.
_QUEUED = 0.1

_LOG = logging.getLogger(__name__)


def start_job(  # noqa: PLR0913 (a job has as many sides)
    context: Context,
    operation: str,
    work: Work,
    *,
    app_id: str,
    environment: str | None,
    resource: str | None = None,
) -> JobView:
    """Start a job and return it as it is now: at its end already where jobs take no time."""
    now = context.clock()
    job = StoredJob(
        id=str(uuid4()),
        app_id=app_id,
        environment=environment,
        resource=resource,
        operation=operation,
        work=work,
        plan=context.plan,
        created=now,
        updated=now,
        ends=_end(context, now),
    )
    with context.store.transaction():
        context.store.jobs.add(job)
        settle(context)
        job = context.store.jobs.get(app_id, environment or "", job.id) or job
    return view(job, context.clock())


def settle(context: Context) -> None:
    """Do the work of every job whose time has come, in the order of their ends."""
    store = context.store
    if not store.jobs.due(context.clock()):
        return
    with store.transaction():
        for job in store.jobs.due(context.clock()):
            store.jobs.replace(_ended(context, job))
        store.drop_unused_definitions()


def get_job(context: Context, app_id: str, environment: str, job_id: str) -> JobView:
    """Return a job as it is now, or raise `NotFoundError`."""
    settle(context)
    return view(_job(context, app_id, environment, job_id), context.clock())


def list_jobs(
    context: Context, app_id: str, environment: str, *, after: str | None = None
) -> Iterator[JobView]:
    """Yield the jobs of an environment as they are now, the newest first.

    `after` is the id of a job: those older than it. Raises `NotFoundError` for an environment
    that neither is there nor ever had a job.
    """
    settle(context)
    now = context.clock()
    jobs = context.store.jobs
    if next(jobs.before(app_id, environment, None), None) is None:
        environment_of(context, app_id, environment)
    if after is not None and jobs.get(app_id, environment, after) is None:
        message = "NextToken is none that this backend gave for the environment"
        raise BadRequestError(message)
    return (view(job, now) for job in jobs.before(app_id, environment, after))


def update_job(
    context: Context, app_id: str, environment: str, job_id: str, status: str | None
) -> JobView:
    """Give a running job another status: `COMPLETED` and `FAILED` end it, now.

    A job that is completed by hand does its work first. Raises `BadRequestError` for a job that
    has ended otherwise.
    """
    settle(context)
    with context.store.transaction():
        job = _job(context, app_id, environment, job_id)
        if status is not None and status != job.status:
            context.store.jobs.replace(_updated(context, job, status))
            settle(context)
        job = _job(context, app_id, environment, job_id)
    return view(job, context.clock())


def view(job: StoredJob, now: float) -> JobView:
    """Return the job as it is at `now`."""
    return JobView(
        id=job.id,
        app_id=job.app_id,
        environment=job.environment,
        operation=job.operation,
        status=job.status or job.plan.progress or _phase(job, now),
        error=job.error,
        created=job.created,
        updated=job.updated,
    )


def _end(context: Context, now: float) -> float | None:
    if context.plan.stall:
        return None
    return now if context.plan.at_once else now + context.job_time


def _phase(job: StoredJob, now: float) -> str:
    queued = 0.0 if job.ends is None else _QUEUED * (job.ends - job.created)
    return PENDING if now <= job.created + queued else IN_PROGRESS


def _job(context: Context, app_id: str, environment: str, job_id: str) -> StoredJob:
    job = context.store.jobs.get(app_id, environment, job_id)
    if job is None:
        message = f"the backend environment {environment} of the app {app_id} has no job {job_id}"
        raise NotFoundError(message, resource_type="BackendJob")
    return job


def _updated(context: Context, job: StoredJob, status: str) -> StoredJob:
    if job.status is not None:
        message = f"the job {job.id} has ended as {job.status}"
        raise BadRequestError(message)
    now = context.clock()
    if status == COMPLETED:
        return replace(job, plan=replace(job.plan, fail=False), ends=now, updated=now)
    if status == FAILED:
        return replace(job, status=FAILED, ends=now, updated=now)
    return replace(job, plan=replace(job.plan, progress=status), updated=now)


def _ended(context: Context, job: StoredJob) -> StoredJob:
    done = replace(job, updated=job.ends or job.updated)
    if job.plan.fail:
        return replace(done, status=FAILED, error=job.plan.error)
    try:
        with context.store.savepoint():
            perform(context, job)
    except ModelgenError as error:
        return replace(done, status=FAILED, error=error.message)
    except Exception as error:  # noqa: BLE001 (a job ends whatever happens, not every later call)
        _LOG.exception("the job %s (%s) could not be done", job.id, job.operation)
        return replace(
            done, status=FAILED, error=f"internal error: {type(error).__name__}: {error}"
        )
    return replace(done, status=COMPLETED)
