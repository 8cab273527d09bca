from __future__ import annotations

import io
import socket
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen_plugins.serve.server import (
    LimitedReader,
    Limits,
    RefusedError,
    is_loopback,
    is_loopback_url,
)
from support.serve_clients import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL = Limits(head=10, idle=0.05, request=0.05)


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    here, there = socket.socketpair()
    with here, there:
        yield here, there


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("amplify_modelgen_plugins.serve.server.time.monotonic", clock)
    return clock


def _reader(connection: socket.socket) -> LimitedReader:
    reader = LimitedReader(connection, SMALL)
    reader.start_request()
    return reader


def test_data_is_read(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[1].sendall(b"GET /\r\n")
    assert io.BufferedReader(_reader(ends[0])).readline() == b"GET /\r\n"


def test_end_is_reported(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[1].shutdown(socket.SHUT_WR)
    assert _reader(ends[0]).read(1) == b""


def test_head_above_the_limit_is_rejected(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ends[1].sendall(b"x" * 11)
    with pytest.raises(RefusedError, match="too large"):
        io.BufferedReader(_reader(ends[0])).read(11)


def test_announced_body_is_read(ends: tuple[socket.socket, socket.socket]) -> None:
    reader = _reader(ends[0])
    reader.allow(1)
    ends[1].sendall(b"x" * 11)
    assert io.BufferedReader(reader).read(11) == b"x" * 11


def test_silent_client_times_out(ends: tuple[socket.socket, socket.socket]) -> None:
    with pytest.raises(TimeoutError):
        _reader(ends[0]).read(1)


def test_client_that_sends_single_bytes_times_out(
    ends: tuple[socket.socket, socket.socket], clock: Clock
) -> None:
    reader = _reader(ends[0])
    ends[1].sendall(b"GE")
    reader.read(1)
    clock.forward(1)
    with pytest.raises(TimeoutError, match="in time"):
        reader.read(1)


def test_each_request_has_a_new_deadline(
    ends: tuple[socket.socket, socket.socket], clock: Clock
) -> None:
    reader = _reader(ends[0])
    ends[1].sendall(b"GE")
    reader.read(1)
    clock.forward(1)
    reader.start_request()
    assert reader.read(1) == b"E"


@pytest.mark.parametrize("host", ["localhost", "a.localhost", "127.0.0.1", "127.1.2.3", "::1"])
def test_loopback_host(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "::", "example.org", "localhost.org", ""])
def test_other_host_is_not_loopback(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("header", ["localhost:80", "LOCALHOST", "127.0.0.1:80", "[::1]:80"])
def test_host_header_of_this_machine(header: str) -> None:
    assert is_loopback_url(f"//{header}")


@pytest.mark.parametrize(
    "header",
    ["evil.example:80", "127.0.0.1.evil.example", "", "[::1", "a@evil.example", "127.0.0.1@evil"],
)
def test_host_header_of_another_machine(header: str) -> None:
    assert not is_loopback_url(f"//{header}")


@pytest.mark.parametrize(
    ("origin", "is_local"),
    [("http://localhost:3000", True), ("https://evil.example", False), ("null", False)],
)
def test_origin(origin: str, is_local: bool) -> None:  # noqa: FBT001
    assert is_loopback_url(origin) is is_local
