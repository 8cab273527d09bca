"""The types of a schema: fields first, then keys, indexes and relations between them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance.strategies.attributes import auth, model_directives, others
from conformance.strategies.keys import add_key, indexes
from conformance.strategies.relations import loosen, relate
from conformance.strategies.tree import Type, World, names
from conformance.strategies.words import ENUM_VALUES, FIELD_NAMES, TYPE_NAMES, pick, rarely

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

_SHAPES = ("{}", "{}", "{}!", "[{}]", "[{}!]", "[{}]!", "[{}!]!", "[[{}!]]!", "[[[{}]!]!]")
_ON_FIELDS = (
    *('@default(value: "v")', '@deprecated(reason: "r")', '@function(name: "f")', "@aws_iam"),
    *("@validate(type: gt)", '@sql(statement: "s")', "@model", '@connection(name: "c")'),
)


@st.composite
def worlds(draw: DrawFn) -> World:
    """All types of a schema but its operations, connected with each other."""
    taken = iter(draw(st.lists(TYPE_NAMES, min_size=16, max_size=16, unique=True)))

    def some(keyword: str, most: int) -> list[Type]:
        return [Type(keyword=keyword, name=next(taken)) for _ in range(draw(st.integers(0, most)))]

    world = World(
        models=[Type(keyword="type", name=next(taken)), *some("type", 3)],
        customs=some("type", 2),
        enums=names(some("enum", 2)),
        inputs=some("input", 2),
        unions=names(some("union", 1)),
        interfaces=some("interface", 1),
    )
    _fill(draw, world)
    return world


def _fill(draw: DrawFn, world: World) -> None:
    for model in world.models:
        _grow_model(draw, world, model)
    for custom in (*world.customs, *world.interfaces):
        _grow(draw, custom, world.results(), most=3)
    for one in world.inputs:
        _grow(draw, one, [*world.leaves(), *names(world.inputs)], most=3)
    for _ in range(draw(st.integers(0, 3))):
        relate(draw, world)
    while rarely(draw, 10):
        loosen(draw, world)
    for model in world.models:
        _finish_model(draw, world, model)
    for custom in world.customs:
        _finish_custom(draw, custom)


def _grow_model(draw: DrawFn, world: World, model: Type) -> None:
    model.directives = draw(model_directives())
    add_key(draw, model, world.leaves())
    _grow(draw, model, [*world.leaves(), *names(world.customs)], most=3)


def _grow(draw: DrawFn, one: Type, kinds: list[str], most: int) -> None:
    for _ in range(draw(st.integers(0, most))):
        shape = pick(draw, _SHAPES)
        one.add(draw(FIELD_NAMES), shape.format(pick(draw, kinds)))


def _finish_model(draw: DrawFn, world: World, model: Type) -> None:
    if rarely(draw, 2):
        model.fields = draw(st.permutations(model.fields))
    for one in model.fields:
        if rarely(draw, 6):
            one.directives.append(draw(indexes(model)))
        if rarely(draw, 10):
            one.directives.append(draw(st.one_of(st.sampled_from(_ON_FIELDS), auth())))
        if rarely(draw, 20):
            one.arguments = f"(a: {pick(draw, world.leaves())}!)"
    _spoil(draw, world, model)


def _finish_custom(draw: DrawFn, custom: Type) -> None:
    if rarely(draw, 4):
        custom.directives.append(draw(st.one_of(auth(), others())))


def _spoil(draw: DrawFn, world: World, model: Type) -> None:
    """Now and then a field of a type that models cannot have, or of none at all."""
    if rarely(draw, 50):
        kinds = ("Nowhere", "BigInt", "ModelOperation", *world.unions, *names(world.interfaces))
        model.add("spoilt", pick(draw, (*kinds, *names(world.inputs))))
    if model.fields and rarely(draw, 40):
        # The same name twice in one block.
        model.fields.append(pick(draw, model.fields))


@cache
@st.composite
def enum_bodies(draw: DrawFn) -> str:
    """An enum's values between braces."""
    found = draw(st.lists(ENUM_VALUES, min_size=1, max_size=5))
    return "{ " + " ".join(found) + " }"
