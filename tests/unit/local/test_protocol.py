from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen_plugins.local.errors import BadRequestError, NotFoundError
from amplify_modelgen_plugins.local.operations import HANDLERS
from amplify_modelgen_plugins.local.protocol import load_protocol

if TYPE_CHECKING:
    from amplify_modelgen_plugins.local.protocol import Operation

JOB = "/backend/d2abc/job/dev/j1"
JOBS = "/backend/d2abc/job/dev"
API = "/backend/d2abc/api/dev/details"


def _operation(method: str, path: str) -> Operation:
    operation = load_protocol().match(method, path)
    assert operation is not None
    return operation


def _decode(path: str, body: dict[str, Any] | None = None, method: str = "POST") -> dict[str, Any]:
    return _operation(method, path).decode(path, body or {})


def test_every_operation_of_the_model_is_known() -> None:
    names = {operation.name for operation in load_protocol().operations}
    assert len(names) == 31
    assert names > set(HANDLERS)


def test_no_path_is_of_two_operations() -> None:
    operations = load_protocol().operations
    for operation in operations:
        path = re.sub(r"\(\?P<\w+>[^)]*\)", "x", operation.path.pattern)
        assert load_protocol().match(operation.method, path) is operation


def test_the_errors_have_the_statuses_of_the_model() -> None:
    errors = load_protocol().errors
    assert errors["BadRequestException"] == BadRequestError.status
    assert errors["NotFoundException"] == NotFoundError.status
    assert errors["TooManyRequestsException"] == 429
    assert errors["GatewayTimeoutException"] == 504


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", JOB), ("GET", JOBS), ("GET", "/"), ("POST", "/backend/"), ("GET", f"{JOB}/more")],
)
def test_another_path_is_of_no_operation(method: str, path: str) -> None:
    assert load_protocol().match(method, path) is None


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("a%2Fb", "a/b"),
        ("a%20b", "a b"),
        ("a+b", "a+b"),
        ("%25", "%"),
        ("%E2%98%83", "\N{SNOWMAN}"),
        ("..", ".."),
        ("%3F%23%3B%0A", "?#;\n"),
    ],
)
def test_names_in_paths_are_decoded_after_they_are_matched(raw: str, name: str) -> None:
    given = _decode(f"/backend/d2abc/job/dev/{raw}", method="GET")
    assert given == {"AppId": "d2abc", "BackendEnvironmentName": "dev", "JobId": name}


def test_a_name_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(BadRequestError, match="not UTF-8"):
        _decode("/backend/d2abc/job/dev/%FF", method="GET")


def test_an_empty_name_is_refused_by_name() -> None:
    with pytest.raises(BadRequestError, match=r"^JobId is required$"):
        _decode("/backend/d2abc/job/dev/", method="GET")


def test_a_body_cannot_speak_for_the_path() -> None:
    assert _decode(JOBS, {"appId": "other"})["AppId"] == "d2abc"


def test_members_that_the_model_does_not_have_are_dropped() -> None:
    assert "colour" not in _decode(JOBS, {"colour": "red"})


def test_a_null_is_as_good_as_nothing() -> None:
    assert "Status" not in _decode(JOBS, {"status": None})


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        (API, {}, "ResourceName is required"),
        (API, {"resourceName": ""}, "ResourceName is required"),
        (API, {"resourceName": 5}, "ResourceName must be a string"),
        (API, {"resourceName": "\ud800"}, "ResourceName has half of a surrogate pair"),
        (JOBS, {"maxResults": 0}, "MaxResults must be between 1 and 25"),
        (JOBS, {"maxResults": 26}, "MaxResults must be between 1 and 25"),
        (JOBS, {"maxResults": True}, "MaxResults must be an integer"),
        ("/backend/d2abc/remove", {"cleanAmplifyApp": 1}, "CleanAmplifyApp must be true or false"),
        (
            API,
            {"resourceName": "blog", "resourceConfig": []},
            "ResourceConfig must be an object",
        ),
        (
            API,
            {"resourceName": "blog", "resourceConfig": {"defaultAuthType": {"mode": "OPEN"}}},
            "ResourceConfig.DefaultAuthType.Mode must be one of API_KEY",
        ),
        (
            API,
            {"resourceName": "blog", "resourceConfig": {"additionalAuthTypes": [{}, 5]}},
            r"ResourceConfig.AdditionalAuthTypes\[1\] must be an object",
        ),
        (
            API,
            {
                "resourceName": "blog",
                "resourceConfig": {"defaultAuthType": {"settings": {"expirationTime": "7"}}},
            },
            "ResourceConfig.DefaultAuthType.Settings.ExpirationTime must be a number",
        ),
    ],
)
def test_a_wrong_member_is_refused_by_name(path: str, body: dict[str, Any], message: str) -> None:
    with pytest.raises(BadRequestError, match=f"^{message}"):
        _decode(path, body)


def test_members_are_read_by_their_location_names() -> None:
    body = {"resourceName": "blog", "resourceConfig": {"transformSchema": "type A { b: ID }"}}
    assert _decode(API, body)["ResourceConfig"] == {"TransformSchema": "type A { b: ID }"}


def test_answers_are_written_under_location_names() -> None:
    jobs = [{"AppId": "d2abc", "BackendEnvironmentName": "dev", "Error": None}]
    encoded = _operation("POST", JOBS).encode({"Jobs": jobs, "NextToken": None})
    assert encoded == {"jobs": [{"appId": "d2abc", "backendEnvironmentName": "dev"}]}


def test_an_answer_that_the_model_does_not_have_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        _operation("POST", JOBS).encode({"Colour": "red"})
