from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from amplify_modelgen.modelgen import FeatureFlags
from amplify_modelgen_plugins.serve.operations import OperationContext, execute
from amplify_modelgen_plugins.serve.store import (
    BadRequestError,
    ResourceId,
    ResourceNotFoundError,
    Store,
)
from support.serve_clients import BLOG, DEV, SDL, Clock

BLOG_ID = ResourceId(app_id="d2abc", environment="dev", resource="blog")
PROD = {**DEV, "BackendEnvironmentName": "prod"}
TAG = "type Tag @model { id: ID! }"
OLD = FeatureFlags(add_timestamp_fields=False)


@pytest.fixture
def context() -> OperationContext:
    store = Store()
    store.deploy(BLOG_ID, SDL, OLD)
    return OperationContext(store=store, clock=Clock())


def _slow(context: OperationContext) -> OperationContext:
    return replace(context, job_time=10.0)


def _create_backend(context: OperationContext, app_id: str, name: str) -> dict[str, Any]:
    members = {"AppId": app_id, "AppName": "New", "BackendEnvironmentName": name}
    return execute(context, "CreateBackend", members)


def test_new_backend_creates_its_app(context: OperationContext) -> None:
    _create_backend(context, "d2new", "dev")
    members = {"AppId": "d2new", "BackendEnvironmentName": "dev"}
    response = execute(context, "GetBackend", members)
    assert (response["AppName"], response["BackendEnvironmentList"]) == ("New", ["dev"])
    assert response["BackendEnvironmentName"] == "dev"


def test_second_backend_is_added_to_its_app(context: OperationContext) -> None:
    _create_backend(context, "d2abc", "prod")
    response = execute(context, "GetBackend", {"AppId": "d2abc"})
    assert response["BackendEnvironmentList"] == ["dev", "prod"]


def test_existing_backend_is_not_created_again(context: OperationContext) -> None:
    with pytest.raises(BadRequestError, match="already exists"):
        _create_backend(context, "d2abc", "dev")


def test_of_two_concurrent_creations_the_second_fails(context: OperationContext) -> None:
    jobs = [_create_backend(_slow(context), "d2abc", "prod")["JobId"] for _ in range(2)]
    later = replace(context, clock=Clock(context.clock() + 60))
    states = [execute(later, "GetBackendJob", {**PROD, "JobId": job}) for job in jobs]
    assert [state["Status"] for state in states] == ["COMPLETED", "FAILED"]


def test_unknown_app_is_not_found(context: OperationContext) -> None:
    with pytest.raises(ResourceNotFoundError, match="no app d2zzz") as caught:
        execute(context, "GetBackend", {"AppId": "d2zzz"})
    assert caught.value.members == {"resourceType": "App"}


def test_clone_has_the_schema_flags_and_models(context: OperationContext) -> None:
    execute(context, "GenerateBackendAPIModels", BLOG)
    execute(context, "CloneBackend", {**DEV, "TargetEnvironmentName": "prod"})
    clone = {**BLOG, **PROD}
    models = execute(context, "GetBackendAPIModels", clone)
    assert models == execute(context, "GetBackendAPIModels", BLOG)
    assert models["Status"] == "LATEST"
    assert context.store.environments["d2abc", "prod"] == OLD


def test_resource_without_schema_and_models_is_cloned(context: OperationContext) -> None:
    context.store.deploy(replace(BLOG_ID, resource="empty"), None)
    execute(context, "CloneBackend", {**DEV, "TargetEnvironmentName": "prod"})
    response = execute(context, "GetBackendAPI", {**PROD, "ResourceName": "empty"})
    assert response["ResourceConfig"] == {}


def test_clone_overwrites_nothing(context: OperationContext) -> None:
    context.store.deploy(replace(BLOG_ID, environment="prod"), SDL)
    with pytest.raises(BadRequestError, match="already exists"):
        execute(context, "CloneBackend", {**DEV, "TargetEnvironmentName": "prod"})


def test_deleted_backend_is_not_found(context: OperationContext) -> None:
    execute(context, "DeleteBackend", DEV)
    with pytest.raises(ResourceNotFoundError, match="no backend environment dev"):
        execute(context, "GetBackendAPI", BLOG)


@pytest.mark.parametrize("clean", [False, True])
def test_removing_all_backends_keeps_the_app_by_default(
    context: OperationContext, *, clean: bool
) -> None:
    execute(context, "RemoveAllBackends", {"AppId": "d2abc", "CleanAmplifyApp": clean})
    assert ("d2abc" not in context.store.apps) is clean
    assert not context.store.environments
    assert not context.store.resources


def test_new_api_has_the_flags_of_its_environment(context: OperationContext) -> None:
    config = {"ApiName": "shop", "TransformSchema": SDL}
    shop = {**BLOG, "ResourceName": "shop"}
    execute(context, "CreateBackendAPI", {**shop, "ResourceConfig": config})
    resource = context.store.require_resource(replace(BLOG_ID, resource="shop"))
    assert resource.version is not None
    assert (resource.version.sdl, resource.version.flags) == (SDL, OLD)
    assert resource.config == {"ApiName": "shop"}
    assert execute(context, "GetBackendAPI", shop)["ResourceConfig"] == config


def test_existing_api_is_not_created_again(context: OperationContext) -> None:
    members = {**BLOG, "ResourceConfig": {"TransformSchema": SDL}}
    with pytest.raises(BadRequestError, match="already exists"):
        execute(context, "CreateBackendAPI", members)


def test_update_keeps_what_it_does_not_name(context: OperationContext) -> None:
    execute(context, "UpdateBackendAPI", {**BLOG, "ResourceConfig": {"ApiName": "blog"}})
    execute(context, "UpdateBackendAPI", {**BLOG, "ResourceConfig": {"Service": "AppSync"}})
    assert execute(context, "GetBackendAPI", BLOG)["ResourceConfig"] == {
        "ApiName": "blog",
        "Service": "AppSync",
        "TransformSchema": SDL,
    }


def test_update_can_leave_an_api_without_schema(context: OperationContext) -> None:
    context.store.deploy(BLOG_ID, None)
    execute(context, "UpdateBackendAPI", BLOG)
    assert context.store.require_resource(BLOG_ID).version is None


def test_deleted_api_is_not_found(context: OperationContext) -> None:
    execute(context, "DeleteBackendAPI", BLOG)
    with pytest.raises(ResourceNotFoundError, match="no API blog"):
        execute(context, "GetBackendAPI", BLOG)


@pytest.mark.parametrize(("sdl", "status"), [(TAG, "STALE"), (SDL, "LATEST")])
def test_models_are_stale_if_the_schema_differs(
    context: OperationContext, sdl: str, status: str
) -> None:
    execute(context, "GenerateBackendAPIModels", BLOG)
    execute(context, "UpdateBackendAPI", {**BLOG, "ResourceConfig": {"TransformSchema": sdl}})
    assert execute(context, "GetBackendAPIModels", BLOG)["Status"] == status


def test_models_are_stale_if_the_schema_was_removed(context: OperationContext) -> None:
    execute(context, "GenerateBackendAPIModels", BLOG)
    context.store.deploy(BLOG_ID, None)
    assert execute(context, "GetBackendAPIModels", BLOG)["Status"] == "STALE"


def test_missing_models_are_not_found(context: OperationContext) -> None:
    with pytest.raises(ResourceNotFoundError, match="no models of the API blog"):
        execute(context, "GetBackendAPIModels", BLOG)
