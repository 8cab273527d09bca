"""The implemented operations of the API: members of a request in, members of a response out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from .backend_jobs import get_job, list_jobs, run_due_jobs, start_job, update_job
from .protocol import BadRequestError, ResourceNotFoundError
from .store import resource_id_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from amplify_modelgen.plugin import FeatureFlags

    from .backend_jobs import OperationContext
    from .store import StoredJob

    Members = Mapping[str, Any]

# The default page size of the service.
PAGE_SIZE = 25

# The flags that amplify/cli.json has, by their section.
_CLI_JSON_FLAGS = {
    "graphqltransformer": (
        "transformer_version",
        "use_experimental_pipelined_transformer",
        "respect_primary_key_attributes_on_connection_field",
        "improve_pluralization",
    ),
    "codegen": (
        "add_timestamp_fields",
        "handle_list_nullability_transparently",
        "emit_auth_provider",
        "generate_index_rules",
        "generate_models_for_lazy_load_and_custom_selection_set",
    ),
}


def cli_json(flags: FeatureFlags) -> dict[str, Any]:
    """Return the content of `amplify/cli.json` for the flags; its keys are lower case."""
    values = asdict(flags)
    features = {
        section: {name.replace("_", ""): values[name] for name in names}
        for section, names in _CLI_JSON_FLAGS.items()
    }
    return {"features": features}


def create_backend(context: OperationContext, members: Members) -> dict[str, Any]:
    """Start creating an environment, and its app if it does not exist."""
    context.store.ensure_no_environment(*_environment(members))
    return _start(context, "CreateBackend", members)


def get_backend(context: OperationContext, members: Members) -> dict[str, Any]:
    """Return the app and, if one is named, its environment with the feature flags."""
    app = context.store.require_app(members["AppId"])
    name = members.get("BackendEnvironmentName")
    response = {
        "AppId": members["AppId"],
        "AppName": app.name,
        "BackendEnvironmentList": sorted(app.environments),
    }
    if name is None:
        return response
    environment = context.store.require_environment(members["AppId"], name)
    flags = json.dumps(cli_json(environment.flags))
    return {**response, "BackendEnvironmentName": name, "AmplifyFeatureFlags": flags}


def clone_backend(context: OperationContext, members: Members) -> dict[str, Any]:
    """Start copying an environment, with its APIs, schemas and models, to a new one."""
    app_id, environment = _environment(members)
    context.store.require_environment(app_id, environment)
    context.store.ensure_no_environment(app_id, members["TargetEnvironmentName"])
    return _start(context, "CloneBackend", members)


def delete_backend(context: OperationContext, members: Members) -> dict[str, Any]:
    """Start removing an environment and its contents."""
    context.store.require_environment(*_environment(members))
    return _start(context, "DeleteBackend", members)


def remove_all_backends(context: OperationContext, members: Members) -> dict[str, Any]:
    """Start removing every environment of an app and, with `CleanAmplifyApp`, the app."""
    context.store.require_app(members["AppId"])
    return _start(context, "RemoveAllBackends", members)


def create_api(context: OperationContext, members: Members) -> dict[str, Any]:
    """Start creating an API with a schema, under the feature flags of its environment."""
    context.store.require_environment(*_environment(members))
    context.store.ensure_no_resource(resource_id_of(members))
    return _start(context, "CreateBackendAPI", members)


def get_api(context: OperationContext, members: Members) -> dict[str, Any]:
    """Return the API with its deployed schema."""
    resource = context.store.require_resource(resource_id_of(members))
    config = dict(resource.config)
    if resource.version is not None:
        config["TransformSchema"] = resource.version.sdl
    return {
        "AppId": members["AppId"],
        "BackendEnvironmentName": members["BackendEnvironmentName"],
        "ResourceName": members["ResourceName"],
        "ResourceConfig": config,
    }


def update_api(context: OperationContext, members: Members) -> dict[str, Any]:
    """Start replacing the schema and settings of the request; the others are kept."""
    context.store.require_resource(resource_id_of(members))
    return _start(context, "UpdateBackendAPI", members)


def delete_api(context: OperationContext, members: Members) -> dict[str, Any]:
    """Start removing an API, its schema and its models."""
    context.store.require_resource(resource_id_of(members))
    return _start(context, "DeleteBackendAPI", members)


def generate_api_models(context: OperationContext, members: Members) -> dict[str, Any]:
    """Start generating models from the schema that is deployed now."""
    context.store.require_resource(resource_id_of(members))
    return _start(context, "GenerateBackendAPIModels", members)


def get_api_models(context: OperationContext, members: Members) -> dict[str, Any]:
    """Return the models of the last successful generation."""
    resource_id = resource_id_of(members)
    resource = context.store.require_resource(resource_id)
    models = resource.models
    if models is None:
        raise ResourceNotFoundError(
            f"no models of the API {resource_id.resource} have been generated",
            resource_type="BackendAPIModels",
        )
    return {
        "Models": models.datastore,
        "ModelIntrospectionSchema": models.introspection,
        "Status": "LATEST" if models.version == resource.version else "STALE",
    }


def get_backend_job(context: OperationContext, members: Members) -> dict[str, Any]:
    """Return the current state of a job."""
    app_id, environment = _environment(members)
    job = get_job(context, app_id, environment, members["JobId"])
    return _describe_job(job, environment)


def list_backend_jobs(context: OperationContext, members: Members) -> dict[str, Any]:
    """Return a page of the jobs of an environment, the newest first."""
    app_id, environment = _environment(members)
    size = members.get("MaxResults", PAGE_SIZE)
    jobs = list_jobs(context, app_id, environment, after=members.get("NextToken"))
    page = list(islice((job for job in jobs if _matches(job, members)), size + 1))
    response: dict[str, Any] = {"Jobs": [_describe_job(job, environment) for job in page[:size]]}
    if len(page) > size:
        response["NextToken"] = page[size - 1].id
    return response


def update_backend_job(context: OperationContext, members: Members) -> dict[str, Any]:
    """Set the status of a running job."""
    app_id, environment = _environment(members)
    job = get_job(context, app_id, environment, members["JobId"])
    if members.get("Operation", job.operation) != job.operation:
        raise BadRequestError(f"the operation of the job {job.id} is {job.operation}")
    job = update_job(context, app_id, environment, job.id, members.get("Status"))
    return _describe_job(job, environment)


def _environment(members: Members) -> tuple[str, str]:
    return members["AppId"], members["BackendEnvironmentName"]


def _start(context: OperationContext, operation: str, members: Members) -> dict[str, Any]:
    return _describe_start(start_job(context, operation, members))


def _describe_start(job: StoredJob) -> dict[str, Any]:
    return {
        "AppId": job.app_id,
        "BackendEnvironmentName": job.environment,
        "Error": job.error,
        "JobId": job.id,
        "Operation": job.operation,
        "Status": job.status,
    }


def _describe_job(job: StoredJob, environment: str) -> dict[str, Any]:
    return {
        **_describe_start(job),
        "BackendEnvironmentName": environment,
        "CreateTime": _format_time(job.created),
        "UpdateTime": _format_time(job.updated),
    }


def _format_time(seconds: float) -> str:
    text = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _matches(job: StoredJob, members: Members) -> bool:
    filters = {"JobId": job.id, "Operation": job.operation, "Status": job.status}
    return all(members.get(name) in (None, "", value) for name, value in filters.items())


HANDLERS: dict[str, Callable[[OperationContext, Members], dict[str, Any]]] = {
    "CreateBackend": create_backend,
    "GetBackend": get_backend,
    "DeleteBackend": delete_backend,
    "CloneBackend": clone_backend,
    "RemoveAllBackends": remove_all_backends,
    "CreateBackendAPI": create_api,
    "GetBackendAPI": get_api,
    "UpdateBackendAPI": update_api,
    "DeleteBackendAPI": delete_api,
    "GenerateBackendAPIModels": generate_api_models,
    "GetBackendAPIModels": get_api_models,
    "GetBackendJob": get_backend_job,
    "ListBackendJobs": list_backend_jobs,
    "UpdateBackendJob": update_backend_job,
}


def execute(context: OperationContext, operation: str, members: Members) -> dict[str, Any]:
    """Run all jobs that are due, then the operation; return the members of its response."""
    # Two transactions: an operation that is refused does not undo the work of jobs.
    with context.store.transaction():
        run_due_jobs(context)
    with context.store.transaction():
        return HANDLERS[operation](context, members)
