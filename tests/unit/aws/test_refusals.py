"""Every refusal of AWS that FACTS lists: what is raised, what it says, how often it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from amplify_modelgen import BackendError, MissingError, TransientError
from amplify_modelgen_plugins.aws.failures import LostAnswerError
from unit.aws.scripted import Scripted, answer, refusal

if TYPE_CHECKING:
    from amplify_modelgen import Target
    from amplify_modelgen_plugins.aws import AwsBackend

DENIED = "amplifybackend:GetBackendJob in the IAM policy"
WORDS = "words of the service"
PLAIN, AGAIN = BackendError, TransientError


class Row(NamedTuple):
    status: int
    code: str
    raises: type[BackendError]
    says: str
    hints: str
    attempts: int


REFUSALS = [
    Row(400, "BadRequestException", PLAIN, f"as a bad request: {WORDS}", "validate", 1),
    Row(404, "NotFoundException", MissingError, f"found nothing there: {WORDS}", "targets", 1),
    Row(429, "TooManyRequestsException", AGAIN, f"AWS throttles .*: {WORDS}", "minute", 3),
    Row(504, "GatewayTimeoutException", AGAIN, f"gateway timeout.*: {WORDS}", "minute", 3),
    Row(403, "AccessDeniedException", PLAIN, f"is denied: {WORDS}", DENIED, 1),
    Row(403, "ExpiredTokenException", PLAIN, f"have expired: {WORDS}", "aws sso login", 1),
    Row(403, "UnrecognizedClientException", PLAIN, "does not know the cred", "aws configure", 1),
    Row(403, "InvalidSignatureException", PLAIN, "does not accept the sig", "clock", 1),
    Row(403, "MissingAuthenticationTokenException", PLAIN, "127.0.0.1:.* does not", "ENDPOINT", 1),
    Row(400, "ThrottlingException", AGAIN, f"AWS throttles .*: {WORDS}", "minute", 3),
    Row(400, "SomethingNew", PLAIN, f"as a bad request: {WORDS}", "validate", 1),
    Row(409, "ConflictException", PLAIN, f"with ConflictException: {WORDS}", "get-caller", 1),
    Row(500, "InternalFailure", AGAIN, f"failed .* HTTP 500: {WORDS}", "minute", 3),
    Row(503, "ServiceUnavailable", AGAIN, f"failed .* HTTP 503: {WORDS}", "minute", 3),
]


@pytest.mark.parametrize("row", REFUSALS, ids=[row.code for row in REFUSALS])
def test_a_refusal_says_what_where_and_what_to_do(
    row: Row, backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GetBackendJob"] = [refusal(row.status, row.code)]
    with pytest.raises(BackendError, match=row.says) as caught:
        backend.job(target, "j1")
    assert type(caught.value) is row.raises
    assert "GetBackendJob for job j1 of blog@dev (app d1, us-east-1)" in caught.value.message
    assert caught.value.hint
    assert row.hints in caught.value.hint
    assert server.count("GetBackendJob") == row.attempts


# The forms in which other services, gateways and proxies give the same news.
FORMS = [
    pytest.param(answer({"code": "TooManyRequestsException"}, 400), "throttles", id="code"),
    pytest.param(answer({"__type": "x.y#NotFoundException"}, 404), "nothing there", id="type"),
    pytest.param(answer("", 429), "throttles", id="429 without a body"),
    pytest.param(answer("<h1>no</h1>", 504), "gateway timeout", id="504 with HTML"),
    pytest.param(answer("", 404), "nothing there", id="404 without a body"),
    pytest.param(answer("", 403), "is denied", id="403 without a body"),
    pytest.param(answer("", 405), "does not know", id="405"),
    pytest.param(answer("", 302, Location="/login"), "elsewhere .HTTP 302", id="redirect"),
    pytest.param(answer("", 418), "with 418", id="418"),
    pytest.param(answer([1], 500), "cannot be read", id="500 with a list"),
    pytest.param(answer({"message": ["a", "b"]}, 404), "nothing there", id="message is a list"),
]


@pytest.mark.parametrize(("reply", "says"), FORMS)
def test_a_refusal_is_known_by_its_status_too(
    reply: bytes, says: str, backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GetBackendAPI"] = [reply]
    with pytest.raises(BackendError, match=says):
        backend.deployed_schema(target)


def test_the_kind_of_limit_and_of_resource_is_told(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    body = {"message": "no such thing", "resourceType": "environment"}
    server.script["GetBackendAPI"] = [answer(body, 404, x_amzn_errortype="NotFoundException")]
    with pytest.raises(BackendError, match=r"no such thing \(environment\)"):
        backend.deployed_schema(target)


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_a_refused_start_is_final(
    status: int, backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GenerateBackendAPIModels"] = [refusal(status, "Whatever")]
    with pytest.raises(BackendError) as caught:
        backend.start(target)
    assert not isinstance(caught.value, TransientError | LostAnswerError)
    assert [asked.operation for asked in server.asked] == ["GenerateBackendAPIModels"]


@pytest.mark.parametrize(
    ("status", "code"), [(429, "TooManyRequestsException"), (400, "ThrottlingException")]
)
def test_a_throttled_start_is_sent_once_and_may_be_sent_again(
    status: int, code: str, backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GenerateBackendAPIModels"] = [refusal(status, code)]
    with pytest.raises(TransientError):
        backend.start(target)
    assert [asked.operation for asked in server.asked] == ["GenerateBackendAPIModels"]


def test_the_missing_action_is_that_of_the_operation(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script["GenerateBackendAPIModels"] = [refusal(403, "AccessDeniedException")]
    with pytest.raises(BackendError) as caught:
        backend.start(target)
    assert caught.value.hint
    assert "amplifybackend:GenerateBackendAPIModels" in caught.value.hint


def test_the_profile_is_part_of_the_command_to_type(
    backend: AwsBackend, server: Scripted, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "team")
    server.script["GetBackendAPI"] = [refusal(403, "ExpiredTokenException")]
    monkeypatch.setattr("botocore.session.Session.full_config", {"profiles": {"team": {}}})
    with pytest.raises(BackendError) as caught:
        backend.deployed_schema(target)
    assert caught.value.hint
    assert "aws sso login --profile team" in caught.value.hint
