"""The reporter `html`: one page, which loads no other file."""

from __future__ import annotations

from html import escape as quoted
from importlib.resources import files
from typing import TYPE_CHECKING

from amplify_modelgen.plugin import (
    BackendError,
    Models,
    Reporter,
    SchemaError,
    escape,
    hookimpl,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from amplify_modelgen.plugin import Diagnostic, Outcome, Report

# Characters of a line that are shown on each side of a problem: a schema may be a single line.
_CONTEXT = 200
_LEVELS = ("breaking", "dangerous", "safe")


def report(report: Report, stream: TextIO) -> None:
    """Write the page: each target with its jobs, changes, diagnostics, files and a diagram."""
    stream.writelines(f"{line}\n" for line in _page(report))


def _page(report: Report) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>{_text(report.summary)}</title>"
    style = files(__package__) / "html_report.css"
    yield f"<style>{style.read_text(encoding='utf-8')}</style></head><body><main>"
    yield f"<h1>amplify-modelgen {_text(report.command)}</h1>"
    yield f"<p>{_text(report.summary)} · backend {_text(report.backend)}"
    yield f" · {report.seconds:.1f} s</p>"
    yield from (f"<p>{_text(note)}</p>" for note in report.notes)
    for outcome in report.outcomes:
        yield from _target(report, outcome)
    yield "</main></body></html>"


def _target(report: Report, outcome: Outcome) -> Iterator[str]:
    name = outcome.target.name
    yield "<section>"
    yield f'<h2>{_text(name)} <span class="status {outcome.status}">{outcome.status}</span></h2>'
    yield f"<p>{_text(outcome.reason)}</p>"
    if outcome.hint:
        yield f'<p class="hint">{_text(outcome.hint)}</p>'
    yield from _diagnostics(report, outcome)
    yield from _changes(outcome)
    jobs = [
        (run.job.id or "", run.job.operation, run.job.status, f"{run.seconds:.1f} s", run.job.error)
        for run in outcome.jobs
    ]
    yield from _table("Jobs", ("id", "operation", "status", "time", "error"), jobs)
    files = [(file.action, file.path, file.detail) for file in outcome.files]
    yield from _table("Files", ("action", "file", "detail"), files)
    yield from _diagram(report, outcome)
    yield "</section>"


def _diagnostics(report: Report, outcome: Outcome) -> Iterator[str]:
    if not outcome.diagnostics:
        return
    yield f"<h3>Problems in the schema ({len(outcome.diagnostics)})</h3>"
    schema = report.schemas.get(outcome.target.name)
    lines = {file.path: file.text.split("\n") for file in schema.files} if schema else {}
    for item in outcome.diagnostics:
        rule = f' <a href="{_rule_url(item.rule)}">{_text(item.rule)}</a>' if item.rule else ""
        yield f'<div class="problem {item.severity}">'
        yield f"<p><b>{item.severity}</b> {_text(item.message)}{rule}</p>"
        if item.hint:
            yield f'<p class="hint">{_text(item.hint)}</p>'
        yield f"<p><code>{_text(item.location)}</code></p>"
        excerpt = _excerpt(lines.get(item.path, []), item)
        if excerpt:
            before, after = excerpt
            yield f"<pre>{_text(before + after)}\n{' ' * len(before)}<b>^</b></pre>"
        yield "</div>"


def _rule_url(rule: str) -> str:
    home = "https://github.com/amplify-modelgen/amplify-modelgen/blob/main/docs/rules.md"
    return f"{home}#{quoted(rule, quote=True)}"


def _excerpt(lines: list[str], item: Diagnostic) -> tuple[str, str] | None:
    """Return the parts of a line before and after the column of a problem, without the ends."""
    if not 0 < item.line <= len(lines) or not lines[item.line - 1]:
        return None
    line, column = lines[item.line - 1], item.column - 1
    return line[max(0, column - _CONTEXT) : column], line[column : column + _CONTEXT]


def _changes(outcome: Outcome) -> Iterator[str]:
    for level in _LEVELS:
        found = [change for change in outcome.changes if change.level == level]
        if found:
            yield f'<h3 class="{level}">{level.capitalize()} changes ({len(found)})</h3><ul>'
            for change in found:
                yield f"<li><code>{_text(change.subject)}</code> {_text(change.message)}"
                yield f"<br><small>{_text(change.reason)}</small></li>"
            yield "</ul>"


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str | None]]) -> Iterator[str]:
    if not rows:
        return
    yield f'<h3>{title}</h3><div class="wide"><table><tr>'
    yield "".join(f"<th>{head}</th>" for head in heads) + "</tr>"
    for row in rows:
        cells = "".join(f"<td>{_text(cell or '')}</td>" for cell in row)
        yield f"<tr>{cells}</tr>"
    yield "</table></div>"


def _diagram(report: Report, outcome: Outcome) -> Iterator[str]:
    from amplify_modelgen_plugins.emitters.schema_model import schema_model

    from .entity_diagram import draw

    models = report.models.get(outcome.target.name) or _generate(report, outcome)
    if models is None:
        return
    levels: dict[str, str] = {}
    for change in sorted(outcome.changes, key=lambda item: _LEVELS.index(item.level)):
        levels.setdefault(change.subject, change.level)
    try:
        drawing = draw(schema_model(models), levels)
    except BackendError:  # a document of another shape has no diagram
        return
    if drawing:
        yield f'<details open><summary>Models</summary><div class="wide">{drawing}</div></details>'


def _generate(report: Report, outcome: Outcome) -> Models | None:
    from amplify_modelgen.modelgen import generate_models

    schema = report.schemas.get(outcome.target.name)
    if schema is None:
        return None
    try:
        return generate_models(schema.text, outcome.target.flags, ("introspection",))
    except SchemaError:
        return None


def _text(text: str) -> str:
    """Return text as HTML that shows it, control characters included."""
    return quoted(escape(text), quote=True)


@hookimpl
def modelgen_reporters() -> list[Reporter]:
    """Return the reporter."""
    return [Reporter(name="html", help="one page that loads no other file", report=report)]
