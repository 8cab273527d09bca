from __future__ import annotations

import pytest

from amplify_modelgen.plugin import Schema, SchemaFile, Target
from amplify_modelgen_plugins.serve.command import deploy_targets
from amplify_modelgen_plugins.serve.store import Resource, ResourceId, Store
from support.serve_clients import SDL


def _target(app_id: str = "d2abc", environment: str = "", *others: str) -> Target:
    return Target(app_id=app_id, environment=environment, resource="blog", environments=others)


@pytest.mark.parametrize(
    ("target", "names"),
    [
        (_target("d2abc", "dev"), ["d2abc/dev"]),
        (_target("d2abc", "dev", "prod", "dev"), ["d2abc/dev", "d2abc/prod"]),
        (_target("d2abc", "", "prod"), ["d2abc/prod"]),
        (_target(""), ["local/dev"]),
    ],
)
def test_target_is_served_in_each_of_its_environments(target: Target, names: list[str]) -> None:
    store = Store()
    schema = Schema(files=(SchemaFile(path="schema.graphql", text=SDL),))
    resource_ids = deploy_targets(store, [(target, schema)])
    assert [f"{item.app_id}/{item.environment}" for item in resource_ids] == names
    for resource_id in resource_ids:
        version = store.resources[resource_id].version
        assert version is not None
        assert version.sdl == SDL


def test_deployment_keeps_the_configuration() -> None:
    store = Store()
    resource_id = ResourceId(app_id="d2abc", environment="dev", resource="blog")
    store.deploy(resource_id, SDL)
    store.resources[resource_id] = Resource(config={"ApiName": "blog"})
    store.deploy(resource_id, SDL)
    assert store.resources[resource_id].config == {"ApiName": "blog"}
