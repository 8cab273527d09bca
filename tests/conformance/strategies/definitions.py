"""The types of a schema: fields first, then keys, indexes and relations between them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance.strategies import connections, keys, relations
from conformance.strategies.attributes import auth, model_directives, others
from conformance.strategies.keys import indexes
from conformance.strategies.names import ENUM_VALUES, FIELD_NAMES, TYPE_NAMES, pick, rarely
from conformance.strategies.schema_types import SchemaType, SchemaTypes, names

if TYPE_CHECKING:
    from types import ModuleType

    from hypothesis.strategies import DrawFn

_SHAPES = ("{}", "{}", "{}!", "[{}]", "[{}!]", "[{}]!", "[{}!]!", "[[{}!]]!", "[[[{}]!]!]")
_ON_FIELDS = (
    *('@default(value: "v")', '@deprecated(reason: "r")', '@function(name: "f")', "@aws_iam"),
    *("@validate(type: gt)", '@sql(statement: "s")', "@model", '@connection(name: "c")'),
)
_KEYS = {1: connections, 2: keys}
_RELATIONS = {1: connections, 2: relations}


@st.composite
def all_types(draw: DrawFn, version: int) -> SchemaTypes:
    """Return all types of a schema except its operations, with their relations.

    `version` is the version of the transformer whose keys and relations they mostly have.
    """
    taken = iter(draw(st.lists(TYPE_NAMES, min_size=16, max_size=16, unique=True)))

    def create(keyword: str, count: int) -> list[SchemaType]:
        return [
            SchemaType(keyword=keyword, name=next(taken))
            for _ in range(draw(st.integers(0, count)))
        ]

    schema_types = SchemaTypes(
        models=[SchemaType(keyword="type", name=next(taken)), *create("type", 3)],
        customs=create("type", 2),
        enums=names(create("enum", 2)),
        inputs=create("input", 2),
        unions=names(create("union", 1)),
        interfaces=create("interface", 1),
    )
    _fill(draw, schema_types, version)
    return schema_types


def _fill(draw: DrawFn, schema_types: SchemaTypes, version: int) -> None:
    for model in schema_types.models:
        _grow_model(draw, schema_types, model, _KEYS[version])
    for custom in (*schema_types.customs, *schema_types.interfaces):
        _grow(draw, custom, schema_types.results(), count=3)
    for entry in schema_types.inputs:
        _grow(draw, entry, [*schema_types.leaves(), *names(schema_types.inputs)], count=3)
    for _ in range(draw(st.integers(0, 3))):
        _RELATIONS[version].relate(draw, schema_types)
    while rarely(draw, 10 if version == 2 else 4):
        _RELATIONS[version].add_single_directive(draw, schema_types)
    for model in schema_types.models:
        _finish_model(draw, schema_types, model)
    for custom in schema_types.customs:
        _finish_custom(draw, custom)


def _grow_model(
    draw: DrawFn, schema_types: SchemaTypes, model: SchemaType, keys_of_version: ModuleType
) -> None:
    model.directives = draw(model_directives())
    keys_of_version.add_key(draw, model, schema_types.leaves())
    _grow(draw, model, [*schema_types.leaves(), *names(schema_types.customs)], count=3)


def _grow(draw: DrawFn, entry: SchemaType, kinds: list[str], count: int) -> None:
    for _ in range(draw(st.integers(0, count))):
        shape = pick(draw, _SHAPES)
        entry.add(draw(FIELD_NAMES), shape.format(pick(draw, kinds)))


def _finish_model(draw: DrawFn, schema_types: SchemaTypes, model: SchemaType) -> None:
    if rarely(draw, 2):
        model.fields = draw(st.permutations(model.fields))
    for field in model.fields:
        if rarely(draw, 6):
            field.directives.append(draw(indexes(model)))
        if rarely(draw, 10):
            field.directives.append(draw(st.one_of(st.sampled_from(_ON_FIELDS), auth())))
        if rarely(draw, 20):
            field.arguments = f"(a: {pick(draw, schema_types.leaves())}!)"
    _add_invalid_field(draw, schema_types, model)


def _finish_custom(draw: DrawFn, custom: SchemaType) -> None:
    if rarely(draw, 4):
        custom.directives.append(draw(st.one_of(auth(), others())))


def _add_invalid_field(draw: DrawFn, schema_types: SchemaTypes, model: SchemaType) -> None:
    """Sometimes add a field with an unsupported or undefined type, or a repeated field."""
    if rarely(draw, 50):
        kinds = (
            "Nowhere",
            "BigInt",
            "ModelOperation",
            *schema_types.unions,
            *names(schema_types.interfaces),
        )
        model.add("invalid", pick(draw, (*kinds, *names(schema_types.inputs))))
    if model.fields and rarely(draw, 40):
        model.fields.append(pick(draw, model.fields))


@cache
@st.composite
def enum_bodies(draw: DrawFn) -> str:
    """Return the values of an enum in braces."""
    values = draw(st.lists(ENUM_VALUES, min_size=1, max_size=5))
    return "{ " + " ".join(values) + " }"
