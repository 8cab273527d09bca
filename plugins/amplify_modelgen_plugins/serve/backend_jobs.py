"""Jobs: started, inspected and finished, and the work that they do.

There is no background thread. The status of a job follows from the time that has passed, and
`run_due_jobs`, called before every operation, does the work of all jobs that are due. Their
preconditions are checked again, as state may have changed since the job was started. The functions
run in a transaction of the store.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from msgspec import Struct, field
from msgspec.structs import replace

from amplify_modelgen.plugin import BackendError, ModelgenError, SchemaError

from .protocol import BadRequestError, ResourceNotFoundError
from .store import (
    Environment,
    JobBehavior,
    Resource,
    SchemaVersion,
    StoredJob,
    StoredModels,
    resource_id_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .store import Store

COMPLETED = "COMPLETED"
FAILED = "FAILED"
PENDING = "PENDING"
IN_PROGRESS = "IN_PROGRESS"

# The service's own text if an API has no schema file.
NO_SCHEMA = "Transform GraphQL schema file not found"

# The fraction of its time that a job is queued.
_QUEUED_FRACTION = 0.1
_MAX_DIAGNOSTICS = 10

_LOG = logging.getLogger(__name__)


class OperationContext(Struct, frozen=True, kw_only=True):
    """Dependencies of the operations: store, clock (seconds since the epoch), job duration.

    `job_time` is in seconds. `behavior` applies to the jobs that are started with this context.
    """

    store: Store
    clock: Callable[[], float] = time.time
    job_time: float = 0.0
    behavior: JobBehavior = field(default_factory=JobBehavior)


def start_job(context: OperationContext, operation: str, members: Mapping[str, Any]) -> StoredJob:
    """Start a job and return its state, which is the final one if jobs take no time.

    Without the name of a resource, or of an environment, it works on all of them.
    """
    now = context.clock()
    resource_id = resource_id_of(members)
    resource = context.store.resource(resource_id)
    job = StoredJob(
        id=str(uuid4()),
        app_id=resource_id.app_id,
        environment=resource_id.environment or None,
        resource=resource_id.resource or None,
        operation=operation,
        members=dict(members),
        version=resource.version if resource else None,
        behavior=context.behavior,
        created=now,
        updated=now,
        ends=_end(context, now),
    )
    context.store.put_job(job)
    run_due_jobs(context)
    job = context.store.job(job.app_id, resource_id.environment, job.id) or job
    return snapshot(job, context.clock())


def run_due_jobs(context: OperationContext) -> None:
    """Do the work of every job that is due, in the order of their ends."""
    for job in context.store.due_jobs(context.clock()):
        context.store.put_job(_run_job(context.store, job))


def get_job(context: OperationContext, app_id: str, environment: str, job_id: str) -> StoredJob:
    """Return the current state of a job, or raise `ResourceNotFoundError`."""
    return snapshot(_require_job(context.store, app_id, environment, job_id), context.clock())


def list_jobs(
    context: OperationContext, app_id: str, environment: str, *, after: str | None = None
) -> Iterator[StoredJob]:
    """Return the jobs of an environment lazily, the newest first.

    If `after`, the id of a job, is given, return only the older ones.

    Raises:
        ResourceNotFoundError: the environment does not exist and never had a job.
        BadRequestError: there is no job `after`.
    """
    now = context.clock()
    jobs = context.store.jobs(app_id, environment)
    if not jobs:
        context.store.require_environment(app_id, environment)
    if after is not None:
        ids = [job.id for job in jobs]
        if after not in ids:
            raise BadRequestError("invalid NextToken for this environment")
        jobs = jobs[ids.index(after) + 1 :]
    return (snapshot(job, now) for job in jobs)


def update_job(
    context: OperationContext, app_id: str, environment: str, job_id: str, status: str | None
) -> StoredJob:
    """Set the status of a running job; `COMPLETED` and `FAILED` finish it now.

    A job that is set to `COMPLETED` does its work first. Raises `BadRequestError` if the job has
    finished with another status.
    """
    job = _require_job(context.store, app_id, environment, job_id)
    if status is not None and status != job.status:
        context.store.put_job(_set_status(job, status, context.clock()))
        run_due_jobs(context)
        job = _require_job(context.store, app_id, environment, job_id)
    return snapshot(job, context.clock())


def snapshot(job: StoredJob, now: float) -> StoredJob:
    """Return the job with the status that it has at `now`."""
    return replace(job, status=job.status or job.behavior.progress or _phase(job, now))


def _end(context: OperationContext, now: float) -> float | None:
    if context.behavior.stall:
        return None
    return now if context.behavior.immediate else now + context.job_time


def _phase(job: StoredJob, now: float) -> str:
    queued = 0.0 if job.ends is None else _QUEUED_FRACTION * (job.ends - job.created)
    return PENDING if now <= job.created + queued else IN_PROGRESS


def _require_job(store: Store, app_id: str, environment: str, job_id: str) -> StoredJob:
    job = store.job(app_id, environment, job_id)
    if job is None:
        raise ResourceNotFoundError(
            f"the backend environment {environment} of the app {app_id} has no job {job_id}",
            resource_type="BackendJob",
        )
    return job


def _set_status(job: StoredJob, status: str, now: float) -> StoredJob:
    if job.status is not None:
        raise BadRequestError(f"the job {job.id} has already finished as {job.status}")
    if status == COMPLETED:
        return replace(job, behavior=replace(job.behavior, fail=False), ends=now, updated=now)
    if status == FAILED:
        return replace(job, status=FAILED, ends=now, updated=now, members={}, version=None)
    return replace(job, behavior=replace(job.behavior, progress=status), updated=now)


def _run_job(store: Store, job: StoredJob) -> StoredJob:
    finished = replace(job, updated=job.ends or job.updated, members={}, version=None)
    if job.behavior.fail:
        return replace(finished, status=FAILED, error=job.behavior.error)
    try:
        with store.savepoint():
            JOB_HANDLERS[job.operation](store, job)
    except ModelgenError as error:
        return replace(finished, status=FAILED, error=error.message)
    except Exception as error:  # noqa: BLE001 (a bug must fail one job, not every later request)
        _LOG.exception("the job %s (%s) failed", job.id, job.operation)
        return replace(
            finished, status=FAILED, error=f"internal error: {type(error).__name__}: {error}"
        )
    return replace(finished, status=COMPLETED)


def _create_backend(store: Store, job: StoredJob) -> None:
    name = job.resource_id.environment
    store.ensure_no_environment(job.app_id, name)
    store.put_app(job.app_id, job.members["AppName"])
    store.put_environment(job.app_id, name, Environment())


def _clone_backend(store: Store, job: StoredJob) -> None:
    source = store.require_environment(job.app_id, job.resource_id.environment)
    target = job.members["TargetEnvironmentName"]
    store.ensure_no_environment(job.app_id, target)
    store.put_environment(job.app_id, target, source)


def _delete_backend(store: Store, job: StoredJob) -> None:
    store.remove_environment(job.app_id, job.resource_id.environment)


def _remove_all_backends(store: Store, job: StoredJob) -> None:
    for name in store.require_app(job.app_id).environments:
        store.remove_environment(job.app_id, name)
    if job.members.get("CleanAmplifyApp"):
        store.remove_app(job.app_id)


def _create_api(store: Store, job: StoredJob) -> None:
    store.ensure_no_resource(job.resource_id)
    _deploy(store, job, Resource())


def _update_api(store: Store, job: StoredJob) -> None:
    _deploy(store, job, store.require_resource(job.resource_id))


def _deploy(store: Store, job: StoredJob, resource: Resource) -> None:
    """Change a resource by the schema and the settings of the request."""
    environment = store.require_environment(job.app_id, job.resource_id.environment)
    config = {**resource.config, **job.members.get("ResourceConfig", {})}
    sdl = config.pop("TransformSchema", None)
    version = resource.version if sdl is None else SchemaVersion(sdl=sdl, flags=environment.flags)
    store.put_resource(job.resource_id, replace(resource, version=version, config=config))


def _delete_api(store: Store, job: StoredJob) -> None:
    store.remove_resource(job.resource_id)


def _generate_models(store: Store, job: StoredJob) -> None:
    from amplify_modelgen.modelgen import generate_models, to_javascript, to_json

    resource = store.require_resource(job.resource_id)
    version = job.version
    if version is None:
        raise BackendError(NO_SCHEMA)
    try:
        models = generate_models(version.sdl, version.flags)
    except SchemaError as error:
        raise BackendError(_describe_diagnostics(error)) from error
    stored = StoredModels(
        version=version,
        datastore=to_javascript(models.datastore or {}),
        introspection=to_json(models.introspection),
    )
    store.put_resource(job.resource_id, replace(resource, models=stored))


def _describe_diagnostics(error: SchemaError) -> str:
    diagnostics = error.diagnostics[:_MAX_DIAGNOSTICS]
    texts = [f"{item.line}:{item.column}: {item.message}" for item in diagnostics]
    omitted = len(error.diagnostics) - len(texts)
    return "; ".join([*texts, f"and {omitted} more"] if omitted else texts)


JOB_HANDLERS: dict[str, Callable[[Store, StoredJob], None]] = {
    "CreateBackend": _create_backend,
    "CloneBackend": _clone_backend,
    "DeleteBackend": _delete_backend,
    "RemoveAllBackends": _remove_all_backends,
    "CreateBackendAPI": _create_api,
    "UpdateBackendAPI": _update_api,
    "DeleteBackendAPI": _delete_api,
    "GenerateBackendAPIModels": _generate_models,
}
