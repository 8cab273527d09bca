from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen import BackendError, Job, MissingError, TransientError
from amplify_modelgen_plugins.aws.answers import Answer
from amplify_modelgen_plugins.aws.call import Call
from amplify_modelgen_plugins.aws.failures import Route
from unit.aws.scripted import Scripted, answer

if TYPE_CHECKING:
    from amplify_modelgen import Target
    from amplify_modelgen_plugins.aws import AwsBackend

STARTED = {"jobId": "j1", "operation": "GenerateBackendAPIModels", "status": "PENDING"}
PAGE = "<html>sign in</html>"
# 200, and yet nothing: botocore makes an empty answer of each, or fails in its parser.
GARBAGE = [
    pytest.param(answer(PAGE), id="html"),
    pytest.param(answer(""), id="empty"),
    pytest.param(answer('{"jobId": "j1", "sta'), id="half"),
    pytest.param(answer({}), id="no members"),
    pytest.param(answer([1, 2]), id="list"),
    pytest.param(answer('"text"'), id="string"),
    pytest.param(answer({"jobId": None, "status": None}), id="nulls"),
    pytest.param(answer({"jobId": 5, "status": "PENDING"}), id="id is a number"),
    pytest.param(answer({"jobId": "j1", "status": ["PENDING"]}), id="status is a list"),
    pytest.param(answer("[" * 100_000), id="deep"),
]


def test_start_names_the_resource_and_returns_the_job(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GenerateBackendAPIModels"] = [answer(STARTED)]
    assert backend.start(target) == Job(
        id="j1", operation="GenerateBackendAPIModels", status="PENDING"
    )
    assert server.asked[0].body == {"resourceName": "blog"}
    assert "POST /backend/d1/api/dev/generateModels" in server.asked[0].head


def test_a_job_may_be_completed_at_once_without_an_id(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GenerateBackendAPIModels"] = [answer({"status": "COMPLETED"})]
    job = backend.start(target)
    assert (job.id, job.status, job.operation) == (None, "COMPLETED", "GenerateBackendAPIModels")


def test_an_id_without_status_is_a_job_to_follow(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GenerateBackendAPIModels"] = [answer({"jobId": "j1"})]
    job = backend.start(target)
    assert (job.id, job.ended) == ("j1", False)


def test_the_error_of_a_good_answer_is_kept(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GenerateBackendAPIModels"] = [answer({**STARTED, "error": "out of luck"})]
    assert backend.start(target).error == "out of luck"


def test_an_error_without_a_job_is_raised(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GenerateBackendAPIModels"] = [answer({"error": "out of luck"})]
    with pytest.raises(BackendError, match="with an error: out of luck"):
        backend.start(target)


def test_push_sends_the_schema(backend: AwsBackend, server: Scripted, target: Target) -> None:
    server.script["UpdateBackendAPI"] = [answer({**STARTED, "operation": "UpdateBackendAPI"})]
    assert backend.push_schema(target, "type A { é: ID }").operation == "UpdateBackendAPI"
    assert server.asked[0].body == {
        "resourceName": "blog",
        "resourceConfig": {"transformSchema": "type A { é: ID }"},
    }


def test_a_status_that_nobody_knows_is_kept(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GetBackendJob"] = [answer({"jobId": "j1", "status": "DREAMING"})]
    assert backend.job(target, "j1").status == "DREAMING"


def test_a_failed_job_tells_why(backend: AwsBackend, server: Scripted, target: Target) -> None:
    failed = {"jobId": "j1", "status": "FAILED", "error": "Transform failed"}
    server.script["GetBackendJob"] = [answer(failed)]
    job = backend.job(target, "j1")
    assert (job.failed, job.error) == (True, "Transform failed")


LENGTHS = [
    ({"createTime": "2023-11-14T22:13:20.000Z", "updateTime": "2023-11-14T22:13:22.500Z"}, 2.5),
    ({"status": "FAILED", "createTime": "1700000000", "updateTime": "1700000060"}, 60.0),
    ({"status": "IN_PROGRESS", "createTime": "1700000000", "updateTime": "1700000060"}, None),
    ({"createTime": "1700000000"}, None),
    ({"createTime": "yesterday", "updateTime": "1700000060"}, None),
    ({"createTime": 1700000000, "updateTime": ["1700000060"]}, None),
]


@pytest.mark.parametrize(("told", "seconds"), LENGTHS)
def test_a_job_that_has_ended_tells_how_long_it_took(
    told: dict[str, object],
    seconds: float | None,
    backend: AwsBackend,
    server: Scripted,
    target: Target,
) -> None:
    server.script["GetBackendJob"] = [answer({"status": "COMPLETED", **told})]
    assert backend.job(target, "j1").seconds == seconds


def test_another_job_than_the_one_asked_for_is_malformed(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GetBackendJob"] = [answer({"jobId": "j2", "status": "COMPLETED"})]
    with pytest.raises(TransientError, match="another job"):
        backend.job(target, "j1")


def test_an_error_instead_of_a_job_is_raised(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GetBackendJob"] = [answer({"error": "no luck"})]
    with pytest.raises(BackendError, match=r"job j1 of .* with an error: no luck"):
        backend.job(target, "j1")


@pytest.mark.parametrize("reply", GARBAGE)
def test_garbage_is_no_job(
    reply: bytes, backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GetBackendJob"] = [reply]
    with pytest.raises(TransientError, match=r"job j1 of .* cannot be read"):
        backend.job(target, "j1")


@pytest.mark.parametrize("reply", GARBAGE)
def test_garbage_is_no_started_job(
    reply: bytes, backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GenerateBackendAPIModels"] = [reply]
    server.script["ListBackendJobs"] = [answer({"jobs": []})]
    with pytest.raises(BackendError, match=r"Generate.* of .* cannot be read") as caught:
        backend.start(target)
    assert not isinstance(caught.value, TransientError)
    assert server.count("GenerateBackendAPIModels") == 1


@pytest.mark.parametrize("reply", [answer(PAGE), answer(""), answer({}), answer({"models": 5})])
def test_garbage_is_no_models(
    reply: bytes, backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GetBackendAPIModels"] = [reply]
    with pytest.raises(TransientError, match=r"GetBackendAPIModels of .* cannot be read"):
        backend.models(target)


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
def test_garbage_is_no_schema(
    body: object, backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GetBackendAPI"] = [answer(body)]
    with pytest.raises(TransientError, match=r"GetBackendAPI of .* cannot be read"):
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
    body: object, schema: str | None, backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GetBackendAPI"] = [answer(body)]
    assert backend.deployed_schema(target) == schema
    assert server.asked[0].body == {"resourceName": "blog"}


def test_an_error_instead_of_the_schema_is_raised(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GetBackendAPI"] = [answer({"appId": "d1", "error": "no luck"})]
    with pytest.raises(BackendError, match="no luck"):
        backend.deployed_schema(target)


def models(**members: Any) -> bytes:
    return answer({"status": "LATEST", **members})


def test_both_documents_are_decoded_with_their_order(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GetBackendAPIModels"] = [
        models(
            models='export const schema = {"models": {}, "enums": {}};\n',
            modelIntrospectionSchema=json.dumps({"version": 1, "models": {}}),
        )
    ]
    found = backend.models(target)
    assert json.dumps(found.datastore) == '{"models": {}, "enums": {}}'
    assert found.introspection == {"version": 1, "models": {}}


@pytest.mark.parametrize("members", [{}, {"modelIntrospectionSchema": ""}])
def test_the_introspection_schema_may_be_missing(
    members: dict[str, str], backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GetBackendAPIModels"] = [models(models="{}", **members)]
    assert backend.models(target).introspection is None


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({}, "AWS has made none yet"),
        ({"models": ""}, "of Models, it is empty"),
        (
            {"models": "{}", "modelIntrospectionSchema": "[]"},
            "of ModelIntrospectionSchema",
        ),
    ],
)
def test_models_that_are_none_are_refused(
    members: dict[str, str], why: str, backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GetBackendAPIModels"] = [models(**members)]
    with pytest.raises(BackendError, match=why) as caught:
        backend.models(target)
    assert not isinstance(caught.value, TransientError)
    assert caught.value.hint
    assert "amplify-modelgen generate" in caught.value.hint


@pytest.mark.parametrize("status", ["LATEST", "STALE", None])
def test_whether_the_models_are_stale(
    status: str | None, backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GetBackendAPIModels"] = [answer({"status": status, "models": "{}"})]
    assert backend.models(target).status == status


def test_models_that_were_never_made_are_missing(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GetBackendAPIModels"] = [answer({"status": "STALE"})]
    with pytest.raises(MissingError, match="AWS has made none yet"):
        backend.models(target)


def test_a_group_of_the_wrong_type_is_malformed_whatever_botocore_made_of_it(
    target: Target,
) -> None:
    call = Call(operation="GetBackendAPI", target=target)
    with pytest.raises(TransientError, match="ResourceConfig has no members"):
        Answer(call, Route(), {"ResourceConfig": "text"}).schema()
