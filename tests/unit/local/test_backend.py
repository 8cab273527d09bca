from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

import amplify_modelgen_plugins.local as plugin
from amplify_modelgen import MissingError, Settings, Target
from amplify_modelgen.modelgen import generate_models
from amplify_modelgen.modelgen.flags import FeatureFlags
from amplify_modelgen_plugins.local import LocalBackend
from serve_clients import SDL

BLOG = Target(app_id="d2abc", environment="dev", resource="blog", key="blog")


def test_the_plugin_answers_to_its_name_alone() -> None:
    settings = Settings(root=Path())
    assert isinstance(plugin.modelgen_backend("local", settings), LocalBackend)
    assert plugin.modelgen_backend("aws", settings) is None


def test_the_plugin_brings_the_verb_serve() -> None:
    assert [command.name for command in plugin.modelgen_commands()] == ["serve"]


def test_a_name_that_the_plugin_has_not_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        plugin.nothing  # noqa: B018 (to look is the test)


def test_it_feeds_on_the_tree() -> None:
    assert LocalBackend().feeds_on_tree


def test_models_are_those_of_the_engine() -> None:
    backend = LocalBackend()
    pushed, made = backend.push_schema(BLOG, SDL), backend.start(BLOG)
    assert (pushed.operation, made.operation) == ("UpdateBackendAPI", "GenerateBackendAPIModels")
    assert pushed.status == "COMPLETED"
    assert made.status == "COMPLETED"
    assert backend.models(BLOG) == replace(generate_models(SDL, FeatureFlags()), status="LATEST")


def test_the_flags_are_the_targets_own() -> None:
    flags = FeatureFlags(add_timestamp_fields=False)
    target = replace(BLOG, flags=flags)
    backend = LocalBackend()
    backend.push_schema(BLOG, SDL)
    backend.push_schema(target, SDL)
    backend.start(target)
    assert backend.models(target) == replace(generate_models(SDL, flags), status="LATEST")


def test_the_deployed_schema_is_the_one_pushed_last() -> None:
    backend = LocalBackend()
    assert backend.deployed_schema(BLOG) is None
    backend.push_schema(BLOG, SDL)
    assert backend.deployed_schema(BLOG) == SDL


def test_models_of_a_schema_that_was_pushed_before_are_stale() -> None:
    backend = LocalBackend()
    backend.push_schema(BLOG, SDL)
    backend.start(BLOG)
    assert backend.models(BLOG).status == "LATEST"
    backend.push_schema(BLOG, SDL.replace("Post", "Note"))
    assert backend.models(BLOG).status == "STALE"


def test_a_second_resource_joins_the_environment() -> None:
    backend = LocalBackend()
    backend.push_schema(BLOG, SDL)
    shop = replace(BLOG, resource="shop", key="shop")
    backend.push_schema(shop, "type Item @model { id: ID! }")
    assert backend.deployed_schema(BLOG) == SDL


def test_targets_without_an_app_are_told_apart_by_their_keys() -> None:
    first = Target(app_id="", environment="", resource="blog", key="a/blog")
    second = replace(first, key="b/blog")
    backend = LocalBackend()
    backend.push_schema(first, SDL)
    assert backend.deployed_schema(second) is None


def test_a_job_is_known_by_its_id() -> None:
    backend = LocalBackend()
    backend.push_schema(BLOG, SDL)
    made = backend.start(BLOG)
    assert backend.job(BLOG, str(made.id)) == made


def test_models_are_stale_once_another_schema_is_pushed() -> None:
    backend = LocalBackend()
    backend.push_schema(BLOG, SDL)
    backend.start(BLOG)
    before = backend.models(BLOG).status
    backend.push_schema(BLOG, "type Item @model { id: ID! }")
    assert (before, backend.models(BLOG).status) == ("LATEST", "STALE")


def test_what_was_never_made_is_missing() -> None:
    backend = LocalBackend()
    with pytest.raises(MissingError, match="no models have been made"):
        backend.models(BLOG)
    with pytest.raises(MissingError, match="no job local-7"):
        backend.job(BLOG, "local-7")


def test_a_refused_schema_fails_the_job_with_its_place() -> None:
    backend = LocalBackend()
    backend.push_schema(BLOG, "type Post @model {\n  author: Nobody\n}")
    job = backend.start(BLOG)
    assert job.failed
    assert job.error is not None
    assert job.error.startswith("2:")


def test_to_start_before_a_push_is_an_error() -> None:
    with pytest.raises(MissingError, match="no schema was pushed"):
        LocalBackend().start(BLOG)


def test_many_threads_get_their_own_models() -> None:
    backend = LocalBackend()

    def make(number: int) -> bool:
        target = replace(BLOG, resource=f"api{number}", key=f"api{number}")
        backend.push_schema(target, f"type Post{number} @model {{ id: ID! }}")
        return backend.start(target).status == "COMPLETED" and f"Post{number}" in json.dumps(
            backend.models(target).datastore
        )

    with ThreadPoolExecutor(64) as pool:
        assert all(pool.map(make, range(200)))


def test_it_imports_no_client_and_no_server() -> None:
    code = (
        "import sys; from pathlib import Path; from amplify_modelgen import Settings\n"
        "from amplify_modelgen_plugins import local\n"
        "assert 'amplify_modelgen_plugins.local.store' not in sys.modules\n"
        "local.modelgen_commands(); local.modelgen_backend('local', Settings(root=Path()))\n"
        "print(sorted({'boto3', 'botocore', 'graphql', 'http.server'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
