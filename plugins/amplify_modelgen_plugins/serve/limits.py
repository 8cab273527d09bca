"""Request limits and Host/Origin checks."""

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


class Limits(Struct, frozen=True, kw_only=True):
    """Limits of a server. Sizes are in bytes, times in seconds.

    `idle` is how long a connection may wait for its next request, `request` how long a request
    may take from its first to its last byte, and a response from its first to its last packet.
    """

    head: int = 64 * 1024
    body: int = 10 * 1024 * 1024
    idle: float = 60.0
    request: float = 20.0
    connections: int = 256


class RequestTooLargeError(Exception):
    """A client sent more than the limit."""


class LimitedReader(io.RawIOBase):
    """The bytes of a connection, within the limits of a request.

    Reading raises `TimeoutError` if the request takes too long as a whole, even if each byte
    arrives in time, and `RequestTooLargeError` if it is too large.
    """

    def __init__(
        self, connection: socket.socket, limits: Limits, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._connection = connection
        self._limits = limits
        self._clock = clock
        self._remaining = 0
        self._deadline: float | None = None

    def start_request(self) -> None:
        """Reset the limits for the head of a new request."""
        self._remaining = self._limits.head
        self._deadline = None

    def allow(self, size: int) -> None:
        """Accept `size` more bytes: the body that the head announced."""
        self._remaining += size

    def readable(self) -> bool:
        """Return True: `io.BufferedReader` requires it."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read what has arrived into `buffer`; return its size, 0 at the end."""
        if self._remaining <= 0:
            raise RequestTooLargeError
        view = memoryview(buffer).cast("B")[: self._remaining]
        self._connection.settimeout(self._timeout())
        size = self._connection.recv_into(view)
        self._remaining -= size
        if self._deadline is None:
            self._deadline = self._clock() + self._limits.request
        return size

    def _timeout(self) -> float:
        if self._deadline is None:
            return self._limits.idle
        remaining = self._deadline - self._clock()
        if remaining <= 0:
            raise TimeoutError("the request was not complete in time")
        return remaining


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_loopback_url(url: str) -> bool:
    """Whether a URL, such as an Origin header or `//` and a Host header, names this machine.

    Prevents DNS rebinding: a site whose name resolves to 127.0.0.1 sends that name here.
    """
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return False
    return host is not None and is_loopback(host)
