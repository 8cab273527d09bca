"""The implemented operations of the API: members of a request in, members of a response out.

Most of them start a job. There is no background thread: the status of a job follows from the time
that has passed, and the work of all jobs that are due is done before the next operation. Their
preconditions are checked again then, as state may have changed since the job was started.
"""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from msgspec import Struct
from msgspec.structs import replace

from amplify_modelgen.plugin import BackendError, FeatureFlags, ModelgenError, SchemaError

from .store import (
    BadRequestError,
    Resource,
    ResourceId,
    ResourceNotFoundError,
    SchemaVersion,
    StoredJob,
    StoredModels,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .store import Store

    Members = Mapping[str, Any]

COMPLETED = "COMPLETED"
FAILED = "FAILED"

# The service's own text if an API has no schema file.
NO_SCHEMA = "Transform GraphQL schema file not found"

# The default page size of the service.
PAGE_SIZE = 25
# The fraction of its time that a job is queued.
_QUEUED_FRACTION = 0.1
_MAX_DIAGNOSTICS = 10

_LOG = logging.getLogger(__name__)


class OperationContext(Struct, frozen=True, kw_only=True):
    """Dependencies of the operations: store, clock (seconds since the epoch), job duration.

    `job_time` is in seconds. `faults` are those of the jobs that are started with this context.
    """

    store: Store
    clock: Callable[[], float] = time.time
    job_time: float = 0.0
    faults: dict[str, str] = {}


def execute(context: OperationContext, operation: str, members: Members) -> dict[str, Any]:
    """Run all jobs that are due, then the operation; return the members of its response."""
    # Two transactions: an operation that is refused does not undo the work of jobs.
    with context.store.transaction():
        _run_due_jobs(context)
    with context.store.transaction():
        if operation in JOB_OPERATIONS:
            return _start_job(context, operation, members)
        return READ_OPERATIONS[operation](context, members)


def _start_job(context: OperationContext, operation: str, members: Members) -> dict[str, Any]:
    """Start a job; return its state, which is the final one if jobs take no time."""
    store, now = context.store, context.clock()
    resource_id = _resource_id(members)
    resource = store.resources.get(resource_id)
    end = now if "nojob" in context.faults else now + context.job_time
    job = StoredJob(
        id=str(uuid4()),
        resource_id=resource_id,
        operation=operation,
        members=dict(members),
        version=resource.version if resource else None,
        faults=context.faults,
        created=now,
        updated=now,
        ends=None if "stall" in context.faults else end,
    )
    next(JOB_OPERATIONS[operation](store, job))
    store.put_job(job)
    _run_due_jobs(context)
    return _describe(store.jobs.get(job.id, job), context.clock())


def _run_due_jobs(context: OperationContext) -> None:
    for job in context.store.due_jobs(context.clock()):
        context.store.put_job(_run_job(context.store, job))


def _run_job(store: Store, job: StoredJob) -> StoredJob:
    finished = replace(job, updated=job.ends or job.updated, members={}, version=None)
    if "fail" in job.faults:
        return replace(finished, status=FAILED, error=job.faults["fail"] or None)
    try:
        with store.savepoint():
            for _ in JOB_OPERATIONS[job.operation](store, job):
                pass
    except ModelgenError as error:
        return replace(finished, status=FAILED, error=error.message)
    except Exception as error:  # noqa: BLE001 (a bug must fail one job, not every later request)
        _LOG.exception("the job %s (%s) failed", job.id, job.operation)
        return replace(
            finished, status=FAILED, error=f"internal error: {type(error).__name__}: {error}"
        )
    return replace(finished, status=COMPLETED)


def _resource_id(members: Members) -> ResourceId:
    return ResourceId(
        app_id=members["AppId"],
        environment=members.get("BackendEnvironmentName", ""),
        resource=members.get("ResourceName", ""),
    )


def _environment(job: StoredJob) -> tuple[str, str]:
    return job.resource_id.app_id, job.resource_id.environment


def _ensure_no_environment(store: Store, app_id: str, name: str) -> None:
    if (app_id, name) in store.environments:
        raise BadRequestError(f"the backend environment {name} of the app {app_id} already exists")


# Up to its `yield`, a function checks what it needs: when the job is started, and when it runs.


def _create_backend(store: Store, job: StoredJob) -> Iterator[None]:
    app_id, name = _environment(job)
    _ensure_no_environment(store, app_id, name)
    yield
    store.apps[app_id] = job.members["AppName"]
    store.environments[app_id, name] = FeatureFlags()


def _clone_backend(store: Store, job: StoredJob) -> Iterator[None]:
    app_id, name = _environment(job)
    target = job.members["TargetEnvironmentName"]
    store.require_environment(app_id, name)
    _ensure_no_environment(store, app_id, target)
    yield
    store.environments[app_id, target] = store.environments[app_id, name]
    for resource_id, resource in list(store.resources.items()):
        if (resource_id.app_id, resource_id.environment) == (app_id, name):
            store.resources[replace(resource_id, environment=target)] = resource


def _delete_backend(store: Store, job: StoredJob) -> Iterator[None]:
    store.require_environment(*_environment(job))
    yield
    store.remove_environment(*_environment(job))


def _remove_all_backends(store: Store, job: StoredJob) -> Iterator[None]:
    app_id = job.resource_id.app_id
    store.require_app(app_id)
    yield
    for name in store.environments_of(app_id):
        store.remove_environment(app_id, name)
    if job.members.get("CleanAmplifyApp"):
        del store.apps[app_id]


def _create_api(store: Store, job: StoredJob) -> Iterator[None]:
    app_id, name = _environment(job)
    store.require_environment(app_id, name)
    if job.resource_id in store.resources:
        raise BadRequestError(f"the API {job.resource_id.resource} of {name} already exists")
    yield
    _deploy(store, job, Resource())


def _update_api(store: Store, job: StoredJob) -> Iterator[None]:
    resource = store.require_resource(job.resource_id)
    yield
    _deploy(store, job, resource)


def _deploy(store: Store, job: StoredJob, resource: Resource) -> None:
    """Change a resource by the schema and the settings of the request."""
    config = {**resource.config, **job.members.get("ResourceConfig", {})}
    sdl = config.pop("TransformSchema", None)
    flags = store.environments[_environment(job)]
    version = resource.version if sdl is None else SchemaVersion(sdl=sdl, flags=flags)
    store.resources[job.resource_id] = replace(resource, version=version, config=config)


def _delete_api(store: Store, job: StoredJob) -> Iterator[None]:
    store.require_resource(job.resource_id)
    yield
    del store.resources[job.resource_id]


def _generate_models(store: Store, job: StoredJob) -> Iterator[None]:
    from amplify_modelgen.modelgen import generate_models, to_javascript, to_json

    resource, version = store.require_resource(job.resource_id), job.version
    yield
    if version is None:
        raise BackendError(NO_SCHEMA)
    try:
        models = generate_models(version.sdl, version.flags)
    except SchemaError as error:
        diagnostics = error.diagnostics[:_MAX_DIAGNOSTICS]
        texts = [f"{item.line}:{item.column}: {item.message}" for item in diagnostics]
        raise BackendError("; ".join(texts)) from error
    stored = StoredModels(
        version=version,
        datastore=to_javascript(models.datastore or {}),
        introspection=to_json(models.introspection),
    )
    store.resources[job.resource_id] = replace(resource, models=stored)


JOB_OPERATIONS: dict[str, Callable[[Store, StoredJob], Iterator[None]]] = {
    "CreateBackend": _create_backend,
    "CloneBackend": _clone_backend,
    "DeleteBackend": _delete_backend,
    "RemoveAllBackends": _remove_all_backends,
    "CreateBackendAPI": _create_api,
    "UpdateBackendAPI": _update_api,
    "DeleteBackendAPI": _delete_api,
    "GenerateBackendAPIModels": _generate_models,
}


def _get_backend(context: OperationContext, members: Members) -> dict[str, Any]:
    """Return the app and, if one is named, its environment."""
    store, app_id = context.store, members["AppId"]
    store.require_app(app_id)
    name = members.get("BackendEnvironmentName")
    if name is not None:
        store.require_environment(app_id, name)
    return {
        "AppId": app_id,
        "AppName": store.apps[app_id],
        "BackendEnvironmentList": store.environments_of(app_id),
        "BackendEnvironmentName": name,
    }


def _get_api(context: OperationContext, members: Members) -> dict[str, Any]:
    """Return the API with its deployed schema."""
    resource = context.store.require_resource(_resource_id(members))
    config = dict(resource.config)
    if resource.version is not None:
        config["TransformSchema"] = resource.version.sdl
    names = ("AppId", "BackendEnvironmentName", "ResourceName")
    return {**{name: members[name] for name in names}, "ResourceConfig": config}


def _get_api_models(context: OperationContext, members: Members) -> dict[str, Any]:
    """Return the models of the last successful generation."""
    resource = context.store.require_resource(_resource_id(members))
    models = resource.models
    if models is None:
        raise ResourceNotFoundError(
            f"no models of the API {members['ResourceName']} have been generated",
            resource_type="BackendAPIModels",
        )
    return {
        "Models": models.datastore,
        "ModelIntrospectionSchema": models.introspection,
        "Status": "LATEST" if models.version == resource.version else "STALE",
    }


def _get_job(context: OperationContext, members: Members) -> dict[str, Any]:
    """Return the current state of a job."""
    resource_id = _resource_id(members)
    job = context.store.require_job(resource_id, members["JobId"])
    return {
        **_describe(job, context.clock()),
        # Of a job on all environments, it is the one that the request names.
        "BackendEnvironmentName": resource_id.environment,
        "CreateTime": _format_time(job.created),
        "UpdateTime": _format_time(job.updated),
    }


def _list_jobs(context: OperationContext, members: Members) -> dict[str, Any]:
    """Return a page of the jobs of an environment, the newest first."""
    resource_id, after = _resource_id(members), members.get("NextToken")
    ids = [job.id for job in context.store.jobs_of(resource_id)]
    if not ids:
        context.store.require_environment(resource_id.app_id, resource_id.environment)
    if after is not None:
        if after not in ids:
            raise BadRequestError("invalid NextToken for this environment")
        ids = ids[ids.index(after) + 1 :]
    jobs = (_get_job(context, {**members, "JobId": job_id}) for job_id in ids)
    wanted = {name: members[name] for name in ("JobId", "Operation", "Status") if members.get(name)}
    matching = (job for job in jobs if wanted.items() <= job.items())
    size = members.get("MaxResults", PAGE_SIZE)
    page = list(islice(matching, size + 1))
    token = page[size - 1]["JobId"] if len(page) > size else None
    return {"Jobs": page[:size], "NextToken": token}


def _update_job(context: OperationContext, members: Members) -> dict[str, Any]:
    """Set the status of a running job; `COMPLETED` and `FAILED` finish it now.

    A job that is set to `COMPLETED` does its work first.
    """
    job = context.store.require_job(_resource_id(members), members["JobId"])
    if members.get("Operation", job.operation) != job.operation:
        raise BadRequestError(f"the operation of the job {job.id} is {job.operation}")
    status = members.get("Status")
    if status is not None and status != job.status:
        context.store.put_job(_set_status(job, status, context.clock()))
        _run_due_jobs(context)
    return _get_job(context, members)


def _set_status(job: StoredJob, status: str, now: float) -> StoredJob:
    if job.status is not None:
        raise BadRequestError(f"the job {job.id} has already finished as {job.status}")
    if status == COMPLETED:
        faults = {kind: value for kind, value in job.faults.items() if kind != "fail"}
        return replace(job, faults=faults, ends=now, updated=now)
    if status == FAILED:
        return replace(job, status=FAILED, ends=now, updated=now, members={}, version=None)
    return replace(job, faults={**job.faults, "progress": status}, updated=now)


READ_OPERATIONS: dict[str, Callable[[OperationContext, Members], dict[str, Any]]] = {
    "GetBackend": _get_backend,
    "GetBackendAPI": _get_api,
    "GetBackendAPIModels": _get_api_models,
    "GetBackendJob": _get_job,
    "ListBackendJobs": _list_jobs,
    "UpdateBackendJob": _update_job,
}
OPERATIONS = frozenset({*JOB_OPERATIONS, *READ_OPERATIONS})


def _describe(job: StoredJob, now: float) -> dict[str, Any]:
    return {
        "AppId": job.resource_id.app_id,
        "BackendEnvironmentName": job.resource_id.environment or None,
        "Error": job.error,
        "JobId": job.id,
        "Operation": job.operation,
        "Status": job.status or job.faults.get("progress") or _phase(job, now),
    }


def _phase(job: StoredJob, now: float) -> str:
    queued = 0.0 if job.ends is None else _QUEUED_FRACTION * (job.ends - job.created)
    return "PENDING" if now <= job.created + queued else "IN_PROGRESS"


def _format_time(seconds: float) -> str:
    text = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
