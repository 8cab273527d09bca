"""Puts schemas into a store as if they had been deployed: for `serve`, and for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen import FeatureFlags

from .records import Environment, Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amplify_modelgen import Target

    from .store import Store

# What a target is served under where the tree does not say: it has no app's id, no environment.
APP_ID = "local"
ENVIRONMENT = "dev"


def deploy(store: Store, place: Place, sdl: str | None, flags: FeatureFlags | None = None) -> None:
    """Put an API resource with the schema `sdl` into the store, with the app and environment.

    Without `sdl` the resource has no schema file. Models that are there already become stale if
    the schema is another one.
    """
    flags = flags or FeatureFlags()
    with store.transaction():
        if store.app(place.app_id) is None:
            store.put_app(place.app_id, place.app_id)
        store.put_environment(Environment(app_id=place.app_id, name=place.environment, flags=flags))
        before = store.resource(place)
        number = None if sdl is None else store.define(sdl, flags)
        store.put_resource(place, number, before.config if before else {})


def deploy_targets(
    store: Store, targets_with_schemas: Iterable[tuple[Target, str | None]]
) -> tuple[Place, ...]:
    """Put the schema of every target into all of its environments, and return the places."""
    places: list[Place] = []
    for target, sdl in targets_with_schemas:
        for place in places_of(target):
            deploy(store, place, sdl, target.flags)
            places.append(place)
    return tuple(places)


def places_of(target: Target) -> tuple[Place, ...]:
    """Return where a target is served: in each of its environments, the chosen one first."""
    chosen = (target.environment,) if target.environment else ()
    names = dict.fromkeys((*chosen, *target.environments)) or {ENVIRONMENT: None}
    app_id = target.app_id or APP_ID
    return tuple(Place(app_id=app_id, environment=name, resource=target.resource) for name in names)
