"""Real clients for tests against a running embedded backend, with credentials that are fakes."""

from __future__ import annotations

from typing import Any


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
        config=Config(retries=retries, proxies={}, read_timeout=5, **config),
    )
