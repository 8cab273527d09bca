from __future__ import annotations

import io
import socket
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen_plugins.local.bounds import (
    BoundedReader,
    Bounds,
    TooLargeError,
    comes_from_loopback,
    is_loopback,
    names_loopback,
)
from serve_clients import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL = Bounds(head=10, idle=0.05, request=0.05)


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    here, there = socket.socketpair()
    with here, there:
        yield here, there


def _reader(connection: socket.socket, clock: Clock | None = None) -> BoundedReader:
    reader = BoundedReader(connection, SMALL, clock) if clock else BoundedReader(connection, SMALL)
    reader.expect()
    return reader


def test_what_comes_is_read(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[1].sendall(b"GET /\r\n")
    assert io.BufferedReader(_reader(ends[0])).readline() == b"GET /\r\n"


def test_the_end_is_seen(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[1].shutdown(socket.SHUT_WR)
    assert _reader(ends[0]).read(1) == b""


def test_more_than_the_head_may_have_is_refused(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ends[1].sendall(b"x" * 11)
    with pytest.raises(TooLargeError):
        io.BufferedReader(_reader(ends[0])).read(11)


def test_a_body_that_was_announced_is_read(ends: tuple[socket.socket, socket.socket]) -> None:
    reader = _reader(ends[0])
    reader.allow(1)
    ends[1].sendall(b"x" * 11)
    assert io.BufferedReader(reader).read(11) == b"x" * 11


def test_a_silent_client_is_given_up(ends: tuple[socket.socket, socket.socket]) -> None:
    with pytest.raises(TimeoutError):
        _reader(ends[0]).read(1)


def test_a_client_that_sends_drop_by_drop_is_given_up(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    clock = Clock()
    reader = _reader(ends[0], clock)
    ends[1].sendall(b"GE")
    reader.read(1)
    clock.forward(1)
    with pytest.raises(TimeoutError, match="in time"):
        reader.read(1)


def test_a_new_request_has_its_time_anew(ends: tuple[socket.socket, socket.socket]) -> None:
    clock = Clock()
    reader = _reader(ends[0], clock)
    ends[1].sendall(b"GE")
    reader.read(1)
    clock.forward(1)
    reader.expect()
    assert reader.read(1) == b"E"


@pytest.mark.parametrize("host", ["localhost", "a.localhost", "127.0.0.1", "127.1.2.3", "::1"])
def test_a_name_of_this_machine_is_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "::", "example.org", "localhost.org", ""])
def test_another_name_is_not_this_machine(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("header", ["localhost:80", "LOCALHOST", "127.0.0.1:80", "[::1]:80"])
def test_a_host_header_may_name_this_machine(header: str) -> None:
    assert names_loopback(header)


@pytest.mark.parametrize(
    "header",
    ["evil.example:80", "127.0.0.1.evil.example", "", "[::1", "a@evil.example", "127.0.0.1@evil"],
)
def test_a_host_header_may_name_another_machine(header: str) -> None:
    assert not names_loopback(header)


@pytest.mark.parametrize(
    ("origin", "ours"),
    [("http://localhost:3000", True), ("https://evil.example", False), ("null", False)],
)
def test_an_origin_is_of_this_machine_or_not(origin: str, ours: bool) -> None:  # noqa: FBT001
    assert comes_from_loopback(origin) is ours
