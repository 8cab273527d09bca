"""Fault injection: the rules of `serve --fault` and of `running_server(faults=...)`.

docs/serve.md has the syntax of rules, and the kinds of faults with their effects.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct

from amplify_modelgen.plugin import UsageError

from .operations import JOB_OPERATIONS, OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_HINT = "a rule is [OPERATION:]KIND[=VALUE][,times=N][,after=N][,every=N][,for=NAME]"
_MODIFIER = re.compile(r"(.*),(times|after|every|for)=([^,]*)", re.DOTALL)
_MAX_FILE_SIZE = 20_000_000

# The faults that reject a request with an error.
REJECTIONS = {
    "throttle": (429, "TooManyRequestsException", "too many requests"),
    "timeout": (504, "GatewayTimeoutException", "the service took too long"),
    "denied": (403, "AccessDeniedException", "the caller may not perform this operation"),
    "expired": (403, "ExpiredTokenException", "the security token in the request is expired"),
    "missing": (404, "NotFoundException", "the resource of the request does not exist"),
    "invalid": (400, "BadRequestException", "invalid request"),
}

_JOBS = frozenset(JOB_OPERATIONS)
_MODELS = frozenset({"GetBackendAPIModels"})
# Patterns of values, and what they are. The shell passes bytes that are not UTF-8 as surrogates.
_TEXT = (r"[^\ud800-\udfff]+", "a text in UTF-8")
_OPTIONAL_TEXT = (r"[^\ud800-\udfff]*", "a text in UTF-8")
_BYTES = (r".+", "a text")
_SECONDS = (r"[0-9]{1,5}(\.[0-9]*)?|\.[0-9]+", "seconds, such as 0.5")
_STATUS = (r"[2-5][0-9][0-9]", "an HTTP status")
_HEADER = (r"[ -~]+", "printable ASCII")
_Positive = Annotated[int, Meta(ge=1)]


class FaultKind(Struct, frozen=True):
    """A kind of fault: the pattern of its value and its description, None without a value.

    `operations` are those that support it.
    """

    value: tuple[str, str] | None = None
    operations: frozenset[str] = OPERATIONS


KINDS: dict[str, FaultKind] = {
    **{kind: FaultKind() for kind in REJECTIONS},
    "status": FaultKind(_STATUS),
    "drop": FaultKind(),
    "latency": FaultKind(_SECONDS),
    "fail": FaultKind(_OPTIONAL_TEXT, _JOBS),
    "stall": FaultKind(operations=_JOBS),
    "nojob": FaultKind(operations=_JOBS),
    "progress": FaultKind(_TEXT, _JOBS),
    "error": FaultKind(_TEXT, OPERATIONS - {"GetBackendAPIModels", "ListBackendJobs"}),
    "stale": FaultKind(operations=_MODELS),
    "without": FaultKind(_TEXT),
    "answer": FaultKind(_BYTES),
    "type": FaultKind(_HEADER),
    "html": FaultKind(),
    "empty": FaultKind(),
    "half": FaultKind(),
    "late": FaultKind(),
    "hang": FaultKind(_SECONDS),
    "slow": FaultKind(_SECONDS),
    "short": FaultKind(),
    "cut": FaultKind(),
    "close": FaultKind(),
}
JOB_FAULTS = frozenset(kind for kind, fault in KINDS.items() if fault.operations is _JOBS)
"""The kinds that change the job itself, not only a response about it."""


class Fault(Struct, frozen=True, kw_only=True):
    """A rule. `value` is the validated text after the kind; `times` None means always."""

    kind: str
    operation: str | None = None
    value: str = ""
    times: _Positive | None = None
    after: Annotated[int, Meta(ge=0)] = 0
    every: _Positive = 1
    name: Annotated[str, Meta(min_length=1)] = msgspec.field(name="for", default="")

    @property
    def seconds(self) -> float:
        """The value of a kind that takes seconds."""
        return float(self.value)

    def applies_to(self, operation: str, names: Collection[str]) -> bool:
        """Whether the rule is for this operation, and for one of the names in the request."""
        return (
            operation in KINDS[self.kind].operations
            and self.operation in (None, operation)
            and (not self.name or self.name in names)
        )

    def is_due(self, previous: int) -> bool:
        """Whether to inject the fault after `previous` matching requests."""
        index = previous - self.after
        if index < 0 or (index + 1) % self.every:
            return False
        return self.times is None or (index + 1) // self.every <= self.times


class FaultInjector:
    """The rules of a server, and the number of requests that each has matched. Thread-safe."""

    def __init__(self, rules: Iterable[str] = ()) -> None:
        self._counts = [(parse_fault(rule), 0) for rule in rules]
        self._lock = Lock()

    def add(self, rule: str) -> None:
        """Add a rule while the server runs; it counts requests from now on."""
        fault = parse_fault(rule)
        with self._lock:
            self._counts.append((fault, 0))

    def clear(self) -> None:
        """Remove all rules."""
        with self._lock:
            self._counts.clear()

    def match(self, operation: str, names: Collection[str]) -> tuple[Fault, ...]:
        """Count a request and return its faults; none follows a fault that rejects it."""
        faults: list[Fault] = []
        with self._lock:
            for index, (fault, previous) in enumerate(self._counts):
                if not fault.applies_to(operation, names):
                    continue
                self._counts[index] = (fault, previous + 1)
                if fault.is_due(previous):
                    faults.append(fault)
                    if fault.kind in (*REJECTIONS, "status", "drop"):
                        break
        return tuple(faults)


def parse_fault(rule: str) -> Fault:
    """Parse a rule.

    Raises:
        UsageError: the rule is invalid; the message says why.
    """
    text, modifiers = _split_modifiers(rule)
    head, _, value = text.partition("=")
    operation, colon, kind = head.rpartition(":")
    if kind not in KINDS:
        raise _invalid(rule, f"unknown fault {kind!r}", kind, KINDS)
    if colon and operation not in OPERATIONS:
        raise _invalid(rule, f"unknown operation {operation!r}", operation, OPERATIONS)
    if colon and operation not in KINDS[kind].operations:
        raise _invalid(rule, f"{kind} does not apply to {operation}")
    expected = KINDS[kind].value
    if expected is None:
        if value:
            modifiers, value = {"times": value, **modifiers}, ""
    elif not re.fullmatch(expected[0], value, re.DOTALL):
        raise _invalid(rule, f"{kind} needs {expected[1]}")
    elif expected is _BYTES and value.startswith("@"):
        value = _read_file(rule, Path(value[1:]))
    members = {"kind": kind, "operation": operation or None, "value": value, **modifiers}
    try:
        return msgspec.convert(members, Fault, strict=False)
    except (msgspec.ValidationError, ValueError) as error:
        reason = "N must be an integer of at least 1 (for after: 0), and NAME must not be empty"
        raise _invalid(rule, reason) from error


def _split_modifiers(rule: str) -> tuple[str, dict[str, str]]:
    modifiers: dict[str, str] = {}
    while match := _MODIFIER.fullmatch(rule):
        rule, name, value = match.groups()
        modifiers[name] = value
    return rule, modifiers


def _read_file(rule: str, path: Path) -> str:
    try:
        # Opening a FIFO would wait for its other end.
        if not path.is_file() or path.stat().st_size > _MAX_FILE_SIZE:
            raise _invalid(rule, f"{path} is not a regular file of at most {_MAX_FILE_SIZE} bytes")
        # A response may contain any bytes: those that are not UTF-8 become surrogates and are
        # encoded as the same bytes again.
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except (OSError, ValueError) as error:
        raise _invalid(rule, f"cannot read {path}: {error}") from error


def _invalid(rule: str, reason: str, word: str = "", known: Iterable[str] = ()) -> UsageError:
    close = get_close_matches(word, list(known), n=1)
    hint = f"did you mean {close[0]}?" if close else _HINT
    return UsageError(f"invalid fault rule {rule!r}: {reason}", hint=hint)
