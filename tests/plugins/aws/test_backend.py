from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.plugin import BackendError, Job, NotFoundError, TransientError
from support.scripted_server import ScriptedServer, response

if TYPE_CHECKING:
    from amplify_modelgen.plugin import Target
    from amplify_modelgen_plugins.aws.backend import AwsBackend

STARTED = {"jobId": "j1", "operation": "GenerateBackendAPIModels", "status": "PENDING"}
PAGE = "<html>sign in</html>"
# Status 200. botocore returns an empty response for most of them, or fails in its parser.
GARBAGE = [
    pytest.param(response(PAGE), id="html"),
    pytest.param(response(""), id="empty"),
    pytest.param(response('{"jobId": "j1", "sta'), id="half"),
    pytest.param(response({}), id="no members"),
    pytest.param(response([1, 2]), id="list"),
    pytest.param(response('"text"'), id="string"),
    pytest.param(response({"jobId": None, "status": None}), id="nulls"),
    pytest.param(response({"jobId": 5, "status": "PENDING"}), id="id is a number"),
    pytest.param(response({"jobId": "j1", "status": ["PENDING"]}), id="status is a list"),
    pytest.param(response("[" * 100_000), id="deep"),
]


def test_start_names_the_resource_and_returns_the_job(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GenerateBackendAPIModels"] = [response(STARTED)]
    assert backend.start_job(target) == Job(
        id="j1", operation="GenerateBackendAPIModels", status="PENDING"
    )
    assert server.requests[0].body == {"resourceName": "blog"}
    assert "POST /backend/d1/api/dev/generateModels" in server.requests[0].head


def test_a_job_may_be_completed_at_once_without_an_id(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GenerateBackendAPIModels"] = [response({"status": "COMPLETED"})]
    job = backend.start_job(target)
    assert (job.id, job.status, job.operation) == (None, "COMPLETED", "GenerateBackendAPIModels")


def test_an_id_without_status_is_a_job_to_follow(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GenerateBackendAPIModels"] = [response({"jobId": "j1"})]
    job = backend.start_job(target)
    assert (job.id, job.is_finished) == ("j1", False)


def test_the_error_of_a_good_response_is_kept(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GenerateBackendAPIModels"] = [response({**STARTED, "error": "out of luck"})]
    assert backend.start_job(target).error == "out of luck"


def test_an_error_without_a_job_is_raised(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GenerateBackendAPIModels"] = [response({"error": "out of luck"})]
    with pytest.raises(BackendError, match="failed: out of luck"):
        backend.start_job(target)


def test_push_sends_the_schema(backend: AwsBackend, server: ScriptedServer, target: Target) -> None:
    server.script["UpdateBackendAPI"] = [response({**STARTED, "operation": "UpdateBackendAPI"})]
    assert backend.push_schema(target, "type A { é: ID }").operation == "UpdateBackendAPI"
    assert server.requests[0].body == {
        "resourceName": "blog",
        "resourceConfig": {"transformSchema": "type A { é: ID }"},
    }


def test_an_unknown_status_is_kept(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendJob"] = [response({"jobId": "j1", "status": "DREAMING"})]
    assert backend.get_job(target, "j1").status == "DREAMING"


def test_a_failed_job_has_the_reason(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    failed = {"jobId": "j1", "status": "FAILED", "error": "Transform failed"}
    server.script["GetBackendJob"] = [response(failed)]
    job = backend.get_job(target, "j1")
    assert (job.is_failed, job.error) == (True, "Transform failed")


def test_another_job_than_the_requested_one_is_malformed(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendJob"] = [response({"jobId": "j2", "status": "COMPLETED"})]
    with pytest.raises(TransientError, match="another job"):
        backend.get_job(target, "j1")


def test_an_error_instead_of_a_job_is_raised(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendJob"] = [response({"error": "no luck"})]
    with pytest.raises(BackendError, match=r"job j1 of .* failed: no luck"):
        backend.get_job(target, "j1")


@pytest.mark.parametrize("reply", GARBAGE)
def test_garbage_is_not_a_job(
    reply: bytes, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendJob"] = [reply]
    with pytest.raises(
        TransientError, match=r"GetBackendJob for job j1 of .* failed: unexpected response format"
    ):
        backend.get_job(target, "j1")


@pytest.mark.parametrize("reply", GARBAGE)
def test_garbage_is_not_a_started_job(
    reply: bytes, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GenerateBackendAPIModels"] = [reply]
    with pytest.raises(
        BackendError, match=r"Generate.* of .* failed: unexpected response format"
    ) as caught:
        backend.start_job(target)
    assert not isinstance(caught.value, TransientError)
    assert server.count("GenerateBackendAPIModels") == 1


@pytest.mark.parametrize(
    "reply", [response(PAGE), response(""), response({}), response({"models": 5})]
)
def test_garbage_is_not_models(
    reply: bytes, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendAPIModels"] = [reply]
    with pytest.raises(
        TransientError, match=r"GetBackendAPIModels of .* failed: unexpected response format"
    ):
        backend.get_models(target)


@pytest.mark.parametrize(
    "body",
    [
        {},
        PAGE,
        {"resourceConfig": "text"},
        {"resourceConfig": {"transformSchema": ["type A"]}},
    ],
    ids=["no members", "html", "config is text", "schema is a list"],
)
def test_garbage_is_not_a_schema(
    body: object, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendAPI"] = [response(body)]
    with pytest.raises(
        TransientError, match=r"GetBackendAPI of .* failed: unexpected response format"
    ):
        backend.deployed_schema(target)


@pytest.mark.parametrize(
    ("body", "schema"),
    [
        ({"resourceConfig": {"transformSchema": "type A"}}, "type A"),
        ({"appId": "d1", "resourceConfig": {}}, None),
        ({"appId": "d1", "resourceName": "blog"}, None),
    ],
)
def test_the_deployed_schema(
    body: object, schema: str | None, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendAPI"] = [response(body)]
    assert backend.deployed_schema(target) == schema
    assert server.requests[0].body == {"resourceName": "blog"}


def test_an_error_instead_of_the_schema_is_raised(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendAPI"] = [response({"appId": "d1", "error": "no luck"})]
    with pytest.raises(BackendError, match="no luck"):
        backend.deployed_schema(target)


def models(**members: Any) -> bytes:
    return response({"status": "LATEST", **members})


def test_both_documents_are_decoded_with_their_order(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendAPIModels"] = [
        models(
            models='export const schema = {"models": {}, "enums": {}};\n',
            modelIntrospectionSchema=json.dumps({"version": 1, "models": {}}),
        )
    ]
    found = backend.get_models(target)
    assert json.dumps(found.models.datastore) == '{"models": {}, "enums": {}}'
    assert found.models.introspection == {"version": 1, "models": {}}


@pytest.mark.parametrize("members", [{}, {"modelIntrospectionSchema": ""}])
def test_the_introspection_schema_may_be_missing(
    members: dict[str, str], backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendAPIModels"] = [models(models="{}", **members)]
    assert backend.get_models(target).models.introspection is None


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({}, "no models have been generated yet"),
        ({"models": ""}, "unusable Models: it is not a JSON object"),
        (
            {"models": "{}", "modelIntrospectionSchema": "[]"},
            "unusable ModelIntrospectionSchema: it is not a JSON object",
        ),
    ],
)
def test_unusable_models_are_rejected(
    members: dict[str, str], why: str, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendAPIModels"] = [models(**members)]
    with pytest.raises(BackendError, match=why) as caught:
        backend.get_models(target)
    assert not isinstance(caught.value, TransientError)
    assert caught.value.hint
    assert "amplify-modelgen generate" in caught.value.hint


@pytest.mark.parametrize("status", ["LATEST", "STALE", None])
def test_whether_the_models_are_stale(
    status: str | None, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendAPIModels"] = [response({"status": status, "models": "{}"})]
    assert backend.get_models(target).status == status


def test_models_that_were_never_generated_are_not_found(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendAPIModels"] = [response({"status": "STALE"})]
    with pytest.raises(NotFoundError, match="no models have been generated yet"):
        backend.get_models(target)
