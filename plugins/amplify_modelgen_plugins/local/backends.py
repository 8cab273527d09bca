"""Operations on apps and their backend environments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .context import app_of, environment_of, refuse_taken
from .jobs import settle, start_job
from .records import Work

if TYPE_CHECKING:
    from .context import Context
    from .records import App, Environment, JobView


def create_backend(context: Context, app_id: str, app_name: str, environment: str) -> JobView:
    """Start making an environment, and its app if there is none; both appear when the job ends."""
    settle(context)
    app = context.store.app(app_id)
    taken = app is not None and environment in app.environments
    refuse_taken(f"the backend environment {environment} of the app {app_id}", taken=taken)
    work = Work(app_name=app_name)
    return start_job(context, "CreateBackend", work, app_id=app_id, environment=environment)


def get_backend(
    context: Context, app_id: str, environment: str | None
) -> tuple[App, Environment | None]:
    """Return the app and, where one is named, its environment; or raise `NotFoundError`."""
    settle(context)
    app = app_of(context, app_id)
    return app, None if environment is None else environment_of(context, app_id, environment)


def clone_backend(context: Context, app_id: str, environment: str, target: str) -> JobView:
    """Start copying an environment, with its APIs, schemas and models, to a new one."""
    settle(context)
    environment_of(context, app_id, environment)
    taken = context.store.environment(app_id, target) is not None
    refuse_taken(f"the backend environment {target} of the app {app_id}", taken=taken)
    work = Work(target_environment=target)
    return start_job(context, "CloneBackend", work, app_id=app_id, environment=environment)


def delete_backend(context: Context, app_id: str, environment: str) -> JobView:
    """Start removing an environment and all that is in it."""
    settle(context)
    environment_of(context, app_id, environment)
    return start_job(context, "DeleteBackend", Work(), app_id=app_id, environment=environment)


def remove_all_backends(context: Context, app_id: str, *, clean_app: bool) -> JobView:
    """Start removing every environment of an app and, with `clean_app`, the app itself."""
    settle(context)
    app_of(context, app_id)
    work = Work(clean_app=clean_app)
    return start_job(context, "RemoveAllBackends", work, app_id=app_id, environment=None)
