"""What jobs do when they end. Everything is checked again, because time has passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen import BackendError

from .context import app_of, environment_of, refuse_taken, resource_of
from .encoding import compact
from .making import make_models
from .records import Environment, Place, StoredModels

if TYPE_CHECKING:
    from collections.abc import Callable

    from .context import Context
    from .records import StoredJob

# The service's own words where an API has no single schema file.
NO_SCHEMA = "Transform GraphQL schema file not found"


def perform(context: Context, job: StoredJob) -> None:
    """Do the work of a job; an error that it raises is what the job fails with."""
    _WORK[job.operation](context, job)


def _create_backend(context: Context, job: StoredJob) -> None:
    app = context.store.app(job.app_id)
    name = job.place.environment
    refuse_taken(
        f"the backend environment {name}", taken=app is not None and name in app.environments
    )
    context.store.put_app(job.app_id, job.work.app_name)
    context.store.put_environment(Environment(app_id=job.app_id, name=name))


def _clone_backend(context: Context, job: StoredJob) -> None:
    source = environment_of(context, job.app_id, job.place.environment)
    target = replace(source, name=job.work.target_environment)
    taken = context.store.environment(job.app_id, target.name) is not None
    refuse_taken(f"the backend environment {target.name}", taken=taken)
    context.store.put_environment(target)
    for name in context.store.resources(job.app_id, source.name):
        _copy_resource(context, replace(job.place, resource=name), target.name)


def _copy_resource(context: Context, place: Place, environment: str) -> None:
    resource = resource_of(context, place)
    number = resource.definition.id if resource.definition else None
    copy = replace(place, environment=environment)
    context.store.put_resource(copy, number, resource.config)
    models = context.store.models(place)
    if models is not None:
        context.store.put_models(copy, models)


def _delete_backend(context: Context, job: StoredJob) -> None:
    environment_of(context, job.app_id, job.place.environment)
    context.store.remove_environment(job.app_id, job.place.environment)


def _remove_all_backends(context: Context, job: StoredJob) -> None:
    for name in app_of(context, job.app_id).environments:
        context.store.remove_environment(job.app_id, name)
    if job.work.clean_app:
        context.store.remove_app(job.app_id)


def _create_api(context: Context, job: StoredJob) -> None:
    environment_of(context, job.app_id, job.place.environment)
    taken = context.store.resource(job.place) is not None
    refuse_taken(f"the API {job.resource}", taken=taken)
    context.store.put_resource(job.place, job.work.definition_id, job.work.config or {})


def _update_api(context: Context, job: StoredJob) -> None:
    before = resource_of(context, job.place)
    number = job.work.definition_id
    if number is None and before.definition is not None:
        number = before.definition.id
    config = {**before.config, **(job.work.config or {})}
    context.store.put_resource(job.place, number, config)


def _delete_api(context: Context, job: StoredJob) -> None:
    resource_of(context, job.place)
    context.store.remove_resource(job.place)


def _generate_models(context: Context, job: StoredJob) -> None:
    resource_of(context, job.place)
    number = job.work.definition_id
    definition = None if number is None else context.store.definition(number)
    if definition is None:
        raise BackendError(NO_SCHEMA)
    models = make_models(definition.sdl, definition.flags)
    stored = StoredModels(
        definition_id=definition.id,
        datastore=compact(models.datastore),
        introspection=compact(models.introspection),
    )
    context.store.put_models(job.place, stored)


_WORK: dict[str, Callable[[Context, StoredJob], None]] = {
    "CreateBackend": _create_backend,
    "CloneBackend": _clone_backend,
    "DeleteBackend": _delete_backend,
    "RemoveAllBackends": _remove_all_backends,
    "CreateBackendAPI": _create_api,
    "UpdateBackendAPI": _update_api,
    "DeleteBackendAPI": _delete_api,
    "GenerateBackendAPIModels": _generate_models,
}
