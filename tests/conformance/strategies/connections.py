"""Keys and relations of transformer version 1: mostly valid patterns, and odd directives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance.strategies.names import FIELD_NAMES, pick, rarely
from conformance.strategies.schema_types import strings

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn

    from conformance.strategies.schema_types import SchemaType, SchemaTypes

_LISTS = ("[{}]", "[{}]", "[{}!]", "[{}]!", "[{}!]!", "[[{}]!]")
_SINGLES = ("{}", "{}", "{}!")
_NAMES = ("n", "PC", "c", "x")
_ODD_KEYS = (
    *('@key(fields: ["nope"])', '@key(fields: ["id", "nope"])', "@key(fields: [])", "@key"),
    *('@key(name: "byX")', '@key(name: "byX", fields: [])', '@key(fields: "x")', "@key(fields: 3)"),
    *('@key(name: "", fields: ["id"])', '@key(name: null, fields: ["x"])', '@key(fields: "id")'),
    *('@key(fields: ["createdAt"])', '@key(fields: ["id", "createdAt"])', "@key(fields: null)"),
    *('@key(name: 3, fields: ["x", "y"])', "@key(fields: [x], queryField: null)"),
)
_ODD_CONNECTIONS = (
    *("@connection", '@connection(name: "n")', '@connection(fields: ["id"])', ""),
    *("@connection(fields: [])", "@connection(fields: null)", '@connection(fields: "x")'),
    *('@connection(fields: ["x", "y"])', '@connection(keyName: "byX", fields: ["id"])'),
    *('@connection(keyName: "byX")', '@connection(keyName: "byNope", fields: ["x"])'),
    *('@connection(name: "")', "@connection(name: null, fields: [x])", "@connection(name: 3)"),
    *('@connection(name: "n") @connection(name: "PC")', "@hasMany", "@hasOne", "@belongsTo"),
    *('@connection(keyField: "x", sortField: "y", limit: 1e1)', '@connection(fields: [""])'),
    *('@connection(fields: ["x"]) @connection(fields: ["y"])', "@connection(fields: 3)"),
    *('@manyToMany(relationName: "Loose")', '@connection(keyName: "", fields: ["id"])'),
    '@belongsTo(fields: ["x"]) @connection(name: "n")',
)


def add_key(draw: DrawFn, model: SchemaType, kinds: list[str]) -> None:
    """Add keys to the model, which are directives of the type; `model.key` is the primary key."""
    if rarely(draw, 2):
        _add_primary_key(draw, model, kinds)
    elif rarely(draw, 2):
        model.add("id", pick(draw, ("ID!", "ID", "String", "[Int]", "[ID!]")))
    while rarely(draw, 3):
        names = st.lists(FIELD_NAMES, min_size=1, max_size=2, unique=True)
        fields = [*draw(names)] if rarely(draw, 2) else [entry.name for entry in model.fields][:2]
        query = ', queryField: "list"' if rarely(draw, 4) else ""
        _insert(
            draw, model, f'@key(name: "by{pick(draw, "XYZ")}", fields: {strings(fields)}{query})'
        )
    if rarely(draw, 8):
        _insert(draw, model, pick(draw, _ODD_KEYS))


def _add_primary_key(draw: DrawFn, model: SchemaType, kinds: list[str]) -> None:
    wanted = pick(draw, ("id", "code", "Zed_x"))
    kind = pick(draw, kinds) + ("" if rarely(draw, 12) else "!")
    shapes = ("{}", "{}", "{}", "{}", "{}", "[{}]")
    model.key = [model.add(wanted, pick(draw, shapes).format(kind))]
    for _ in range(draw(st.integers(0, 2))):
        model.key.append(model.add(draw(FIELD_NAMES), pick(draw, (*kinds, "[Int]", "Int!"))))
    _insert(draw, model, f"@key(fields: {strings(model.key)})")


def _insert(draw: DrawFn, model: SchemaType, directive: str) -> None:
    model.directives.insert(draw(st.integers(0, len(model.directives))), directive)


def relate(draw: DrawFn, types: SchemaTypes) -> None:
    """Relate two models (or a model and itself) by a random pattern."""
    parent, child = (pick(draw, types.models) for _ in range(2))
    pick(draw, _PATTERNS)(draw, parent, child)


def add_single_directive(draw: DrawFn, types: SchemaTypes) -> None:
    """Add a field with a relation directive that may be invalid."""
    home = pick(draw, [*types.models, *types.models, *types.customs])
    target = pick(draw, types.results() if rarely(draw, 5) else [m.name for m in types.models])
    shape = pick(draw, (*_LISTS, *_SINGLES))
    home.add(draw(FIELD_NAMES), shape.format(target), pick(draw, _ODD_CONNECTIONS))


def _add(
    draw: DrawFn, home: SchemaType, target: SchemaType, shapes: tuple[str, ...], arguments: str
) -> str:
    extra = pick(draw, ("", "", "", 'keyField: "x"', 'sortField: "y"', "limit: 5"))
    parts = ", ".join(part for part in (arguments, extra) if part)
    kind = pick(draw, shapes).format(target.name)
    return home.add(draw(FIELD_NAMES), kind, f"@connection({parts})" if parts else "@connection")


def _named(draw: DrawFn, parent: SchemaType, child: SchemaType) -> None:
    name = f'name: "{pick(draw, _NAMES)}"'
    _add(draw, parent, child, _LISTS if not rarely(draw, 3) else _SINGLES, name)
    if not rarely(draw, 8):
        _add(draw, child, parent, _SINGLES if not rarely(draw, 6) else _LISTS, name)


def _plain(draw: DrawFn, parent: SchemaType, child: SchemaType) -> None:
    name = _add(draw, parent, child, (*_LISTS, *_SINGLES), "")
    if rarely(draw, 3):
        default = f"{parent.name[:1].lower()}{parent.name[1:]}{name[:1].upper()}{name[1:]}Id"
        child.add(default, pick(draw, ("ID", "ID!", "[ID]", "Int!")))
    if rarely(draw, 2):
        _add(draw, child, parent, _SINGLES, "")


def _keyed(draw: DrawFn, parent: SchemaType, child: SchemaType) -> None:
    foreign = f"fk_{parent.key[0]}"
    if not rarely(draw, 6):
        child.add(foreign, pick(draw, ("ID", "ID!", "ID!", "Int")))
    _insert(draw, child, f'@key(name: "by{parent.name}", fields: {strings([foreign])})')
    key = parent.key if rarely(draw, 4) else parent.key[:1]
    _add(draw, parent, child, _LISTS, f'keyName: "by{parent.name}", fields: {strings(key)}')
    if not rarely(draw, 3):
        _add(draw, child, parent, _SINGLES, f"fields: {strings([foreign])}")


def _by_primary_key(draw: DrawFn, parent: SchemaType, child: SchemaType) -> None:
    """Add a single field that holds the primary key of the other model."""
    names = [f"fk_{name}" for name in (child.key if rarely(draw, 3) else child.key[:1])]
    fields = [parent.add(name, pick(draw, ("ID", "ID!"))) for name in names]
    if rarely(draw, 6):
        fields = parent.key[:1]
    _add(draw, parent, child, (*_SINGLES, "[{}]"), f"fields: {strings(fields)}")


def _joined(draw: DrawFn, parent: SchemaType, child: SchemaType) -> None:
    """Make `child` a join model between `parent` and itself."""
    for number in (1, 2):
        foreign = child.add(f"join{number}", "ID!")
        _insert(draw, child, f'@key(name: "join{number}", fields: {strings([foreign, "id"])})')
        _add(draw, parent, child, _LISTS, f'keyName: "join{number}", fields: ["id"]')
        _add(draw, child, parent, _SINGLES, f"fields: {strings([foreign])}")


def _unrelated(draw: DrawFn, parent: SchemaType, child: SchemaType) -> None:
    parent.add(draw(FIELD_NAMES), pick(draw, (*_SINGLES, *_LISTS)).format(child.name))


_PATTERNS: tuple[Callable[[DrawFn, SchemaType, SchemaType], None], ...] = (
    *(_named, _named, _named, _plain, _plain, _keyed, _keyed, _keyed),
    *(_by_primary_key, _by_primary_key, _joined, _unrelated),
)
