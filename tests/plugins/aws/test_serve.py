"""The backend `aws` against `serve`: the same calls, jobs and faults that users have."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.plugin import BackendError, ModelgenError, Target, TransientError
from amplify_modelgen_plugins.aws.backend import AwsBackend
from amplify_modelgen_plugins.local import LocalBackend
from amplify_modelgen_plugins.serve import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

SDL = "type Post @model { id: ID! title: String! }\n"
TARGET = Target(app_id="d1", environment="dev", resource="blog", region="us-east-1")
GENERATE = "GenerateBackendAPIModels"


@contextmanager
def serving(
    monkeypatch: pytest.MonkeyPatch, *faults: str, job_time: float = 0.0
) -> Iterator[tuple[AwsBackend, RunningServer]]:
    with running_server(job_time=job_time, faults=faults) as server:
        server.deploy(SDL, app_id="d1", environment="dev", resource="blog")
        monkeypatch.setenv("AWS_ENDPOINT_URL_AMPLIFYBACKEND", server.url)
        backend = AwsBackend(timeout=3.0)
        try:
            yield backend, server
        finally:
            backend.close()


def count(server: RunningServer, operation: str) -> int:
    return sum(request.operation == operation for request in server.requests)


def test_from_schema_to_models(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = LocalBackend().generate(TARGET, SDL, frozenset({"introspection", "datastore"}))
    with serving(monkeypatch) as (backend, _):
        assert backend.deployed_schema(TARGET) == SDL
        started = backend.start_job(TARGET)
        assert started.id
        assert backend.get_job(TARGET, started.id).status == "COMPLETED"
        remote = backend.get_models(TARGET)
        assert remote.status == "LATEST"
        assert remote.models.introspection == expected.introspection
        assert remote.models.datastore == expected.datastore


def test_a_pushed_schema_is_deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch) as (backend, _):
        job = backend.push_schema(TARGET, SDL.replace("Post", "Note"))
        assert job.operation == "UpdateBackendAPI"
        assert backend.deployed_schema(TARGET) == SDL.replace("Post", "Note")


def test_a_job_that_takes_time_is_seen_running(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, job_time=60.0) as (backend, _):
        started = backend.start_job(TARGET)
        assert started.id
        assert not backend.get_job(TARGET, started.id).is_finished


UNKNOWN_OUTCOME = ["late", "hang=2", "cut", "close", "drop", "timeout", "status=502"]
GARBAGE = ["html", "empty", "half", "short"]


@pytest.mark.parametrize("fault", UNKNOWN_OUTCOME)
def test_a_generation_whose_outcome_is_unknown_may_be_started_again(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch, f"{GENERATE}:{fault},times=1") as (backend, server):
        with pytest.raises(TransientError):
            backend.start_job(TARGET)
        # The server records a request that it does not answer later.
        assert count(server, GENERATE) <= 1
        assert backend.start_job(TARGET).operation == GENERATE


@pytest.mark.parametrize("fault", GARBAGE)
def test_a_generation_with_a_malformed_response_is_not_started_again(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch, f"{GENERATE}:{fault}") as (backend, server):
        with pytest.raises(BackendError, match="unexpected response format") as caught:
            backend.start_job(TARGET)
        assert not isinstance(caught.value, TransientError)
        assert count(server, GENERATE) == 1


@pytest.mark.parametrize("fault", [*UNKNOWN_OUTCOME, *GARBAGE])
def test_a_push_is_never_sent_again(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, f"UpdateBackendAPI:{fault}") as (backend, server):
        with pytest.raises(BackendError) as caught:
            backend.push_schema(TARGET, SDL)
        assert not isinstance(caught.value, TransientError)
        assert "may have been pushed" in (caught.value.hint or "")
        assert count(server, "UpdateBackendAPI") <= 1


def test_a_push_that_was_throttled_may_be_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, "UpdateBackendAPI:throttle,times=1") as (backend, _):
        with pytest.raises(TransientError):
            backend.push_schema(TARGET, SDL)
        assert backend.push_schema(TARGET, SDL).operation == "UpdateBackendAPI"


@pytest.mark.parametrize(
    "fault", ["throttle=2", "timeout=2", "drop=2", "close=2", "hang=2,times=2"]
)
def test_a_read_gets_through_after_two_faults(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, f"GetBackendAPI:{fault}") as (backend, _):
        assert backend.deployed_schema(TARGET) == SDL


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("denied", "GetBackendAPIModels .* failed: AccessDeniedException: the caller may not"),
        ("expired", "ExpiredTokenException: the security token"),
        ("missing", "NotFoundException: the resource of the request"),
        ("invalid", "BadRequestException: invalid request"),
        ("throttle", "TooManyRequestsException: too many requests"),
        ("timeout", "GatewayTimeoutException: the service took too long"),
        ("html", "unexpected response format"),
        ("empty", "unexpected response format"),
        ("half", "unexpected response format"),
        ("short", "GetBackendAPIModels"),
        ("cut", "GetBackendAPIModels"),
        ("close", "Connection was closed before we received a valid response"),
        ("hang=2", "GetBackendAPIModels of .* failed: Read timeout on endpoint URL"),
        ("without=Models", "no models have been generated yet"),
        ('answer={"models": "[]"}', "unusable Models: it is not a JSON object"),
    ],
)
def test_a_fault_is_one_clear_error(fault: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, f"GetBackendAPIModels:{fault}") as (backend, _):
        backend.start_job(TARGET)
        with pytest.raises(ModelgenError, match=says) as caught:
            backend.get_models(TARGET)
        assert caught.value.hint


def test_models_without_introspection(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = "GetBackendAPIModels:without=ModelIntrospectionSchema"
    with serving(monkeypatch, rule) as (backend, _):
        backend.start_job(TARGET)
        assert backend.get_models(TARGET).models.introspection is None


def test_a_job_that_fails_has_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, f"{GENERATE}:fail=out of luck") as (backend, _):
        job = backend.start_job(TARGET)
        assert job.id
        assert backend.get_job(TARGET, job.id).error == "out of luck"


def test_work_without_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, f"{GENERATE}:nojob") as (backend, _):
        job = backend.start_job(TARGET)
        assert (job.id, job.status) == (None, "COMPLETED")


def test_a_good_response_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, f"{GENERATE}:error=half of it") as (backend, _):
        assert backend.start_job(TARGET).error == "half of it"


def test_models_that_are_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, "stale") as (backend, _):
        backend.start_job(TARGET)
        assert backend.get_models(TARGET).status == "STALE"
