"""The reporter `github`: annotations in a pull request, and a summary of the workflow step.

Source: docs.github.com, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from amplify_modelgen.plugin import ModelgenError, Reporter, escape, hookimpl

from .markdown import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from amplify_modelgen.plugin import Outcome, Report

_QUIET = ("up-to-date", "valid", "skipped", "invalid", "compared")
_LEVELS = {"breaking": "error", "dangerous": "warning"}
_MAX_CHANGES = 20


def report(report: Report, stream: TextIO) -> None:
    """Write an annotation for each problem; append a summary if the step can have one.

    Raises:
        ModelgenError: the summary cannot be written.
    """
    for outcome in report.outcomes:
        stream.writelines(f"{line}\n" for line in _annotations(report, outcome))
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        _append_summary(Path(summary), render(report))


def _append_summary(path: Path, text: str) -> None:
    try:
        if path.is_fifo():
            raise OSError(errno.EINVAL, "it is a pipe, which may have no reader")  # noqa: TRY301
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise ModelgenError(
            f"the summary cannot be written to {path}: {error.strerror or error}",
            hint="the variable GITHUB_STEP_SUMMARY names that file",
        ) from error


def _annotations(report: Report, outcome: Outcome) -> Iterator[str]:
    for diagnostic in outcome.diagnostics:
        location = {
            "file": report.repository_path(diagnostic.path),
            "line": str(diagnostic.line),
            "col": str(diagnostic.column),
        }
        text = _with_hint(diagnostic.message, diagnostic.hint)
        yield _workflow_command(diagnostic.severity, location, text, diagnostic.rule)
    if outcome.status not in _QUIET:
        level = "warning" if outcome.status == "generated" else "error"
        schema = outcome.target.schema
        location = {"file": report.repository_path(schema)} if schema else {}
        text = f"{outcome.target.name}: {outcome.status}: {outcome.reason}"
        yield _workflow_command(level, location, _with_hint(text, outcome.hint))
    if report.command == "diff":
        risky = [change for change in outcome.changes if change.level in _LEVELS]
        for change in risky[:_MAX_CHANGES]:
            text = f"{change.subject}: {change.message}: {change.reason}"
            level = "warning" if outcome.status == "compared" else _LEVELS[change.level]
            yield _workflow_command(level, {}, text)


def _with_hint(message: str, hint: str | None) -> str:
    return f"{message}: {hint}" if hint else message


def _workflow_command(level: str, location: Mapping[str, str], message: str, rule: str = "") -> str:
    title = f"amplify-modelgen: {rule}" if rule else "amplify-modelgen"
    parameters = {**location, "title": title}
    properties = ",".join(f"{name}={_property(value)}" for name, value in parameters.items())
    return f"::{level} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return escape(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


@hookimpl
def modelgen_reporters() -> list[Reporter]:
    """Return the reporter, which is enabled inside GitHub Actions."""
    return [
        Reporter(
            name="github",
            help="annotations and a step summary for GitHub Actions (enabled automatically "
            "on GitHub Actions)",
            report=report,
            is_enabled=lambda environ: environ.get("GITHUB_ACTIONS") == "true",
        )
    ]
