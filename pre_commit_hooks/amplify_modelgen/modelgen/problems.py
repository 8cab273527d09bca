"""What is wrong with a schema: how a stage says it, and how a reader gets to see it."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from amplify_modelgen.errors import Problem, SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable

Document = Literal["introspection", "datastore"]
BOTH: tuple[Document, ...] = ("introspection", "datastore")

_LONGEST_TEXT = 1_000
_LINE_END = r"\r\n|\n|\r"


class Finding(Struct, frozen=True, kw_only=True):
    """One thing to say about the place `at`, which is an offset in the text."""

    at: int
    message: str
    hint: str | None = None
    severity: Literal["error", "warning"] = "error"


class RefusalError(Exception):
    """Raised inside a stage where it cannot go on with one definition or field.

    Stages catch it, keep the finding and go on with the next one, so that all of a schema's
    problems come to light at once.
    """

    def __init__(self, at: int, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.finding = Finding(at=at, message=message, hint=hint)


def locate(text: str, findings: Iterable[Finding]) -> tuple[Problem, ...]:
    """Turn findings into problems with line and column, sorted by position, each once."""
    distinct = {(finding.at, finding.message): finding for finding in findings}
    if not distinct:
        return ()
    starts = [0, *(match.end() for match in re.finditer(_LINE_END, text))]
    return tuple(_problem(starts, finding) for _, finding in sorted(distinct.items()))


def _problem(starts: list[int], finding: Finding) -> Problem:
    line = bisect_right(starts, finding.at)
    return Problem(
        message=_short(finding.message),
        line=line,
        column=finding.at - starts[line - 1] + 1,
        hint=_short(finding.hint) if finding.hint is not None else None,
        severity=finding.severity,
    )


def _short(text: str) -> str:
    """Leave out the middle of what quotes a name or a value of any length."""
    half = _LONGEST_TEXT // 2
    return text if len(text) <= _LONGEST_TEXT else f"{text[:half]}...{text[-half:]}"


def refuse(text: str, findings: Iterable[Finding]) -> None:
    """Raise `SchemaError` with the errors among the findings, if there are any."""
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise SchemaError(locate(text, errors))
