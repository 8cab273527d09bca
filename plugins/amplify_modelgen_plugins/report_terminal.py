"""The reporter `terminal`: a run for people, coloured on a terminal, plain text elsewhere."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from amplify_modelgen import Reporter, hookimpl, printable

from ._staging import stageable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from amplify_modelgen import Outcome, RunReport

Line = tuple[str, str]
"""A style of rich's, and a line of text."""

_STYLES = {
    "generated": "green",
    "valid": "green",
    "up-to-date": "green",
    "stale": "yellow",
    "drifted": "yellow",
    "invalid": "red",
    "failed": "red",
    "breaking": "red",
    "dangerous": "yellow",
    "safe": "",
    "error": "red",
    "warning": "yellow",
}
_MOST_CHANGES = 40


def report(run: RunReport, stream: TextIO) -> None:
    """Write what there is to say of each target, then the run in one line."""
    lines = [(style, printable(text)) for style, text in _lines(run)]
    if stream.isatty():
        _write_styled(lines, stream)
    else:
        stream.writelines(f"{text}\n" for _, text in lines)


def _write_styled(lines: list[Line], stream: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream)
    for style, text in lines:
        console.print(Text(text, style=style), soft_wrap=True)


def _lines(run: RunReport) -> Iterator[Line]:
    for outcome in run.outcomes:
        if outcome.status not in ("up-to-date", "valid") or outcome.diagnostics:
            yield from _outcome(outcome)
    yield from _gone(run)
    yield ("bold" if run.exit_code == 0 else "bold yellow"), run.headline
    written = stageable(run.written, run.root)
    if written:
        yield "bold", f"stage what was written: git add {shlex.join(written)}"


def _gone(run: RunReport) -> Iterator[Line]:
    for key in run.gone:
        yield "yellow", f"{key}: gone: {run.why_gone}"
    for file in run.files:
        if file.action == "removed":
            yield "", f"  {file.action:<9}  {file.path}"


def _outcome(outcome: Outcome) -> Iterator[Line]:
    head = f"{outcome.target.name}: {outcome.status}: {outcome.reason}"
    yield _STYLES[outcome.status], head
    for each in outcome.diagnostics:
        place = f"{each.path}:{each.line}:{each.column}"
        yield _STYLES[each.severity], f"{place}: {each.severity}: {each.message}"
        if each.hint:
            yield "", f"    {each.hint}"
    yield from _job(outcome)
    yield from _changes(outcome)
    for file in outcome.files:
        yield "", f"  {file.action:<9}  {file.path}"
    if outcome.hint:
        yield "", f"  {outcome.hint}"


def _job(outcome: Outcome) -> Iterator[Line]:
    job = outcome.job
    if job is not None:
        name = f"job {job.id}" if job.id else "no job"
        polls = "1 poll" if outcome.polls == 1 else f"{outcome.polls} polls"
        yield "", f"  {name}  {job.operation}  {job.status}  {outcome.seconds:.1f} s  {polls}"


def _changes(outcome: Outcome) -> Iterator[Line]:
    for change in outcome.changes[:_MOST_CHANGES]:
        text = f"  {change.level:<9}  {change.subject}  {change.message}"
        yield _STYLES[change.level], text
    more = len(outcome.changes) - _MOST_CHANGES
    if more > 0:
        yield "", f"  ... and {more} more changes (--report json lists all)"


@hookimpl
def modelgen_reporters() -> list[Reporter]:
    """Bring the reporter."""
    return [Reporter(name="terminal", help="for people, on stdout", report=report)]
