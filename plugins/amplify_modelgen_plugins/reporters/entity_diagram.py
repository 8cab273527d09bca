"""An entity diagram as SVG: a box for each model and custom type, a line for each relation."""

from __future__ import annotations

from html import escape
from math import ceil, sqrt
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from amplify_modelgen_plugins.emitters.schema_model import Field, ObjectType, SchemaModel

_WIDTH, _ROW, _HEAD, _GAP = 240, 20, 28, 56
_MAX_LABEL = 32
_MAX_BOXES = 200
_OBJECTS = ("model", "nonModel")


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


def draw(schema: SchemaModel, levels: Mapping[str, str]) -> str:
    """Return the diagram. `levels` are the levels of changed elements, by `Post` or `Post.title`.

    A field that was removed is a row that is struck through. Beyond 200 types nothing is drawn.
    """
    if not schema.objects or len(schema.objects) > _MAX_BOXES:
        return ""
    boxes = _place(_by_neighbourhood(schema.objects), levels)
    width = max(box.x for box in boxes.values()) + _WIDTH + _GAP // 2
    height = max(box.y + box.height for box in boxes.values()) + _GAP // 2
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg class="diagram" {size} role="img" aria-label="Models and their relations">',
        *(line for box in boxes.values() for line in _lines(box, boxes)),
        *(line for box in boxes.values() for line in _box(box, levels)),
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


def _place(objects: Sequence[ObjectType], levels: Mapping[str, str]) -> dict[str, _Box]:
    columns = [_GAP // 2] * max(1, min(5, ceil(sqrt(len(objects)))))
    boxes = {}
    for entity in objects:
        column = columns.index(min(columns))
        rows = _rows(entity, levels)
        x = _GAP // 2 + column * (_WIDTH + _GAP)
        box = _Box(entity=entity, rows=rows, x=x, y=columns[column])
        boxes[entity.name] = box
        columns[column] += box.height + _GAP // 2
    return boxes


def _rows(entity: ObjectType, levels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
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


def _box(box: _Box, levels: Mapping[str, str]) -> Iterator[str]:
    name = box.entity.name
    kind = "model" if box.entity.kind == "model" else "custom"
    level = levels.get(name, "")
    yield f'<g class="entity {kind} {level}" transform="translate({box.x} {box.y})">'
    yield f'<rect width="{_WIDTH}" height="{box.height}" rx="6"/>'
    yield f'<text class="name" x="10" y="19">{escape(name)}</text>'
    for index, (field, label) in enumerate(box.rows):
        y = _HEAD + index * _ROW + 14
        level = levels.get(f"{name}.{field}", "")
        mark = "removed" if not label else "key" if field in box.entity.key else ""
        yield f'<text class="field {level} {mark}" x="10" y="{y}">{escape(label or field)}</text>'
    yield "</g>"


def _lines(box: _Box, boxes: Mapping[str, _Box]) -> Iterator[str]:
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
