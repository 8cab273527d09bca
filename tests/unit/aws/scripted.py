"""A server that answers what it was told to, byte for byte, and remembers what it was asked."""

from __future__ import annotations

import json
import re
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROUTES = {
    r"POST /backend/[^/]*/api/[^/]*/generateModels": "GenerateBackendAPIModels",
    r"POST /backend/[^/]*/api/[^/]*/getModels": "GetBackendAPIModels",
    r"POST /backend/[^/]*/api/[^/]*/details": "GetBackendAPI",
    r"POST /backend/[^/]*/api/[^/]*": "UpdateBackendAPI",
    r"POST /backend/[^/]*/job/[^/]*": "ListBackendJobs",
    r"GET /backend/[^/]*/job/[^/]*/[^/]*": "GetBackendJob",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    operation: str
    head: str
    body: Any


HANG = b""
_TLS = b"\x16"


def answer(body: object, status: int = 200, **headers: str) -> bytes:
    """Return an HTTP answer; text and bytes are sent as they are, the rest as JSON."""
    raw = body if isinstance(body, bytes) else str.encode(_text(body))
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(raw)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + raw


def refusal(status: int, code: str, message: str = "words of the service") -> bytes:
    return answer({"message": message}, status, x_amzn_errortype=code)


def _text(body: object) -> str:
    return body if isinstance(body, str) else json.dumps(body)


@dataclass(slots=True)
class Scripted:
    """`script` has the replies of each operation, the last of which is repeated.

    A reply is the bytes to send, a function that makes them, `HANG` for no answer as long as the
    test lasts, or None to close the connection without one.
    """

    url: str
    script: dict[str, list[Any]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def count(self, operation: str) -> int:
        return sum(asked.operation == operation for asked in self.asked)

    def reply(self, asked: Asked) -> bytes | None:
        self.asked.append(asked)
        replies = self.script.get(asked.operation, [answer("", 500)])
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if reply == HANG:
            self.over.wait(10)
        made: bytes | None = reply(asked) if callable(reply) else reply
        return made


@contextmanager
def scripted() -> Iterator[Scripted]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        server = Scripted(f"http://127.0.0.1:{listener.getsockname()[1]}")
        threads: list[threading.Thread] = []
        accepting = threading.Thread(target=_accept, args=(listener, server, threads))
        accepting.start()
        try:
            yield server
        finally:
            server.over.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            for thread in (accepting, *threads):
                thread.join()


def _accept(listener: socket.socket, server: Scripted, threads: list[threading.Thread]) -> None:
    with suppress(OSError):
        while not server.over.is_set():
            connection, _ = listener.accept()
            threads.append(threading.Thread(target=_serve, args=(connection, server)))
            threads[-1].start()


def _serve(connection: socket.socket, server: Scripted) -> None:
    with connection, suppress(OSError), connection.makefile("rb") as stream:
        connection.settimeout(10)
        if connection.recv(1, socket.MSG_PEEK) == _TLS:
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return
        asked = _read(stream)
        if asked is not None and (reply := server.reply(asked)) is not None:
            connection.sendall(reply)


def _read(stream: Any) -> Asked | None:
    lines = []
    while (line := stream.readline().decode("latin-1")) not in ("\r\n", ""):
        lines.append(line.rstrip())
    if not lines:
        return None
    head = "\n".join(lines)
    length = re.search(r"(?mi)^content-length: *(\d+)", head)
    body = stream.read(int(length[1])) if length else b""
    return Asked(operation=_operation(lines[0]), head=head, body=_decoded(body))


def _decoded(body: bytes) -> Any:
    return json.loads(body) if body.startswith(b"{") else body.decode()


def _operation(line: str) -> str:
    route = line.removesuffix(" HTTP/1.1").partition("?")[0]
    found = [name for pattern, name in _ROUTES.items() if re.fullmatch(pattern, route)]
    return found[0] if found else route
