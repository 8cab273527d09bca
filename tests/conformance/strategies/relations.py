"""Relations between models: motifs that mostly fit together, and loose ends that do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance.strategies.tree import strings
from conformance.strategies.values import texts
from conformance.strategies.words import FIELD_NAMES, pick, rarely

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn

    from conformance.strategies.tree import Type, World

_LISTS = ("[{}]", "[{}]", "[{}!]", "[{}]!", "[{}!]!", "[[{}]!]")
_SINGLES = ("{}", "{}", "{}!")
_ARGUMENTS = ("", "", "(limit: 5)", "(limit: 1e2, odd: {a: 1.0})", '(indexName: "nope")')
_LOOSE = (
    *("@hasOne", "@hasMany", "@belongsTo", '@hasOne(fields: ["x"])', '@belongsTo(fields: ["x"])'),
    *('@hasMany(fields: ["id"])', "@hasMany(fields: [])", '@belongsTo(fields: ["x", "y"])'),
    *("@hasOne(fields: [])", '@hasMany(indexName: "byX", fields: ["id"])', "@hasOne @belongsTo"),
    *('@hasMany(references: ["x"])', '@belongsTo(references: "x")', "@hasOne(references: [])"),
    *('@hasMany(indexName: "", fields: null)', '@manyToMany(relationName: "Loose")', ""),
    *('@hasMany(references: ["x"], fields: ["y"])', "@belongsTo(references: null, fields: null)"),
)


def relate(draw: DrawFn, world: World) -> None:
    """Connect two models (or one with itself) by a motif."""
    parent, child = (pick(draw, world.models) for _ in range(2))
    pick(draw, _MOTIFS)(draw, parent, child)


def loosen(draw: DrawFn, world: World) -> None:
    """Put a relation directive where it may not fit."""
    home = pick(draw, [*world.models, *world.customs])
    target = pick(draw, world.results())
    shape = pick(draw, (*_LISTS, *_SINGLES))
    home.add(draw(FIELD_NAMES), shape.format(target), pick(draw, _LOOSE))


def _add(draw: DrawFn, home: Type, target: Type, shapes: tuple[str, ...], directive: str) -> str:
    kind = pick(draw, shapes).format(target.name)
    return home.add(draw(FIELD_NAMES), kind, directive)


def _back(draw: DrawFn, child: Type, parent: Type, arguments: str = "") -> None:
    if not rarely(draw, 3):
        _add(draw, child, parent, _SINGLES, f"@belongsTo{arguments}")


def _has_many(draw: DrawFn, parent: Type, child: Type) -> None:
    arguments = pick(draw, _ARGUMENTS)
    _add(draw, parent, child, _LISTS, f"@hasMany{arguments}")
    _back(draw, child, parent)


def _has_one(draw: DrawFn, parent: Type, child: Type) -> None:
    fields = f"(fields: {strings(_foreign(draw, parent, child))})" if rarely(draw, 2) else ""
    _add(draw, parent, child, _SINGLES, f"@hasOne{fields}")
    _back(draw, child, parent)


def _foreign(draw: DrawFn, home: Type, target: Type) -> list[str]:
    """Names of a foreign key of `home`, declared or not."""
    keys = [f"fk_{part}" for part in target.key]
    if rarely(draw, 3):
        return keys
    return [home.add(key, pick(draw, ("ID", "ID!", "Int"))) for key in keys]


def _has_many_by_index(draw: DrawFn, parent: Type, child: Type) -> None:
    keys = _foreign(draw, child, parent)
    index = f'@index(name: "by{parent.name}", sortKeyFields: {strings(keys[1:])})'
    for one in child.fields:
        if one.name == keys[0]:
            one.directives.append(index)
    arguments = f'(indexName: "by{parent.name}", fields: {strings(parent.key)})'
    _add(draw, parent, child, _LISTS, f"@hasMany{arguments}")
    _back(draw, child, parent, f"(fields: {strings(keys)})" if not rarely(draw, 4) else "")


def _references(draw: DrawFn, parent: Type, child: Type) -> None:
    keys = strings(_foreign(draw, child, parent))
    shapes, name = pick(draw, ((_LISTS, "@hasMany"), (_SINGLES, "@hasOne")))
    _add(draw, parent, child, shapes, f"{name}(references: {keys})")
    _back(draw, child, parent, f"(references: {keys})")


def _with_fields(draw: DrawFn, parent: Type, child: Type) -> None:
    keys = strings(_foreign(draw, child, parent))
    fields = pick(draw, (f"(fields: {strings(parent.key)})", "", "(fields: [])"))
    _add(draw, parent, child, _LISTS, f"@hasMany{fields}")
    _back(draw, child, parent, f"(fields: {keys})")


def _many_to_many(draw: DrawFn, parent: Type, child: Type) -> None:
    odd = st.sampled_from(("R", "rel", "post-tags", "_x y", "A", "1ab"))
    name = (
        draw(st.one_of(odd.map('"{}"'.format), texts()))
        if rarely(draw, 3)
        else f'"{parent.name}_x"'
    )
    limit = ", limit: 7" if rarely(draw, 6) else ""
    for home, target in ((parent, child), (child, parent)):
        _add(draw, home, target, _LISTS, f"@manyToMany(relationName: {name}{limit})")


def _unconnected(draw: DrawFn, parent: Type, child: Type) -> None:
    _add(draw, parent, child, (*_SINGLES, *_LISTS), "")


_MOTIFS: tuple[Callable[[DrawFn, Type, Type], None], ...] = (
    *(_has_many, _has_many, _has_one, _has_one, _has_many_by_index, _has_many_by_index),
    *(_references, _with_fields, _many_to_many, _many_to_many, _unconnected),
)
