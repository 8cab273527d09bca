"""Replies for `scripted_server` that never end, come slowly, or stall."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
_CHUNKED = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
_PART = b" " * 65_536


def _repeat(start: bytes, part: bytes, pause: float = 0.0) -> Iterator[bytes]:
    yield start
    while True:
        time.sleep(pause)
        yield part


def endless_body(_: object) -> Iterator[bytes]:
    return _repeat(_HEAD + b"\r\n{", _PART)


def endless_chunks(_: object) -> Iterator[bytes]:
    return _repeat(_CHUNKED, b"10000\r\n" + _PART + b"\r\n")


def endless_trailers(_: object) -> Iterator[bytes]:
    return _repeat(_CHUNKED + b"2\r\n{}\r\n0\r\n", b"X: " + _PART[:60_000] + b"\r\n")


def endless_headers(_: object) -> Iterator[bytes]:
    return _repeat(_HEAD, b"X: " + _PART[:60_000] + b"\r\n")


def endless_continue(_: object) -> Iterator[bytes]:
    return _repeat(b"", b"HTTP/1.1 100 Continue\r\n\r\n", pause=0.01)


def endless_error(_: object) -> Iterator[bytes]:
    return _repeat(_HEAD.replace(b"200 OK", b"500 No") + b"\r\n{", _PART)


def slow_body(_: object) -> Iterator[bytes]:
    return _repeat(_HEAD + b"Content-Length: 1000000\r\n\r\n", b" ", pause=0.1)


def slow_head(_: object) -> Iterator[bytes]:
    return _repeat(_HEAD, b"X", pause=0.1)


def stalled_body(_: object) -> Iterator[bytes]:
    return _repeat(_HEAD + b"Content-Length: 1000\r\n\r\n{", b"", pause=0.1)


def broken_chunks(_: object) -> bytes:
    return _CHUNKED + b"nonsense\r\n"


ENDLESS = (
    endless_body,
    endless_chunks,
    endless_trailers,
    endless_headers,
    endless_continue,
    endless_error,
    slow_body,
    slow_head,
)
