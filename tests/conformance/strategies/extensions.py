"""The same type in several pieces: extensions, and definitions that come twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance.strategies.attributes import auth, others
from conformance.strategies.tree import SCALARS, Field, Type
from conformance.strategies.words import FIELD_NAMES, pick, rarely

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

_AGAIN = (
    *("@model(queries: null)", '@mapsTo(name: "New")', '@index(name: "byX")', "@shiny(a: [1, 2])"),
    *('@aws_auth(cognito_groups: ["a", "z"])', "@primaryKey", '@shiny(a: [2, "s", null, 2])'),
)


@st.composite
def extensions(draw: DrawFn, one: Type) -> Type:
    """A second piece of a type: fields again, perhaps changed, fields anew, directives."""
    piece = Type(keyword=one.keyword, name=one.name)
    if rarely(draw, 2):
        piece.keyword = f"extend {one.keyword}"
    if one.fields and rarely(draw, 2):
        piece.fields.append(_again(draw, pick(draw, one.fields)))
    if rarely(draw, 2) and one.keyword != "interface":
        piece.add(draw(FIELD_NAMES), pick(draw, (*SCALARS, "[Int]", "[Int!]!")))
    directives = st.one_of(st.sampled_from(_AGAIN), auth(), others())
    piece.directives = draw(st.lists(directives, min_size=not piece.fields, max_size=2))
    return piece


def _again(draw: DrawFn, field: Field) -> Field:
    """The same field; its outer nullability may differ, and rarely its whole type."""
    bare = field.type.removesuffix("!")
    kinds = (field.type, bare, f"{bare}!")
    kind = "Int" if rarely(draw, 25) else pick(draw, kinds)
    directives = pick(draw, ([], field.directives, ['@index(name: "byZ")']))
    return Field(name=field.name, type=kind, arguments=field.arguments, directives=directives)
