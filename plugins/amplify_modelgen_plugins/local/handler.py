"""One connection of the server: requests read within bounds, replies sent, or spoilt on purpose."""

from __future__ import annotations

import io
import os
import re
import socket
import struct
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from uuid import uuid4

from amplify_modelgen import __version__

from .bounds import BoundedReader, TooLargeError, comes_from_loopback, names_loopback
from .replies import refusal

if TYPE_CHECKING:
    from .replies import Reply
    from .server import Server

# Small enough to be seen as separate packets, large enough to end.
_PIECES = 20
# Of a number that is worth being read.
_DIGITS = 15


class _HangUpError(Exception):
    """The connection is to end without a further word."""


class Handler(BaseHTTPRequestHandler):
    """Reads requests and sends replies; what they mean is the dispatcher's."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = f"amplify-modelgen/{__version__}"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave in one packet

    def setup(self) -> None:
        """Put the bounds between the connection and whoever reads it."""
        super().setup()
        self.rfile.close()
        self.command = self.requestline = ""
        self.request_version = self.protocol_version
        self._reader = BoundedReader(self.connection, self.server.bounds)
        self.rfile = io.BufferedReader(self._reader)

    def finish(self) -> None:
        """Let go of the connection; what a client would not take by now is not waited for."""
        with suppress(OSError):
            self.connection.settimeout(0)
        super().finish()

    def handle_one_request(self) -> None:
        """Answer one request, or end the connection."""
        self._reader.expect()
        try:
            super().handle_one_request()
        except TooLargeError:
            self._refuse(431, "the head of the request is too large")
        except (_HangUpError, ConnectionError, TimeoutError):
            self.close_connection = True
        self.close_connection = self.close_connection or self.server.stopping

    def handle_expect_100(self) -> bool:
        """Invite the body only if it will be read."""
        if self._body_size() is None:
            return False
        super().handle_expect_100()
        self.wfile.flush()
        return True

    def do_GET(self) -> None:
        """Answer a request for a job, or a wrong one."""
        self._answer()

    def do_POST(self) -> None:
        """Answer a request for anything else."""
        self._answer()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: requests are logged by name, once they are answered."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (http.server's own)
        """Say nothing: what went wrong with a connection is its client's to say."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is no request at all, in the API's own form."""
        del explain
        self._refuse(code, message or "the request cannot be read")

    def _answer(self) -> None:
        started = time.perf_counter()
        with self.server.busy(self.connection):
            body = self._body()
            if body is None:
                return
            path = self.path.partition("?")[0]
            reply = self.server.dispatcher.dispatch(self.command, path, body)
            self._send(reply)
        self.server.tell(self.command, path, reply, time.perf_counter() - started)

    def _body(self) -> bytes | None:
        """Return the body, or refuse the request and return None."""
        size = self._body_size()
        if size is None or not self._is_trusted():
            return None
        self._reader.allow(size)
        body = self.rfile.read(size)
        if len(body) < size:
            raise _HangUpError
        return body

    def _body_size(self) -> int | None:
        """Return the length of the body, or refuse the request and return None."""
        lengths = self.headers.get_all("Content-Length", ["0"])
        most = self.server.bounds.body
        if "Transfer-Encoding" in self.headers:
            self._refuse(411, "a body needs a Content-Length")
        elif len(lengths) > 1 or not re.fullmatch("[0-9]+", lengths[0]):
            self._refuse(400, "the Content-Length is not a number")
        elif len(lengths[0]) > _DIGITS or int(lengths[0]) > most:
            self._refuse(413, f"a body may have {most} bytes at most")
        else:
            return int(lengths[0])
        return None

    def _is_trusted(self) -> bool:
        """Whether no web page of another site sends this; if one does, it is refused."""
        if self.server.trusts_any_host:
            return True
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or not names_loopback(hosts[0]):
            self._refuse(403, "the Host header does not name this machine")
            return False
        if not all(comes_from_loopback(origin) for origin in self.headers.get_all("Origin", [])):
            self._refuse(403, "requests of other sites' pages are not answered")
            return False
        return True

    def _refuse(self, status: int, message: str) -> None:
        self.close_connection = True
        # Whatever was sent: to what looks like HTTP/0.9 no head would be sent otherwise.
        self.request_version = self.protocol_version
        code = {403: "AccessDeniedException"}.get(status, "BadRequestException")
        self._send(refusal(status, code, message))

    def _send(self, reply: Reply) -> None:
        self.connection.settimeout(self.server.bounds.request)
        if reply.struck("drop") or reply.struck("close"):
            raise _HangUpError
        if hang := reply.struck("hang"):
            self.server.dispatcher.stopping.wait(hang.seconds)
            raise _HangUpError
        self._send_head(reply)
        if reply.struck("cut"):
            self._reset(reply.body)
        elif reply.struck("short"):
            self.close_connection = True
            self.wfile.write(reply.body[: len(reply.body) // 2])
        elif slow := reply.struck("slow"):
            self._dribble(reply.body, slow.seconds)
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
        # To linger for no time makes the system reset the connection instead of closing it.
        linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.wfile.close()
        self.connection.close()
        raise _HangUpError

    def _dribble(self, body: bytes, seconds: float) -> None:
        size = max(1, -(-len(body) // _PIECES))
        pieces = [body[at : at + size] for at in range(0, len(body), size)]
        for piece in pieces:
            self.server.dispatcher.stopping.wait(seconds / len(pieces))
            self.wfile.write(piece)
            self.wfile.flush()
