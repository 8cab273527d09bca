"""A settable clock, and real clients with credentials that are fakes, for tests of `serve`."""

from __future__ import annotations

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
    """A clock that stands still until somebody moves it. Calling it tells the time in seconds."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


def client_of(url: str, *, attempts: int = 1, **config: Any) -> Any:
    """Return a boto3 client of the server at `url`; it sends each call `attempts` times at most."""
    import boto3
    from botocore.config import Config

    retries: Any = {"mode": "standard", "total_max_attempts": attempts}
    session = boto3.Session(
        aws_access_key_id="fake-id", aws_secret_access_key="fake-secret", region_name="us-east-1"
    )
    return session.client(
        "amplifybackend",
        endpoint_url=url,
        config=Config(**{"retries": retries, "proxies": {}, "read_timeout": 5, **config}),
    )
