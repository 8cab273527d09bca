"""Turns what went wrong at a call into the one error that people see."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, TypedDict

from msgspec import Struct, field
from msgspec.structs import replace

from amplify_modelgen import BackendError, ConfigError

from .call import subject
from .clients import Timeouts, host_of
from .faults import BY_CAUSE, BY_CLASS
from .redaction import quoted
from .refusals import BY_CODE, BY_STATUS, NOT_UNDERSTOOD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .call import Call
    from .rule import Rule

# Credentials may come from another service, whose refusals pass through the same exceptions.
_CREDENTIAL_SERVICES = {
    "AssumeRole": "sts",
    "AssumeRoleWithSAML": "sts",
    "AssumeRoleWithWebIdentity": "sts",
    "GetRoleCredentials": "sso",
}


class LostAnswerError(BackendError):
    """A call that must not be repeated was sent, and nobody knows what became of it."""


class Route(Struct, frozen=True, kw_only=True):
    """Where a call went: host and port of the endpoint, the region, and how long it might take."""

    host: str = "AWS"
    region: str | None = None
    profile: str | None = None
    timeouts: Timeouts = field(default_factory=Timeouts)


class _Refusal(TypedDict):
    """A ClientError, read: `code` may be the status as text, `told` opens with a colon."""

    code: str
    status: int
    told: str
    operation: str


def explained(error: Exception, call: Call, route: Route) -> BackendError | ConfigError:
    """Return the error to raise instead of what boto3 raised at a call."""
    refusal = _refusal(error)
    if refusal is None:
        host = _host(error) or route.host
        rule = _before(_rule_by_class(error), elsewhere=host != route.host)
        return _filled(rule, call, route, detail=_detail(error), host=host)
    action = refusal["operation"]
    service = _CREDENTIAL_SERVICES.get(action)
    rule = _before(_rule_by_code(refusal), elsewhere=service is not None)
    return _filled(rule, call, route, **refusal, action=f"{service or 'amplifybackend'}:{action}")


def _before(rule: Rule, *, elsewhere: bool) -> Rule:
    """Return the rule for a failure that was one of another service, asked for credentials."""
    return replace(rule, reached=False) if elsewhere else rule


def unusable(rule: Rule, call: Call, route: Route, detail: str) -> BackendError | ConfigError:
    """Return the error to raise for an answer that came and is of no use."""
    return _filled(rule, call, route, detail=quoted(detail))


def _filled(rule: Rule, call: Call, route: Route, **known: object) -> BackendError | ConfigError:
    facts = {
        "call": f"{call} of {_where(call, route)}",
        "host": route.host,
        "region": repr(route.region),
        "profile": f" --profile {route.profile}" if route.profile else "",
        "connect_timeout": route.timeouts.connect,
        "read_timeout": route.timeouts.read,
        **known,
    }
    raises = LostAnswerError if call.once and rule.reached else rule.raises
    return raises(rule.message.format_map(facts), hint=rule.hint.format_map(facts))


def _where(call: Call, route: Route) -> str:
    region = f", {route.region}" if route.region else ""
    return f"{subject(call.target)} (app {call.target.app_id}{region})"


def _refusal(error: Exception) -> _Refusal | None:
    """Read a ClientError, whose body anybody may have written; None for other exceptions."""
    answer = getattr(error, "response", None)
    if not isinstance(answer, dict):
        return None
    said = _mapping(answer.get("Error"))
    status = _mapping(answer.get("ResponseMetadata")).get("HTTPStatusCode")
    message = said.get("Message")
    kind = answer.get("LimitType") or answer.get("ResourceType")
    told = f": {quoted(str(message))}" if message else ""
    return _Refusal(
        code=quoted(str(said.get("Code", "no code"))),
        status=status if isinstance(status, int) else 0,
        told=f"{told} ({quoted(str(kind))})" if kind else told,
        operation=str(getattr(error, "operation_name", "")),
    )


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _rule_by_code(refusal: _Refusal) -> Rule:
    status = refusal["status"]
    rule = BY_CODE.get(refusal["code"]) or BY_STATUS.get(status) or BY_STATUS.get(status // 100)
    return rule or NOT_UNDERSTOOD


def _rule_by_class(error: Exception) -> Rule:
    for cause in _causes(error):
        for name in _names(cause):
            if name in BY_CAUSE:
                return BY_CAUSE[name]
    return next(BY_CLASS[name] for name in _names(error) if name in BY_CLASS)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _names(error: BaseException) -> Iterator[str]:
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        yield "EAI_AGAIN"
    for kind in type(error).__mro__:
        yield kind.__name__


def _host(error: Exception) -> str | None:
    url = _mapping(getattr(error, "kwargs", None)).get("endpoint_url")
    return host_of(url) if isinstance(url, str) else None


def _detail(error: Exception) -> str:
    # botocore wraps what the network said into a sentence with the whole URL in it. Of a file
    # that cannot be parsed the inner error would show the line, maybe one with a key.
    known = _mapping(getattr(error, "kwargs", None))
    if known.get("provider") == "custom-process":
        # What it printed may be anything, the credentials that it could not hand over included.
        return "the profile's credential_process failed; run it by hand to see what it says"
    inner = known.get("error") if "endpoint_url" in known else None
    return quoted(str(inner or error)).rstrip(".") or type(error).__name__
