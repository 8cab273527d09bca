"""The HTTP server, with requests that no regular client would send."""

from __future__ import annotations

import json
import shutil
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from amplify_modelgen.plugin import UsageError
from amplify_modelgen_plugins.serve import RunningServer, running_server
from amplify_modelgen_plugins.serve.operations import READ_OPERATIONS
from amplify_modelgen_plugins.serve.server import Limits
from support.serve_clients import SDL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

JOBS = "/backend/d2abc/job/dev"
SMALL = Limits(head=2000, body=1000, idle=0.3, request=0.3, connections=3)


@pytest.fixture
def server() -> Iterator[RunningServer]:
    with running_server(limits=SMALL) as server:
        server.deploy(SDL, app_id="d2abc", environment="dev", resource="blog")
        yield server


@contextmanager
def _connection(server: RunningServer) -> Iterator[socket.socket]:
    parts = urlsplit(server.url)
    assert parts.hostname is not None
    with socket.create_connection((parts.hostname, parts.port or 0), timeout=10) as connection:
        yield connection


def _read_response(connection: socket.socket) -> tuple[int, dict[str, Any]]:
    with HTTPResponse(connection) as response:
        response.begin()
        return response.status, json.loads(response.read() or b"{}")


def _send(server: RunningServer, request: bytes) -> tuple[int, dict[str, Any]]:
    with _connection(server) as connection:
        connection.sendall(request)
        return _read_response(connection)


def _post(path: str = JOBS, body: bytes = b"{}", head: bytes = b"Host: localhost\r\n") -> bytes:
    return b"POST %b HTTP/1.1\r\n%bContent-Length: %d\r\n\r\n%b" % (
        path.encode(),
        head,
        len(body),
        body,
    )


def test_query_is_ignored(server: RunningServer) -> None:
    assert _send(server, _post(f"{JOBS}?a=b")) == (200, {"jobs": []})


def test_missing_body_is_an_empty_object(server: RunningServer) -> None:
    assert _send(server, _post(body=b"")) == (200, {"jobs": []})


def test_unknown_path_is_not_found(server: RunningServer) -> None:
    status, response = _send(server, _post("/"))
    assert (status, response["resourceType"]) == (404, "Operation")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b"\xff",
        b'{"status": NaN}',
        b'{"maxResults": 1e999}',
        b'{"status": "\\ud800"}',
        b"[" * 900,
        b"null",
    ],
)
def test_body_that_is_not_a_json_object_is_rejected(server: RunningServer, body: bytes) -> None:
    status, response = _send(server, _post(body=body))
    assert status == 400
    assert response["message"].startswith("the body is not a JSON object")


def test_deeply_nested_json_is_rejected() -> None:
    with running_server() as server:
        assert _send(server, _post(body=b"[" * 500_000))[0] == 400


def test_connection_serves_many_requests(server: RunningServer) -> None:
    connection = HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    for _ in range(3):
        connection.request("POST", JOBS, b"{}")
        assert connection.getresponse().read() == b'{"jobs":[]}'
    connection.close()
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Host: evil.example\r\n", 403),
        (b"Host: localhost\r\nHost: localhost\r\n", 403),
        (b"", 403),
        (b"Host: localhost\r\nOrigin: https://evil.example\r\n", 403),
        (b"Host: localhost\r\nOrigin: http://localhost:3000\r\n", 200),
        (b"Host: [::1]:80\r\n", 200),
        (b"Host: localhost\r\nTransfer-Encoding: chunked\r\n", 411),
        (b"Host: localhost\r\nContent-Length: 2\r\n", 400),
    ],
)
def test_requests_for_other_hosts_are_rejected(
    server: RunningServer, head: bytes, status: int
) -> None:
    assert _send(server, _post(head=head))[0] == status


@pytest.mark.parametrize(
    ("length", "status"),
    [(b"-1", 400), (b"+1", 400), (b"1_0", 400), (b"\xb2", 400), (b"1001", 413), (b"9" * 99, 413)],
)
def test_invalid_content_length_is_rejected(
    server: RunningServer, length: bytes, status: int
) -> None:
    request = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %b\r\n\r\n" % length
    assert _send(server, request)[0] == status


def test_expect_100_continue(server: RunningServer) -> None:
    head, _, body = _post(head=b"Host: localhost\r\nExpect: 100-continue\r\n").partition(b"{")
    with _connection(server) as connection:
        connection.sendall(head)
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"{" + body)
        assert _read_response(connection)[0] == 200


def test_large_body_is_rejected_before_it_is_sent(server: RunningServer) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\n"
    assert _send(server, head)[0] == 413


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /%b HTTP/1.1\r\n\r\n" % (b"x" * 9000), 431),
        (b"GET / HTTP/1.1\r\n%b\r\n" % (b"X-Filler: x\r\n" * 200), 431),
        (b"GET / HTTP/9.9\r\n\r\n", 505),
        (b"nonsense\r\n\r\n", 400),
        (b"PUT / HTTP/1.1\r\nHost: localhost\r\n\r\n", 501),
    ],
)
def test_invalid_http_is_rejected(server: RunningServer, request_: bytes, status: int) -> None:
    assert _send(server, request_)[0] == status


def test_response_to_head_has_no_body(server: RunningServer) -> None:
    with _connection(server) as connection:
        connection.sendall(b"HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        received = b""
        while piece := connection.recv(1000):
            received += piece
    assert received.endswith(b"\r\n\r\n")


def test_incomplete_body_closes_the_connection(server: RunningServer) -> None:
    with _connection(server) as connection:
        connection.sendall(_post(body=b"{}")[:-1])
        assert connection.recv(1) == b""


def test_disconnected_client_is_not_logged(
    server: RunningServer, capfd: pytest.CaptureFixture[str]
) -> None:
    with _connection(server) as connection:
        connection.sendall(_post(body=b"{}")[:-1])
    assert _send(server, _post())[0] == 200
    assert capfd.readouterr().err == ""


def test_silent_client_times_out(server: RunningServer) -> None:
    with _connection(server) as connection:
        assert connection.recv(1) == b""


@pytest.mark.parametrize("sent", [b"", b"POST / HTTP/1.1\r\n", _post(body=b"x" * 900)[:-900]])
@pytest.mark.parametrize("before", [b"", _post()], ids=["first", "second"])
def test_client_that_sends_single_bytes_times_out(
    server: RunningServer, before: bytes, sent: bytes
) -> None:
    """Each byte arrives before the timeout of a read, but the request does not."""
    with _connection(server) as connection:
        if before:
            connection.sendall(before)
            assert _read_response(connection)[0] == 200
        connection.sendall(sent)
        began = time.monotonic()
        _send_single_bytes(connection, 5.0)
        assert SMALL.request <= time.monotonic() - began + 0.05 < 2.0
    _wait_until(lambda: not server.connections)


def _send_single_bytes(connection: socket.socket, seconds: float) -> None:
    """Send single bytes until the server closes the connection."""
    connection.settimeout(0.02)
    deadline = time.monotonic() + seconds
    with suppress(ConnectionError):
        while time.monotonic() < deadline:
            connection.sendall(b"x")
            with suppress(TimeoutError):
                if not connection.recv(1):
                    return


def test_client_that_does_not_read_times_out() -> None:
    # One timeout takes a second; retries would take three.
    bounds = Limits(request=1.0)
    with running_server(limits=bounds, faults=[f"answer={'x' * 20_000_000}"]) as server:
        with _connection(server) as connection:
            connection.sendall(_post())
            _wait_until(lambda: len(server.requests) == 1)
            started = time.monotonic()
            _wait_until(lambda: not server.connections)
            assert len(connection.recv(100)) == 100
        assert 0.5 < time.monotonic() - started < 2


def test_connections_above_the_limit_are_rejected(server: RunningServer) -> None:
    with _connection(server), _connection(server), _connection(server):
        assert _send(server, b"") == (503, {})


def test_closed_connections_are_not_counted(server: RunningServer) -> None:
    for _ in range(10):
        assert _send(server, _post())[0] == 200
        _wait_until(lambda: not server.connections)


def test_load_leaves_no_threads() -> None:
    before = threading.active_count()
    with running_server() as server:
        with ThreadPoolExecutor(32) as pool:
            statuses = list(pool.map(lambda _: _send(server, _post())[0], range(500)))
        assert statuses == [404] * 500
        _wait_until(lambda: not server.connections)
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_running_request_is_answered_at_shutdown() -> None:
    with ThreadPoolExecutor(1) as pool:
        with running_server(faults=["slow=0.3"]) as server:
            asked = pool.submit(_send, server, _post("/backend/d2abc/job/dev"))
            _wait_until(lambda: len(server.requests) == 1)
        assert asked.result()[0] == 404


def test_bug_in_a_connection_is_logged(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(server, "on_request", lambda *_: 1 / 0)
    assert _send(server, _post())[0] == 200
    _wait_until(lambda: "ZeroDivisionError" in caplog.text)


def test_closed_error_stream_is_not_logged(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def on_request(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(server, "on_request", on_request)
    with _connection(server) as connection:
        connection.sendall(_post())
        assert _read_response(connection)[0] == 200
        assert connection.recv(1) == b""
    assert caplog.text == ""


def test_bug_fails_one_request(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(READ_OPERATIONS, "ListBackendJobs", lambda *_: 1 / 0)
    assert _send(server, _post())[0] == 500
    assert "ZeroDivisionError" in caplog.text


def test_database_error_is_reported(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    with running_server(database=str(tmp_path / "state" / "backend.json")) as server:
        shutil.rmtree(tmp_path / "state")
        body = b'{"appName": "Blog", "backendEnvironmentName": "dev", "appId": "d2abc"}'
        status, response = _send(server, _post("/backend", body))
    assert status == 500
    assert "the database of serve failed" in response["message"]


def test_used_port_is_rejected(server: RunningServer) -> None:
    port = urlsplit(server.url).port or 0
    with pytest.raises(UsageError, match=f"cannot listen on 127.0.0.1, port {port}"):
        running_server(port=port).__enter__()


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not _has_ipv6(), reason="this machine has no IPv6")
def test_server_listens_on_ipv6_loopback() -> None:
    with running_server(host="::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert _send(server, _post())[0] == 404
