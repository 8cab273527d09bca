"""A clock that tests can set, and boto3 clients with fake credentials, for tests of `serve`."""

from __future__ import annotations

from functools import cache
from typing import Any

SDL = """\
type Post @model {
  id: ID!
  title: String!
}
"""
BLOG = {"AppId": "d2abc", "BackendEnvironmentName": "dev", "ResourceName": "blog"}
DEV = {"AppId": "d2abc", "BackendEnvironmentName": "dev"}


class Clock:
    """A clock that only `forward` advances. Calling it returns the time in seconds."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


@cache
def _session() -> Any:
    # Created once: it reads all endpoints of botocore, which takes longer than a test.
    import boto3

    return boto3.Session(
        aws_access_key_id="fake-id", aws_secret_access_key="fake-secret", region_name="us-east-1"
    )


def client_of(url: str, *, attempts: int = 1, **config: Any) -> Any:
    """Return a boto3 client of the server at `url`, with at most `attempts` attempts per call."""
    from botocore.config import Config

    retries = {"mode": "standard", "total_max_attempts": attempts}
    settings = {"retries": retries, "proxies": {}, "read_timeout": 5, **config}
    return _session().client("amplifybackend", endpoint_url=url, config=Config(**settings))
