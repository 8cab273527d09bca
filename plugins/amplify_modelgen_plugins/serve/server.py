"""Thread-per-connection HTTP server with request limits and graceful shutdown."""

from __future__ import annotations

import errno
import io
import logging
import os
import re
import socket
import struct
import sys
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from socketserver import TCPServer, ThreadingMixIn
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit
from uuid import uuid4

from msgspec import Struct

from amplify_modelgen.plugin import UsageError

from .dispatch import Dispatcher, error_reply
from .faults import FaultInjector
from .operations import OperationContext
from .store import ResourceId, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from _typeshed import WriteableBuffer

    from amplify_modelgen.plugin import FeatureFlags

    from .dispatch import RecordedRequest, Reply

# Seconds that running requests get to finish when the server stops.
SHUTDOWN_TIMEOUT = 2.0
_POLL_INTERVAL = 0.05
# Seconds to wait if no connection can be accepted for lack of descriptors or memory: it stays
# pending, so `select` would return at once.
_ACCEPT_BACKOFF = 0.2
_OUT_OF_RESOURCES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_SERVICE_UNAVAILABLE = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
)
# Pieces of a response to `slow`: enough to be sent as separate packets.
_SLOW_PIECES = 20
# Maximum digits of a Content-Length.
_MAX_DIGITS = 15

_LOG = logging.getLogger(__name__)


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


class RefusedError(Exception):
    """A request is not answered by the API; the arguments are an HTTP status and a message."""


class LimitedReader(io.RawIOBase):
    """The bytes of a connection, within the limits of a request.

    Reading raises `TimeoutError` if the request takes too long as a whole, even if each byte
    arrives in time, and `RefusedError` if it is too large.
    """

    def __init__(self, connection: socket.socket, limits: Limits) -> None:
        super().__init__()
        self._connection = connection
        self._limits = limits
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
            raise RefusedError(431, "the head of the request is too large")
        view = memoryview(buffer).cast("B")[: self._remaining]
        deadline = self._deadline
        timeout = self._limits.idle if deadline is None else deadline - time.monotonic()
        if timeout <= 0:
            raise TimeoutError("the request was not complete in time")
        self._connection.settimeout(timeout)
        size = self._connection.recv_into(view)
        self._remaining -= size
        if self._deadline is None:
            self._deadline = time.monotonic() + self._limits.request
        return size


class RunningServer(ThreadingMixIn, TCPServer):
    """The emulated API on `address`; a context manager that starts and stops it.

    `on_request` is called after each request, with its method, raw path, response and duration in
    seconds. With `allow_any_host` the Host and Origin headers are not checked.

    Raises:
        UsageError: the address is not available.
    """

    # On Windows the option lets another program take over the port.
    allow_reuse_address = os.name == "posix"
    daemon_threads = True
    request_queue_size = 256

    def __init__(
        self,
        address: tuple[str, int],
        dispatcher: Dispatcher,
        *,
        limits: Limits,
        allow_any_host: bool,
        on_request: Callable[[str, str, Reply, float], None],
    ) -> None:
        self.dispatcher = dispatcher
        self.store = dispatcher.context.store
        self.faults = dispatcher.faults
        self.limits = limits
        self.allow_any_host = allow_any_host
        self.on_request = on_request
        self.connections: set[socket.socket] = set()
        self._lock = Lock()
        self._thread = Thread(target=self.serve_forever, args=(_POLL_INTERVAL,), name="serve")
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        try:
            super().__init__(address, RequestHandler)
        except (OSError, OverflowError) as error:
            message = f"cannot listen on {address[0]}, port {address[1]}: {error}"
            raise UsageError(message, hint="omit --port to use a free one") from error

    @property
    def url(self) -> str:
        """The endpoint URL for clients."""
        host, port = str(self.server_address[0]), self.server_address[1]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """The last 10,000 requests that were answered, the oldest first."""
        return tuple(self.dispatcher.requests)

    def deploy(
        self,
        sdl: str | None,
        *,
        app_id: str,
        environment: str,
        resource: str,
        flags: FeatureFlags | None = None,
    ) -> None:
        """Add an API with this schema (None: without a schema), without a job.

        Without `flags` they are those of a new project.
        """
        resource_id = ResourceId(app_id=app_id, environment=environment, resource=resource)
        self.store.deploy(resource_id, sdl, flags)

    def __enter__(self) -> Self:
        """Start to serve in a separate thread."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening, let running requests finish, and close all connections."""
        self.dispatcher.stopping.set()
        self.shutdown()
        self._thread.join()
        self.server_close()
        # A request that was read gets its response; nothing more is read.
        self._end_connections(socket.SHUT_RD)
        self._end_connections(socket.SHUT_RDWR)

    def get_request(self) -> tuple[socket.socket, object]:
        """Accept a connection; back off if the process has no descriptor left for it."""
        try:
            return super().get_request()
        except OSError as error:
            if error.errno in _OUT_OF_RESOURCES:
                self.dispatcher.stopping.wait(_ACCEPT_BACKOFF)
            raise

    def process_request(self, request: Any, client_address: object) -> None:  # noqa: ANN401
        """Serve a new connection in a thread, or reject it if there are too many."""
        with self._lock:
            is_full = len(self.connections) >= self.limits.connections
            if not is_full:
                self.connections.add(request)
        if is_full:
            with suppress(OSError):
                request.settimeout(0)
                request.send(_SERVICE_UNAVAILABLE)
            self.shutdown_request(request)
        else:
            super().process_request(request, client_address)

    def close_request(self, request: Any) -> None:  # noqa: ANN401 (a socket)
        """Close a connection and stop counting it."""
        super().close_request(request)
        with self._lock:
            self.connections.discard(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Log a bug. Connection errors are not logged."""
        del request
        if not isinstance(sys.exception(), OSError):
            _LOG.exception("a connection from %s failed", client_address)

    def _end_connections(self, how: int) -> None:
        """Shut down one or both directions of all connections, and wait until they are closed."""
        with self._lock:
            connections = tuple(self.connections)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(how)
        deadline = time.monotonic() + SHUTDOWN_TIMEOUT
        while self.connections and time.monotonic() < deadline:
            time.sleep(_POLL_INTERVAL / 5)


class RequestHandler(BaseHTTPRequestHandler):
    """Reads the requests of a connection and sends the replies of the dispatcher."""

    server: RunningServer
    protocol_version = "HTTP/1.1"
    server_version = "amplify-modelgen"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body are sent in one packet

    def setup(self) -> None:
        """Read the connection through the limits."""
        super().setup()
        self.rfile.close()
        self.command = self.requestline = ""
        self.request_version = self.protocol_version
        self._reader = LimitedReader(self.connection, self.server.limits)
        self.rfile = io.BufferedReader(self._reader)

    def finish(self) -> None:
        """Close the connection without waiting for a client that does not read."""
        with suppress(OSError):
            self.connection.settimeout(0)
        super().finish()

    def handle_one_request(self) -> None:
        """Answer a request, or end the connection."""
        self._reader.start_request()
        try:
            super().handle_one_request()
        except RefusedError as error:
            self.send_error(*error.args)
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        if self.server.dispatcher.stopping.is_set():
            self.close_connection = True

    def handle_expect_100(self) -> bool:
        """Request the body only if it will be read."""
        self._body_size()
        super().handle_expect_100()
        self.wfile.flush()
        return True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (http.server's name)
        """Do not log: `on_request` gets the name of the operation as well."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse a request in the form of the API, and end the connection."""
        del explain
        self.close_connection = True
        # Otherwise no head would be sent in response to HTTP/0.9.
        self.request_version = self.protocol_version
        name = "AccessDeniedException" if code == 403 else "BadRequestException"  # noqa: PLR2004
        self._send(error_reply(code, name, message or "the request is not valid HTTP"))

    def do_POST(self) -> None:
        """Answer a request and report it to the server."""
        started = time.perf_counter()
        body = self._read_body()
        path = self.path.partition("?")[0]
        reply = self.server.dispatcher.dispatch(self.command, path, body)
        self._send(reply)
        self.server.on_request(self.command, path, reply, time.perf_counter() - started)

    do_GET = do_POST  # noqa: N815 (the name of http.server)

    def _read_body(self) -> bytes:
        size = self._body_size()
        if not self.server.allow_any_host:
            self._check_origin()
        self._reader.allow(size)
        body = self.rfile.read(size)
        if len(body) < size:
            raise ConnectionAbortedError
        return body

    def _body_size(self) -> int:
        lengths = self.headers.get_all("Content-Length", ["0"])
        limit = self.server.limits.body
        if "Transfer-Encoding" in self.headers:
            raise RefusedError(411, "a body needs a Content-Length")
        if len(lengths) > 1 or not re.fullmatch("[0-9]+", lengths[0]):
            raise RefusedError(400, "the Content-Length is not a number")
        if len(lengths[0]) > _MAX_DIGITS or int(lengths[0]) > limit:
            raise RefusedError(413, f"the body is larger than {limit} bytes")
        return int(lengths[0])

    def _check_origin(self) -> None:
        """Refuse a request that may come from a page of another site."""
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or not is_loopback_url(f"//{hosts[0]}"):
            raise RefusedError(403, "the Host header does not name this machine")
        if not all(is_loopback_url(origin) for origin in self.headers.get_all("Origin", [])):
            raise RefusedError(403, "cross-origin requests are not allowed")

    def _send(self, reply: Reply) -> None:
        self.connection.settimeout(self.server.limits.request)
        if reply.fault("drop") or reply.fault("close"):
            raise ConnectionAbortedError
        if hang := reply.fault("hang"):
            self.server.dispatcher.stopping.wait(hang.seconds)
            raise ConnectionAbortedError
        self._send_head(reply)
        if reply.fault("cut"):
            self._reset(reply.body)
        elif reply.fault("short"):
            self.close_connection = True
            self.wfile.write(reply.body[: len(reply.body) // 2])
        elif slow := reply.fault("slow"):
            self._send_slowly(reply.body, slow.seconds)
        elif self.command != "HEAD":
            self.wfile.write(reply.body)
        self.wfile.flush()

    def _send_head(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("x-amzn-RequestId", str(uuid4()))
        if reply.code is not None:
            self.send_header("x-amzn-errortype", reply.code)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def _reset(self, body: bytes) -> None:
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        # SO_LINGER 0 sends RST instead of FIN.
        linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.wfile.close()
        self.connection.close()
        raise ConnectionAbortedError

    def _send_slowly(self, body: bytes, seconds: float) -> None:
        size = max(1, -(-len(body) // _SLOW_PIECES))
        pieces = [body[start : start + size] for start in range(0, len(body), size)]
        for piece in pieces:
            self.server.dispatcher.stopping.wait(seconds / len(pieces))
            self.wfile.write(piece)
            self.wfile.flush()


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


@contextmanager
def running_server(  # noqa: PLR0913 (all arguments have a default)
    *,
    database: str = ":memory:",
    job_time: float = 0.0,
    faults: Iterable[str] = (),
    host: str = "127.0.0.1",
    port: int = 0,
    limits: Limits | None = None,
    clock: Callable[[], float] = time.time,
    allow_any_host: bool = False,
    on_request: Callable[[str, str, Reply, float], None] = lambda *_: None,
) -> Iterator[RunningServer]:
    """Run the emulator until the block ends.

    `database` is the path of a file or `:memory:`. `job_time` is the duration of jobs, in seconds
    of `clock`. `faults` are rules of `serve --fault`. Port 0 means a free one.

    Raises:
        UsageError: a rule is invalid, or the address or the database is not available.
    """
    injector = FaultInjector(faults)
    with open_store(database) as store:
        context = OperationContext(store=store, job_time=job_time, clock=clock)
        with RunningServer(
            (host, port),
            Dispatcher(context, injector),
            limits=limits or Limits(),
            allow_any_host=allow_any_host,
            on_request=on_request,
        ) as server:
            yield server
