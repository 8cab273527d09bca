"""Turn errors of the AmplifyBackend API and of the way to it into messages with hints.

A message has the text of AWS or of botocore, redacted. The hint and the class of the exception
follow from the code or the HTTP status of an error response, or from the class of an exception.
"""

from __future__ import annotations

import os
import re
import socket
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from amplify_modelgen.plugin import (
    BackendError,
    ConfigError,
    NotFoundError,
    Target,
    TransientError,
    add_secret,
    escape,
    redact,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

START_CALLS = frozenset({"GenerateBackendAPIModels", "UpdateBackendAPI"})
"""Operations that start a job. botocore does not repeat them."""

_MAX_QUOTE = 500
# Shorter values would match ordinary words.
_MIN_CREDENTIAL_LENGTH = 8


class ApiCall(Struct, frozen=True, kw_only=True):
    """An operation of the API for a target, and the job that it is about."""

    operation: str
    target: Target
    job_id: str | None = None

    @property
    def target_name(self) -> str:
        """The name of the target for messages."""
        return self.target.name or f"{self.target.resource}@{self.target.environment}"

    def __str__(self) -> str:
        """Return the call as messages show it."""
        about = f"{self.operation} for job {self.job_id}" if self.job_id else self.operation
        region = region_of(self.target)
        app = f"app {self.target.app_id}" + (f", {region}" if region else "")
        return f"{about} of {self.target_name} ({app})"


class ErrorKind(Struct, frozen=True, kw_only=True):
    """What a failure means: its hint, and the exception to raise.

    `may_have_executed` means that the service may have done what was requested.
    """

    hint: str
    raises: type[BackendError | ConfigError] = BackendError
    may_have_executed: bool = False


_ENDPOINT = (
    "check the region, AWS_ENDPOINT_URL_AMPLIFYBACKEND, AMPLIFY_BACKEND_ENDPOINT, "
    "AWS_ENDPOINT_URL, AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT"
)
_AGAIN = "run the same command again in a minute"
_IDENTITY = "'aws sts get-caller-identity{profile}' shows whether the credentials work"
_TARGETS = "'amplify-modelgen targets' shows the app, environment and resource of the request"

INVALID_RESPONSE = ErrorKind(
    hint=f"is the endpoint the AmplifyBackend API? {_ENDPOINT}",
    raises=TransientError,
    may_have_executed=True,
)
SERVICE_ERROR = ErrorKind(hint="fix the environment in the Amplify console, then retry")
UNUSABLE_MODELS = ErrorKind(
    hint="'amplify-modelgen generate --backend aws --force' regenerates them"
)
NO_MODELS = ErrorKind(hint=UNUSABLE_MODELS.hint, raises=NotFoundError)

_NOT_SENT = ErrorKind(hint=_AGAIN, raises=TransientError)
_INTERRUPTED = ErrorKind(hint=_AGAIN, raises=TransientError, may_have_executed=True)
_EXPIRED = ErrorKind(hint="renew them: 'aws sso login{profile}', or export new AWS_... variables")
_DENIED = ErrorKind(
    hint="allow the action {action} in the IAM policy of these credentials "
    "(docs/iam.md has the whole policy)"
)
_BAD_REQUEST = ErrorKind(hint=f"'amplify-modelgen validate' checks the schema, {_TARGETS}")
_NOT_FOUND = ErrorKind(
    hint="compare app, environment, resource and region in 'amplify-modelgen targets' with the "
    "Amplify console",
    raises=NotFoundError,
)
_WRONG_KEY = ErrorKind(hint=f"check the access key and the clock of this machine; {_IDENTITY}")
_WRONG_HOST = ErrorKind(hint=f"{_ENDPOINT}; a network that requires a login redirects, too")
_REJECTED = ErrorKind(hint=f"{_TARGETS}; {_IDENTITY}")

BY_RESPONSE: Mapping[str, ErrorKind] = {
    "TooManyRequestsException": _NOT_SENT,
    "Throttling": _NOT_SENT,
    "ThrottlingException": _NOT_SENT,
    "AccessDeniedException": _DENIED,
    "AccessDenied": _DENIED,
    "ExpiredTokenException": _EXPIRED,
    "ExpiredToken": _EXPIRED,
    "UnauthorizedException": _EXPIRED,
    "UnrecognizedClientException": _WRONG_KEY,
    "InvalidClientTokenId": _WRONG_KEY,
    "InvalidSignatureException": _WRONG_KEY,
    "SignatureDoesNotMatch": _WRONG_KEY,
    "MissingAuthenticationTokenException": _WRONG_HOST,
    "NotFoundException": _NOT_FOUND,
    "400": _BAD_REQUEST,
    "401": _DENIED,
    "403": _DENIED,
    "404": _NOT_FOUND,
    "405": _WRONG_HOST,
    "408": _INTERRUPTED,
    "429": _NOT_SENT,
    "3": _WRONG_HOST,
    "5": _INTERRUPTED,
}
"""The kinds of error responses by code, HTTP status, or the first digit of the status."""

_SETTING = ErrorKind(
    hint="check the AWS_... variables, AMPLIFY_BACKEND_ENDPOINT and the AWS configuration file; "
    "an endpoint begins with http:// or https://",
    raises=ConfigError,
)
_CREDENTIALS = ErrorKind(
    hint="'aws configure' or 'aws sso login' creates credentials; AWS_PROFILE or the key profile "
    "of the target selects them"
)
_REGION = "set region for the target in the configuration, or AWS_REGION, such as us-east-1"
_TLS = ErrorKind(
    hint="an endpoint without TLS begins with http://; behind a proxy that decrypts TLS, set "
    "AWS_CA_BUNDLE to the file of its certificate"
)
_UNREACHABLE = ErrorKind(hint=f"is this machine online? {_ENDPOINT}", raises=TransientError)

BY_CLASS: Mapping[str, ErrorKind] = {
    "InvalidResponseError": INVALID_RESPONSE,
    "OversizedResponseError": ErrorKind(hint=INVALID_RESPONSE.hint, may_have_executed=True),
    "NoCredentialsError": _CREDENTIALS,
    "PartialCredentialsError": _CREDENTIALS,
    "SSOError": _EXPIRED,
    "TokenRetrievalError": _EXPIRED,
    "NoRegionError": ErrorKind(hint=_REGION),
    "InvalidRegionError": ErrorKind(hint=_REGION, raises=ConfigError),
    "ProfileNotFound": ErrorKind(
        hint="'aws configure list-profiles' lists the profiles; AWS_PROFILE or the key profile of "
        "the target selects one",
        raises=ConfigError,
    ),
    "EndpointConnectionError": _UNREACHABLE,
    "ConnectTimeoutError": _UNREACHABLE,
    "ProxyConnectionError": ErrorKind(
        hint="check HTTPS_PROXY and HTTP_PROXY; NO_PROXY excludes hosts", raises=TransientError
    ),
    "SSLError": _TLS,
    "ReadTimeoutError": _INTERRUPTED,
    "ConnectionClosedError": _INTERRUPTED,
    "HTTPClientError": _TLS,
    "InvalidProxiesConfigError": _SETTING,
    "ConfigParseError": _SETTING,
    "ConfigNotFound": _SETTING,
    "InvalidConfigError": _SETTING,
    "InvalidDefaultsMode": _SETTING,
    "InvalidSTSRegionalEndpointsConfigError": _SETTING,
    "BotoCoreError": ErrorKind(hint=_IDENTITY),
    # Raised while a client is created: an endpoint without a scheme, a variable that is not a
    # number, a file that cannot be read.
    "ValueError": _SETTING,
    "OSError": _SETTING,
}
"""The kinds of exceptions by the name of their class; boto3 is not imported before a call."""


def map_error(error: Exception, call: ApiCall) -> BackendError | ConfigError:
    """Return the error to raise for an exception of boto3."""
    response: Any = getattr(error, "response", None)
    if response is None:
        return api_error(call, _kind_of(error), _text_of(error))
    operation: str = getattr(error, "operation_name", "")
    # Credentials may come from another service, whose errors pass through the same exceptions.
    service = "sso" if operation == "GetRoleCredentials" else "sts"
    if operation == call.operation:
        service = "amplifybackend"
    members = response.get("Error", {})
    status, code = str(response["ResponseMetadata"]["HTTPStatusCode"]), members.get("Code")
    names = (code, status, status[:1])
    kind = next((BY_RESPONSE[name] for name in names if name in BY_RESPONSE), _REJECTED)
    about = response.get("LimitType") or response.get("ResourceType")
    parts = (code if code and code != status else f"HTTP {status}", members.get("Message"))
    detail = ": ".join(filter(None, parts)) + (f" ({about})" if about else "")
    return api_error(call, kind, quote(detail), action=f"{service}:{operation}")


def api_error(
    call: ApiCall, kind: ErrorKind, detail: str, *, action: str = ""
) -> BackendError | ConfigError:
    """Return the error of a call. `action` is the one that an IAM policy has to allow."""
    raises, hint = kind.raises, kind.hint
    if kind.may_have_executed and call.operation == "UpdateBackendAPI":
        raises = BackendError
        hint = "the schema may have been pushed: check the Amplify console, then retry"
    elif kind is INVALID_RESPONSE and call.operation in START_CALLS:
        # Its job runs, and another one would get the same response.
        raises = BackendError
    profile = call.target.profile or os.environ.get("AWS_PROFILE")
    option = f" --profile {profile}" if profile else ""
    return raises(f"{call} failed: {detail}", hint=hint.format(profile=option, action=action))


def _kind_of(error: Exception) -> ErrorKind:
    from ssl import SSLEOFError

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, SSLEOFError):
            return _INTERRUPTED
        if isinstance(cause, socket.gaierror) and cause.errno != socket.EAI_AGAIN:
            return ErrorKind(hint=_UNREACHABLE.hint)
        cause = cause.__cause__ or cause.__context__
    names = [kind.__name__ for kind in type(error).__mro__]
    return next(BY_CLASS[name] for name in names if name in BY_CLASS)


def _text_of(error: Exception) -> str:
    """Return the text of botocore, with the host in place of a URL."""
    values: dict[str, object] = getattr(error, "kwargs", {})
    if values.get("provider") == "custom-process":
        # Its output may be anything, the credentials included.
        return "the credential_process of the profile failed; run it by hand to see its output"
    urls = {name: host_of(str(url)) for name, url in values.items() if name.endswith("_url")}
    text = getattr(error, "fmt", "").format(**{**values, **urls}) if urls else str(error)
    return quote(text).rstrip(".") or type(error).__name__


def region_of(target: Target) -> str | None:
    """Return the region for a target, or None if the profile has it."""
    return (
        os.environ.get("AMPLIFY_BACKEND_REGION")
        or target.region
        or os.environ.get("AWS_REGION")
        or os.environ.get("AWS_DEFAULT_REGION")
        or None
    )


_credentials: set[str] = set()


def host_of(url: str) -> str:
    """Return host and port of a URL. The rest may contain a password, which may contain a `/`."""
    rest = url.partition("://")[2] or url
    return quote(re.split(r"[/?#\s]", rest.rpartition("@")[2], maxsplit=1)[0])


def quote(text: str) -> str:
    """Return text of a service or a library on one line, redacted, escaped and not too long."""
    # A tab inside a password would hide it from the patterns.
    text = redact(redact(text).replace("\t", " " if "@" not in text else ""))
    line = " ".join(escape(text).split())
    if contains_credential("".join(line.split())):
        return "(not shown: it contains a credential)"
    return line if len(line) <= _MAX_QUOTE else f"{line[:_MAX_QUOTE]}..."


def contains_credential(text: str) -> bool:
    """Whether a known credential is part of the text, in any form."""
    return any(credential in text for credential in tuple(_credentials))


def add_credential(value: str) -> None:
    """Redact a credential in all the forms in which Python, urllib3 and botocore print it."""
    if value in _credentials:
        return
    for printed in (*_printed_forms(value), *_printed_forms(value.strip())):
        if len(printed) >= _MIN_CREDENTIAL_LENGTH <= len(value):
            add_secret(printed)
            _credentials.add(printed)


def _printed_forms(text: str) -> Iterable[str]:
    import html
    import json
    from base64 import b64encode
    from urllib.parse import quote as url_quote
    from urllib.parse import quote_plus

    data = text.encode("utf-8", "surrogateescape")
    yield text
    yield repr(text)[1:-1]
    yield repr(data)[2:-1]
    yield json.dumps(text)[1:-1]
    yield html.escape(text)
    yield data.hex()
    yield url_quote(data)
    yield url_quote(data, safe="")
    yield quote_plus(data)
    yield b64encode(data).decode("ascii").rstrip("=")
    # The same at any place in a longer text, without the characters that depend on the rest.
    for offset in range(3):
        encoded = b64encode(bytes(offset) + data).decode("ascii")
        yield encoded[4 if offset else 0 : -4]


def add_url_password(url: str) -> None:
    """Redact the password of a URL. It may contain any character, even a `/` or a `#`."""
    user, _, password = (url.partition("://")[2] or url).rpartition("@")[0].partition(":")
    for value in (f"{user}:{password}", password):
        add_credential(value)
