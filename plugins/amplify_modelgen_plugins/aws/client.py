"""boto3 clients, created when they are first needed and shared by all threads.

Region: AMPLIFY_BACKEND_REGION (as in Amplify CLI, it replaces the project's), the target's,
AWS_REGION (which boto3 ignores), AWS_DEFAULT_REGION, the profile's.

Endpoint: AWS_ENDPOINT_URL_AMPLIFYBACKEND, AMPLIFY_BACKEND_ENDPOINT, AWS_ENDPOINT_URL, the
profile's: a setting for this one service comes first.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
import botocore.session
import urllib3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConfigNotFound,
    ConnectionClosedError,
    CredentialRetrievalError,
    NoCredentialsError,
    ReadTimeoutError,
)

from amplify_modelgen import __version__
from amplify_modelgen.plugin import ConfigError, NotFoundError, TransientError

from .responses import JOB_ID, ResponseFormatError, reduce_body
from .service_errors import (
    START_CALLS,
    ApiCall,
    add_credential,
    add_url_password,
    map_error,
    region_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# As many as the run has threads: a smaller pool discards connections.
_MAX_CONNECTIONS = 200
_MAX_ATTEMPTS = 3
# Seconds to connect, and between two reads. All attempts should fit into the timeout of the run.
_CONNECT_TIMEOUT = 10.0
_READ_TIMEOUT = 40.0
_MIN_TIMEOUT = 1.0
_TIMEOUT_SHARE = 3
# A thousand models make about five million characters.
MAX_RESPONSE_BYTES = 64_000_000
_CHUNK_BYTES = 65_536

_LOOPBACK = re.compile(r"(.+\.)?localhost|127(\.\d{1,3}){3}|::1")
_SENDABLE = re.compile(r"[\x21-\x7e]+")
_URL_VARIABLE = re.compile(
    r"AWS_ENDPOINT_URL.*|AMPLIFY_BACKEND_ENDPOINT|HTTPS?_PROXY", re.IGNORECASE
)

# boto3 has no types; `responses` checks what a client returns.
Client = Any
Session = Any
_Key = tuple[str | None, str | None, int]


class InvalidResponseError(BotoCoreError):
    """A response that botocore would take for an empty one, or fail on."""

    fmt = "unexpected response format: {detail}"


class OversizedResponseError(InvalidResponseError):
    """A response that is too large. It is not requested again: the next one may be as large."""


class Clients:
    """The clients of a run: up to two for each region and profile, one of which retries.

    `timeout` is the run's timeout in seconds.
    """

    def __init__(self, timeout: float) -> None:
        self._longest_wait = max(_MIN_TIMEOUT, timeout / _TIMEOUT_SHARE)
        self._lock = Lock()
        self._sessions: dict[str | None, Session] = {}
        self._clients: dict[_Key, Client] = {}
        self._errors: dict[_Key, Exception] = {}

    def send(self, call: ApiCall, parameters: Mapping[str, object]) -> Mapping[str, Any]:
        """Send a call; return the members of the response.

        Raises:
            ConfigError: a name or an AWS setting is invalid; nothing was sent.
            TransientError: the call failed and may be sent again.
            BackendError: it failed otherwise.
        """
        check_names(call)
        method = getattr(self.get(call), xform_name(call.operation))
        try:
            members: Mapping[str, Any] = method(
                AppId=call.target.app_id,
                BackendEnvironmentName=call.target.environment,
                **parameters,
            )
        except (BotoCoreError, ClientError) as error:
            raise map_error(error, call) from error
        return members

    def get(self, call: ApiCall) -> Client:
        """Return the client for a call. A client that cannot be created is attempted once."""
        attempts = 1 if call.operation in START_CALLS else _MAX_ATTEMPTS
        key = (region_of(call.target), call.target.profile, attempts)
        with self._lock:
            try:
                if key in self._errors:
                    raise self._errors[key]
                if key not in self._clients:
                    self._clients[key] = self._create(*key)
            # botocore raises these two of Python for settings and files that are invalid.
            except (BotoCoreError, ClientError, ValueError, OSError) as error:
                mapped = map_error(error, call)
                if not isinstance(mapped, TransientError):
                    self._errors[key] = error
                raise mapped from error
            return self._clients[key]

    def close(self) -> None:
        """Close all connections."""
        # Without the lock: a thread may hold it and wait for credentials, after the timeout.
        for client in tuple(self._clients.values()):
            client.close()
        self._clients.clear()

    def _create(self, region: str | None, profile: str | None, attempts: int) -> Client:
        session = self._session(profile, region)
        config = Config(
            connect_timeout=min(_CONNECT_TIMEOUT, self._longest_wait),
            read_timeout=min(_READ_TIMEOUT, self._longest_wait),
            max_pool_connections=_MAX_CONNECTIONS,
            # Not "adaptive": after the first "too many requests" its rate limiter begins at almost
            # no rate, and of 200 targets none finished within two minutes.
            retries={"mode": "standard", "total_max_attempts": attempts},
            user_agent_extra=f"amplify-modelgen/{__version__}",
        )
        client = _new_client(session, region, config)
        add_url_password(client.meta.endpoint_url)
        _check_port(client.meta.endpoint_url)
        if _LOOPBACK.fullmatch(urlsplit(client.meta.endpoint_url).hostname or ""):
            # botocore uses HTTP_PROXY even for this machine.
            client.close()
            client = _new_client(session, region, config.merge(Config(proxies={})))
        client.meta.events.register_first("before-send.amplifybackend", _redact_token)
        endpoint = client._endpoint  # noqa: SLF001 (no public access to the HTTP session)
        endpoint.http_session = _CheckedSession(endpoint.http_session)
        return client

    def _session(self, profile: str | None, region: str | None) -> Session:
        if profile not in self._sessions:
            for name, value in os.environ.items():
                if _URL_VARIABLE.fullmatch(name):
                    add_url_password(value)
            session = botocore.session.Session(profile=profile)
            for url in _urls(session.full_config):
                add_url_password(url)
            if region:
                # For the service that the credentials may come from.
                session.set_config_variable("region", region)
            bundle = session.get_config_variable("ca_bundle")
            # Reading a named pipe would block.
            if bundle and not (Path(bundle).is_file() or Path(bundle).is_dir()):
                raise ConfigNotFound(path=bundle)
            _check_credentials(session)
            self._sessions[profile] = boto3.session.Session(botocore_session=session)
        return self._sessions[profile]


class _CheckedSession:
    """botocore's HTTP session, with bodies that are limited in size and valid JSON.

    botocore reads a body of any length, and returns an empty response for one that is not JSON.
    """

    def __init__(self, session: Any) -> None:  # noqa: ANN401 (botocore has no types)
        self._session = session

    def send(self, request: Any) -> Any:  # noqa: ANN401 (botocore has no types)
        """Send a request; return the response, its body read and reduced to known members."""
        request.stream_output = True
        response = self._session.send(request)
        try:
            content = _read_body(response.raw)
            response._content = reduce_body(response.status_code, content)  # noqa: SLF001
        except ResponseFormatError as error:
            raise InvalidResponseError(detail=error) from error
        except urllib3.exceptions.ReadTimeoutError as error:
            raise ReadTimeoutError(endpoint_url=request.url, error=error) from error
        except urllib3.exceptions.HTTPError as error:
            raise ConnectionClosedError(
                endpoint_url=request.url, error=error, request=request
            ) from error
        return response

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def _read_body(raw: urllib3.HTTPResponse) -> bytes:
    chunks, size = [], 0
    for chunk in raw.stream(_CHUNK_BYTES, decode_content=False):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_RESPONSE_BYTES:
            raw.close()
            raise OversizedResponseError(detail=f"it is larger than {MAX_RESPONSE_BYTES} bytes")
    return b"".join(chunks)


def _new_client(session: Session, region: str | None, config: Config) -> Client:
    return session.client(
        "amplifybackend", region_name=region, endpoint_url=endpoint_override(), config=config
    )


def _urls(values: Mapping[str, Any]) -> Iterator[str]:
    for value in values.values():
        if isinstance(value, dict):
            yield from _urls(value)
        elif "@" in str(value):
            yield str(value)


def _check_port(url: str) -> None:
    """Raise `ValueError` for a port on which the first request would fail with another one."""
    try:
        _ = urlsplit(url).port
    except ValueError:
        # The message of Python contains the port: the password up to its first `/`.
        raise ValueError("the port of the endpoint is not a number") from None


def _check_credentials(session: Session) -> None:
    """Resolve the credentials, and redact them from now on."""
    credentials = session.get_credentials()
    if credentials is None:
        raise NoCredentialsError
    frozen = credentials.get_frozen_credentials()
    values = {
        "access key id": frozen.access_key,
        "secret access key": frozen.secret_key,
        "session token": frozen.token,
    }
    for value in values.values():
        add_credential(value or "")
    for name, value in values.items():
        if value and not _SENDABLE.fullmatch(value):
            # botocore would show the value when it fails to send it.
            raise CredentialRetrievalError(
                provider=f"the provider {credentials.method}",
                error_msg=f"the {name} contains a character that HTTP does not allow, such as a "
                "newline at its end",
            )


def _redact_token(request: Any, **_: object) -> None:  # noqa: ANN401 (botocore has no types)
    """Redact the token of a request: credentials are renewed during a run."""
    token = request.headers.get("X-Amz-Security-Token", "")
    add_credential(token.decode("latin-1") if isinstance(token, bytes) else token)


def endpoint_override() -> str | None:
    """Return the endpoint of Amplify CLI's variable, or None if boto3 is to find one.

    Amplify CLI accepts it without a scheme, and uses https then.
    """
    url = os.environ.get("AMPLIFY_BACKEND_ENDPOINT")
    if not url or os.environ.get("AWS_ENDPOINT_URL_AMPLIFYBACKEND"):
        return None
    return url if "://" in url else f"https://{url}"


def check_names(call: ApiCall) -> None:
    """Reject names that botocore would send as the path of another resource.

    It sends "." and ".." unchanged and "" as nothing. A slash is encoded, but proxies decode it.

    Raises:
        ConfigError: a name of the target is missing or invalid.
        NotFoundError: no job can have that id.
    """
    target = call.target
    known = f" (there is {', '.join(target.environments)})" if target.environments else ""
    environment = f"choose one with '--environment NAME'{known}, or set it in the configuration"
    names = (
        ("environment", target.environment, environment),
        ("app-id", target.app_id, "set app-id in the configuration, or run 'amplify pull' here"),
        ("resource", target.resource, "set resource in the configuration"),
    )
    for key, name, hint in names:
        if not name.strip():
            raise ConfigError(f"{call.target_name} has no {key}", hint=hint)
        if name.strip() in (".", "..") or "/" in name or not name.isprintable():
            raise ConfigError(f"invalid {key} {name[:100]!r} for {call.target_name}", hint=hint)
    if call.job_id is not None and not re.fullmatch(JOB_ID, call.job_id):
        raise NotFoundError(
            f"invalid job id for {call.target_name}", hint="run the same command again"
        )
