"""What AWS's refusals mean: errors that came as an answer, and answers that are of no use.

An error is looked up by its code, then by its HTTP status, then by the status's hundreds.
"""

from __future__ import annotations

from msgspec.structs import replace

from amplify_modelgen import MissingError, TransientError

from .rule import AGAIN, ENDPOINT, IDENTITY, Rule

_THROTTLED = Rule(
    raises=TransientError,
    message="AWS throttles {call}{told}",
    hint=AGAIN,
)
_GATEWAY = Rule(
    raises=TransientError,
    message="AWS did not answer {call} in time (gateway timeout){told}",
    hint=AGAIN,
    reached=True,
)
_NOT_FOUND = Rule(
    raises=MissingError,
    message="{call} found nothing there{told}",
    hint="compare app, environment, resource and region with those that "
    "'amplify-modelgen targets' prints and the Amplify console shows",
)
_BAD_REQUEST = Rule(
    message="AWS refused {call} as a bad request{told}",
    hint="'amplify-modelgen validate' checks the schema, "
    "'amplify-modelgen targets' shows what AWS was asked for",
)
_DENIED = Rule(
    message="access to {call} is denied{told}",
    hint="allow the action {action} in the IAM policy of these credentials "
    "(docs/iam.md has the whole policy)",
)
_EXPIRED = Rule(
    message="the AWS credentials for {call} have expired{told}",
    hint="renew them: 'aws sso login{profile}', or export fresh AWS_... variables",
)
_UNKNOWN_KEY = Rule(
    message="AWS does not know the credentials for {call}{told}",
    hint=f"put the right key in with 'aws configure{{profile}}'; {IDENTITY}",
)
_SIGNATURE = Rule(
    message="AWS does not accept the signature of {call}{told}",
    hint=f"check the secret access key and this machine's clock; {IDENTITY}",
)
_NO_API = Rule(
    message="{host} does not know {call}{told}",
    hint=ENDPOINT,
)
_REDIRECT = Rule(
    message="{host} sent {call} elsewhere (HTTP {status}): it is not the AmplifyBackend API",
    hint=f"{ENDPOINT}; a network that wants a login does this too",
)
_SERVER = Rule(
    raises=TransientError,
    message="AWS failed at {call} with HTTP {status}{told}",
    hint=AGAIN,
    reached=True,
)
_REFUSED = Rule(
    message="AWS refused {call} with {code}{told}",
    hint=f"'amplify-modelgen targets' shows what AWS was asked for; {IDENTITY}",
)
NOT_UNDERSTOOD = Rule(
    raises=TransientError,
    message="the answer to {call} cannot be read: {detail}",
    hint=f"is {{host}} the AmplifyBackend API? {ENDPOINT}",
    reached=True,
)
SAID_ERROR = Rule(
    message="AWS answered {call} with an error: {detail}",
    hint="look at the environment in the Amplify console, mend it, then run the same command again",
)
NO_MODELS = Rule(
    message="{call} gave no models that can be used: {detail}",
    hint="'amplify-modelgen generate --force' lets AWS make them anew",
)

NONE_MADE = replace(NO_MODELS, raises=MissingError)

BY_CODE = {
    "AccessDenied": _DENIED,
    "AccessDeniedException": _DENIED,
    "BadRequestException": _BAD_REQUEST,
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "GatewayTimeoutException": _GATEWAY,
    "IncompleteSignature": _SIGNATURE,
    "IncompleteSignatureException": _SIGNATURE,
    "InvalidClientTokenId": _UNKNOWN_KEY,
    "InvalidSignatureException": _SIGNATURE,
    "MissingAuthenticationTokenException": _NO_API,
    "NotFoundException": _NOT_FOUND,
    "RequestExpired": _SIGNATURE,
    "RequestLimitExceeded": _THROTTLED,
    "RequestTimeTooSkewed": _SIGNATURE,
    "SignatureDoesNotMatch": _SIGNATURE,
    "Throttling": _THROTTLED,
    "ThrottlingException": _THROTTLED,
    "TooManyRequestsException": _THROTTLED,
    "UnauthorizedException": _EXPIRED,
    "UnknownOperationException": _NO_API,
    "UnrecognizedClientException": _UNKNOWN_KEY,
}

BY_STATUS = {
    3: _REDIRECT,
    4: _REFUSED,
    5: _SERVER,
    400: _BAD_REQUEST,
    401: _DENIED,
    403: _DENIED,
    404: _NOT_FOUND,
    405: _NO_API,
    408: _GATEWAY,
    429: _THROTTLED,
    504: _GATEWAY,
}
