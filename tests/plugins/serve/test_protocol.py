from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from amplify_modelgen_plugins.serve.dispatch import encode, find_operation, load_operations
from amplify_modelgen_plugins.serve.faults import REJECTIONS
from amplify_modelgen_plugins.serve.operations import OPERATIONS
from amplify_modelgen_plugins.serve.store import BadRequestError, ResourceNotFoundError

if TYPE_CHECKING:
    from amplify_modelgen_plugins.serve.dispatch import Operation

JOB = "/backend/d2abc/job/dev/j1"
JOBS = "/backend/d2abc/job/dev"
API = "/backend/d2abc/api/dev/details"


def _operation(method: str, path: str) -> Operation:
    operation = find_operation(method, path)
    assert operation is not None
    return operation


def _decode(path: str, body: dict[str, Any] | None = None, method: str = "POST") -> dict[str, Any]:
    return _operation(method, path).decode(path, body or {})


def test_protocol_has_every_operation_of_the_model() -> None:
    names = {operation.name for operation in load_operations()}
    assert len(names) == 31
    assert names > OPERATIONS


def test_each_path_has_one_operation() -> None:
    operations = load_operations()
    for operation in operations:
        path = re.sub(r"\(\?P<\w+>[^)]*\)", "x", operation.path.pattern)
        assert find_operation(operation.method, path) is operation


def test_errors_have_the_statuses_of_the_model() -> None:
    raw = Loader().load_service_model("amplifybackend", "service-2")
    errors = {
        shape.name: shape.metadata["error"]["httpStatusCode"]
        for shape in ServiceModel(raw, "amplifybackend").error_shapes
    }
    assert errors == {
        BadRequestError.code: BadRequestError.status,
        ResourceNotFoundError.code: ResourceNotFoundError.status,
        "TooManyRequestsException": 429,
        "GatewayTimeoutException": 504,
    }
    sent = {code: status for status, code, _ in REJECTIONS.values()}
    assert errors.items() <= sent.items()


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", JOB), ("GET", JOBS), ("GET", "/"), ("POST", "/backend/"), ("GET", f"{JOB}/more")],
)
def test_other_path_has_no_operation(method: str, path: str) -> None:
    assert find_operation(method, path) is None


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


def test_name_that_is_not_utf8_is_rejected() -> None:
    with pytest.raises(BadRequestError, match="not UTF-8"):
        _decode("/backend/d2abc/job/dev/%FF", method="GET")


def test_empty_name_is_rejected() -> None:
    with pytest.raises(BadRequestError, match=r"^JobId is required$"):
        _decode("/backend/d2abc/job/dev/", method="GET")


def test_body_cannot_override_the_path() -> None:
    assert _decode(JOBS, {"appId": "other"})["AppId"] == "d2abc"


def test_unknown_members_are_dropped() -> None:
    assert "colour" not in _decode(JOBS, {"colour": "red"})


def test_null_is_a_missing_member() -> None:
    assert "Status" not in _decode(JOBS, {"status": None})


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        (API, {}, "ResourceName is required"),
        (API, {"resourceName": ""}, "ResourceName is required"),
        (API, {"resourceName": 5}, "ResourceName must be a string"),
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
def test_invalid_member_is_named(path: str, body: dict[str, Any], message: str) -> None:
    with pytest.raises(BadRequestError, match=f"^{message}"):
        _decode(path, body)


def test_members_are_read_by_their_location_names() -> None:
    body = {"resourceName": "blog", "resourceConfig": {"transformSchema": "type A { b: ID }"}}
    assert _decode(API, body)["ResourceConfig"] == {"TransformSchema": "type A { b: ID }"}


def test_responses_use_location_names() -> None:
    jobs = [{"AppId": "d2abc", "BackendEnvironmentName": "dev", "Error": None}]
    encoded = encode(_operation("POST", JOBS).output, {"Jobs": jobs, "NextToken": None})
    assert encoded == {"jobs": [{"appId": "d2abc", "backendEnvironmentName": "dev"}]}


def test_unknown_member_in_a_response_is_a_bug() -> None:
    with pytest.raises(KeyError):
        encode(_operation("POST", JOBS).output, {"Colour": "red"})
