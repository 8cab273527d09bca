"""What the faults on the way to AWS mean: exceptions of boto3 and of the network below it.

They are looked up by the names of the exception's classes, the narrowest first, because botocore
must not be imported before it is needed. Causes beat classes: botocore wraps a name that cannot
be resolved and a refused connection into one class.
"""

from __future__ import annotations

from msgspec.structs import replace

from amplify_modelgen import ConfigError, TransientError

from .refusals import NOT_UNDERSTOOD
from .rule import AGAIN, ENDPOINT, IDENTITY, Rule

_UNKNOWN_HOST = "the host {host} cannot be found for {call}"
BY_CAUSE = {
    "EAI_AGAIN": Rule(
        raises=TransientError,
        message=f"{_UNKNOWN_HOST}: the name service did not answer",
        hint="is this machine online?",
    ),
    "gaierror": Rule(
        message=_UNKNOWN_HOST,
        hint=f"is there an AWS region {{region}}? {ENDPOINT}",
    ),
    # A missing file of certificates, or a missing program that would give the credentials.
    "FileNotFoundError": Rule(
        raises=ConfigError,
        message="{call} was not sent, because a file of the AWS settings is not there: {detail}",
        hint="look at AWS_CA_BUNDLE, and at ca_bundle and credential_process in the AWS "
        "configuration file",
    ),
    "SSLCertVerificationError": Rule(
        message="the TLS certificate of {host} is not trusted for {call}: {detail}",
        hint="behind a proxy that opens TLS, set AWS_CA_BUNDLE to the file of its certificate",
    ),
    # The other side went away in the middle: unlike other TLS faults, it may have got all.
    "SSLEOFError": Rule(
        raises=TransientError,
        message="{host} ended the TLS connection without an answer to {call}",
        hint=AGAIN,
        reached=True,
    ),
}

_CREDENTIALS = Rule(
    message="the AWS credentials for {call} cannot be had from where they are kept: {detail}",
    hint=IDENTITY,
)
_SSO = Rule(
    message="the AWS SSO session for {call} is missing or has expired",
    hint="log in: 'aws sso login{profile}'",
)
_SETTING = Rule(
    raises=ConfigError,
    message="{call} was not sent, because an AWS setting cannot be used: {detail}",
    hint="look at the AWS_... variables, AMPLIFY_BACKEND_ENDPOINT and the AWS configuration file; "
    "an endpoint begins with http:// or https://",
)
_OLD_BOTO3 = Rule(
    message="this boto3 does not know {call}: {detail}",
    hint="'pip install --upgrade boto3' where amplify-modelgen is installed",
)
# What botocore's parser says of it is about its own code.
_SHAPE = replace(
    NOT_UNDERSTOOD,
    message="the answer to {call} cannot be read: it has not the shape of one of this API",
)

BY_CLASS = {
    "NoCredentialsError": Rule(
        message="there are no AWS credentials for {call}",
        hint="'aws configure' or 'aws sso login' makes some; AWS_PROFILE or the key profile of "
        "the target names those to use",
    ),
    "PartialCredentialsError": Rule(
        message="the AWS credentials for {call} are incomplete: {detail}",
        hint="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY both, or neither and use a profile",
    ),
    "ProfileNotFound": Rule(
        raises=ConfigError,
        message="{call} was not sent: {detail}",
        hint="'aws configure list-profiles' shows the profiles that there are; AWS_PROFILE or the "
        "key profile of the target chooses one",
    ),
    "CredentialRetrievalError": _CREDENTIALS,
    "MetadataRetrievalError": _CREDENTIALS,
    "UnknownCredentialError": _CREDENTIALS,
    "SSOError": _SSO,
    "TokenRetrievalError": _SSO,
    "LoginError": Rule(
        message="the AWS login session for {call} is missing or has expired",
        hint="log in: 'aws login{profile}'",
    ),
    "NoRegionError": Rule(
        message="there is no AWS region for {call}",
        hint="set region for the target in the configuration, or AWS_REGION",
    ),
    "InvalidRegionError": Rule(
        raises=ConfigError,
        message="{call} was not sent: {detail}",
        hint="write it like us-east-1: for the target in the configuration, or in AWS_REGION",
    ),
    "EndpointConnectionError": Rule(
        raises=TransientError,
        message="{host} cannot be reached for {call}: the connection was refused or has no route",
        hint=f"is it running, and this machine online? {ENDPOINT}",
    ),
    "ConnectTimeoutError": Rule(
        raises=TransientError,
        message="{host} let nobody connect for {call} within {connect_timeout:g} s",
        hint=f"is this machine online, does its network let HTTPS through? {ENDPOINT}",
    ),
    "ProxyConnectionError": Rule(
        raises=TransientError,
        message="the proxy between here and {host} cannot be reached for {call}",
        hint="look at HTTPS_PROXY and HTTP_PROXY; NO_PROXY={host} goes without one",
    ),
    "ReadTimeoutError": Rule(
        raises=TransientError,
        message="{host} did not answer {call} within {read_timeout:g} s",
        hint=AGAIN,
        reached=True,
    ),
    "ConnectionClosedError": Rule(
        raises=TransientError,
        message="{host} closed the connection without an answer to {call}",
        hint=AGAIN,
        reached=True,
    ),
    "ResponseStreamingError": Rule(
        raises=TransientError,
        message="{host} closed the connection in the middle of its answer to {call}",
        hint=AGAIN,
        reached=True,
    ),
    "SSLError": Rule(
        message="no TLS connection to {host} for {call}: {detail}",
        hint="an endpoint without TLS begins with http://; behind a proxy that opens TLS, set "
        "AWS_CA_BUNDLE to the file of its certificate",
    ),
    "InvalidProxiesConfigError": _SETTING,
    "HTTPClientError": Rule(
        message="the connection to {host} failed at {call}: {detail}",
        hint=f"look at AWS_CA_BUNDLE and the proxy's variables; {ENDPOINT}",
        reached=True,
    ),
    "ConfigParseError": _SETTING,
    "ConfigNotFound": _SETTING,
    "InvalidChecksumConfigError": _SETTING,
    "InvalidConfigError": _SETTING,
    "InvalidDefaultsMode": _SETTING,
    "InvalidEndpointConfigurationError": _SETTING,
    "InvalidRetryConfigurationError": _SETTING,
    "InvalidSTSRegionalEndpointsConfigError": _SETTING,
    "UnknownEndpointError": _SETTING,
    "DataNotFoundError": _OLD_BOTO3,
    "UnknownServiceError": _OLD_BOTO3,
    "ImportError": Rule(
        message="boto3, which speaks to AWS, cannot be imported for {call}: {detail}",
        hint="'pip install boto3' where amplify-modelgen is installed; in .pre-commit-config.yaml, "
        "additional_dependencies: [boto3]",
    ),
    "BotoCoreError": Rule(message="boto3 could not do {call}: {detail}", hint=IDENTITY),
    # What boto3 raises for an endpoint without a scheme, or a variable that is no number.
    "ValueError": _SETTING,
    # What botocore's parser raises for JSON that is no object, or too deep.
    "AttributeError": _SHAPE,
    "LookupError": _SHAPE,
    "RecursionError": _SHAPE,
    "ResponseParserError": _SHAPE,
    "TypeError": _SHAPE,
    "Exception": Rule(
        message="{call} failed: {detail}",
        hint=IDENTITY,
        reached=True,
    ),
}
