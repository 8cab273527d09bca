"""Operations on API resources, their schemas and their models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .context import environment_of, refuse_taken, resource_of
from .errors import NotFoundError
from .jobs import settle, start_job
from .records import ModelsView, Work

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen import FeatureFlags

    from .context import Context
    from .records import JobView, Place, Resource


def create_api(
    context: Context, place: Place, sdl: str | None, config: Mapping[str, object]
) -> JobView:
    """Start making an API of the schema `sdl`, under the feature flags of its environment."""
    settle(context)
    flags = environment_of(context, place.app_id, place.environment).flags
    taken = context.store.resource(place) is not None
    refuse_taken(f"the API {place.resource} of {place.environment}", taken=taken)
    return _start(context, "CreateBackendAPI", place, sdl=sdl, flags=flags, config=config)


def get_api(context: Context, place: Place) -> Resource:
    """Return the API with its deployed schema, or raise `NotFoundError`."""
    settle(context)
    return resource_of(context, place)


def update_api(
    context: Context,
    place: Place,
    sdl: str | None,
    config: Mapping[str, object],
    flags: FeatureFlags | None = None,
) -> JobView:
    """Start replacing the schema and the settings that are given; the others stay.

    `flags` are the environment's where they are not given.
    """
    settle(context)
    resource_of(context, place)
    flags = flags or environment_of(context, place.app_id, place.environment).flags
    return _start(context, "UpdateBackendAPI", place, sdl=sdl, flags=flags, config=config)


def delete_api(context: Context, place: Place) -> JobView:
    """Start removing an API, its schema and its models."""
    settle(context)
    resource_of(context, place)
    return _start(context, "DeleteBackendAPI", place)


def generate_models(context: Context, place: Place) -> JobView:
    """Start making models of the schema that is deployed now."""
    settle(context)
    with context.store.transaction():
        definition = resource_of(context, place).definition
        work = Work(definition_id=None if definition is None else definition.id)
        return _start_job(context, "GenerateBackendAPIModels", place, work)


def get_models(context: Context, place: Place) -> ModelsView:
    """Return the models of the last generation that ended well, or raise `NotFoundError`."""
    settle(context)
    with context.store.transaction():
        definition = resource_of(context, place).definition
        models = context.store.models(place)
    if models is None:
        message = f"no models of the API {place.resource} have been generated"
        raise NotFoundError(message, resource_type="BackendAPIModels")
    stale = definition is None or definition.id != models.definition_id
    return ModelsView(datastore=models.datastore, introspection=models.introspection, stale=stale)


def _start(  # noqa: PLR0913 (an API has as many sides)
    context: Context,
    operation: str,
    place: Place,
    *,
    sdl: str | None = None,
    flags: FeatureFlags | None = None,
    config: Mapping[str, object] | None = None,
) -> JobView:
    # One transaction, so that a schema which no resource has yet is not dropped as unused.
    with context.store.transaction():
        number = None
        if sdl is not None and flags is not None:
            number = context.store.define(sdl, flags)
        return _start_job(context, operation, place, Work(definition_id=number, config=config))


def _start_job(context: Context, operation: str, place: Place, work: Work) -> JobView:
    return start_job(
        context,
        operation,
        work,
        app_id=place.app_id,
        environment=place.environment,
        resource=place.resource,
    )
