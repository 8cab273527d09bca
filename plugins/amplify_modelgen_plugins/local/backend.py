"""The embedded backend inside the process: the same store and engine, without HTTP."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from amplify_modelgen import Job, Models

from . import apis, jobs
from .context import Context
from .errors import NotFoundError
from .records import Environment, Place
from .store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from amplify_modelgen import Target

    from .records import JobView


class LocalBackend:
    """A backend that makes models itself, of the schemas that are pushed into it.

    `store` is where it keeps them, in memory by default; `job_time` is how long its jobs take,
    in seconds of `clock`. Safe to share between threads.
    """

    feeds_on_tree = True

    def __init__(
        self,
        store: Store | None = None,
        *,
        job_time: float = 0.0,
        clock: Callable[[], float] | None = None,
    ) -> None:
        context = Context(store=store or Store(), job_time=job_time)
        self._context = replace(context, clock=clock) if clock else context

    def deployed_schema(self, target: Target) -> str | None:
        """Return the schema that was pushed last, or None before the first one."""
        try:
            definition = apis.get_api(self._context, _place(target)).definition
        except NotFoundError:
            return None
        return None if definition is None else definition.sdl

    def push_schema(self, target: Target, sdl: str) -> Job:
        """Replace the schema by `sdl`; what the target is in is made where it is missing."""
        place = _place(target)
        with self._context.store.transaction():
            self._make_room(place, target)
            return _job(apis.update_api(self._context, place, sdl, {}, target.flags))

    def start(self, target: Target) -> Job:
        """Start making models of the schema that was pushed; without job time, make them."""
        return _job(apis.generate_models(self._context, _place(target)))

    def job(self, target: Target, job_id: str) -> Job:
        """Return the job as it is now."""
        place = _place(target)
        return _job(jobs.get_job(self._context, place.app_id, place.environment, job_id))

    def models(self, target: Target) -> Models:
        """Return the models that were made last."""
        view = apis.get_models(self._context, _place(target))
        return Models(
            datastore=json.loads(view.datastore), introspection=json.loads(view.introspection)
        )

    def models_status(self, target: Target) -> str | None:
        """Return `STALE` where another schema was pushed since the models were made."""
        return "STALE" if apis.get_models(self._context, _place(target)).stale else "LATEST"

    def _make_room(self, place: Place, target: Target) -> None:
        store = self._context.store
        if store.resource(place) is not None:
            return
        if store.app(place.app_id) is None:
            store.put_app(place.app_id, place.app_id)
        if store.environment(place.app_id, place.environment) is None:
            store.put_environment(
                Environment(app_id=place.app_id, name=place.environment, flags=target.flags)
            )
        store.put_resource(place, None, {})


def _place(target: Target) -> Place:
    # Targets of the tree may lack an app's id and an environment; their keys tell them apart.
    resource = target.resource if target.app_id and target.environment else target.key
    return Place(
        app_id=target.app_id, environment=target.environment, resource=resource or target.resource
    )


def _job(view: JobView) -> Job:
    return Job(id=view.id, operation=view.operation, status=view.status, error=view.error)
