"""What every operation of the embedded backend needs: its memory, its clock, its pace."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from msgspec import Struct, field

from .errors import BadRequestError, NotFoundError
from .records import App, Environment, JobPlan, Place, Resource

if TYPE_CHECKING:
    from collections.abc import Callable

    from .store import Store


class Context(Struct, frozen=True, kw_only=True):
    """The store, what time it is (seconds since the epoch), and how long a job takes (seconds).

    `plan` is how the jobs that are started with this context are to go.
    """

    store: Store
    clock: Callable[[], float] = time.time
    job_time: float = 0.0
    plan: JobPlan = field(default_factory=JobPlan)


def app_of(context: Context, app_id: str) -> App:
    """Return the app, or raise `NotFoundError`."""
    app = context.store.app(app_id)
    if app is None:
        message = f"there is no app {app_id}"
        raise NotFoundError(message, resource_type="App")
    return app


def environment_of(context: Context, app_id: str, name: str) -> Environment:
    """Return the environment, or raise `NotFoundError` for it or for its app."""
    environment = context.store.environment(app_id, name)
    if environment is None:
        app_of(context, app_id)
        message = f"the app {app_id} has no backend environment {name}"
        raise NotFoundError(message, resource_type="BackendEnvironment")
    return environment


def resource_of(context: Context, place: Place) -> Resource:
    """Return the API resource, or raise `NotFoundError` for it or for what it would be in."""
    resource = context.store.resource(place)
    if resource is None:
        environment_of(context, place.app_id, place.environment)
        message = (
            f"the backend environment {place.environment} of the app {place.app_id}"
            f" has no API {place.resource}"
        )
        raise NotFoundError(message, resource_type="BackendAPI")
    return resource


def refuse_taken(what: str, *, taken: bool) -> None:
    """Raise `BadRequestError` where `what`, which is to be made, is there already."""
    if taken:
        message = f"{what} exists already"
        raise BadRequestError(message)
