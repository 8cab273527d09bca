"""The reporter `markdown`: the result as tables, for a comment in a pull request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Reporter, escape, hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from amplify_modelgen.plugin import Report

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
    """Write the report as Markdown."""
    stream.write(render(report))


def render(report: Report) -> str:
    """Return the report as Markdown: a heading, the summary, and tables of what there is."""
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
    return "\n".join(lines) + "\n"


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
    """Return the reporter."""
    return [Reporter(name="markdown", help="tables for a comment in a pull request", report=report)]
