"""The server: one thread for each connection, bounded in number, stopped with good manners."""

from __future__ import annotations

import logging
import os
import socket
import sys
import time
from contextlib import contextmanager, suppress
from socketserver import TCPServer, ThreadingMixIn
from threading import Lock, Thread
from typing import TYPE_CHECKING, Self

from amplify_modelgen import UsageError

from .bounds import Bounds
from .handler import Handler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from .dispatch import Dispatcher
    from .replies import Reply

    Request = socket.socket | tuple[bytes, socket.socket]

# How long requests that are under way may take to end when the server stops, in seconds.
GRACE = 2.0
# How long the server may take to notice that it is to stop, in seconds.
_NOTICE = 0.05
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

_LOG = logging.getLogger(__name__)


class Server(ThreadingMixIn, TCPServer):
    """Serves `dispatcher` on `address`, from `start` to `stop`; also a context manager.

    `tell` is called once a request is answered, with its method, raw path, reply and the seconds
    it took. With `trusts_any_host` the Host header is not looked at. Raises `UsageError` where
    the address cannot be had.
    """

    # On Windows the option means that another program may take the port over.
    allow_reuse_address = os.name == "posix"
    daemon_threads = True
    request_queue_size = 256

    def __init__(
        self,
        address: tuple[str, int],
        dispatcher: Dispatcher,
        *,
        bounds: Bounds | None = None,
        trusts_any_host: bool = False,
        tell: Callable[[str, str, Reply, float], None] = lambda *_: None,
    ) -> None:
        self.dispatcher = dispatcher
        self.bounds = bounds or Bounds()
        self.trusts_any_host = trusts_any_host
        self.tell = tell
        self._busy: dict[Request, bool] = {}
        self._lock = Lock()
        self._thread = Thread(target=self.serve_forever, args=(_NOTICE,), name="serve")
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        try:
            super().__init__(address, Handler)
        except (OSError, OverflowError) as error:
            message = f"cannot listen on {address[0]}, port {address[1]}: {error}"
            raise UsageError(message, hint="leave --port out to get a free one") from error

    @property
    def url(self) -> str:
        """The endpoint to give to clients."""
        host, port = str(self.server_address[0]), self.server_address[1]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    @property
    def stopping(self) -> bool:
        """Whether connections are to end after the request that they are at."""
        return self.dispatcher.stopping.is_set()

    @property
    def connections(self) -> int:
        """How many connections are open now."""
        return len(self._busy)

    def start(self) -> None:
        """Begin to answer, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more connections, let requests under way end for a moment, then end all."""
        self.dispatcher.stopping.set()
        self.shutdown()
        self._thread.join()
        self.server_close()
        self._end(lambda busy: not busy)
        self._wait()
        self._end(lambda _: True)
        self._wait()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    @contextmanager
    def busy(self, connection: socket.socket) -> Iterator[None]:
        """Mark that a request of this connection is under way."""
        self._busy[connection] = True
        try:
            yield
        finally:
            self._busy[connection] = False

    def process_request(self, request: Request, client_address: object) -> None:
        """Hand a new connection to a thread, or turn it away where there are too many."""
        with self._lock:
            full = len(self._busy) >= self.bounds.connections
            if not full:
                self._busy[request] = False
        if full:
            _turn_away(request)
            self.shutdown_request(request)
        else:
            super().process_request(request, client_address)

    def close_request(self, request: Request) -> None:
        """Close a connection, and count it no more."""
        super().close_request(request)
        with self._lock:
            self._busy.pop(request, None)

    def handle_error(self, request: Request, client_address: object) -> None:
        """Log a bug; that a client went away is none."""
        del request
        if not isinstance(sys.exception(), OSError):
            _LOG.exception("a connection from %s failed", client_address)

    def _end(self, chosen: Callable[[bool], bool]) -> None:
        with self._lock:
            connections = [request for request, busy in self._busy.items() if chosen(busy)]
        for connection in connections:
            with suppress(OSError):
                _socket_of(connection).shutdown(socket.SHUT_RDWR)

    def _wait(self) -> None:
        deadline = time.monotonic() + GRACE
        while self._busy and time.monotonic() < deadline:
            time.sleep(_NOTICE / 5)


def _socket_of(request: Request) -> socket.socket:
    return request[1] if isinstance(request, tuple) else request


def _turn_away(request: Request) -> None:
    connection = _socket_of(request)
    with suppress(OSError):
        connection.settimeout(0)
        connection.send(_FULL)
