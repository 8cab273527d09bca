"""Primary keys and indexes of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance.strategies.names import FIELD_NAMES, pick, rarely
from conformance.strategies.schema_types import strings

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn

    from conformance.strategies.schema_types import SchemaType

_ODD_PRIMARY = (
    *("@primaryKey(sortKeyFields: null)", "@primaryKey(sortKeyFields: [])", "@primaryKey"),
    *('@primaryKey(sortKeyFields: "x")', '@primaryKey(sortKeyFields: ["nope"], odd: 1)'),
    *('@primaryKey(sortKeyFields: ["createdAt"])', '@primaryKey(queryField: "q")'),
)
_ODD_INDEX = (
    *("@index", "@index(name: null)", '@index(name: "", queryField: "")', '@index(name: "byX")'),
    *('@index(sortKeyFields: "x")', "@index(sortKeyFields: null, queryField: null)"),
    *(
        '@index(name: "gsi-A.x", extra: 1.0)',
        '@index(sortKeyFields: ["nope", "x"])',
        "@index @index",
    ),
)


def add_key(draw: DrawFn, model: SchemaType, kinds: list[str]) -> None:
    """Add a primary key to the model; `model.key` contains the names of its fields."""
    pick(draw, _KINDS)(draw, model, kinds)


def _implicit(_draw: DrawFn, _model: SchemaType, _kinds: list[str]) -> None:
    pass


def _declared(draw: DrawFn, model: SchemaType, _kinds: list[str]) -> None:
    model.add("id", pick(draw, ("ID!", "ID", "String", "[Int]")))


def _explicit(draw: DrawFn, model: SchemaType, _kinds: list[str]) -> None:
    model.add("id", pick(draw, ("ID!", "ID!", "String!", "ID!", "ID")), "@primaryKey")


def _composite(draw: DrawFn, model: SchemaType, kinds: list[str]) -> None:
    leaves = (*kinds, "[Int]", "Int!")
    wanted = pick(draw, ("id", "code", "Zed_x"))
    sorts = [
        model.add(draw(FIELD_NAMES), pick(draw, leaves)) for _ in range(draw(st.integers(0, 2)))
    ]
    arguments = f"(sortKeyFields: {strings(sorts)})" if sorts else ""
    kind = pick(draw, kinds) + "!"
    model.key = [model.add(wanted, kind, f"@primaryKey{arguments}"), *sorts]


def _odd(draw: DrawFn, model: SchemaType, _kinds: list[str]) -> None:
    kind = pick(draw, ("ID!", "Int!", "ID!", "[Int!]", "Int!", "Int", "[Int]!"))
    model.key = [model.add(draw(FIELD_NAMES), kind, pick(draw, _ODD_PRIMARY))]


_KINDS: tuple[Callable[[DrawFn, SchemaType, list[str]], None], ...] = (
    *(_implicit, _implicit, _implicit, _declared, _declared, _explicit, _explicit),
    *(_composite, _composite, _composite, _composite, _odd),
)


@st.composite
def indexes(draw: DrawFn, model: SchemaType) -> str:
    """Return an index directive with fields of this model."""
    if rarely(draw, 4):
        return pick(draw, _ODD_INDEX)
    arguments = []
    if not rarely(draw, 4):
        arguments.append(f'name: "by{pick(draw, "XYZ")}"')
    if model.fields and rarely(draw, 2):
        names = st.lists(st.sampled_from([field.name for field in model.fields]), max_size=2)
        arguments.append(f"sortKeyFields: {strings(draw(names))}")
    if rarely(draw, 4):
        arguments.append('queryField: "list"')
    return f"@index({', '.join(arguments)})" if arguments else "@index"
