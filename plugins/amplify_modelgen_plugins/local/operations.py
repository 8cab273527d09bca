"""The implemented operations of the API: a request's members in, an answer's members out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from . import apis, backends, jobs
from .cli_json import cli_json_of
from .errors import BadRequestError
from .records import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .context import Context
    from .records import JobView

    Members = Mapping[str, Any]
    Handler = Callable[[Context, Members], dict[str, Any]]

# The service's own page, where a client does not ask for less.
PAGE = 25


def _place(given: Members) -> Place:
    return Place(
        app_id=given["AppId"],
        environment=given["BackendEnvironmentName"],
        resource=given["ResourceName"],
    )


def _schema_and_config(given: Members) -> tuple[str | None, dict[str, Any]]:
    config = dict(given.get("ResourceConfig", {}))
    return config.pop("TransformSchema", None), config


def _started(view: JobView) -> dict[str, Any]:
    answer = {
        "AppId": view.app_id,
        "BackendEnvironmentName": view.environment,
        "Error": view.error,
        "JobId": view.id,
        "Operation": view.operation,
        "Status": view.status,
    }
    return {name: value for name, value in answer.items() if value is not None}


def _shown(view: JobView, environment: str) -> dict[str, Any]:
    return {
        **_started(view),
        "BackendEnvironmentName": environment,
        "CreateTime": _time(view.created),
        "UpdateTime": _time(view.updated),
    }


def _time(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _create_backend(context: Context, given: Members) -> dict[str, Any]:
    return _started(
        backends.create_backend(
            context, given["AppId"], given["AppName"], given["BackendEnvironmentName"]
        )
    )


def _get_backend(context: Context, given: Members) -> dict[str, Any]:
    name = given.get("BackendEnvironmentName")
    app, environment = backends.get_backend(context, given["AppId"], name)
    answer = {
        "AppId": app.id,
        "AppName": app.name,
        "BackendEnvironmentList": list(app.environments),
    }
    if environment is None:
        return answer
    flags = json.dumps(cli_json_of(environment.flags))
    return {**answer, "BackendEnvironmentName": environment.name, "AmplifyFeatureFlags": flags}


def _clone_backend(context: Context, given: Members) -> dict[str, Any]:
    return _started(
        backends.clone_backend(
            context,
            given["AppId"],
            given["BackendEnvironmentName"],
            given["TargetEnvironmentName"],
        )
    )


def _delete_backend(context: Context, given: Members) -> dict[str, Any]:
    return _started(
        backends.delete_backend(context, given["AppId"], given["BackendEnvironmentName"])
    )


def _remove_all_backends(context: Context, given: Members) -> dict[str, Any]:
    clean = given.get("CleanAmplifyApp", False)
    return _started(backends.remove_all_backends(context, given["AppId"], clean_app=clean))


def _create_api(context: Context, given: Members) -> dict[str, Any]:
    return _started(apis.create_api(context, _place(given), *_schema_and_config(given)))


def _get_api(context: Context, given: Members) -> dict[str, Any]:
    resource = apis.get_api(context, _place(given))
    config = dict(resource.config)
    if resource.definition is not None:
        config["TransformSchema"] = resource.definition.sdl
    return {
        "AppId": resource.place.app_id,
        "BackendEnvironmentName": resource.place.environment,
        "ResourceName": resource.place.resource,
        "ResourceConfig": config,
    }


def _update_api(context: Context, given: Members) -> dict[str, Any]:
    return _started(apis.update_api(context, _place(given), *_schema_and_config(given)))


def _delete_api(context: Context, given: Members) -> dict[str, Any]:
    return _started(apis.delete_api(context, _place(given)))


def _generate_models(context: Context, given: Members) -> dict[str, Any]:
    return _started(apis.generate_models(context, _place(given)))


def _get_models(context: Context, given: Members) -> dict[str, Any]:
    from amplify_modelgen.modelgen import to_javascript, to_json
    from amplify_modelgen.modelgen.values import number

    view = apis.get_models(context, _place(given))
    read = partial(json.loads, parse_float=number)
    return {
        "Models": to_javascript(read(view.datastore)),
        "ModelIntrospectionSchema": to_json(read(view.introspection)),
        "Status": "STALE" if view.stale else "LATEST",
    }


def _get_job(context: Context, given: Members) -> dict[str, Any]:
    environment = given["BackendEnvironmentName"]
    return _shown(jobs.get_job(context, given["AppId"], environment, given["JobId"]), environment)


def _list_jobs(context: Context, given: Members) -> dict[str, Any]:
    environment = given["BackendEnvironmentName"]
    size = given.get("MaxResults", PAGE)
    found = jobs.list_jobs(context, given["AppId"], environment, after=given.get("NextToken"))
    page = list(islice((view for view in found if _wanted(view, given)), size + 1))
    answer: dict[str, Any] = {"Jobs": [_shown(view, environment) for view in page[:size]]}
    if len(page) > size:
        answer["NextToken"] = page[size - 1].id
    return answer


def _wanted(view: JobView, given: Members) -> bool:
    facts = {"JobId": view.id, "Operation": view.operation, "Status": view.status}
    return all(given.get(name) in (None, "", value) for name, value in facts.items())


def _update_job(context: Context, given: Members) -> dict[str, Any]:
    app_id, environment = given["AppId"], given["BackendEnvironmentName"]
    job = jobs.get_job(context, app_id, environment, given["JobId"])
    if given.get("Operation", job.operation) != job.operation:
        message = f"the job {job.id} is of the operation {job.operation}"
        raise BadRequestError(message)
    view = jobs.update_job(context, app_id, environment, job.id, given.get("Status"))
    return _shown(view, environment)


HANDLERS: dict[str, Handler] = {
    "CreateBackend": _create_backend,
    "GetBackend": _get_backend,
    "DeleteBackend": _delete_backend,
    "CloneBackend": _clone_backend,
    "RemoveAllBackends": _remove_all_backends,
    "CreateBackendAPI": _create_api,
    "GetBackendAPI": _get_api,
    "UpdateBackendAPI": _update_api,
    "DeleteBackendAPI": _delete_api,
    "GenerateBackendAPIModels": _generate_models,
    "GetBackendAPIModels": _get_models,
    "GetBackendJob": _get_job,
    "ListBackendJobs": _list_jobs,
    "UpdateBackendJob": _update_job,
}
