"""Fault injection: the rules of `serve --fault` and of `running_server(faults=...)`.

docs/serve.md has the syntax of rules, and the kinds of faults with their effects.
"""

from __future__ import annotations

import re
import stat
from difflib import get_close_matches
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from amplify_modelgen.plugin import UsageError

from .operations import HANDLERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_HINT = "a rule is [OPERATION:]KIND[=VALUE][,times=N][,after=N][,every=N][,for=NAME]"
_MODIFIER = re.compile(r"(.*),(times|after|every|for)=([^,]*)", re.DOTALL)

_MAX_FILE_SIZE = 20_000_000

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

ValueType = Literal["none", "text", "optional text", "bytes", "seconds", "status", "header"]


class FaultKind(Struct, frozen=True, kw_only=True):
    """A kind of fault: its value, the operations that support it, and whether it rejects them."""

    value: ValueType = "none"
    operations: frozenset[str] = _ALL
    rejects: bool = False


KINDS: dict[str, FaultKind] = {
    "throttle": FaultKind(rejects=True),
    "timeout": FaultKind(rejects=True),
    "denied": FaultKind(rejects=True),
    "expired": FaultKind(rejects=True),
    "missing": FaultKind(rejects=True),
    "invalid": FaultKind(rejects=True),
    "status": FaultKind(value="status", rejects=True),
    "drop": FaultKind(rejects=True),
    "latency": FaultKind(value="seconds"),
    "fail": FaultKind(value="optional text", operations=_STARTING),
    "stall": FaultKind(operations=_STARTING),
    "nojob": FaultKind(operations=_STARTING),
    "progress": FaultKind(value="text", operations=_STARTING),
    "error": FaultKind(value="text", operations=_WITH_ERROR),
    "stale": FaultKind(operations=_MODELS),
    "without": FaultKind(value="text"),
    "answer": FaultKind(value="bytes"),
    "type": FaultKind(value="header"),
    "html": FaultKind(),
    "empty": FaultKind(),
    "half": FaultKind(),
    "late": FaultKind(),
    "hang": FaultKind(value="seconds"),
    "slow": FaultKind(value="seconds"),
    "short": FaultKind(),
    "cut": FaultKind(),
    "close": FaultKind(),
}


class Fault(Struct, frozen=True, kw_only=True):
    """A rule. `value` is the validated text after the kind; `times` None means always."""

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

    def applies_to(self, operation: str, names: Collection[str]) -> bool:
        """Whether the rule is for this operation, and for one of the names in the request."""
        return (
            operation in KINDS[self.kind].operations
            and self.operation in (None, operation)
            and (self.name is None or self.name in names)
        )

    def is_due(self, previous: int) -> bool:
        """Whether to inject the fault after `previous` matching requests."""
        index = previous - self.after
        if index < 0 or (index + 1) % self.every:
            return False
        return self.times is None or (index + 1) // self.every <= self.times


class FaultInjector:
    """The rules of a server, and the number of requests that each has matched. Thread-safe."""

    def __init__(self, rules: Iterable[str | Fault] = ()) -> None:
        self._rules = [rule if isinstance(rule, Fault) else parse_fault(rule) for rule in rules]
        self._counts = [0] * len(self._rules)
        self._lock = Lock()

    def add(self, rule: str) -> None:
        """Add a rule while the server runs; it counts requests from now on."""
        fault = parse_fault(rule)
        with self._lock:
            self._rules.append(fault)
            self._counts.append(0)

    def clear(self) -> None:
        """Remove all rules."""
        with self._lock:
            self._rules.clear()
            self._counts.clear()

    def match(self, operation: str, names: Collection[str]) -> tuple[Fault, ...]:
        """Count a request and return its faults; none follows a fault that rejects it."""
        faults: list[Fault] = []
        with self._lock:
            for index, fault in enumerate(self._rules):
                if not fault.applies_to(operation, names):
                    continue
                previous, self._counts[index] = self._counts[index], self._counts[index] + 1
                if fault.is_due(previous):
                    faults.append(fault)
                    if KINDS[fault.kind].rejects:
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
    if colon and operation not in HANDLERS:
        raise _invalid(rule, f"unknown operation {operation!r}", operation, HANDLERS)
    if colon and operation not in KINDS[kind].operations:
        raise _invalid(rule, f"{kind} does not apply to {operation}")
    if modifiers.get("for") == "":
        raise _invalid(rule, "for needs a name")
    if KINDS[kind].value == "none" and value:
        modifiers, value = {"times": value, **modifiers}, ""
    return Fault(
        kind=kind,
        operation=operation or None,
        value=_check_value(rule, kind, value),
        times=_number(rule, modifiers, "times", 1) if "times" in modifiers else None,
        after=_number(rule, modifiers, "after", 0),
        every=_number(rule, modifiers, "every", 1),
        name=modifiers.get("for"),
    )


def _split_modifiers(rule: str) -> tuple[str, dict[str, str]]:
    modifiers: dict[str, str] = {}
    while match := _MODIFIER.fullmatch(rule):
        rule, name, value = match.groups()
        modifiers[name] = value
    return rule, modifiers


def _number(rule: str, modifiers: dict[str, str], name: str, minimum: int) -> int:
    text = modifiers.get(name, str(minimum))
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) < minimum:
        raise _invalid(rule, f"{name} must be an integer of at least {minimum}")
    return int(text)


def _check_value(rule: str, kind: str, text: str) -> str:
    expected = KINDS[kind].value
    if expected in ("text", "bytes", "header") and not text:
        raise _invalid(rule, f"{kind} needs a text: {kind}=TEXT")
    if expected == "seconds" and not re.fullmatch(r"\d{1,5}(\.\d*)?|\.\d+", text, re.ASCII):
        raise _invalid(rule, f"{kind} needs seconds: {kind}=0.5")
    if expected == "status" and not re.fullmatch(r"[2-5]\d\d", text, re.ASCII):
        raise _invalid(rule, f"{kind} needs an HTTP status: {kind}=500")
    if expected == "header" and not (text.isascii() and text.isprintable()):
        raise _invalid(rule, f"{kind} needs printable ASCII")
    if expected == "bytes":
        return _read_file(rule, text[1:]) if text.startswith("@") else text
    # The shell passes bytes that are not UTF-8 as surrogates; JSON cannot hold them.
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise _invalid(rule, f"{kind} needs UTF-8")
    return text


def _read_file(rule: str, path: str) -> str:
    try:
        status = Path(path).stat()
        # Opening a FIFO would wait for its other end; opening a directory says what it is.
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            raise _invalid(rule, f"{path} is not a regular file")
        if status.st_size > _MAX_FILE_SIZE:
            raise _invalid(rule, f"{path} is larger than {_MAX_FILE_SIZE} bytes")
        # A response may contain any bytes: those that are not UTF-8 become surrogates and are
        # encoded as the same bytes again.
        return Path(path).read_bytes().decode("utf-8", "surrogateescape")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise _invalid(rule, f"cannot read {path} ({reason})") from error


def _invalid(rule: str, reason: str, word: str = "", known: Iterable[str] = ()) -> UsageError:
    close = get_close_matches(word, list(known), n=1)
    hint = f"did you mean {close[0]}?" if close else _HINT
    return UsageError(f"invalid fault rule {rule!r}: {reason}", hint=hint)
