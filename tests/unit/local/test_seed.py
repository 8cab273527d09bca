from __future__ import annotations

import pytest

from amplify_modelgen import Target
from amplify_modelgen_plugins.local.records import Place
from amplify_modelgen_plugins.local.seed import deploy, deploy_targets, places_of
from amplify_modelgen_plugins.local.store import Store
from serve_clients import SDL


def _target(app_id: str = "d2abc", environment: str = "", *others: str) -> Target:
    return Target(app_id=app_id, environment=environment, resource="blog", environments=others)


@pytest.mark.parametrize(
    ("target", "places"),
    [
        (_target("d2abc", "dev"), ["d2abc/dev"]),
        (_target("d2abc", "dev", "prod", "dev"), ["d2abc/dev", "d2abc/prod"]),
        (_target("d2abc", "", "prod"), ["d2abc/prod"]),
        (_target(""), ["local/dev"]),
    ],
)
def test_a_target_is_served_in_its_environments(target: Target, places: list[str]) -> None:
    assert [f"{place.app_id}/{place.environment}" for place in places_of(target)] == places


def test_schemas_are_deployed_where_their_targets_are() -> None:
    store = Store()
    places = deploy_targets(store, [(_target("d2abc", "dev"), SDL)])
    resource = store.resource(places[0])
    assert resource is not None
    assert resource.definition is not None
    assert resource.definition.sdl == SDL


def test_a_new_schema_leaves_the_configuration() -> None:
    store = Store()
    place = Place(app_id="d2abc", environment="dev", resource="blog")
    deploy(store, place, SDL)
    store.put_resource(place, None, {"ApiName": "blog"})
    deploy(store, place, SDL)
    resource = store.resource(place)
    assert resource is not None
    assert resource.config == {"ApiName": "blog"}
