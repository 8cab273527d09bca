"""Collect the problems of a schema, and convert their offsets to lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Literal

from amplify_modelgen.errors import Diagnostic, SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAX_LENGTH = 1_000
_Severity = Literal["error", "warning"]
_NEWLINE = r"\r\n|\n|\r"


class SchemaRuleError(Exception):
    """A definition or field violates a rule. A `Diagnostics` catches it, and goes on."""

    def __init__(self, offset: int, message: str, hint: str | None = None) -> None:
        super().__init__(offset, message, hint)


class Diagnostics:
    """Problems by their offset in the text.

    As a context manager it records a `SchemaRuleError` that is raised in the block, and continues
    after the block. `rule` and `stage` are those of the diagnostics; a warning of the stage
    `models` becomes advice.
    """

    def __init__(
        self, rule: str = "", stage: Literal["push", "models", "advice"] = "models"
    ) -> None:
        self.rule = rule
        self._stage = stage
        self._problems: dict[tuple[int, str], tuple[str | None, _Severity, str]] = {}

    def __enter__(self) -> None:
        """Record a `SchemaRuleError` of the block."""

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> bool:
        """Record a `SchemaRuleError`; other exceptions are raised."""
        if not isinstance(error, SchemaRuleError):
            return False
        self.error(*error.args)
        return True

    def error(self, offset: int, message: str, hint: str | None = None) -> None:
        """Add an error."""
        self._problems[offset, message] = (hint, "error", self.rule)

    def warning(self, offset: int, message: str, hint: str) -> None:
        """Add a warning."""
        self._problems[offset, message] = (hint, "warning", self.rule)

    def locate(self, sdl: str) -> tuple[Diagnostic, ...]:
        """Return the problems with lines and columns in `sdl`, sorted by position."""
        if not self._problems:
            return ()
        line_offsets = [0, *(match.end() for match in re.finditer(_NEWLINE, sdl))]
        diagnostics = []
        for (offset, message), (hint, severity, rule) in sorted(self._problems.items()):
            line = bisect_right(line_offsets, offset)
            diagnostic = Diagnostic(
                message=_shorten(message),
                line=line,
                column=offset - line_offsets[line - 1] + 1,
                hint=_shorten(hint) if hint is not None else None,
                severity=severity,
                rule=rule,
                stage="advice" if severity == "warning" else self._stage,
            )
            diagnostics.append(diagnostic)
        return tuple(diagnostics)


def _shorten(text: str) -> str:
    """Cut out the middle of a text that quotes a very long name or value."""
    half = _MAX_LENGTH // 2
    return text if len(text) <= _MAX_LENGTH else f"{text[:half]}...{text[-half:]}"


def raise_for_errors(diagnostics: Iterable[Diagnostic]) -> None:
    """Raise a `SchemaError` with the errors among the diagnostics, if there are any."""
    errors = tuple(entry for entry in diagnostics if entry.severity == "error")
    if errors:
        raise SchemaError(errors)
