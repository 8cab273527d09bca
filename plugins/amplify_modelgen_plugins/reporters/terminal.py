"""The reporter `terminal`: a report as text, in color on a terminal, plain text elsewhere."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Reporter, escape, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

    from amplify_modelgen.plugin import Diagnostic, FileChange, JobRun, ModelChange, Outcome, Report

Line = tuple[str, str]
"""The codes of a style, as terminals understand them, and a line of text."""

_PLAIN, _BOLD, _RED, _GREEN, _YELLOW, _CYAN = "", "1", "31", "32", "33", "36"
_STYLES = {
    **dict.fromkeys(("generated", "valid", "up-to-date"), _GREEN),
    **dict.fromkeys(("stale", "drifted", "dangerous", "warning"), _YELLOW),
    **dict.fromkeys(("invalid", "failed", "rejected", "breaking", "error"), _RED),
    **dict.fromkeys(("skipped", "compared", "safe"), _PLAIN),
}
_DIFF_STYLES = {"+": _GREEN, "-": _RED, "@": _CYAN}
_QUIET = ("up-to-date", "valid")
_MAX_CHANGES = 40
# More additions than these are counted: the first models of a project are not worth a line each.
_MAX_ADDITIONS = 3
_TYPES = {"model", "custom type", "enum", "input", "operation"}


def report(report: Report, stream: TextIO) -> None:
    """Write what there is to report of each target, then the run in one line."""
    is_colored = _is_colored(stream)
    for style, text in _lines(report):
        line = escape(text)
        stream.write(f"\x1b[{style}m{line}\x1b[0m\n" if style and is_colored else f"{line}\n")


def _is_colored(stream: TextIO) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    if not stream.isatty() or os.environ.get("TERM") == "dumb":
        return False
    # The old console of Windows shows the codes themselves.
    return os.name != "nt" or bool(os.environ.get("WT_SESSION") or os.environ.get("TERM"))


def _lines(report: Report) -> Iterator[Line]:
    for outcome in report.outcomes:
        details = [file for file in outcome.files if file.detail]
        if outcome.status not in _QUIET or outcome.diagnostics or outcome.jobs or details:
            yield from outcome_lines(outcome)
    yield from file_lines(file for file in report.files if file.action != "changed")
    for note in report.notes:
        yield _PLAIN, note
    yield (_BOLD if report.exit_code == 0 else f"{_BOLD};{_YELLOW}"), report.summary
    if report.git_add:
        yield _BOLD, f"stage the changes: git add {shlex.join(report.git_add)}"


def outcome_lines(outcome: Outcome) -> Iterator[Line]:
    """Yield what there is to report of a target."""
    yield _STYLES[outcome.status], f"{outcome.target.name}: {outcome.status}: {outcome.reason}"
    for diagnostic in outcome.diagnostics:
        yield from _diagnostic(diagnostic)
    for job_run in outcome.jobs:
        yield _PLAIN, _job(job_run)
    yield from _changes(outcome.changes)
    yield from file_lines(outcome.files)
    if outcome.hint:
        yield _PLAIN, f"  {outcome.hint}"


def _diagnostic(diagnostic: Diagnostic) -> Iterator[Line]:
    rule = f" [{diagnostic.rule}]" if diagnostic.rule else ""
    text = f"{diagnostic.location}: {diagnostic.severity}: {diagnostic.message}{rule}"
    yield _STYLES[diagnostic.severity], text
    if diagnostic.hint:
        yield _PLAIN, f"    {diagnostic.hint}"


def _job(job_run: JobRun) -> str:
    job = job_run.job
    name = f"job {job.id}" if job.id else "job without an id"
    polls = "1 poll" if job_run.polls == 1 else f"{job_run.polls} polls"
    return f"  {name}  {job.operation}  {job.status}  {job_run.seconds:.1f} s  {polls}"


def _changes(changes: tuple[ModelChange, ...]) -> Iterator[Line]:
    added = Counter(change.rule.removesuffix("-added").replace("-", " ") for change in changes)
    if len(changes) > _MAX_ADDITIONS and added.keys() <= _TYPES:
        counts = (f"{count} {kind}{'s' * (count != 1)}" for kind, count in added.items())
        yield _PLAIN, f"  {', '.join(counts)} added"
        return
    for change in changes[:_MAX_CHANGES]:
        yield _STYLES[change.level], f"  {change.level:<9}  {change.subject}  {change.message}"
    more = len(changes) - _MAX_CHANGES
    if more > 0:
        yield _PLAIN, f"  ... and {more} more changes (--report json lists all)"


def file_lines(files: Iterable[FileChange]) -> Iterator[Line]:
    """Yield the files with what is done to them, and their diffs."""
    for file in files:
        detail = f"  ({file.detail})" if file.detail else ""
        if file.action == "unchanged" and not detail:
            continue
        yield _PLAIN, f"  {file.action:<9}  {file.path}{detail}"
        yield from _diff(file.diff)


def _diff(diff: str) -> Iterator[Line]:
    for line in diff.split("\n") if diff else ():
        is_header = line.startswith(("--- ", "+++ "))
        yield (_BOLD if is_header else _DIFF_STYLES.get(line[:1], _PLAIN)), line


@hookimpl
def modelgen_reporters() -> list[Reporter]:
    """Return the reporter."""
    return [Reporter(name="terminal", help="text on stdout", report=report)]
