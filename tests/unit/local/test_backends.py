from __future__ import annotations

import pytest
from msgspec.structs import replace

from amplify_modelgen.modelgen.flags import FeatureFlags
from amplify_modelgen_plugins.local import apis, backends, jobs
from amplify_modelgen_plugins.local.context import Context
from amplify_modelgen_plugins.local.errors import BadRequestError, NotFoundError
from amplify_modelgen_plugins.local.records import Place
from amplify_modelgen_plugins.local.seed import deploy
from amplify_modelgen_plugins.local.store import Store
from serve_clients import SDL, Clock

BLOG = Place(app_id="d2abc", environment="dev", resource="blog")
OLD = FeatureFlags(add_timestamp_fields=False)


@pytest.fixture
def context() -> Context:
    store = Store()
    deploy(store, BLOG, SDL, OLD)
    return Context(store=store, clock=Clock())


def _slow(context: Context) -> Context:
    return replace(context, job_time=10.0)


def test_a_new_backend_brings_its_app(context: Context) -> None:
    backends.create_backend(context, "d2new", "New", "dev")
    app, environment = backends.get_backend(context, "d2new", "dev")
    assert (app.name, app.environments) == ("New", ("dev",))
    assert environment is not None


def test_a_second_backend_joins_its_app(context: Context) -> None:
    backends.create_backend(context, "d2abc", "Blog", "prod")
    app, _ = backends.get_backend(context, "d2abc", None)
    assert app.environments == ("dev", "prod")


def test_a_backend_that_exists_is_not_made_again(context: Context) -> None:
    with pytest.raises(BadRequestError, match="exists already"):
        backends.create_backend(context, "d2abc", "Blog", "dev")


def test_of_two_backends_made_at_once_the_second_fails(context: Context) -> None:
    slow = _slow(context)
    first = backends.create_backend(slow, "d2abc", "Blog", "prod")
    second = backends.create_backend(slow, "d2abc", "Blog", "prod")
    later = replace(context, clock=Clock(context.clock() + 60))
    assert jobs.get_job(later, "d2abc", "prod", first.id).status == "COMPLETED"
    assert jobs.get_job(later, "d2abc", "prod", second.id).status == "FAILED"


def test_an_unknown_app_is_not_found(context: Context) -> None:
    with pytest.raises(NotFoundError, match="no app d2zzz") as caught:
        backends.get_backend(context, "d2zzz", None)
    assert caught.value.resource_type == "App"


def test_a_clone_has_the_schema_the_flags_and_the_models(context: Context) -> None:
    apis.generate_models(context, BLOG)
    backends.clone_backend(context, "d2abc", "dev", "prod")
    there = replace(BLOG, environment="prod")
    assert apis.get_models(context, there) == apis.get_models(context, BLOG)
    _, environment = backends.get_backend(context, "d2abc", "prod")
    assert environment is not None
    assert environment.flags == OLD


def test_a_resource_without_schema_and_models_is_cloned_too(context: Context) -> None:
    deploy(context.store, replace(BLOG, resource="empty"), None)
    backends.clone_backend(context, "d2abc", "dev", "prod")
    there = Place(app_id="d2abc", environment="prod", resource="empty")
    assert apis.get_api(context, there).definition is None


def test_a_clone_overwrites_nothing(context: Context) -> None:
    deploy(context.store, replace(BLOG, environment="prod"), SDL)
    with pytest.raises(BadRequestError, match="exists already"):
        backends.clone_backend(context, "d2abc", "dev", "prod")


def test_a_deleted_backend_is_not_found(context: Context) -> None:
    backends.delete_backend(context, "d2abc", "dev")
    with pytest.raises(NotFoundError, match="no backend environment dev"):
        apis.get_api(context, BLOG)


@pytest.mark.parametrize("clean", [False, True])
def test_removing_all_backends_keeps_the_app_unless_told(context: Context, *, clean: bool) -> None:
    backends.remove_all_backends(context, "d2abc", clean_app=clean)
    app = context.store.app("d2abc")
    assert (app is None) is clean
    assert app is None or app.environments == ()


def test_a_new_api_has_the_flags_of_its_environment(context: Context) -> None:
    shop = replace(BLOG, resource="shop")
    apis.create_api(context, shop, SDL, {"ApiName": "shop"})
    resource = apis.get_api(context, shop)
    assert resource.definition is not None
    assert (resource.definition.flags, resource.config) == (OLD, {"ApiName": "shop"})


def test_an_api_that_exists_is_not_made_again(context: Context) -> None:
    with pytest.raises(BadRequestError, match="exists already"):
        apis.create_api(context, BLOG, SDL, {})


def test_an_update_leaves_what_it_does_not_name(context: Context) -> None:
    apis.update_api(context, BLOG, None, {"ApiName": "blog"})
    apis.update_api(context, BLOG, None, {"Service": "AppSync"})
    resource = apis.get_api(context, BLOG)
    assert resource.definition is not None
    assert resource.definition.sdl == SDL
    assert resource.config == {"ApiName": "blog", "Service": "AppSync"}


def test_an_update_can_leave_an_api_without_schema(context: Context) -> None:
    deploy(context.store, BLOG, None)
    apis.update_api(context, BLOG, None, {})
    assert apis.get_api(context, BLOG).definition is None


def test_a_deleted_api_is_not_found(context: Context) -> None:
    apis.delete_api(context, BLOG)
    with pytest.raises(NotFoundError, match="no API blog"):
        apis.get_api(context, BLOG)


def test_models_are_stale_once_the_schema_is_another(context: Context) -> None:
    apis.generate_models(context, BLOG)
    apis.update_api(context, BLOG, "type Tag @model { id: ID! }", {})
    assert apis.get_models(context, BLOG).stale


def test_models_are_fresh_where_the_same_schema_came_again(context: Context) -> None:
    apis.generate_models(context, BLOG)
    apis.update_api(context, BLOG, SDL, {})
    assert not apis.get_models(context, BLOG).stale


def test_models_are_stale_where_the_schema_went_away(context: Context) -> None:
    apis.generate_models(context, BLOG)
    deploy(context.store, BLOG, None)
    assert apis.get_models(context, BLOG).stale


def test_models_that_were_never_made_are_not_found(context: Context) -> None:
    with pytest.raises(NotFoundError, match="no models of the API blog"):
        apis.get_models(context, BLOG)
