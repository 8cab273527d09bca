"""The reporter `html`: one page, which loads no other file.

Its entity diagram is SVG: a box for each model and custom type, a line for each relation.
"""

from __future__ import annotations

from html import escape as quoted
from math import ceil, sqrt
from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.plugin import BackendError, Models, Reporter, SchemaError, escape, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from amplify_modelgen.plugin import Diagnostic, Outcome, Report
    from amplify_modelgen_plugins.emitters.schema_model import Field, ObjectType, SchemaModel

# Characters of a line that are shown on each side of a problem: a schema may be a single line.
_CONTEXT = 200
_LEVELS = ("breaking", "dangerous", "safe")
# Of the diagram, in pixels.
_WIDTH, _ROW, _HEAD, _GAP = 240, 20, 28, 56
_MAX_LABEL = 32
_MAX_BOXES = 200
_OBJECTS = ("model", "nonModel")


def report(report: Report, stream: TextIO) -> None:
    """Write the page: each target with its jobs, changes, diagnostics, files and a diagram."""
    stream.writelines(f"{line}\n" for line in _page(report))


def _page(report: Report) -> Iterator[str]:
    from importlib.resources import files  # Every run imports this module.

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
    from amplify_modelgen.lint import RULES_PAGE

    if not outcome.diagnostics:
        return
    yield f"<h3>Problems in the schema ({len(outcome.diagnostics)})</h3>"
    schema = report.schemas.get(outcome.target.name)
    lines = {file.path: file.text.split("\n") for file in schema.files} if schema else {}
    for item in outcome.diagnostics:
        rule = _text(item.rule)
        link = f' <a href="{RULES_PAGE}#{rule}">{rule}</a>' if rule else ""
        yield f'<div class="problem {item.severity}">'
        yield f"<p><b>{item.severity}</b> {_text(item.message)}{link}</p>"
        if item.hint:
            yield f'<p class="hint">{_text(item.hint)}</p>'
        yield f"<p><code>{_text(item.location)}</code></p>"
        excerpt = _excerpt(lines.get(item.path, []), item)
        if excerpt:
            before, after = excerpt
            yield f"<pre>{_text(before + after)}\n{' ' * len(before)}<b>^</b></pre>"
        yield "</div>"


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

    models = report.models.get(outcome.target.name) or _generate(report, outcome)
    if models is None:
        return
    levels: dict[str, str] = {}
    for change in sorted(outcome.changes, key=lambda item: _LEVELS.index(item.level)):
        levels.setdefault(change.subject, change.level)
    try:
        drawing = draw_diagram(schema_model(models), levels)
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


class _Box(Struct, frozen=True, kw_only=True):
    """A type, the rows that are shown of it, and its place in pixels."""

    entity: ObjectType
    rows: tuple[tuple[str, str], ...]
    x: int
    y: int

    @property
    def height(self) -> int:
        """The height in pixels."""
        return _HEAD + _ROW * len(self.rows) + 4


def draw_diagram(schema: SchemaModel, levels: Mapping[str, str]) -> str:
    """Return the diagram. `levels` are the levels of changed elements, by `Post` or `Post.title`.

    A field that was removed is a row that is struck through. Beyond 200 types nothing is drawn.
    """
    if not schema.objects or len(schema.objects) > _MAX_BOXES:
        return ""
    boxes = _place_boxes(_by_neighbourhood(schema.objects), levels)
    width = max(box.x for box in boxes.values()) + _WIDTH + _GAP // 2
    height = max(box.y + box.height for box in boxes.values()) + _GAP // 2
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg class="diagram" {size} role="img" aria-label="Models and their relations">',
        *(line for box in boxes.values() for line in _draw_relations(box, boxes)),
        *(line for box in boxes.values() for line in _draw_box(box, levels)),
        "</svg>",
    ]
    return "\n".join(parts)


def _by_neighbourhood(objects: Sequence[ObjectType]) -> list[ObjectType]:
    """Return the types in breadth-first order of their relations, so that lines are short."""
    by_name = {entity.name: entity for entity in objects}
    ordered: dict[str, ObjectType] = {}
    for start in objects:
        queue = [start.name]
        while queue:
            name = queue.pop(0)
            if name in by_name and name not in ordered:
                ordered[name] = by_name[name]
                queue += [field.type for field in by_name[name].fields if field.kind in _OBJECTS]
    return list(ordered.values())


def _place_boxes(objects: Sequence[ObjectType], levels: Mapping[str, str]) -> dict[str, _Box]:
    columns = [_GAP // 2] * max(1, min(5, ceil(sqrt(len(objects)))))
    boxes = {}
    for entity in objects:
        column = columns.index(min(columns))
        rows = _diagram_rows(entity, levels)
        x = _GAP // 2 + column * (_WIDTH + _GAP)
        box = _Box(entity=entity, rows=rows, x=x, y=columns[column])
        boxes[entity.name] = box
        columns[column] += box.height + _GAP // 2
    return boxes


def _diagram_rows(entity: ObjectType, levels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the name and the label of each field; the label of a removed one is empty."""
    shown = [(field.name, _label(field)) for field in entity.fields]
    names = {field.name for field in entity.fields}
    prefix = f"{entity.name}."
    changed = [each.removeprefix(prefix) for each in levels if each.startswith(prefix)]
    removed = [(name, "") for name in changed if name not in names and name.isidentifier()]
    return (*shown, *removed)


def _label(field: Field) -> str:
    text = f"{field.name}: {field.sdl}"
    return text if len(text) <= _MAX_LABEL else f"{text[: _MAX_LABEL - 1]}…"


def _draw_box(box: _Box, levels: Mapping[str, str]) -> Iterator[str]:
    name = box.entity.name
    kind = "model" if box.entity.kind == "model" else "custom"
    level = levels.get(name, "")
    yield f'<g class="entity {kind} {level}" transform="translate({box.x} {box.y})">'
    yield f'<rect width="{_WIDTH}" height="{box.height}" rx="6"/>'
    yield f'<text class="name" x="10" y="19">{quoted(name)}</text>'
    for index, (field, label) in enumerate(box.rows):
        y = _HEAD + index * _ROW + 14
        level = levels.get(f"{name}.{field}", "")
        mark = "removed" if not label else "key" if field in box.entity.key else ""
        yield f'<text class="field {level} {mark}" x="10" y="{y}">{quoted(label or field)}</text>'
    yield "</g>"


def _draw_relations(box: _Box, boxes: Mapping[str, _Box]) -> Iterator[str]:
    for index, field in enumerate(box.entity.fields):
        other = boxes.get(field.type) if field.kind in _OBJECTS else None
        if other is None:
            continue
        start = box.y + _HEAD + index * _ROW + 10
        end = other.y + _HEAD // 2
        to_right = other.x > box.x
        x1 = box.x + (_WIDTH if to_right else 0)
        x2 = other.x + (0 if to_right else _WIDTH if other.x < box.x else 0)
        bend = _GAP if to_right else -_GAP
        back = x2 - bend if other.x != box.x else x2 + bend
        yield f'<path d="M {x1} {start} C {x1 + bend} {start} {back} {end} {x2} {end}"/>'


def _text(text: str) -> str:
    """Return text as HTML that shows it, control characters included."""
    return quoted(escape(text), quote=True)


@hookimpl
def modelgen_reporters() -> list[Reporter]:
    """Return the reporter."""
    return [Reporter(name="html", help="one page that loads no other file", report=report)]
