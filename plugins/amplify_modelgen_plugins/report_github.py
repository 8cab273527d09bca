"""The reporter `github`: annotations in a pull request, and a summary of the workflow step.

Source: docs.github.com, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from amplify_modelgen import ModelgenError, Reporter, hookimpl, printable

from ._repository import repository_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from amplify_modelgen import Outcome, RunReport

_QUIET = ("up-to-date", "valid")
# GitHub refuses a summary of more than 1 MiB; so many rows of such cells stay below it.
_MOST_TARGETS = 200
_MOST_CHANGES = 100
_LONGEST_CELL = 250
# Words and stops, which mean nothing in Markdown.
_PLAIN = re.compile(r"(?:[A-Za-z0-9 ,;'()-]|[.:](?= |$))*")
_BACKTICKS = re.compile(r"`+")


def report(run: RunReport, stream: TextIO) -> None:
    """Write an annotation for each thing found; add a summary where the step can have one.

    Raises:
        ModelgenError: the summary cannot be written.
    """
    for outcome in run.outcomes:
        stream.writelines(f"{line}\n" for line in _annotations(run, outcome))
    gone = (_command("warning", {}, f"{key}: gone: {run.why_gone}") for key in run.gone)
    stream.writelines(f"{line}\n" for line in gone)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        _add_summary(Path(summary), _summary(run))


def _add_summary(path: Path, text: str) -> None:
    try:
        _append(path, text)
    except OSError as error:
        raise ModelgenError(
            f"the summary cannot be written to {path}: {error.strerror or error}",
            hint="it is where GITHUB_STEP_SUMMARY points to",
        ) from error


def _append(path: Path, text: str) -> None:
    if path.is_fifo():
        raise OSError(errno.EINVAL, "it is a pipe, which may have no reader")
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _annotations(run: RunReport, outcome: Outcome) -> Iterator[str]:
    for each in outcome.diagnostics:
        path = repository_path(run, each.path)
        place = {"file": path, "line": str(each.line), "col": str(each.column)}
        yield _command(each.severity, place, _with_hint(each.message, each.hint))
    if outcome.status not in (*_QUIET, "invalid"):
        level = "warning" if outcome.status == "generated" else "error"
        schema = outcome.target.schema
        place = {"file": repository_path(run, schema)} if schema else {}
        text = f"{outcome.target.name}: {outcome.status}: {outcome.reason}"
        yield _command(level, place, _with_hint(text, outcome.hint))


def _with_hint(message: str, hint: str | None) -> str:
    return f"{message}: {hint}" if hint else message


def _command(level: str, place: Mapping[str, str], message: str) -> str:
    title = {**place, "title": "amplify-modelgen"}
    properties = ",".join(f"{name}={_property(value)}" for name, value in title.items())
    return f"::{level} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _summary(run: RunReport) -> str:
    targets = [
        *((each.target.name, each.status, each.reason) for each in run.outcomes),
        *((key, "gone", run.why_gone) for key in run.gone),
    ]
    changes = [
        (change.level, change.subject, change.message, each.target.name)
        for each in run.outcomes
        for change in each.changes
    ]
    lines = [
        "### amplify-modelgen",
        "",
        _cell(run.headline),
        "",
        *_table(("target", "outcome", "why"), targets, _MOST_TARGETS),
        *_table(("level", "subject", "change", "target"), changes, _MOST_CHANGES),
    ]
    return "\n".join(lines) + "\n"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], most: int) -> list[str]:
    if not rows:
        return []
    shown = [heads, ["---"] * len(heads), *(map(_cell, row) for row in rows[:most])]
    more = [f"... and {len(rows) - most} more", ""] if len(rows) > most else []
    return [*(f"| {' | '.join(row)} |" for row in shown), "", *more]


def _cell(text: str) -> str:
    """Return text for a Markdown table: whatever it holds, it is shown as it is, on one line.

    Only code is sure to become no link, no mention of somebody, no picture and no HTML.
    """
    line = printable(text)
    if len(line) > _LONGEST_CELL:
        line = f"{line[:_LONGEST_CELL]}..."
    if _PLAIN.fullmatch(line):
        return line
    fence = "`" * (1 + max(map(len, _BACKTICKS.findall(line)), default=0))
    return f"{fence} {line} {fence}".replace("|", "\\|")


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
