"""The reporters `github` and `markdown`.

`github` writes annotations in a pull request and a summary of the workflow step, `markdown` the
tables of this summary, for a comment in a pull request.

Source: docs.github.com, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from amplify_modelgen.plugin import ModelgenError, Reporter, escape, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from amplify_modelgen.plugin import Outcome, Report

_QUIET = ("up-to-date", "valid", "skipped", "invalid", "compared")
_LEVELS = {"breaking": "error", "dangerous": "warning"}
_MAX_ANNOTATIONS = 20
# GitHub rejects a summary of more than 1 MiB; the largest tables and cells stay below it.
_MAX_TARGETS = 200
_MAX_CHANGES = 100
_MAX_DIAGNOSTICS = 50
_MAX_JOBS = 50
_MAX_NOTES = 20
_MAX_CELL = 200
# Letters and punctuation without a meaning in Markdown.
_PLAIN = re.compile(r"(?:[A-Za-z0-9 ,;'()-]|[.:](?= |$))*")
_BACKTICKS = re.compile(r"`+")


def report(report: Report, stream: TextIO) -> None:
    """Write an annotation for each problem; append a summary if the step can have one.

    Raises:
        ModelgenError: the summary cannot be written.
    """
    for outcome in report.outcomes:
        stream.writelines(f"{line}\n" for line in _annotations(report, outcome))
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        _append_summary(Path(summary), report)


def _append_summary(path: Path, report: Report) -> None:
    try:
        if path.is_fifo():
            raise OSError(errno.EINVAL, "it is a pipe, which may have no reader")  # noqa: TRY301
        with path.open("a", encoding="utf-8", newline="\n") as file:
            report_markdown(report, file)
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
        for change in risky[:_MAX_ANNOTATIONS]:
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


def report_markdown(report: Report, stream: TextIO) -> None:
    """Write the report as Markdown: a heading, the summary, and tables of what there is."""
    outcomes = report.outcomes
    targets = [(outcome.target.name, outcome.status, outcome.reason) for outcome in outcomes]
    changes = [
        (change.level, change.subject, change.message, change.reason, outcome.target.name)
        for outcome in outcomes
        for change in outcome.changes
    ]
    diagnostics = [
        (item.severity, item.location, item.message, item.hint or "")
        for outcome in outcomes
        for item in outcome.diagnostics
    ]
    jobs = [
        (
            run.job.id or "",
            run.job.operation,
            run.job.status,
            f"{run.seconds:.1f}",
            outcome.target.name,
        )
        for outcome in outcomes
        for run in outcome.jobs
    ]
    lines = [
        "### amplify-modelgen",
        "",
        _cell(report.summary),
        "",
        *(line for note in report.notes[:_MAX_NOTES] for line in (_cell(note), "")),
        *_table(("target", "outcome", "reason"), targets, _MAX_TARGETS),
        *_table(("level", "subject", "change", "effect", "target"), changes, _MAX_CHANGES),
        *_table(("severity", "place", "problem", "hint"), diagnostics, _MAX_DIAGNOSTICS),
        *_table(("job", "operation", "status", "seconds", "target"), jobs, _MAX_JOBS),
    ]
    stream.writelines(f"{line}\n" for line in lines)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], limit: int) -> list[str]:
    if not rows:
        return []
    shown = [heads, ["---"] * len(heads), *(map(_cell, row) for row in rows[:limit])]
    more = [f"... and {len(rows) - limit} more", ""] if len(rows) > limit else []
    return [*(f"| {' | '.join(row)} |" for row in shown), "", *more]


def _cell(text: str) -> str:
    """Return text for a Markdown table, which is shown unchanged and on one line.

    Only code cannot become a link, a mention, an image or HTML.
    """
    line = escape(text)
    if len(line) > _MAX_CELL:
        line = f"{line[:_MAX_CELL]}..."
    if _PLAIN.fullmatch(line):
        return line
    fence = "`" * (1 + max(map(len, _BACKTICKS.findall(line)), default=0))
    return f"{fence} {line} {fence}".replace("|", "\\|")


@hookimpl
def modelgen_reporters() -> list[Reporter]:
    """Return the reporters; `github` is enabled inside GitHub Actions."""
    return [
        Reporter(
            name="github",
            help="annotations and a step summary for GitHub Actions (enabled automatically "
            "on GitHub Actions)",
            report=report,
            is_enabled=lambda environ: environ.get("GITHUB_ACTIONS") == "true",
        ),
        Reporter(
            name="markdown",
            help="tables for a comment in a pull request",
            report=report_markdown,
        ),
    ]
