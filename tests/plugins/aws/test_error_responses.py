"""Error responses: exception, message, hint and number of attempts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from amplify_modelgen.plugin import BackendError, NotFoundError, TransientError
from support.scripted_server import ScriptedServer, error_response, response

if TYPE_CHECKING:
    from amplify_modelgen.plugin import Target
    from amplify_modelgen_plugins.aws.backend import AwsBackend

DENIED = "amplifybackend:GetBackendJob in the IAM policy"
WORDS = "words of the service"
PLAIN, AGAIN = BackendError, TransientError


class Row(NamedTuple):
    status: int
    code: str
    raises: type[BackendError]
    hints: str
    attempts: int


ERRORS = [
    Row(400, "BadRequestException", PLAIN, "validate", 1),
    Row(404, "NotFoundException", NotFoundError, "targets", 1),
    Row(429, "TooManyRequestsException", AGAIN, "minute", 3),
    Row(504, "GatewayTimeoutException", AGAIN, "minute", 3),
    Row(403, "AccessDeniedException", PLAIN, DENIED, 1),
    Row(403, "ExpiredTokenException", PLAIN, "aws sso login", 1),
    Row(403, "UnrecognizedClientException", PLAIN, "access key", 1),
    Row(403, "InvalidSignatureException", PLAIN, "clock", 1),
    Row(403, "MissingAuthenticationTokenException", PLAIN, "ENDPOINT", 1),
    Row(400, "ThrottlingException", AGAIN, "minute", 3),
    Row(400, "Throttling", AGAIN, "minute", 3),
    Row(400, "SomethingNew", PLAIN, "validate", 1),
    Row(409, "ConflictException", PLAIN, "get-caller", 1),
    Row(500, "InternalFailure", AGAIN, "minute", 3),
    Row(503, "ServiceUnavailable", AGAIN, "minute", 3),
]


@pytest.mark.parametrize("row", ERRORS, ids=[row.code for row in ERRORS])
def test_an_error_names_cause_place_and_fix(
    row: Row, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendJob"] = [error_response(row.status, row.code)]
    with pytest.raises(BackendError, match=f"failed: {row.code}: {WORDS}") as caught:
        backend.get_job(target, "j1")
    assert type(caught.value) is row.raises
    assert "GetBackendJob for job j1 of blog@dev (app d1, us-east-1)" in caught.value.message
    assert caught.value.hint
    assert row.hints in caught.value.hint
    assert server.count("GetBackendJob") == row.attempts


# The forms in which other services, gateways and proxies give the same news.
FORMS = [
    pytest.param(
        response({"code": "TooManyRequestsException"}, 400), "TooManyRequestsException", id="code"
    ),
    pytest.param(
        response({"__type": "x.y#NotFoundException"}, 404), "NotFoundException", id="type"
    ),
    pytest.param(
        response({"Code": "NotFoundException", "Message": WORDS}, 400), WORDS, id="capitals"
    ),
    pytest.param(
        response({"Message": WORDS}, 403, x_amzn_errortype="AccessDeniedException"),
        f"AccessDeniedException: {WORDS}",
        id="IAM",
    ),
    pytest.param(
        response({"__type": "TooManyRequestsException", "message": WORDS, "limitType": None}, 429),
        f"TooManyRequestsException: {WORDS}$",
        id="a member is null",
    ),
    pytest.param(response("", 429), "HTTP 429", id="429 without a body"),
    pytest.param(response("<h1>no</h1>", 504), "HTTP 504", id="504 with HTML"),
    pytest.param(response("", 404), "HTTP 404", id="404 without a body"),
    pytest.param(response("", 403), "HTTP 403", id="403 without a body"),
    pytest.param(response("", 405), "HTTP 405", id="405"),
    pytest.param(response("", 302, Location="/login"), "HTTP 302", id="redirect"),
    pytest.param(response("", 418), "HTTP 418", id="418"),
    pytest.param(response([1], 500), "HTTP 500", id="500 with a list"),
    pytest.param(response({"message": ["a", "b"]}, 404), "HTTP 404", id="message is a list"),
]


@pytest.mark.parametrize(("reply", "says"), FORMS)
def test_an_error_is_recognized_by_its_status_too(
    reply: bytes, says: str, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendAPI"] = [reply]
    with pytest.raises(BackendError, match=says):
        backend.deployed_schema(target)


def test_the_kind_of_limit_and_of_resource_is_shown(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    body = {"message": "no such thing", "resourceType": "environment"}
    server.script["GetBackendAPI"] = [response(body, 404, x_amzn_errortype="NotFoundException")]
    with pytest.raises(BackendError, match=r"no such thing \(environment\)"):
        backend.deployed_schema(target)


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_a_refused_start_is_final(
    status: int, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GenerateBackendAPIModels"] = [error_response(status, "Whatever")]
    with pytest.raises(BackendError) as caught:
        backend.start_job(target)
    assert not isinstance(caught.value, TransientError)
    assert [request.operation for request in server.requests] == ["GenerateBackendAPIModels"]


@pytest.mark.parametrize(
    ("status", "code"), [(429, "TooManyRequestsException"), (400, "ThrottlingException")]
)
def test_a_throttled_start_is_sent_once_and_may_be_sent_again(
    status: int, code: str, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GenerateBackendAPIModels"] = [error_response(status, code)]
    with pytest.raises(TransientError):
        backend.start_job(target)
    assert [request.operation for request in server.requests] == ["GenerateBackendAPIModels"]


def test_the_missing_action_is_that_of_the_operation(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GenerateBackendAPIModels"] = [error_response(403, "AccessDeniedException")]
    with pytest.raises(BackendError) as caught:
        backend.start_job(target)
    assert caught.value.hint
    assert "amplifybackend:GenerateBackendAPIModels" in caught.value.hint


def test_the_profile_is_part_of_the_command_to_type(
    backend: AwsBackend, server: ScriptedServer, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "team")
    server.script["GetBackendAPI"] = [error_response(403, "ExpiredTokenException")]
    monkeypatch.setattr("botocore.session.Session.full_config", {"profiles": {"team": {}}})
    with pytest.raises(BackendError) as caught:
        backend.deployed_schema(target)
    assert caught.value.hint
    assert "aws sso login --profile team" in caught.value.hint
