"""Queries, mutations, subscriptions, generations and conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance.strategies.names import FIELD_NAMES, pick, rarely
from conformance.strategies.schema_types import SchemaField, SchemaType, names

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

    from conformance.strategies.schema_types import SchemaTypes

_SHAPES = ("{}", "{}!", "[{}]", "[{}!]!", "[[{}]!]")
_DIRECTIVES = (
    *("", "", '@function(name: "f")', "@aws_iam", "@auth(rules: [{allow: private}])"),
    *('@generation(aiModel: "m", systemPrompt: "s")', '@aws_subscribe(mutations: ["m"])'),
    *('@conversation(aiModel: "m", systemPrompt: "s")', "@conversation", "@generation"),
)
_DEFAULTS = (" = 3", ' = "x"', " = null", " = V", " = [1]", " = {a: 1}", " = true", " = []")
_ROOTS = ("Query", "Mutation", "Subscription")


@st.composite
def roots(draw: DrawFn, schema_types: SchemaTypes) -> tuple[list[SchemaType], str]:
    """Return the root types, and the schema block with their names (or nothing)."""
    selected = [name for name in _ROOTS if rarely(draw, 3)]
    types = [_root(draw, schema_types, name) for name in selected]
    if not rarely(draw, 6):
        return types, ""
    block = []
    for root in types:
        role = root.name.lower()
        if rarely(draw, 2):
            root.name = f"My{root.name}"
        block.append(f"{role}: {root.name}")
    return types, f"schema {{ {' '.join(block)} }}" if block else ""


def _root(draw: DrawFn, schema_types: SchemaTypes, name: str) -> SchemaType:
    root = SchemaType(keyword="type", name=name)
    for _ in range(draw(st.integers(0, 3))):
        operation = draw(_operations(schema_types))
        if operation.name not in {field.name for field in root.fields}:
            root.fields.append(operation)
    return root


@st.composite
def _operations(draw: DrawFn, schema_types: SchemaTypes) -> SchemaField:
    kinds = [*schema_types.results(), *schema_types.unions, *names(schema_types.interfaces)]
    if rarely(draw, 60):
        kinds = ["Query", "AuthRule", *names(schema_types.inputs)]
    kind = pick(draw, _SHAPES).format(pick(draw, kinds))
    directives = [pick(draw, _DIRECTIVES)]
    return SchemaField(
        name=draw(FIELD_NAMES),
        type=kind,
        arguments=_arguments(draw, schema_types),
        directives=directives,
    )


def _arguments(draw: DrawFn, schema_types: SchemaTypes) -> str:
    argument_names = draw(st.lists(FIELD_NAMES, max_size=2, unique=True))
    kinds = [*schema_types.leaves(), *names(schema_types.inputs)]
    if rarely(draw, 60):
        kinds = [*names(schema_types.models), *names(schema_types.customs), *schema_types.unions]
    parts = []
    for name in argument_names:
        kind = pick(draw, _SHAPES).format(pick(draw, kinds))
        default = pick(draw, _DEFAULTS) if rarely(draw, 6) else ""
        parts.append(f"{name}: {kind}{default}")
    return f"({', '.join(parts)})" if parts else ""
