from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING, Protocol

import pytest

from amplify_modelgen import Target
from amplify_modelgen_plugins.aws import AwsBackend
from amplify_modelgen_plugins.aws.clients import Timeouts
from unit.aws.scripted import Scripted, scripted

if TYPE_CHECKING:
    from collections.abc import Iterator


class MakeBackend(Protocol):
    def __call__(self, url: str | None = None, *, read: float = 5.0) -> AwsBackend: ...


@pytest.fixture
def target() -> Target:
    return Target(app_id="d1", environment="dev", resource="blog", region="us-east-1")


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as server:
        yield server


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeBackend]:
    """Make backends that ask `url`, and close them when the test is over."""
    made: list[AwsBackend] = []

    def make_one(url: str | None = None, *, read: float = 5.0) -> AwsBackend:
        if url:
            monkeypatch.setenv("AWS_ENDPOINT_URL_AMPLIFYBACKEND", url)
        timeouts = Timeouts(connect=2.0, read=read)
        made.append(AwsBackend(timeouts=timeouts, pause=lambda _seconds: None))
        return made[-1]

    yield make_one
    for backend in made:
        backend.close()


@pytest.fixture
def backend(make: MakeBackend, server: Scripted) -> AwsBackend:
    return make(server.url)


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let botocore not wait between its attempts; nothing here sleeps for another reason."""
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)


@pytest.fixture(autouse=True)
def one_loader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all sessions share what botocore reads of its own: that is most of a test's time."""
    monkeypatch.setattr("botocore.session.create_loader", lambda _path: _loader())


@cache
def _loader() -> object:
    from botocore.loaders import Loader

    return Loader()
