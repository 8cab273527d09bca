"""Faults on purpose: the rules of `serve --fault` and of `running_server(faults=...)`.

A rule is `[OPERATION:]KIND[=VALUE][,times=N][,after=N][,every=N][,for=NAME]`. Without an
operation it holds for every one that the kind suits. `times` is how often it strikes (always,
if it is not given), `after` how many fitting requests it lets pass first, `every` makes it
strike only each Nth of the rest, and `for` restricts it to requests that name this app,
environment, resource or job. Kinds that take no value read a number there as `times`:
`throttle=3` is `throttle,times=3`. Several rules hold together; of those that refuse a request,
the first one does.

    kind         value    what happens
    throttle              429 TooManyRequestsException; no work is done
    timeout               504 GatewayTimeoutException; no work is done
    denied                403 AccessDeniedException; no work is done
    expired               403 ExpiredTokenException; no work is done
    missing               404 NotFoundException; no work is done
    invalid               400 BadRequestException; no work is done
    status       NUMBER   this HTTP status with an empty body; no work is done
    drop                  the connection is closed before any work is done
    latency      SECONDS  the work begins that much later
    fail         [TEXT]   the job ends FAILED, with this text as its error
    stall                 the job never ends
    nojob                 the work is done at once, and COMPLETED is answered without a job
    progress     TEXT     the job shows this status until it ends
    error        TEXT     200 with this text as its Error
    stale                 the models' Status is STALE
    without      MEMBER   the answer lacks this member
    answer       TEXT     200 with this text as its body; @FILE reads the text from a file
    type         TEXT     the answer says that this is its Content-Type
    html                  200 with a page of HTML
    empty                 200 with an empty body
    half                  the first half of the JSON, and nothing more
    late                  504 GatewayTimeoutException, and yet the work is done
    hang         SECONDS  the work is done, and for that long nothing is answered
    slow         SECONDS  the work is done, and the answer takes that long to come, in small pieces
    short                 the work is done, and half of the body is sent before the connection ends
    cut                   the work is done, and the connection is reset in the middle of the body
    close                 the work is done, and the connection is closed without an answer
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from amplify_modelgen import UsageError

from .operations import HANDLERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_HINT = "a rule is [OPERATION:]KIND[=VALUE][,times=N][,after=N][,every=N][,for=NAME]"
_MODIFIER = re.compile(r"(.*),(times|after|every|for)=([^,]*)", re.DOTALL)

_ALL = frozenset(HANDLERS)
_STARTING = _ALL - {
    "GetBackend",
    "GetBackendAPI",
    "GetBackendAPIModels",
    "GetBackendJob",
    "ListBackendJobs",
    "UpdateBackendJob",
}
_WITH_ERROR = _ALL - {"GetBackendAPIModels", "ListBackendJobs"}
_MODELS = frozenset({"GetBackendAPIModels"})

Value = Literal["none", "text", "optional text", "seconds", "status"]


class Kind(Struct, frozen=True, kw_only=True):
    """A kind of fault: what its value is, which operations it suits, whether it refuses them."""

    value: Value = "none"
    operations: frozenset[str] = _ALL
    refuses: bool = False


KINDS: dict[str, Kind] = {
    "throttle": Kind(refuses=True),
    "timeout": Kind(refuses=True),
    "denied": Kind(refuses=True),
    "expired": Kind(refuses=True),
    "missing": Kind(refuses=True),
    "invalid": Kind(refuses=True),
    "status": Kind(value="status", refuses=True),
    "drop": Kind(refuses=True),
    "latency": Kind(value="seconds"),
    "fail": Kind(value="optional text", operations=_STARTING),
    "stall": Kind(operations=_STARTING),
    "nojob": Kind(operations=_STARTING),
    "progress": Kind(value="text", operations=_STARTING),
    "error": Kind(value="text", operations=_WITH_ERROR),
    "stale": Kind(operations=_MODELS),
    "without": Kind(value="text"),
    "answer": Kind(value="text"),
    "type": Kind(value="text"),
    "html": Kind(),
    "empty": Kind(),
    "half": Kind(),
    "late": Kind(),
    "hang": Kind(value="seconds"),
    "slow": Kind(value="seconds"),
    "short": Kind(),
    "cut": Kind(),
    "close": Kind(),
}


class Fault(Struct, frozen=True, kw_only=True):
    """One rule. `value` is the text after the kind, checked; `times` None means always."""

    kind: str
    operation: str | None = None
    value: str = ""
    times: int | None = None
    after: int = 0
    every: int = 1
    name: str | None = None

    @property
    def seconds(self) -> float:
        """The value of a kind that takes seconds."""
        return float(self.value)

    def suits(self, operation: str, names: Collection[str]) -> bool:
        """Whether the rule speaks of this operation, on something called by one of `names`."""
        return (
            operation in KINDS[self.kind].operations
            and self.operation in (None, operation)
            and (self.name is None or self.name in names)
        )

    def strikes(self, passed: int) -> bool:
        """Whether the rule strikes the request that comes after `passed` fitting ones."""
        at = passed - self.after
        if at < 0 or (at + 1) % self.every:
            return False
        return self.times is None or (at + 1) // self.every <= self.times


class Faults:
    """The rules of a server, and how many requests each of them has seen. Safe for threads."""

    def __init__(self, rules: Iterable[str | Fault] = ()) -> None:
        self._rules = [rule if isinstance(rule, Fault) else parse_fault(rule) for rule in rules]
        self._seen = [0] * len(self._rules)
        self._lock = Lock()

    def add(self, rule: str) -> None:
        """Add a rule while the server runs; it counts requests from now on."""
        fault = parse_fault(rule)
        with self._lock:
            self._rules.append(fault)
            self._seen.append(0)

    def clear(self) -> None:
        """Drop all rules: from now on everything works."""
        with self._lock:
            self._rules.clear()
            self._seen.clear()

    def strike(self, operation: str, names: Collection[str]) -> tuple[Fault, ...]:
        """Return the faults of one request, and count it; nothing follows one that refuses."""
        struck: list[Fault] = []
        with self._lock:
            for at, fault in enumerate(self._rules):
                if not fault.suits(operation, names):
                    continue
                passed, self._seen[at] = self._seen[at], self._seen[at] + 1
                if fault.strikes(passed):
                    struck.append(fault)
                    if KINDS[fault.kind].refuses:
                        break
        return tuple(struck)


def parse_fault(rule: str) -> Fault:
    """Return the rule that the text means, or raise `UsageError` saying what is wrong with it."""
    rest, modifiers = _modifiers(rule)
    head, _, value = rest.partition("=")
    operation, colon, kind = head.rpartition(":")
    if kind not in KINDS:
        raise _wrong(rule, f"no kind of fault is called {kind!r}", kind, KINDS)
    if colon and operation not in HANDLERS:
        raise _wrong(rule, f"no operation is called {operation!r}", operation, HANDLERS)
    if colon and operation not in KINDS[kind].operations:
        raise _wrong(rule, f"{kind} has no meaning for {operation}")
    if modifiers.get("for") == "":
        raise _wrong(rule, "for needs a name")
    if KINDS[kind].value == "none" and value:
        modifiers, value = {"times": value, **modifiers}, ""
    return Fault(
        kind=kind,
        operation=operation or None,
        value=_value(rule, kind, value),
        times=_number(rule, modifiers, "times", 1) if "times" in modifiers else None,
        after=_number(rule, modifiers, "after", 0),
        every=_number(rule, modifiers, "every", 1),
        name=modifiers.get("for"),
    )


def _modifiers(rule: str) -> tuple[str, dict[str, str]]:
    modifiers: dict[str, str] = {}
    while match := _MODIFIER.fullmatch(rule):
        rule, name, value = match.groups()
        modifiers[name] = value
    return rule, modifiers


def _number(rule: str, modifiers: dict[str, str], name: str, least: int) -> int:
    text = modifiers.get(name, str(least))
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise _wrong(rule, f"{name} must be a number from {least} on")
    return int(text)


def _value(rule: str, kind: str, text: str) -> str:
    expected = KINDS[kind].value
    if expected == "text" and not text:
        raise _wrong(rule, f"{kind} needs a text: {kind}=TEXT")
    if expected == "seconds" and not re.fullmatch(r"\d{1,5}(\.\d*)?|\.\d+", text, re.ASCII):
        raise _wrong(rule, f"{kind} needs seconds: {kind}=0.5")
    if expected == "status" and not re.fullmatch(r"[2-5]\d\d", text, re.ASCII):
        raise _wrong(rule, f"{kind} needs an HTTP status: {kind}=500")
    return _content(rule, text[1:]) if kind == "answer" and text.startswith("@") else text


def _content(rule: str, path: str) -> str:
    # Any bytes may be wanted as an answer; those that are no UTF-8 come out as they went in.
    try:
        return Path(path).read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise _wrong(rule, f"{path} cannot be read ({error.strerror})") from error


def _wrong(rule: str, why: str, word: str = "", known: Iterable[str] = ()) -> UsageError:
    close = get_close_matches(word, list(known), n=1)
    hint = f"did you mean {close[0]}?" if close else _HINT
    return UsageError(f"cannot read the fault rule {rule!r}: {why}", hint=hint)
