"""boto3 clients: made when they are first needed, shared by all threads.

The region is the first of AMPLIFY_BACKEND_REGION, the target's, AWS_REGION (which boto3 alone
does not read), AWS_DEFAULT_REGION and the profile's. As for Amplify CLI itself, its variable
replaces the project's region.

The endpoint is the first of AWS_ENDPOINT_URL_AMPLIFYBACKEND, AMPLIFY_BACKEND_ENDPOINT,
AWS_ENDPOINT_URL and the profile's: what is meant for this one service comes first.
"""

from __future__ import annotations

import os
from ipaddress import ip_address
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import Struct

from amplify_modelgen import __version__, hide_secret

from .pace import PER_SECOND, Pace

if TYPE_CHECKING:
    from amplify_modelgen import Target

# As many as the run has workers: a smaller pool throws connections away.
_CONNECTIONS = 64
_ATTEMPTS = 3

# boto3 has no types of its own; whatever comes out of a client is checked in `answers`.
Client = Any
_Key = tuple[str | None, str | None, int]


class Timeouts(Struct, frozen=True, kw_only=True):
    """How long one attempt may take, in seconds: to connect, and between two reads."""

    connect: float = 10.0
    read: float = 40.0


class Clients:
    """The clients of a run: for each region and profile one that repeats and one that does not.

    `per_second` bounds their requests; None leaves it to the backend's custom (`pace`).
    """

    def __init__(self, timeouts: Timeouts, per_second: float | None = None) -> None:
        self.timeouts = timeouts
        self._per_second = per_second
        self._paces: dict[tuple[str | None, str | None], Pace] = {}
        self._lock = Lock()
        self._sessions: dict[str | None, Any] = {}
        self._clients: dict[_Key, Client] = {}

    def get(self, target: Target, *, once: bool) -> Client:
        """Return the client for a target; with `once` it sends each request one time only.

        Raises whatever boto3 raises when a profile, region or endpoint is wrong.
        """
        key = (region_of(target), target.profile, 1 if once else _ATTEMPTS)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._make(*key)
            return self._clients[key]

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def _make(self, region: str | None, profile: str | None, attempts: int) -> Client:
        from botocore.config import Config

        config = Config(
            connect_timeout=self.timeouts.connect,
            read_timeout=self.timeouts.read,
            max_pool_connections=_CONNECTIONS,
            retries={"mode": "standard", "total_max_attempts": attempts},
            user_agent_extra=f"amplify-modelgen/{__version__}",
        )
        session = self._session(profile)
        client = _client(session, region, config)
        if is_loopback(client.meta.endpoint_url):
            # botocore sends even what is meant for this machine through HTTP_PROXY.
            client.close()
            client = _client(session, region, config.merge(Config(proxies={})))
        self._pace(region, profile, client)
        client.meta.events.register_first("before-send.amplifybackend", _hide_token)
        return client

    def _pace(self, region: str | None, profile: str | None, client: Client) -> None:
        """Have both clients of an account and region keep one pace. This machine needs none."""
        default = None if is_loopback(client.meta.endpoint_url) else PER_SECOND
        pace = self._paces.setdefault((region, profile), Pace(self._per_second or default))
        client.meta.events.register_first("before-send.amplifybackend", pace.before_send)
        client.meta.events.register_first("needs-retry.amplifybackend", pace.needs_retry)

    def _session(self, profile: str | None) -> Any:  # noqa: ANN401 (boto3 has no types)
        from boto3.session import Session

        if profile not in self._sessions:
            self._sessions[profile] = Session(profile_name=profile)
        return self._sessions[profile]


def _client(session: Any, region: str | None, config: object) -> Client:  # noqa: ANN401 (boto3)
    return session.client(
        "amplifybackend", region_name=region, endpoint_url=endpoint_override(), config=config
    )


def _hide_token(request: Any, **_: object) -> None:  # noqa: ANN401 (boto3 has no types)
    token = request.headers.get("X-Amz-Security-Token", "")
    hide_secret(token.decode("latin-1") if isinstance(token, bytes) else token)


def region_of(target: Target) -> str | None:
    """Return the region for a target, or None where boto3 has to look for it."""
    environment = os.environ
    return (
        environment.get("AMPLIFY_BACKEND_REGION")
        or target.region
        or environment.get("AWS_REGION")
        or None
    )


def endpoint_override() -> str | None:
    """Return the endpoint of Amplify CLI's variable, or None where boto3 has to look for one.

    Amplify CLI takes it without a scheme too, and means https then.
    """
    url = os.environ.get("AMPLIFY_BACKEND_ENDPOINT")
    if not url or os.environ.get("AWS_ENDPOINT_URL_AMPLIFYBACKEND"):
        return None
    return url if "://" in url else f"https://{url}"


def host_of(url: str) -> str:
    """Return host and port of a URL: the rest may hold a password."""
    return urlsplit(url).netloc.rpartition("@")[2]


def is_loopback(url: str) -> bool:
    """Return whether the URL's host is this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
