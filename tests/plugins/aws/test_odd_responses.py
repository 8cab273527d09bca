"""Responses that no AWS service sends: one message about the response, and no second job."""

from __future__ import annotations

import gzip
import json
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import create_server
from typing import TYPE_CHECKING, Any, cast

import pytest

from amplify_modelgen.jobs.run_target import JobFailure, TargetRequest, generate_models
from amplify_modelgen.jobs.runner import run_jobs
from amplify_modelgen.plugin import BackendError, JobEvent, Settings, Target, TransientError
from amplify_modelgen_plugins.aws import client
from amplify_modelgen_plugins.aws.backend import AwsBackend
from amplify_modelgen_plugins.aws.service_errors import Timeouts
from support.job_backends import MemoryPendingJobs
from support.scripted_server import ScriptedServer, response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from socket import socket

    from amplify_modelgen.storage.pending_jobs import PendingJobs

GENERATE = "GenerateBackendAPIModels"
JOB = {"jobId": "j1", "status": "PENDING"}
GZIP = gzip.compress(json.dumps(JOB).encode())

FINAL = [
    pytest.param(response(GZIP, Content_Encoding="gzip"), "compressed .gzip", id="gzip"),
    pytest.param(response(GZIP), "not UTF-8", id="gzip without a header"),
    pytest.param(response(b'{"jobId": "j\xff", "status": "PENDING"}'), "not UTF-8", id="bad byte"),
    pytest.param(response(JOB, 600), "HTTP status 600", id="600"),
    pytest.param(response(JOB, 999), "HTTP status 999", id="999"),
    pytest.param(response(JOB, 199), "HTTP status 199", id="199"),
]
ODD = [
    pytest.param(response(r'{"jobId": "\ud800", "status": "PENDING"}'), "JSON", id="surrogate"),
    pytest.param(response({**JOB, "jobId": "j" * 1_000_000}), "JobId is not an id", id="1 MB"),
    pytest.param(response({**JOB, "jobId": "a/../b"}), "JobId is not an id", id="path"),
    pytest.param(response({**JOB, "jobId": "\x1b[31m"}), "JobId is not an id", id="escape"),
    pytest.param(response({**JOB, "status": "x" * 65}), "Status is not a word", id="long status"),
    pytest.param(response({**JOB, "status": "::error::"}), "Status is not a word", id="command"),
    pytest.param(response({**JOB, "operation": "a\nb"}), "Operation is not a word", id="operation"),
    pytest.param(response('{"jobId":' * 100_000), "JSON", id="deep"),
    pytest.param(response({**JOB, "error": {"a": 1}}), "Error is not a string", id="error"),
    pytest.param(response({**JOB, "error": []}), "Error is not a string", id="empty list"),
    pytest.param(response(b"\xef\xbb\xbf{}"), "JSON", id="byte-order mark"),
]


@pytest.mark.parametrize(("reply", "message"), [*FINAL, *ODD])
def test_an_odd_response_to_a_start_is_one_message_and_not_sent_again(
    reply: bytes, message: str, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script[GENERATE] = [reply]
    with pytest.raises(BackendError, match=message) as caught:
        backend.start_job(target)
    assert type(caught.value) is BackendError
    assert caught.value.message.startswith("unexpected response format for GenerateBackendAPI")
    assert len(caught.value.message) < 400
    assert server.count(GENERATE) == 1


@pytest.mark.parametrize(("reply", "message"), FINAL)
def test_a_response_that_stays_odd_is_not_requested_again(
    reply: bytes, message: str, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendJob"] = [reply]
    with pytest.raises(BackendError, match=message) as caught:
        backend.get_job(target, "j1")
    assert not isinstance(caught.value, TransientError)
    assert server.count("GetBackendJob") == 1


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


@contextmanager
def endless_server(serve: Callable[[socket, threading.Event], None]) -> Iterator[str]:
    """Run `serve` for each connection until the block ends."""
    stopped = threading.Event()
    listener = create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def work(connection: socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65_536)
            serve(connection, stopped)

    def accept() -> None:
        with suppress(OSError):
            while not stopped.is_set():
                threads.append(threading.Thread(target=work, args=(listener.accept()[0],)))
                threads[-1].start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stopped.set()
        with suppress(OSError):
            listener.shutdown(2)
        listener.close()
        for thread in (accepting, *threads):
            thread.join(10)


HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"


def endless_body(connection: socket, stopped: threading.Event) -> None:
    connection.sendall(HEAD + b"\r\n{")
    while not stopped.is_set():
        connection.sendall(b" " * 65_536)


def endless_chunks(connection: socket, stopped: threading.Event) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while not stopped.is_set():
        connection.sendall(b"10000\r\n" + b" " * 65_536 + b"\r\n")


def slow_body(connection: socket, stopped: threading.Event) -> None:
    connection.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n")
    while not stopped.wait(0.1):
        connection.sendall(b" ")


def slow_head(connection: socket, stopped: threading.Event) -> None:
    connection.sendall(HEAD)
    while not stopped.wait(0.1):
        connection.sendall(b"X")


def endless_continue(connection: socket, stopped: threading.Event) -> None:
    while not stopped.wait(0.01):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


def endless_headers(connection: socket, stopped: threading.Event) -> None:
    connection.sendall(HEAD)
    while not stopped.is_set():
        connection.sendall(b"X: " + b"x" * 60_000 + b"\r\n")


@pytest.mark.parametrize("serve", [endless_body, endless_chunks])
def test_a_body_without_an_end_is_bounded_in_bytes(
    serve: Callable[[socket, threading.Event], None],
    target: Target,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "MAX_RESPONSE_BYTES", 1_000_000)
    with endless_server(serve) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        with pytest.raises(BackendError, match="larger than 1000000 bytes") as caught:
            AwsBackend().start_job(target)
        assert not isinstance(caught.value, TransientError)


def stalled_body(connection: socket, stopped: threading.Event) -> None:
    connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n{")
    stopped.wait(30)


def broken_chunks(connection: socket, stopped: threading.Event) -> None:
    del stopped
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\nnonsense\r\n")


@pytest.mark.parametrize(
    ("serve", "message"),
    [(stalled_body, "did not answer .* within 0.3 s"), (broken_chunks, "closed the connection")],
)
def test_a_body_that_stalls_or_breaks_may_be_requested_again(
    serve: Callable[[socket, threading.Event], None],
    message: str,
    target: Target,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with endless_server(serve) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        with pytest.raises(TransientError, match=message):
            AwsBackend(timeouts=Timeouts(connect=1.0, read=0.3)).deployed_schema(target)


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


ENDLESS = [slow_body, slow_head, endless_continue, endless_headers, endless_body]


@pytest.mark.parametrize("serve", ENDLESS)
def test_a_response_without_an_end_ends_with_the_timeout(
    serve: Callable[[socket, threading.Event], None],
    target: Target,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with endless_server(serve) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
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
    assert "compressed" in failure.error.message
    assert events == []
    assert server.count(GENERATE) == 1
