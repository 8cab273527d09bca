"""Extensions, and repeated definitions of a type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance.strategies.attributes import auth, others
from conformance.strategies.names import FIELD_NAMES, pick, rarely
from conformance.strategies.schema_types import SCALARS, SchemaField, SchemaType

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

_REPEATED = (
    *("@model(queries: null)", '@mapsTo(name: "New")', '@index(name: "byX")', "@shiny(a: [1, 2])"),
    *('@aws_auth(cognito_groups: ["a", "z"])', "@primaryKey", '@shiny(a: [2, "s", null, 2])'),
)


@st.composite
def extensions(draw: DrawFn, extended: SchemaType) -> SchemaType:
    """Return an extension of a type: repeated fields, new fields, directives."""
    piece = SchemaType(keyword=extended.keyword, name=extended.name)
    if rarely(draw, 2):
        piece.keyword = f"extend {extended.keyword}"
    if extended.fields and rarely(draw, 2):
        piece.fields.append(_repeat_field(draw, pick(draw, extended.fields)))
    if rarely(draw, 2) and extended.keyword != "interface":
        piece.add(draw(FIELD_NAMES), pick(draw, (*SCALARS, "[Int]", "[Int!]!")))
    directives = st.one_of(st.sampled_from(_REPEATED), auth(), others())
    piece.directives = draw(st.lists(directives, min_size=not piece.fields, max_size=2))
    return piece


def _repeat_field(draw: DrawFn, field: SchemaField) -> SchemaField:
    """Return the same field, perhaps with another nullability, or rarely another type."""
    bare = field.type.removesuffix("!")
    kinds = (field.type, bare, f"{bare}!")
    kind = "Int" if rarely(draw, 25) else pick(draw, kinds)
    directives = pick(draw, ([], field.directives, ['@index(name: "byZ")']))
    return SchemaField(name=field.name, type=kind, arguments=field.arguments, directives=directives)
