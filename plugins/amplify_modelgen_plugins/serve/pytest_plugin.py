"""Fixtures for pytest: an emulated AmplifyBackend API, and a boto3 client that is connected to it.

    def test_deploys(amplify_backend, amplifybackend_client):
        amplify_backend.deploy(SDL, app_id="d2abc", environment="dev", resource="blog")

pytest finds them by the entry point of this distribution. Nothing but pytest is imported before a
test uses one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_amplifybackend import AmplifyBackendClient

    from .server import RunningServer

MARKER = "amplify_backend"
_VARIABLES = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
}


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker that configures the server of a test."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(job_time=SECONDS, faults=[RULE, ...]): configure the emulated AmplifyBackend",
    )


@pytest.fixture(name="amplify_backend")
def amplify_backend_fixture(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RunningServer]:
    """Run an emulated AmplifyBackend API for one test.

    The server has `deploy(sdl, app_id=..., environment=..., resource=...)`, `faults` (`add` and
    `clear`), `requests` and `url`; the marker
    `@pytest.mark.amplify_backend(job_time=0.5, faults=["throttle=2"])` configures it. During the
    test, environment variables with fake credentials and the URL connect every AWS client to it,
    those of child processes included.
    """
    from .server import running_server

    marker = request.node.get_closest_marker(MARKER)
    with running_server(**(marker.kwargs if marker else {})) as server:
        for name, value in _VARIABLES.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_ENDPOINT_URL_AMPLIFYBACKEND", server.url)
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"):
            monkeypatch.delenv(name, raising=False)
        yield server


@pytest.fixture
def amplifybackend_client(amplify_backend: RunningServer) -> Iterator[AmplifyBackendClient]:
    """Return a boto3 client that is connected to the emulated API of the test."""
    import boto3

    # The default session of boto3 may have the credentials of an earlier test.
    client = boto3.Session().client("amplifybackend", endpoint_url=amplify_backend.url)
    yield client
    client.close()
