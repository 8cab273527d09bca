"""What one client may ask of the server: how much, how slowly, and under which name."""

from __future__ import annotations

import io
import time
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from _typeshed import WriteableBuffer


class Bounds(Struct, frozen=True, kw_only=True):
    """Sizes in bytes, times in seconds.

    `idle` is how long a connection may wait for its next request, `request` how long a request
    may take to come in whole, from its first byte.
    """

    head: int = 64 * 1024
    body: int = 10 * 1024 * 1024
    idle: float = 60.0
    request: float = 20.0
    connections: int = 256


class TooLargeError(Exception):
    """A client sent more than it may."""


class BoundedReader(io.RawIOBase):
    """The bytes of a connection, as many and as fast as `expect` and `allow` say.

    Reading raises `TimeoutError` where they come too slowly, one byte at a time included, and
    `TooLargeError` where there are too many.
    """

    def __init__(
        self, connection: socket.socket, bounds: Bounds, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._connection = connection
        self._bounds = bounds
        self._clock = clock
        self._left = 0
        self._deadline: float | None = None

    def expect(self) -> None:
        """Wait for a new request, of whose head nothing has come yet."""
        self._left = self._bounds.head
        self._deadline = None

    def allow(self, size: int) -> None:
        """Take `size` bytes more: the body that the head has announced."""
        self._left += size

    def readable(self) -> bool:
        """Return True, as the interface of raw streams wants it."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read what has come, at most what `buffer` holds; 0 at the end."""
        if self._left <= 0:
            raise TooLargeError
        room = memoryview(buffer).cast("B")[: self._left]
        self._connection.settimeout(self._patience())
        size = self._connection.recv_into(room)
        self._left -= size
        if self._deadline is None:
            self._deadline = self._clock() + self._bounds.request
        return size

    def _patience(self) -> float:
        if self._deadline is None:
            return self._bounds.idle
        left = self._deadline - self._clock()
        if left <= 0:
            message = "the request did not come in whole in time"
            raise TimeoutError(message)
        return left


def is_loopback(host: str) -> bool:
    """Whether a host's name or address can only mean this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def names_loopback(host_header: str) -> bool:
    """Whether a Host header, `name` or `name:port`, names this machine.

    A page of another site that has its own name resolved to 127.0.0.1 sends that name here.
    """
    return _host_is_loopback(f"//{host_header}")


def comes_from_loopback(origin: str) -> bool:
    """Whether an Origin header is of a page of this machine."""
    return _host_is_loopback(origin)


def _host_is_loopback(url: str) -> bool:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return False
    return host is not None and is_loopback(host)
