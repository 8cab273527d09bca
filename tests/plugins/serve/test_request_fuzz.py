"""Random requests; AMPLIFY_MODELGEN_FUZZED_REQUESTS is their number (default: 3,000)."""

from __future__ import annotations

import json
import os
import random
import re
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from amplify_modelgen_plugins.serve import running_server
from amplify_modelgen_plugins.serve.dispatch import load_operations
from amplify_modelgen_plugins.serve.operations import OPERATIONS
from amplify_modelgen_plugins.serve.server import Limits
from support.serve_clients import BLOG, SDL, client_of

if TYPE_CHECKING:
    import pytest

REQUESTS = int(os.environ.get("AMPLIFY_MODELGEN_FUZZED_REQUESTS", "3000"))
NAMES = ["d2abc", "dev", "blog", "", "a/b", "%", "\N{SNOWMAN}", "..", "x" * 300, "\0", "'; --"]
TEXTS = [*NAMES, SDL, "type Post @model {", "COMPLETED", "\ud800", "[]", "{"]
NUMBERS = [0, -1, 1, 25, 26, 10**30, 1.5, 1e300]
VALID = {
    "resourceName": "blog",
    "appName": "Blog",
    "backendEnvironmentName": "dev",
    "targetEnvironmentName": "prod",
    "resourceConfig": {"transformSchema": SDL},
}
PARAMETER = re.compile(r"\(\?P<(\w+)>[^)]*\)")
MEMBERS = [
    *("resourceName", "resourceConfig", "transformSchema", "maxResults", "nextToken", "status"),
    *("operation", "jobId", "appName", "backendEnvironmentName", "cleanAmplifyApp", "mode"),
    *("targetEnvironmentName", "defaultAuthType", "additionalAuthTypes", "settings", "unknown"),
    *("expirationTime", "conflictResolution", "resolutionStrategy"),
]


def _value(rng: random.Random, depth: int = 0) -> Any:
    choice = rng.random()
    if choice < 0.5 or depth > 4:
        return rng.choice([*TEXTS, *NUMBERS, None, True, False])
    if choice < 0.65:
        return [_value(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {rng.choice(MEMBERS): _value(rng, depth + 1) for _ in range(rng.randrange(6))}


def _body(rng: random.Random) -> bytes:
    content = {name: _value(rng, 1) for name in rng.sample(MEMBERS, rng.choice([0, 1, 1, 2, 5]))}
    if rng.random() < 0.8:
        content = {**VALID, **content}
    body = json.dumps(content if rng.random() < 0.95 else _value(rng)).encode()
    return _mutate(rng, body) if rng.random() < 0.1 else body


def _path(rng: random.Random) -> str:
    def fill(match: re.Match[str]) -> str:
        usual = {"appId": "d2abc", "backendEnvironmentName": "dev"}.get(match[1], "job")
        return quote(rng.choice(NAMES), safe="") if rng.random() < 0.1 else usual

    supported = [item for item in load_operations() if item.name in OPERATIONS]
    pattern = rng.choice(supported).path.pattern
    return PARAMETER.sub(fill, pattern).replace("\\", "")


def _mutate(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randrange(1, 5)):
        index = rng.randrange(len(changed) + 1)
        action = rng.randrange(3)
        if action == 0:
            changed[index:index] = rng.randbytes(rng.randrange(1, 9))
        elif action == 1:
            del changed[index : index + rng.randrange(1, 9)]
        else:
            changed[index : index + 1] = rng.choice([b"\r\n", b"\0", b"\xff", b": ", b" "])
    return bytes(changed)


def _request(rng: random.Random) -> bytes:
    body = _body(rng)
    method = rng.choice(["POST", "POST", "POST", "GET", "HEAD", "PUT"])
    head = (
        f"{method} {_path(rng)} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    request = head.encode("latin-1", "replace") + body
    return _mutate(rng, request) if rng.random() < 0.2 else request


def _send(address: tuple[str, int], request: bytes) -> None:
    with socket.create_connection(address, timeout=10) as connection, suppress(ConnectionError):
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass


def test_server_survives_random_requests(caplog: pytest.LogCaptureFixture) -> None:
    rng = random.Random(12)
    limits = Limits(idle=2.0, request=2.0)
    with running_server(limits=limits) as server:
        parts = urlsplit(server.url)
        for number in range(REQUESTS):
            if number % 10 == 0:
                server.deploy(SDL, app_id="d2abc", environment="dev", resource="blog")
            _send((parts.hostname or "", parts.port or 0), _request(rng))
        statuses = {request.status for request in server.requests}
        assert statuses == {200, 400, 404}
        server.deploy(SDL, app_id="d2abc", environment="dev", resource="blog")
        assert client_of(server.url).get_backend_api(**BLOG)["ResourceName"] == "blog"
    assert [record.getMessage() for record in caplog.records] == []
    assert not [thread for thread in threading.enumerate() if thread.name == "serve"]
