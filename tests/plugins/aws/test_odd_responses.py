"""Responses that no AWS service sends: one message about the response, and no second job."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from amplify_modelgen.jobs.run_target import JobFailure, TargetRequest, generate_models
from amplify_modelgen.jobs.runner import run_jobs
from amplify_modelgen.plugin import BackendError, JobEvent, Settings, Target, TransientError
from amplify_modelgen_plugins.aws import client
from amplify_modelgen_plugins.aws.backend import AwsBackend
from support.endless_replies import (
    ENDLESS,
    broken_chunks,
    endless_body,
    endless_chunks,
    endless_error,
    stalled_body,
)
from support.job_backends import MemoryPendingJobs
from support.scripted_server import ScriptedServer, response

if TYPE_CHECKING:
    from amplify_modelgen.storage.checkout_state import PendingJobs
    from support.scripted_server import MakeBackend

GENERATE = "GenerateBackendAPIModels"
JOB = {"jobId": "j1", "status": "PENDING"}
GZIP = gzip.compress(json.dumps(JOB).encode())

ODD = [
    pytest.param(response(GZIP, Content_Encoding="gzip"), "JSON", id="gzip"),
    pytest.param(response(GZIP), "JSON", id="gzip without a header"),
    pytest.param(response(b'{"jobId": "j\xff", "status": "PENDING"}'), "JSON", id="bad byte"),
    pytest.param(response(JOB, 199), "is missing", id="199"),
    pytest.param(response(r'{"jobId": "\ud800", "status": "PENDING"}'), "JSON", id="surrogate"),
    pytest.param(response({**JOB, "jobId": "j" * 1_000_000}), r"\$\.jobId", id="1 MB"),
    pytest.param(response({**JOB, "jobId": "a/../b"}), r"\$\.jobId", id="path"),
    pytest.param(response({**JOB, "jobId": "\x1b[31m"}), r"\$\.jobId", id="escape"),
    pytest.param(response({**JOB, "status": "x" * 65}), r"\$\.status", id="long status"),
    pytest.param(response({**JOB, "status": "::error::"}), r"\$\.status", id="command"),
    pytest.param(response({**JOB, "operation": "a\nb"}), r"\$\.operation", id="operation"),
    pytest.param(response('{"jobId":' * 100_000), "JSON", id="deep"),
    pytest.param(response({**JOB, "error": {"a": 1}}), r"\$\.error", id="error"),
    pytest.param(response({**JOB, "error": []}), r"\$\.error", id="empty list"),
    pytest.param(response(b"\xef\xbb\xbf{}"), "JSON", id="byte-order mark"),
]


@pytest.mark.parametrize(("reply", "message"), ODD)
def test_an_odd_response_to_a_start_is_one_message_and_not_sent_again(
    reply: bytes, message: str, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script[GENERATE] = [reply]
    with pytest.raises(BackendError, match=message) as caught:
        backend.start_job(target)
    assert type(caught.value) is BackendError
    assert caught.value.message.startswith("GenerateBackendAPIModels of blog@dev")
    assert len(caught.value.message) < 400
    assert server.count(GENERATE) == 1


@pytest.mark.parametrize(("reply", "message"), ODD)
def test_another_odd_response_may_be_requested_again(
    reply: bytes, message: str, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendJob"] = [reply]
    with pytest.raises(TransientError, match=message):
        backend.get_job(target, "j1")
    assert server.count("GetBackendJob") == 1


ERROR_BODIES: list[Any] = [
    {"__type": 5},
    {"__type": ["a"]},
    {"code": {"a": 1}, "message": 5},
    {"message": "x" * 1_000_000},
    {"resourceType": {"a": 1}},
    b"\xff\xfe",
    GZIP,
    "[" * 100_000,
    "<html>",
]


@pytest.mark.parametrize("body", ERROR_BODIES, ids=range(len(ERROR_BODIES)))
@pytest.mark.parametrize("status", [300, 302, 400, 404, 418, 500, 599])
def test_an_odd_error_response_is_known_by_its_status(
    status: int, body: Any, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendAPI"] = [response(body, status)]
    with pytest.raises(BackendError) as caught:
        backend.deployed_schema(target)
    assert "Error" not in caught.value.message
    assert len(caught.value.message) < 800


def test_members_that_are_not_used_do_not_matter(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script[GENERATE] = [response({**JOB, "createTime": 5, "more": [{}], "appId": None})]
    assert backend.start_job(target).id == "j1"


# --- without an end ------------------------------------------------------------------------------


@pytest.mark.parametrize("reply", [endless_body, endless_chunks, endless_error])
def test_a_body_without_an_end_is_bounded_in_bytes(
    reply: object,
    backend: AwsBackend,
    server: ScriptedServer,
    target: Target,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "MAX_RESPONSE_BYTES", 1_000_000)
    server.script[GENERATE] = server.script["GetBackendJob"] = [reply]
    for send in (backend.start_job, lambda target: backend.get_job(target, "j1")):
        with pytest.raises(BackendError, match="larger than 1000000 bytes") as caught:
            send(target)
        assert not isinstance(caught.value, TransientError)
    assert server.count("GetBackendJob") == 1


@pytest.mark.parametrize(
    ("reply", "message"),
    [(stalled_body, "Read timeout"), (broken_chunks, "Connection was closed")],
)
def test_a_body_that_stalls_or_breaks_may_be_requested_again(
    reply: object, message: str, make: MakeBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendAPI"] = [reply]
    with pytest.raises(TransientError, match=message):
        make(server.url, read=0.3).deployed_schema(target)


def run(target: Target, timeout: float) -> tuple[JobFailure, list[JobEvent], float]:
    events: list[JobEvent] = []
    settings = Settings(root=Path(), backend="aws", timeout=timeout)
    request = TargetRequest(target=target, sdl="type A", key="k")
    pending = cast("PendingJobs", MemoryPendingJobs())
    began = time.monotonic()
    results = run_jobs(
        [request], generate_models, AwsBackend(timeout=timeout), settings, pending, events.append
    )
    failure = results[target.name]
    assert isinstance(failure, JobFailure)
    return failure, events, time.monotonic() - began


@pytest.mark.parametrize("reply", ENDLESS)
def test_a_response_without_an_end_ends_with_the_timeout(
    reply: object, server: ScriptedServer, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    server.script["GetBackendAPI"] = [reply]
    failure, _, seconds = run(target, timeout=2.0)
    assert isinstance(failure.error, BackendError)
    assert failure.error.hint
    assert seconds < 6


def test_an_odd_response_in_a_run_is_one_message(
    server: ScriptedServer, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    server.script["GetBackendAPI"] = [response({"appId": "d1"})]
    server.script[GENERATE] = [response(GZIP, Content_Encoding="gzip")]
    failure, events, _ = run(target, timeout=60)
    assert "unexpected response format" in failure.error.message
    assert events == []
    assert server.count(GENERATE) == 1
