"""Queries, mutations, subscriptions, generations and conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance.strategies.tree import Field, Type, names
from conformance.strategies.words import FIELD_NAMES, pick, rarely

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

    from conformance.strategies.tree import World

_SHAPES = ("{}", "{}!", "[{}]", "[{}!]!", "[[{}]!]")
_DIRECTIVES = (
    *("", "", '@function(name: "f")', "@aws_iam", "@auth(rules: [{allow: private}])"),
    *('@generation(aiModel: "m", systemPrompt: "s")', '@aws_subscribe(mutations: ["m"])'),
    *('@conversation(aiModel: "m", systemPrompt: "s")', "@conversation", "@generation"),
)
_DEFAULTS = (" = 3", ' = "x"', " = null", " = V", " = [1]", " = {a: 1}", " = true", " = []")
_ROOTS = ("Query", "Mutation", "Subscription")


@st.composite
def roots(draw: DrawFn, world: World) -> tuple[list[Type], str]:
    """The operation roots, and the schema block that names them (or nothing)."""
    chosen = [name for name in _ROOTS if rarely(draw, 3)]
    types = [_root(draw, world, name) for name in chosen]
    if not rarely(draw, 6):
        return types, ""
    block = []
    for one in types:
        role = one.name.lower()
        if rarely(draw, 2):
            one.name = f"My{one.name}"
        block.append(f"{role}: {one.name}")
    return types, f"schema {{ {' '.join(block)} }}" if block else ""


def _root(draw: DrawFn, world: World, name: str) -> Type:
    root = Type(keyword="type", name=name)
    for _ in range(draw(st.integers(0, 3))):
        operation = draw(_operations(world))
        if operation.name not in {one.name for one in root.fields}:
            root.fields.append(operation)
    return root


@st.composite
def _operations(draw: DrawFn, world: World) -> Field:
    kinds = [*world.results(), *world.unions, *names(world.interfaces)]
    if rarely(draw, 60):
        kinds = ["Query", "AuthRule", *names(world.inputs)]
    kind = pick(draw, _SHAPES).format(pick(draw, kinds))
    directives = [pick(draw, _DIRECTIVES)]
    return Field(
        name=draw(FIELD_NAMES),
        type=kind,
        arguments=_arguments(draw, world),
        directives=directives,
    )


def _arguments(draw: DrawFn, world: World) -> str:
    found = draw(st.lists(FIELD_NAMES, max_size=2, unique=True))
    kinds = [*world.leaves(), *names(world.inputs)]
    if rarely(draw, 60):
        kinds = [*names(world.models), *names(world.customs), *world.unions]
    parts = []
    for name in found:
        kind = pick(draw, _SHAPES).format(pick(draw, kinds))
        default = pick(draw, _DEFAULTS) if rarely(draw, 6) else ""
        parts.append(f"{name}: {kind}{default}")
    return f"({', '.join(parts)})" if parts else ""
