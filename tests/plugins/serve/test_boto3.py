from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen_plugins.serve import RunningServer, running_server
from amplify_modelgen_plugins.serve.operations import OPERATIONS
from support.serve_clients import BLOG, DEV, SDL, Clock, client_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OTHER = "type Tag @model { id: ID! }"
CONFIG = {
    "ApiName": "blog",
    "Service": "AppSync",
    "TransformSchema": SDL,
    "DefaultAuthType": {"Mode": "API_KEY", "Settings": {"ExpirationTime": 7.5}},
    "AdditionalAuthTypes": [{"Mode": "AWS_IAM"}],
    "ConflictResolution": {"ResolutionStrategy": "AUTOMERGE"},
}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[RunningServer]:
    with running_server(clock=clock) as server:
        yield server


@pytest.fixture
def client(server: RunningServer) -> Any:
    server.deploy(SDL, app_id="d2abc", environment="dev", resource="blog")
    return client_of(server.url)


def _plain(response: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in response.items() if name != "ResponseMetadata"}


def test_backend_is_created_and_described(client: Any) -> None:
    client.create_backend(AppId="d2new", AppName="New", BackendEnvironmentName="dev")
    assert _plain(client.get_backend(AppId="d2new")) == {
        "AppId": "d2new",
        "AppName": "New",
        "BackendEnvironmentList": ["dev"],
    }


def test_environment_is_named(client: Any) -> None:
    assert client.get_backend(**DEV)["BackendEnvironmentName"] == "dev"


def test_api_keeps_its_configuration(client: Any) -> None:
    shop = {**BLOG, "ResourceName": "shop"}
    client.create_backend_api(**shop, ResourceConfig=CONFIG)
    assert _plain(client.get_backend_api(**shop)) == {**shop, "ResourceConfig": CONFIG}


def test_api_without_a_schema_has_no_transform_schema(server: RunningServer, client: Any) -> None:
    server.deploy(None, app_id="d2abc", environment="dev", resource="blog")
    assert client.get_backend_api(**BLOG)["ResourceConfig"] == {}


def test_api_is_updated_and_deleted(client: Any) -> None:
    client.update_backend_api(**BLOG, ResourceConfig={"TransformSchema": OTHER})
    assert client.get_backend_api(**BLOG)["ResourceConfig"]["TransformSchema"] == OTHER
    client.delete_backend_api(**BLOG)
    with pytest.raises(client.exceptions.NotFoundException):
        client.get_backend_api(**BLOG)


def test_models_are_generated_and_fetched(client: Any) -> None:
    job = client.generate_backend_api_models(**BLOG)
    models = client.get_backend_api_models(**BLOG)
    assert (job["Operation"], job["Status"]) == ("GenerateBackendAPIModels", "COMPLETED")
    assert models["Status"] == "LATEST"
    assert models["Models"].startswith("export const schema = {\n")
    assert models["Models"].endswith("};")
    assert json.loads(models["ModelIntrospectionSchema"])["version"] == 1


def test_models_become_stale(client: Any) -> None:
    client.generate_backend_api_models(**BLOG)
    client.update_backend_api(**BLOG, ResourceConfig={"TransformSchema": OTHER})
    assert client.get_backend_api_models(**BLOG)["Status"] == "STALE"


def test_backend_is_cloned_and_deleted(client: Any) -> None:
    client.clone_backend(**DEV, TargetEnvironmentName="prod")
    client.delete_backend(**DEV)
    assert client.get_backend(AppId="d2abc")["BackendEnvironmentList"] == ["prod"]


def test_all_backends_are_removed(client: Any) -> None:
    response = client.remove_all_backends(AppId="d2abc", CleanAmplifyApp=True)
    assert _plain(response).keys() == {"AppId", "JobId", "Operation", "Status"}
    with pytest.raises(client.exceptions.NotFoundException):
        client.get_backend(AppId="d2abc")


def test_job_has_all_members(client: Any) -> None:
    started = client.generate_backend_api_models(**BLOG)
    assert _plain(client.get_backend_job(**DEV, JobId=started["JobId"])) == {
        **DEV,
        "JobId": started["JobId"],
        "Operation": "GenerateBackendAPIModels",
        "Status": "COMPLETED",
        "CreateTime": "2023-11-14T22:13:20.000Z",
        "UpdateTime": "2023-11-14T22:13:20.000Z",
    }


def test_failed_job_has_its_error(client: Any) -> None:
    client.update_backend_api(**BLOG, ResourceConfig={"TransformSchema": "type Post @model {"})
    job = client.generate_backend_api_models(**BLOG)
    assert job["Status"] == "FAILED"
    assert client.get_backend_job(**DEV, JobId=job["JobId"])["Error"] == job["Error"] != ""


def test_paginator_returns_all_jobs(client: Any) -> None:
    made = [client.generate_backend_api_models(**BLOG)["JobId"] for _ in range(30)]
    pages = list(client.get_paginator("list_backend_jobs").paginate(**DEV))
    assert [len(page["Jobs"]) for page in pages] == [25, 5]
    assert [job["JobId"] for page in pages for job in page["Jobs"]] == made[::-1]


def test_full_last_page_has_no_next_token(client: Any) -> None:
    for _ in range(2):
        client.generate_backend_api_models(**BLOG)
    assert "NextToken" not in client.list_backend_jobs(**DEV, MaxResults=2)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"Operation": "GenerateBackendAPIModels"}, 2),
        ({"Operation": "UpdateBackendAPI"}, 1),
        ({"Status": "COMPLETED"}, 3),
        ({"Status": "FAILED"}, 0),
        ({"JobId": "nine"}, 0),
        ({"Operation": "", "Status": ""}, 3),
    ],
)
def test_jobs_are_filtered(client: Any, wanted: dict[str, str], count: int) -> None:
    client.generate_backend_api_models(**BLOG)
    client.generate_backend_api_models(**BLOG)
    client.update_backend_api(**BLOG, ResourceConfig={})
    assert len(client.list_backend_jobs(**DEV, **wanted)["Jobs"]) == count


def test_jobs_are_filtered_by_id(client: Any) -> None:
    job = client.generate_backend_api_models(**BLOG)["JobId"]
    client.generate_backend_api_models(**BLOG)
    found = client.list_backend_jobs(**DEV, JobId=job)["Jobs"]
    assert [item["JobId"] for item in found] == [job]


def test_stalled_job_is_completed_by_request(server: RunningServer, client: Any) -> None:
    server.faults.add("stall")
    job = client.generate_backend_api_models(**BLOG)
    response = client.update_backend_job(**DEV, JobId=job["JobId"], Status="COMPLETED")
    assert (job["Status"], response["Status"]) == ("PENDING", "COMPLETED")


def test_job_of_another_operation_is_not_updated(client: Any) -> None:
    job = client.generate_backend_api_models(**BLOG)
    with pytest.raises(client.exceptions.BadRequestException, match="GenerateBackendAPIModels"):
        client.update_backend_job(**DEV, JobId=job["JobId"], Operation="CreateBackend")


@pytest.mark.parametrize("name", ["a/b", "a b", "+", "%", "\N{SNOWMAN}", "?#;\n", "x" * 3000])
def test_names_are_percent_encoded_and_decoded(client: Any, name: str) -> None:
    client.create_backend(AppId=name, AppName="Odd", BackendEnvironmentName=name)
    assert client.get_backend(AppId=name, BackendEnvironmentName=name)["AppId"] == name


def test_missing_app_is_named(client: Any) -> None:
    with pytest.raises(client.exceptions.NotFoundException) as caught:
        client.generate_backend_api_models(**{**BLOG, "AppId": "d2zzz"})
    assert caught.value.response["Error"]["Message"] == "there is no app d2zzz"
    assert caught.value.response["ResourceType"] == "App"


def test_unsupported_operation_is_named(client: Any) -> None:
    with pytest.raises(client.exceptions.BadRequestException, match="not support ListS3Buckets"):
        client.list_s3_buckets()


def test_bounds_are_checked(client: Any) -> None:
    with pytest.raises(client.exceptions.BadRequestException, match="MaxResults must be between"):
        client.list_backend_jobs(**DEV, MaxResults=99)


def test_requests_are_recorded(server: RunningServer, client: Any) -> None:
    client.get_backend_api(**BLOG)
    request = server.requests[-1]
    assert (request.operation, request.resource, request.status) == ("GetBackendAPI", "blog", 200)


def test_concurrent_requests_start_one_job_each(server: RunningServer, client: Any) -> None:
    with ThreadPoolExecutor(64) as pool:
        responses = pool.map(lambda _: client.generate_backend_api_models(**BLOG), range(200))
        made = {response["JobId"] for response in responses}
    jobs = server.store.jobs.values()
    assert {job.id for job in jobs if job.status == "COMPLETED"} == made


def _sample(shape: Any) -> Any:
    """Return a constant value of a shape, with all its members."""
    samples: dict[str, Callable[[], Any]] = {
        "string": lambda: (shape.enum or ["text"])[0],
        "boolean": lambda: True,
        "integer": lambda: 7,
        "double": lambda: 7.5,
        "list": lambda: [_sample(shape.member)],
        "structure": lambda: {name: _sample(member) for name, member in shape.members.items()},
    }
    return samples[shape.type_name]()


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_member_of_a_response_reaches_the_client(
    server: RunningServer, client: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = client.meta.service_model.operation_model(name)
    response = _sample(model.output_shape)
    monkeypatch.setattr("amplify_modelgen_plugins.serve.dispatch.execute", lambda *_: response)
    methods = client.meta.method_to_api_mapping
    call = getattr(
        client, next(method for method, operation in methods.items() if operation == name)
    )
    assert _plain(call(**_sample(model.input_shape))) == response
    assert server.requests[-1].operation == name
