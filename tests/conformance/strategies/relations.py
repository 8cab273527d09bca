"""Relations between models: mostly valid patterns, and single directives that may be invalid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance.strategies.names import FIELD_NAMES, pick, rarely
from conformance.strategies.schema_types import strings
from conformance.strategies.values import texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn

    from conformance.strategies.schema_types import SchemaType, SchemaTypes

_LISTS = ("[{}]", "[{}]", "[{}!]", "[{}]!", "[{}!]!", "[[{}]!]")
_SINGLES = ("{}", "{}", "{}!")
_ARGUMENTS = ("", "", "(limit: 5)", "(limit: 1e2, odd: {a: 1.0})", '(indexName: "nope")')
_SINGLE_DIRECTIVES = (
    *("@hasOne", "@hasMany", "@belongsTo", '@hasOne(fields: ["x"])', '@belongsTo(fields: ["x"])'),
    *('@hasMany(fields: ["id"])', "@hasMany(fields: [])", '@belongsTo(fields: ["x", "y"])'),
    *("@hasOne(fields: [])", '@hasMany(indexName: "byX", fields: ["id"])', "@hasOne @belongsTo"),
    *('@hasMany(references: ["x"])', '@belongsTo(references: "x")', "@hasOne(references: [])"),
    *('@hasMany(indexName: "", fields: null)', '@manyToMany(relationName: "Loose")', ""),
    *('@hasMany(references: ["x"], fields: ["y"])', "@belongsTo(references: null, fields: null)"),
)


def relate(draw: DrawFn, types: SchemaTypes) -> None:
    """Relate two models (or a model and itself) by a random pattern."""
    parent, child = (pick(draw, types.models) for _ in range(2))
    pick(draw, _PATTERNS)(draw, parent, child)


def add_single_directive(draw: DrawFn, types: SchemaTypes) -> None:
    """Add a field with a relation directive that may be invalid."""
    home = pick(draw, [*types.models, *types.customs])
    target = pick(draw, types.results())
    shape = pick(draw, (*_LISTS, *_SINGLES))
    home.add(draw(FIELD_NAMES), shape.format(target), pick(draw, _SINGLE_DIRECTIVES))


def _add(
    draw: DrawFn, home: SchemaType, target: SchemaType, shapes: tuple[str, ...], directive: str
) -> str:
    kind = pick(draw, shapes).format(target.name)
    return home.add(draw(FIELD_NAMES), kind, directive)


def _add_inverse(draw: DrawFn, child: SchemaType, parent: SchemaType, arguments: str = "") -> None:
    if not rarely(draw, 3):
        _add(draw, child, parent, _SINGLES, f"@belongsTo{arguments}")


def _has_many(draw: DrawFn, parent: SchemaType, child: SchemaType) -> None:
    arguments = pick(draw, _ARGUMENTS)
    _add(draw, parent, child, _LISTS, f"@hasMany{arguments}")
    _add_inverse(draw, child, parent)


def _has_one(draw: DrawFn, parent: SchemaType, child: SchemaType) -> None:
    fields = f"(fields: {strings(_foreign(draw, parent, child))})" if rarely(draw, 2) else ""
    _add(draw, parent, child, _SINGLES, f"@hasOne{fields}")
    _add_inverse(draw, child, parent)


def _foreign(draw: DrawFn, home: SchemaType, target: SchemaType) -> list[str]:
    """Return the names of a foreign key of `home`, which may be declared."""
    keys = [f"fk_{part}" for part in target.key]
    if rarely(draw, 3):
        return keys
    return [home.add(key, pick(draw, ("ID", "ID!", "Int"))) for key in keys]


def _has_many_by_index(draw: DrawFn, parent: SchemaType, child: SchemaType) -> None:
    keys = _foreign(draw, child, parent)
    index = f'@index(name: "by{parent.name}", sortKeyFields: {strings(keys[1:])})'
    for field in child.fields:
        if field.name == keys[0]:
            field.directives.append(index)
    arguments = f'(indexName: "by{parent.name}", fields: {strings(parent.key)})'
    _add(draw, parent, child, _LISTS, f"@hasMany{arguments}")
    _add_inverse(draw, child, parent, f"(fields: {strings(keys)})" if not rarely(draw, 4) else "")


def _references(draw: DrawFn, parent: SchemaType, child: SchemaType) -> None:
    keys = strings(_foreign(draw, child, parent))
    shapes, name = pick(draw, ((_LISTS, "@hasMany"), (_SINGLES, "@hasOne")))
    _add(draw, parent, child, shapes, f"{name}(references: {keys})")
    _add_inverse(draw, child, parent, f"(references: {keys})")


def _with_fields(draw: DrawFn, parent: SchemaType, child: SchemaType) -> None:
    keys = strings(_foreign(draw, child, parent))
    fields = pick(draw, (f"(fields: {strings(parent.key)})", "", "(fields: [])"))
    _add(draw, parent, child, _LISTS, f"@hasMany{fields}")
    _add_inverse(draw, child, parent, f"(fields: {keys})")


def _many_to_many(draw: DrawFn, parent: SchemaType, child: SchemaType) -> None:
    odd = st.sampled_from(("R", "rel", "post-tags", "_x y", "A", "1ab"))
    name = (
        draw(st.one_of(odd.map('"{}"'.format), texts()))
        if rarely(draw, 3)
        else f'"{parent.name}_x"'
    )
    limit = ", limit: 7" if rarely(draw, 6) else ""
    for home, target in ((parent, child), (child, parent)):
        _add(draw, home, target, _LISTS, f"@manyToMany(relationName: {name}{limit})")


def _unrelated(draw: DrawFn, parent: SchemaType, child: SchemaType) -> None:
    _add(draw, parent, child, (*_SINGLES, *_LISTS), "")


_PATTERNS: tuple[Callable[[DrawFn, SchemaType, SchemaType], None], ...] = (
    *(_has_many, _has_many, _has_one, _has_one, _has_many_by_index, _has_many_by_index),
    *(_references, _with_fields, _many_to_many, _many_to_many, _unrelated),
)
