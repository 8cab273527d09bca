"""Random schemas, valid and invalid, that use all features and shrink to small ones.

First the types are created (strategies/), then they are formatted as text: definitions in random
order, with extensions, comments and descriptions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from amplify_modelgen.modelgen.documents import FeatureFlags
from conformance.strategies.definitions import all_types, enum_bodies
from conformance.strategies.extensions import extensions
from conformance.strategies.names import ENUM_VALUES, pick, rarely
from conformance.strategies.operations import roots
from conformance.strategies.schema_types import names

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from conformance.strategies.schema_types import SchemaType, SchemaTypes

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
def schemas(draw: DrawFn, version: int = 2) -> str:
    """Return the text of a schema for a version of the transformer."""
    schema_types = draw(all_types(version))
    pieces = [*_types(draw, schema_types), *_others(draw, schema_types)]
    if rarely(draw, 2):
        pieces = draw(st.permutations(pieces))
    return "\n".join(pieces) + "\n"


def flag_sets() -> SearchStrategy[FeatureFlags]:
    """Return any flags that select transformer version 2."""
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


def version_1_flag_sets() -> SearchStrategy[FeatureFlags]:
    """Return any flags that select transformer version 1."""
    switch = st.booleans()
    return st.builds(
        FeatureFlags,
        transformer_version=st.sampled_from((1, 1, 0)),
        use_experimental_pipelined_transformer=st.just(value=False),
        respect_primary_key_attributes_on_connection_field=switch,
        add_timestamp_fields=switch,
        is_data_store_enabled=switch,
    )


def _types(draw: DrawFn, schema_types: SchemaTypes) -> list[str]:
    operations, block = draw(roots(schema_types))
    types = [
        *schema_types.models,
        *schema_types.customs,
        *schema_types.inputs,
        *schema_types.interfaces,
        *operations,
    ]
    for entry in (*schema_types.models, *schema_types.customs):
        if schema_types.interfaces and rarely(draw, 5):
            entry.implements = f"implements {schema_types.interfaces[0].name}"
    pieces = [_format(draw, entry) for entry in types]
    while rarely(draw, 4):
        piece = draw(extensions(pick(draw, types)))
        pieces.insert(draw(st.integers(0, len(pieces))), _format(draw, piece))
    return [*pieces, block] if block else pieces


def _others(draw: DrawFn, schema_types: SchemaTypes) -> list[str]:
    pieces = [f"enum {name} {draw(enum_bodies())}" for name in schema_types.enums]
    if schema_types.enums and rarely(draw, 8):
        values = draw(st.lists(ENUM_VALUES, min_size=1, max_size=3, unique=True))
        pieces.append(f"extend enum {schema_types.enums[0]} {{ {' '.join(values)} }}")
    objects = names([*schema_types.models, *schema_types.customs])
    for union in schema_types.unions:
        members = draw(st.lists(st.sampled_from(objects), min_size=1, max_size=2, unique=True))
        pieces.append(f"union {union} = {' | '.join(members)}")
    if schema_types.unions and rarely(draw, 8):
        pieces.append(f"extend union {schema_types.unions[0]} = {pick(draw, objects)}")
    if rarely(draw, 6):
        pieces.append(pick(draw, _EXTRAS))
    return pieces


def _format(draw: DrawFn, entry: SchemaType) -> str:
    head = (
        f"{pick(draw, _DESCRIPTIONS)}\n{entry.head()}"
        if _describable(draw, entry)
        else entry.head()
    )
    if not entry.fields:
        return head
    lines = [f"  {field}" for field in entry.fields]
    if rarely(draw, 10):
        lines.insert(draw(st.integers(0, len(lines) - 1)), pick(draw, _COMMENTS))
    return "\n".join([f"{head} {{", *lines, "}"])


def _describable(draw: DrawFn, entry: SchemaType) -> bool:
    # Extensions cannot have a description.
    return rarely(draw, 12) and not entry.keyword.startswith("extend")
