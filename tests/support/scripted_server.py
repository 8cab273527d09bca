"""An HTTP server that sends scripted bytes and records its requests."""

from __future__ import annotations

import json
import re
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen_plugins.aws.backend import AwsBackend

_ROUTES = {
    r"POST /backend/[^/]*/api/[^/]*/generateModels": "GenerateBackendAPIModels",
    r"POST /backend/[^/]*/api/[^/]*/getModels": "GetBackendAPIModels",
    r"POST /backend/[^/]*/api/[^/]*/details": "GetBackendAPI",
    r"POST /backend/[^/]*/api/[^/]*": "UpdateBackendAPI",
    r"POST /backend/[^/]*/job/[^/]*": "ListBackendJobs",
    r"GET /backend/[^/]*/job/[^/]*/[^/]*": "GetBackendJob",
}


class MakeBackend(Protocol):
    """Creates a backend for an endpoint."""

    def __call__(self, url: str | None = None, *, read: float = 5.0) -> AwsBackend: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    operation: str
    head: str
    body: Any


HANG = b""
_TLS = b"\x16"


def response(body: object, status: int = 200, **headers: str) -> bytes:
    """Return an HTTP response; text and bytes are sent unchanged, other values as JSON."""
    raw = body if isinstance(body, bytes) else str.encode(_text(body))
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(raw)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + raw


def error_response(status: int, code: str, message: str = "words of the service") -> bytes:
    return response({"message": message}, status, x_amzn_errortype=code)


def _text(body: object) -> str:
    return body if isinstance(body, str) else json.dumps(body)


@dataclass(slots=True)
class ScriptedServer:
    """`script` has the replies of each operation; the last one is repeated.

    A reply is the bytes to send, a function that returns them or an iterator of parts, `HANG` for
    no response during the test, or None to close the connection without one.
    """

    url: str
    script: dict[str, list[Any]] = field(default_factory=dict)
    requests: list[RecordedRequest] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def count(self, operation: str) -> int:
        return sum(request.operation == operation for request in self.requests)

    def reply(self, request: RecordedRequest) -> bytes | Iterator[bytes] | None:
        self.requests.append(request)
        replies = self.script.get(request.operation, [response("", 500)])
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if reply == HANG:
            self.stopped.wait(10)
        content: bytes | Iterator[bytes] | None = reply(request) if callable(reply) else reply
        return content


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        server = ScriptedServer(f"http://127.0.0.1:{listener.getsockname()[1]}")
        threads: list[threading.Thread] = []
        accepting = threading.Thread(target=_accept, args=(listener, server, threads))
        accepting.start()
        try:
            yield server
        finally:
            server.stopped.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            for thread in (accepting, *threads):
                thread.join()


def _accept(
    listener: socket.socket, server: ScriptedServer, threads: list[threading.Thread]
) -> None:
    with suppress(OSError):
        while not server.stopped.is_set():
            connection, _ = listener.accept()
            threads.append(threading.Thread(target=_serve, args=(connection, server)))
            threads[-1].start()


def _serve(connection: socket.socket, server: ScriptedServer) -> None:
    with connection, suppress(OSError), connection.makefile("rb") as stream:
        connection.settimeout(10)
        if connection.recv(1, socket.MSG_PEEK) == _TLS:
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return
        request = _read(stream)
        reply = server.reply(request) if request is not None else None
        for part in (reply,) if isinstance(reply, bytes) else reply or ():
            if server.stopped.is_set():
                return
            connection.sendall(part)


def _read(stream: Any) -> RecordedRequest | None:
    lines = []
    while (line := stream.readline().decode("latin-1")) not in ("\r\n", ""):
        lines.append(line.rstrip())
    if not lines:
        return None
    head = "\n".join(lines)
    length = re.search(r"(?mi)^content-length: *(\d+)", head)
    body = stream.read(int(length[1])) if length else b""
    return RecordedRequest(operation=_operation(lines[0]), head=head, body=_decoded(body))


def _decoded(body: bytes) -> Any:
    return json.loads(body) if body.startswith(b"{") else body.decode()


def _operation(line: str) -> str:
    route = line.removesuffix(" HTTP/1.1").partition("?")[0]
    found = [name for pattern, name in _ROUTES.items() if re.fullmatch(pattern, route)]
    return found[0] if found else route
