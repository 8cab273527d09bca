"""The reporter `github`: annotations in a pull request, and a summary of the workflow step.

Source: docs.github.com, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from amplify_modelgen import Reporter, hookimpl, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from amplify_modelgen import Outcome, RunReport

_QUIET = ("up-to-date", "valid")
_MOST_CHANGES = 100


def report(run: RunReport, stream: TextIO) -> None:
    """Write an annotation for each thing found; add a summary where the step can have one."""
    for outcome in run.outcomes:
        stream.writelines(f"{line}\n" for line in _annotations(outcome))
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(_summary(run))


def _annotations(outcome: Outcome) -> Iterator[str]:
    for each in outcome.diagnostics:
        place = {"file": each.path, "line": str(each.line), "col": str(each.column)}
        message = f"{each.message}: {each.hint}" if each.hint else each.message
        yield _command(each.severity, place, message)
    if outcome.status not in (*_QUIET, "invalid"):
        level = "warning" if outcome.status == "generated" else "error"
        place = {"file": outcome.target.schema} if outcome.target.schema else {}
        text = f"{outcome.target.name}: {outcome.status}: {outcome.reason}"
        yield _command(level, place, f"{text}: {outcome.hint}" if outcome.hint else text)


def _command(level: str, place: Mapping[str, str], message: str) -> str:
    title = {**place, "title": "amplify-modelgen"}
    properties = ",".join(f"{name}={_property(value)}" for name, value in title.items())
    return f"::{level} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _summary(run: RunReport) -> str:
    rows = [
        f"| {_cell(each.target.name)} | {each.status} | {_cell(each.reason)} |"
        for each in run.outcomes
    ]
    lines = [
        "### amplify-modelgen",
        "",
        _cell(run.headline),
        "",
        "| target | outcome | why |",
        "|---|---|---|",
        *rows,
        "",
        *_changes(run),
    ]
    return "\n".join(lines) + "\n"


def _changes(run: RunReport) -> list[str]:
    changes = [(each.target.name, change) for each in run.outcomes for change in each.changes]
    if not changes:
        return []
    rows = [
        f"| {change.level} | {_cell(change.subject)} | {_cell(change.message)} | {_cell(name)} |"
        for name, change in changes[:_MOST_CHANGES]
    ]
    more = [f"... and {len(changes) - _MOST_CHANGES} more"] * (len(changes) > _MOST_CHANGES)
    return ["| level | subject | change | target |", "|---|---|---|---|", *rows, "", *more]


def _cell(text: str) -> str:
    """Text inside a Markdown table: whatever it holds, it is shown as it is."""
    escaped = "".join(
        f"\\{letter}" if letter in r"\`*_{}[]()#+!|~@" else letter for letter in printable(text)
    )
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _under_actions(environ: Mapping[str, str]) -> bool:
    return environ.get("GITHUB_ACTIONS") == "true"


@hookimpl
def modelgen_reporters() -> list[Reporter]:
    """Bring the reporter, which is chosen by itself inside GitHub Actions."""
    return [
        Reporter(
            name="github",
            help="annotations and a step summary for GitHub Actions (there by itself)",
            report=report,
            automatic=_under_actions,
        )
    ]
