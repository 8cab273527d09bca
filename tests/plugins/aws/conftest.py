from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.plugin import Target
from amplify_modelgen_plugins.aws.backend import AwsBackend
from support.scripted_server import MakeBackend, ScriptedServer, scripted_server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def target() -> Target:
    return Target(app_id="d1", environment="dev", resource="blog", region="us-east-1")


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeBackend]:
    """Create backends for an endpoint, and close them after the test."""
    backends: list[AwsBackend] = []

    def make_backend(url: str | None = None, *, read: float = 5.0) -> AwsBackend:
        if url:
            monkeypatch.setenv("AWS_ENDPOINT_URL_AMPLIFYBACKEND", url)
        backends.append(AwsBackend(timeout=3 * read))
        return backends[-1]

    yield make_backend
    for backend in backends:
        backend.close()


@pytest.fixture
def backend(make: MakeBackend, server: ScriptedServer) -> AwsBackend:
    return make(server.url)


class _NoSleep:
    """The module `time`, with a `sleep` that returns at once."""

    def __getattr__(self, name: str) -> object:
        return getattr(time, name) if name != "sleep" else lambda _seconds: None


@pytest.fixture(autouse=True)
def short_timeouts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amplify_modelgen_plugins.aws.client._MIN_TIMEOUT", 0.0)


@pytest.fixture(autouse=True)
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not let botocore wait between its attempts."""
    for module in ("botocore.endpoint", "botocore.retries.bucket"):
        monkeypatch.setattr(f"{module}.time", _NoSleep())


@pytest.fixture(autouse=True)
def shared_loader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Share botocore's own data between all sessions: reading it takes most of a test's time."""
    monkeypatch.setattr("botocore.session.create_loader", lambda _path: _loader())


@cache
def _loader() -> object:
    from botocore.loaders import Loader

    return Loader()
