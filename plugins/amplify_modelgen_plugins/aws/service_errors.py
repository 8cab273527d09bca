"""Turn errors of the AmplifyBackend API and of the way to it into messages with hints.

An error response is looked up by its code, then by its HTTP status; an exception of botocore by
the names of its classes, and by what caused it.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from amplify_modelgen.plugin import (
    BackendError,
    ConfigError,
    NotFoundError,
    Target,
    TransientError,
)

from .redaction import host_of, quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

START_CALLS = frozenset({"GenerateBackendAPIModels", "UpdateBackendAPI"})
"""Operations that start a job. botocore does not repeat them."""
# The core may start a generation again, because it is idempotent; a deployment it may not.
_NON_IDEMPOTENT = frozenset({"UpdateBackendAPI"})


class Timeouts(Struct, frozen=True, kw_only=True):
    """Limits of an attempt in seconds: to connect, and between two reads."""

    connect: float = 10.0
    read: float = 40.0


class ApiCall(Struct, frozen=True, kw_only=True):
    """An operation of the API for a target, and the job that it is about."""

    operation: str
    target: Target
    job_id: str | None = None

    @property
    def target_name(self) -> str:
        """The name of the target for messages."""
        return self.target.name or f"{self.target.resource}@{self.target.environment}"


class CallContext(Struct, frozen=True, kw_only=True):
    """Where a call was sent: `host` is host and port of the endpoint."""

    host: str = "AWS"
    region: str | None = None
    profile: str | None = None
    timeouts: Timeouts = field(default_factory=Timeouts)


class ErrorTemplate(Struct, frozen=True, kw_only=True):
    """A message, a hint, and the exception that has them.

    `may_have_executed` means that the service may have done what was requested.
    """

    message: str
    hint: str
    raises: type[BackendError | ConfigError] = BackendError
    may_have_executed: bool = False


_AGAIN = "run the same command again in a minute"
_IDENTITY = "'aws sts get-caller-identity{profile}' shows whether they work"
_ENDPOINT = (
    "check AWS_ENDPOINT_URL_AMPLIFYBACKEND, AMPLIFY_BACKEND_ENDPOINT, AWS_ENDPOINT_URL "
    "and the region"
)
_TARGETS = "'amplify-modelgen targets' shows the app, environment and resource of the request"

INVALID_RESPONSE = ErrorTemplate(
    raises=TransientError,
    message="unexpected response format for {call}: {detail}",
    hint=f"is {{host}} the AmplifyBackend API? {_ENDPOINT}",
    may_have_executed=True,
)
UNREADABLE_RESPONSE = replace(INVALID_RESPONSE, raises=BackendError)
SERVICE_ERROR = ErrorTemplate(
    message="{call} returned an error: {detail}",
    hint="fix the environment in the Amplify console, then retry",
)
UNUSABLE_MODELS = ErrorTemplate(
    message="{call} returned unusable models: {detail}",
    hint="'amplify-modelgen generate --backend aws --force' regenerates them",
)
NO_MODELS = replace(UNUSABLE_MODELS, raises=NotFoundError)

_THROTTLED = ErrorTemplate(
    raises=TransientError, message="AWS throttled {call}{detail}", hint=_AGAIN
)
_GATEWAY_TIMEOUT = ErrorTemplate(
    raises=TransientError,
    message="AWS did not answer {call} in time (gateway timeout){detail}",
    hint=_AGAIN,
    may_have_executed=True,
)
_NOT_FOUND = ErrorTemplate(
    raises=NotFoundError,
    message="{call}: not found{detail}",
    hint="compare app, environment, resource and region in 'amplify-modelgen targets' with the "
    "Amplify console",
)
_BAD_REQUEST = ErrorTemplate(
    message="AWS rejected {call} as a bad request{detail}",
    hint=f"'amplify-modelgen validate' checks the schema, {_TARGETS}",
)
_DENIED = ErrorTemplate(
    message="access denied for {call}{detail}",
    hint="allow the action {action} in the IAM policy of these credentials "
    "(docs/iam.md has the whole policy)",
)
_EXPIRED = ErrorTemplate(
    message="the AWS credentials for {call} have expired{detail}",
    hint="renew them: 'aws sso login{profile}', or export new AWS_... variables",
)
_UNKNOWN_KEY = ErrorTemplate(
    message="AWS does not recognize the credentials for {call}{detail}",
    hint=f"set the right key with 'aws configure{{profile}}'; {_IDENTITY}",
)
_SIGNATURE = ErrorTemplate(
    message="AWS rejected the signature of {call}{detail}",
    hint=f"check the secret access key and the clock of this machine; {_IDENTITY}",
)
_UNKNOWN_OPERATION = ErrorTemplate(message="{host} does not support {call}{detail}", hint=_ENDPOINT)
_REDIRECT = ErrorTemplate(
    message="{host} redirected {call} (HTTP {status}); it is not the AmplifyBackend API",
    hint=f"{_ENDPOINT}; a network that requires a login redirects, too",
)
_SERVER_ERROR = ErrorTemplate(
    raises=TransientError,
    message="AWS failed on {call} with HTTP {status}{detail}",
    hint=_AGAIN,
    may_have_executed=True,
)
_REJECTED = ErrorTemplate(
    message="AWS rejected {call} with {code}{detail}", hint=f"{_TARGETS}; {_IDENTITY}"
)

# The modelled errors first, then those of the signature and of gateways.
BY_CODE: Mapping[str, ErrorTemplate] = {
    code: template
    for template, codes in (
        (_BAD_REQUEST, "BadRequestException"),
        (_NOT_FOUND, "NotFoundException"),
        (_THROTTLED, "TooManyRequestsException ThrottlingException Throttling"),
        (_GATEWAY_TIMEOUT, "GatewayTimeoutException"),
        (_DENIED, "AccessDeniedException AccessDenied"),
        (_EXPIRED, "ExpiredTokenException ExpiredToken UnauthorizedException"),
        (_UNKNOWN_KEY, "UnrecognizedClientException InvalidClientTokenId"),
        (_SIGNATURE, "InvalidSignatureException SignatureDoesNotMatch RequestExpired"),
        (_UNKNOWN_OPERATION, "MissingAuthenticationTokenException UnknownOperationException"),
    )
    for code in codes.split()
}
# Statuses, and their hundreds.
BY_STATUS: Mapping[int, ErrorTemplate] = {
    400: _BAD_REQUEST,
    401: _DENIED,
    403: _DENIED,
    404: _NOT_FOUND,
    405: _UNKNOWN_OPERATION,
    408: _GATEWAY_TIMEOUT,
    429: _THROTTLED,
    504: _GATEWAY_TIMEOUT,
    3: _REDIRECT,
    4: _REJECTED,
    5: _SERVER_ERROR,
}

_CREDENTIALS = ErrorTemplate(
    message="could not retrieve AWS credentials for {call}: {detail}", hint=_IDENTITY
)
_SSO = ErrorTemplate(
    message="the AWS SSO session for {call} is missing or has expired",
    hint="log in: 'aws sso login{profile}'",
)
SETTING = ErrorTemplate(
    raises=ConfigError,
    message="{call} not sent: an AWS setting is invalid: {detail}",
    hint="check the AWS_... variables, AMPLIFY_BACKEND_ENDPOINT and the AWS configuration file; "
    "an endpoint begins with http:// or https://",
)
_UNKNOWN_HOST = ErrorTemplate(
    message="the host {host} was not found for {call}",
    hint=f"is {{region}} an AWS region? {_ENDPOINT}",
)
# AmplifyBackend has no such endpoint in most regions, and then the name does not exist.
_UNKNOWN_VARIANT = replace(
    _UNKNOWN_HOST,
    hint="the host is a FIPS or dual-stack endpoint: unset AWS_USE_FIPS_ENDPOINT and "
    "AWS_USE_DUALSTACK_ENDPOINT, and use_fips_endpoint and use_dualstack_endpoint in the profile",
)

BY_CAUSE: Mapping[str, ErrorTemplate] = {
    "EAI_AGAIN": ErrorTemplate(
        raises=TransientError,
        message="the host {host} was not found for {call}: the name server did not answer",
        hint="is this machine online?",
    ),
    "gaierror": _UNKNOWN_HOST,
    # Certificates, or the program that provides the credentials.
    "FileNotFoundError": ErrorTemplate(
        raises=ConfigError,
        message="{call} not sent: a file named in the AWS configuration is missing: {detail}",
        hint="check AWS_CA_BUNDLE, and ca_bundle and credential_process in the AWS "
        "configuration file",
    ),
    "SSLCertVerificationError": ErrorTemplate(
        message="the TLS certificate of {host} is not trusted for {call}: {detail}",
        hint="behind a proxy that decrypts TLS, set AWS_CA_BUNDLE to the file of its certificate",
    ),
    # Unlike other TLS errors: the request may have been received.
    "SSLEOFError": ErrorTemplate(
        raises=TransientError,
        message="{host} closed the TLS connection without a response to {call}",
        hint=_AGAIN,
        may_have_executed=True,
    ),
}

BY_CLASS: Mapping[str, ErrorTemplate] = {
    "InvalidResponseError": INVALID_RESPONSE,
    "UnreadableResponseError": UNREADABLE_RESPONSE,
    "NoCredentialsError": ErrorTemplate(
        message="there are no AWS credentials for {call}",
        hint="'aws configure' or 'aws sso login' creates some; AWS_PROFILE or the key profile of "
        "the target selects them",
    ),
    "PartialCredentialsError": ErrorTemplate(
        message="the AWS credentials for {call} are incomplete: {detail}",
        hint="set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or neither and use a profile",
    ),
    "MalformedCredentialsError": ErrorTemplate(
        message="the AWS credentials for {call} cannot be sent: {detail}",
        hint="remove the whitespace, such as a newline at the end, where the value is set",
    ),
    "ProfileNotFound": ErrorTemplate(
        raises=ConfigError,
        message="{call} not sent: {detail}",
        hint="'aws configure list-profiles' lists the profiles; AWS_PROFILE or the key profile of "
        "the target selects one",
    ),
    "CredentialRetrievalError": _CREDENTIALS,
    "MetadataRetrievalError": _CREDENTIALS,
    "SSOError": _SSO,
    "TokenRetrievalError": _SSO,
    "LoginError": ErrorTemplate(
        message="the AWS login session for {call} is missing or has expired",
        hint="log in: 'aws login{profile}'",
    ),
    "NoRegionError": ErrorTemplate(
        message="there is no AWS region for {call}",
        hint="set region for the target in the configuration, or AWS_REGION",
    ),
    "InvalidRegionError": ErrorTemplate(
        raises=ConfigError,
        message="{call} not sent: {detail}",
        hint="use a region such as us-east-1, for the target in the configuration or in AWS_REGION",
    ),
    "EndpointConnectionError": ErrorTemplate(
        raises=TransientError,
        message="could not connect to {host} for {call}: connection refused or no route",
        hint=f"is it running, and this machine online? {_ENDPOINT}",
    ),
    "ConnectTimeoutError": ErrorTemplate(
        raises=TransientError,
        message="timed out connecting to {host} for {call} ({connect_timeout:g} s)",
        hint=f"is this machine online, and does its network allow HTTPS? {_ENDPOINT}",
    ),
    "ProxyConnectionError": ErrorTemplate(
        raises=TransientError,
        message="could not connect to the proxy for {host} for {call}",
        hint="check HTTPS_PROXY and HTTP_PROXY; NO_PROXY={host} excludes the host",
    ),
    "ReadTimeoutError": ErrorTemplate(
        raises=TransientError,
        message="{host} did not answer {call} within {read_timeout:g} s",
        hint=_AGAIN,
        may_have_executed=True,
    ),
    "ConnectionClosedError": ErrorTemplate(
        raises=TransientError,
        message="{host} closed the connection without a response to {call}",
        hint=_AGAIN,
        may_have_executed=True,
    ),
    "SSLError": ErrorTemplate(
        message="no TLS connection to {host} for {call}: {detail}",
        hint="an endpoint without TLS begins with http://; behind a proxy that decrypts TLS, set "
        "AWS_CA_BUNDLE to the file of its certificate",
    ),
    "InvalidProxiesConfigError": SETTING,
    "HTTPClientError": ErrorTemplate(
        message="the connection to {host} failed for {call}: {detail}",
        hint=f"check AWS_CA_BUNDLE and the variables of the proxy; {_ENDPOINT}",
        may_have_executed=True,
    ),
    "ConfigParseError": SETTING,
    "ConfigNotFound": SETTING,
    "InvalidConfigError": SETTING,
    "InvalidDefaultsMode": SETTING,
    "InvalidSTSRegionalEndpointsConfigError": SETTING,
    "UnknownServiceError": ErrorTemplate(
        message="the installed boto3 does not support {call}: {detail}",
        hint="'pip install --upgrade boto3' in the environment of amplify-modelgen",
    ),
    "BotoCoreError": ErrorTemplate(message="boto3 failed for {call}: {detail}", hint=_IDENTITY),
    # Raised while a client is created: an endpoint without a scheme, a variable that is not a
    # number, a file that cannot be read.
    "ValueError": SETTING,
    "OSError": SETTING,
}

# Credentials may come from another service, whose errors pass through the same exceptions.
_CREDENTIAL_SERVICES = {
    "AssumeRole": "sts",
    "AssumeRoleWithSAML": "sts",
    "AssumeRoleWithWebIdentity": "sts",
    "GetRoleCredentials": "sso",
}


def map_error(error: Exception, call: ApiCall, context: CallContext) -> BackendError | ConfigError:
    """Return the error to raise for an exception of boto3."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return _map_response(response, str(getattr(error, "operation_name", "")), call, context)
    host = _failed_host(error) or context.host
    template = _template_for(error, host)
    if host != context.host:
        # It was a request for credentials.
        template = replace(template, may_have_executed=False)
    return build_error(template, call, context, detail=_detail(error), host=host)


def build_error(
    template: ErrorTemplate, call: ApiCall, context: CallContext, **values: object
) -> BackendError | ConfigError:
    """Return the error of a template, filled with `values` and what is known about the call."""
    about = f"{call.operation} for job {call.job_id}" if call.job_id else call.operation
    region = f", {context.region}" if context.region else ""
    known = {
        "call": f"{about} of {call.target_name} (app {call.target.app_id}{region})",
        "host": context.host,
        "region": repr(context.region),
        "profile": f" --profile {context.profile}" if context.profile else "",
        "connect_timeout": context.timeouts.connect,
        "read_timeout": context.timeouts.read,
        **values,
    }
    raises, hint = template.raises, template.hint
    if template.may_have_executed and raises is TransientError:
        if call.operation in _NON_IDEMPOTENT:
            raises = BackendError
            hint = "the schema may have been pushed: check the Amplify console, then retry"
        elif template is INVALID_RESPONSE and call.operation in START_CALLS:
            # Its job runs, and another one would get the same response.
            raises = BackendError
    return raises(template.message.format_map(known), hint=hint.format_map(known))


def _map_response(
    response: Mapping[str, object], operation: str, call: ApiCall, context: CallContext
) -> BackendError | ConfigError:
    error, metadata = _mapping(response.get("Error")), _mapping(response.get("ResponseMetadata"))
    status, code = metadata.get("HTTPStatusCode"), str(error.get("Code") or "no code")
    status = status if isinstance(status, int) else 0
    template = (
        BY_CODE.get(code) or BY_STATUS.get(status) or BY_STATUS.get(status // 100) or _REJECTED
    )
    service = _CREDENTIAL_SERVICES.get(operation)
    if service:
        template = replace(template, may_have_executed=False)
    message = error.get("Message")
    kind = response.get("LimitType") or response.get("ResourceType")
    detail = f": {quote(str(message))}" if message else ""
    return build_error(
        template,
        call,
        context,
        code=quote(code),
        status=status,
        detail=f"{detail} ({quote(str(kind))})" if kind else detail,
        action=f"{service or 'amplifybackend'}:{quote(operation)}",
    )


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _template_for(error: Exception, host: str) -> ErrorTemplate:
    for cause in _causes(error):
        for name in _class_names(cause):
            if name in BY_CAUSE:
                template = BY_CAUSE[name]
                is_variant = "-fips." in host or host.endswith(".api.aws")
                return _UNKNOWN_VARIANT if template is _UNKNOWN_HOST and is_variant else template
    return next(BY_CLASS[name] for name in _class_names(error) if name in BY_CLASS)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _class_names(error: BaseException) -> Iterator[str]:
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        yield "EAI_AGAIN"
    for kind in type(error).__mro__:
        yield kind.__name__


def _failed_host(error: Exception) -> str | None:
    url = _mapping(getattr(error, "kwargs", None)).get("endpoint_url")
    return host_of(url) if isinstance(url, str) else None


def _detail(error: Exception) -> str:
    values = _mapping(getattr(error, "kwargs", None))
    if values.get("provider") == "custom-process":
        # Its output may be anything, the credentials included.
        return "the credential_process of the profile failed; run it by hand to see its output"
    # botocore repeats the URL around what the network reported.
    inner = values.get("error") if "endpoint_url" in values else None
    text = values.get("detail") or inner or error
    return quote(str(text)).rstrip(".") or type(error).__name__
