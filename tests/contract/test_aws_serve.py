"""The backend `aws` against the embedded server: the same calls, jobs and faults as users have."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen import BackendError, ModelgenError, Target, TransientError
from amplify_modelgen_plugins.aws import AwsBackend
from amplify_modelgen_plugins.aws.clients import Timeouts
from amplify_modelgen_plugins.local import LocalBackend, RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SDL = "type Post @model { id: ID! title: String! }\n"
TARGET = Target(app_id="d1", environment="dev", resource="blog", region="us-east-1")
GENERATE = "GenerateBackendAPIModels"


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let botocore not wait between its attempts."""
    monkeypatch.setattr("botocore.endpoint.time", _Still())


class _Still:
    def __getattr__(self, name: str) -> Callable[..., object]:
        return getattr(time, name) if name != "sleep" else lambda _seconds: None


@contextmanager
def serving(
    monkeypatch: pytest.MonkeyPatch, *faults: str, job_time: float = 0.0
) -> Iterator[tuple[AwsBackend, RunningServer]]:
    with running_server(job_time=job_time, faults=faults) as server:
        server.deploy(SDL, app_id="d1", environment="dev", resource="blog")
        monkeypatch.setenv("AWS_ENDPOINT_URL_AMPLIFYBACKEND", server.url)
        timeouts = Timeouts(connect=2.0, read=0.5)
        backend = AwsBackend(timeouts=timeouts, pause=lambda _seconds: None)
        try:
            yield backend, server
        finally:
            backend.close()


def starts(server: RunningServer) -> int:
    return sum(request.operation == GENERATE for request in server.requests)


def test_the_way_from_schema_to_models(monkeypatch: pytest.MonkeyPatch) -> None:
    local = LocalBackend()
    local.push_schema(TARGET, SDL)
    local.start(TARGET)
    with serving(monkeypatch) as (backend, _):
        assert backend.deployed_schema(TARGET) == SDL
        started = backend.start(TARGET)
        assert started.id
        assert backend.job(TARGET, started.id).status == "COMPLETED"
        models = backend.models(TARGET)
        assert models == local.models(TARGET)
        assert models.status == local.models(TARGET).status == "LATEST"


def test_a_pushed_schema_is_deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch) as (backend, _):
        job = backend.push_schema(TARGET, SDL.replace("Post", "Note"))
        assert job.operation == "UpdateBackendAPI"
        assert backend.deployed_schema(TARGET) == SDL.replace("Post", "Note")


def test_a_job_that_takes_time_is_seen_running(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, job_time=60.0) as (backend, _):
        started = backend.start(TARGET)
        assert started.id
        assert not backend.job(TARGET, started.id).ended


LOST = ["late", "hang=2", "short", "cut", "close", "html", "empty", "half"]


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("job_time", [0.0, 60.0])
def test_a_lost_start_is_adopted(
    fault: str, job_time: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = f"{GENERATE}:{fault},times=1"
    with serving(monkeypatch, rule, job_time=job_time) as (backend, server):
        before = backend.start(TARGET) if job_time else None
        job = backend.start(TARGET)
        assert job.operation == GENERATE
        assert job.id != (before.id if before else None)
        assert starts(server) == (2 if before else 1)


@pytest.mark.parametrize("fault", ["late", "close"])
def test_a_lost_push_is_adopted(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, f"UpdateBackendAPI:{fault},times=1") as (backend, _):
        assert backend.push_schema(TARGET, SDL).operation == "UpdateBackendAPI"


@pytest.mark.parametrize("fault", ["drop", "timeout", "status=502"])
def test_a_start_that_never_began_is_neither_repeated_nor_taken_for_one(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch, f"{GENERATE}:{fault}") as (backend, server):
        with pytest.raises(BackendError, match="no job of it is to be found") as caught:
            backend.start(TARGET)
        assert not isinstance(caught.value, TransientError)
        assert starts(server) == 1


@pytest.mark.parametrize(
    "fault", ["throttle=2", "timeout=2", "drop=2", "close=2", "hang=2,times=2"]
)
def test_a_read_gets_through_after_two_faults(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, f"GetBackendAPI:{fault}") as (backend, _):
        assert backend.deployed_schema(TARGET) == SDL


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("denied", "access to GetBackendAPIModels of .* is denied"),
        ("expired", "have expired"),
        ("missing", "found nothing there"),
        ("invalid", "as a bad request"),
        ("throttle", "throttles GetBackendAPIModels"),
        ("timeout", "gateway timeout"),
        ("html", "cannot be read"),
        ("empty", "cannot be read"),
        ("half", "cannot be read"),
        ("short", "GetBackendAPIModels"),
        ("cut", "GetBackendAPIModels"),
        ("close", "closed the connection"),
        ("hang=2", "did not answer GetBackendAPIModels of .* within 0.5 s"),
        ("without=Models", "AWS has made none yet"),
        ('answer={"models": "[]"}', "of Models, it is neither"),
    ],
)
def test_models_behind_a_fault_are_one_clear_error(
    fault: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch, f"GetBackendAPIModels:{fault}") as (backend, _):
        backend.start(TARGET)
        with pytest.raises(ModelgenError, match=says) as caught:
            backend.models(TARGET)
        assert caught.value.hint


def test_models_without_introspection(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = "GetBackendAPIModels:without=ModelIntrospectionSchema"
    with serving(monkeypatch, rule) as (backend, _):
        backend.start(TARGET)
        assert backend.models(TARGET).introspection is None


def test_a_job_that_fails_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, f"{GENERATE}:fail=out of luck") as (backend, _):
        job = backend.start(TARGET)
        assert job.id
        assert backend.job(TARGET, job.id).error == "out of luck"


def test_work_without_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, f"{GENERATE}:nojob") as (backend, _):
        job = backend.start(TARGET)
        assert (job.id, job.status) == (None, "COMPLETED")


def test_a_good_answer_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, f"{GENERATE}:error=half of it") as (backend, _):
        assert backend.start(TARGET).error == "half of it"


def test_models_that_are_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, "stale") as (backend, _):
        backend.start(TARGET)
        assert backend.models(TARGET).status == "STALE"
