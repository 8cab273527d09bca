"""Random schemas out of all features, valid and invalid, that shrink to small ones.

A world of types is composed first (strategies/), then written down as text with the order of
its definitions, extensions, comments and descriptions left to chance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from amplify_modelgen.modelgen.flags import FeatureFlags
from conformance.strategies.definitions import enum_bodies, worlds
from conformance.strategies.extensions import extensions
from conformance.strategies.operations import roots
from conformance.strategies.tree import names
from conformance.strategies.words import ENUM_VALUES, pick, rarely

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from conformance.strategies.tree import Type, World

_DESCRIPTIONS = ('"a description"', '"""\na block: { } "quoted" \\"""\n"""')
_COMMENTS = ("# a comment", ",", *_DESCRIPTIONS)
_EXTRAS = (
    *("query Q { a }", "scalar AWSDate", "scalar Money", "directive @shiny(a: Int) on OBJECT"),
    *("input AMPLIFY { globalAuthRule: AuthRule = {allow: public} }", "{ anonymous }"),
    *("enum HttpMethod { BREW }", "type __Hidden { x: Int }", "enum AWSDate { X }"),
    *("directive @mapsTo(name: String!) on OBJECT", "extend input AMPLIFY { x: Int }"),
    *("directive @shiny(a: [Int]) repeatable on OBJECT", "directive @model(x: Int) on OBJECT"),
    *("directive @shiny on OBJECT directive @shiny on FIELD", "subscription { x }"),
)


@st.composite
def schemas(draw: DrawFn) -> str:
    """The text of a schema."""
    world = draw(worlds())
    pieces = [*_types(draw, world), *_others(draw, world)]
    if rarely(draw, 2):
        pieces = draw(st.permutations(pieces))
    return "\n".join(pieces) + "\n"


def flag_sets() -> SearchStrategy[FeatureFlags]:
    """Any flags under which the rules of transformer version 2 hold."""
    switch = st.booleans()
    return st.builds(
        FeatureFlags,
        transformer_version=st.just(2),
        use_experimental_pipelined_transformer=switch,
        respect_primary_key_attributes_on_connection_field=switch,
        improve_pluralization=switch,
        add_timestamp_fields=switch,
        handle_list_nullability_transparently=switch,
        emit_auth_provider=switch,
        generate_index_rules=switch,
    )


def _types(draw: DrawFn, world: World) -> list[str]:
    operations, block = draw(roots(world))
    types = [*world.models, *world.customs, *world.inputs, *world.interfaces, *operations]
    for one in (*world.models, *world.customs):
        if world.interfaces and rarely(draw, 5):
            one.implements = f"implements {world.interfaces[0].name}"
    pieces = [_written(draw, one) for one in types]
    while rarely(draw, 4):
        piece = draw(extensions(pick(draw, types)))
        pieces.insert(draw(st.integers(0, len(pieces))), _written(draw, piece))
    return [*pieces, block] if block else pieces


def _others(draw: DrawFn, world: World) -> list[str]:
    pieces = [f"enum {name} {draw(enum_bodies())}" for name in world.enums]
    if world.enums and rarely(draw, 8):
        values = draw(st.lists(ENUM_VALUES, min_size=1, max_size=3, unique=True))
        pieces.append(f"extend enum {world.enums[0]} {{ {' '.join(values)} }}")
    objects = names([*world.models, *world.customs])
    for union in world.unions:
        members = draw(st.lists(st.sampled_from(objects), min_size=1, max_size=2, unique=True))
        pieces.append(f"union {union} = {' | '.join(members)}")
    if world.unions and rarely(draw, 8):
        pieces.append(f"extend union {world.unions[0]} = {pick(draw, objects)}")
    if rarely(draw, 6):
        pieces.append(pick(draw, _EXTRAS))
    return pieces


def _written(draw: DrawFn, one: Type) -> str:
    head = f"{pick(draw, _DESCRIPTIONS)}\n{one.head()}" if _describable(draw, one) else one.head()
    if not one.fields:
        return head
    lines = [f"  {field}" for field in one.fields]
    if rarely(draw, 10):
        lines.insert(draw(st.integers(0, len(lines) - 1)), pick(draw, _COMMENTS))
    return "\n".join([f"{head} {{", *lines, "}"])


def _describable(draw: DrawFn, one: Type) -> bool:
    # Extensions cannot have a description.
    return rarely(draw, 12) and not one.keyword.startswith("extend")
