"""Rules of `@default`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rule import Rule
from .schema_index import is_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .schema_index import Problem, SchemaIndex


def _owners(index: SchemaIndex) -> Iterator[Problem]:
    for use in index.uses["default"]:
        if not is_model(index.types[use.owner.name]):
            message = f"{use.path} has @default, but {use.owner.name} is not a model"
            yield use.problem(message, f"remove @default, or add @model to {use.owner.name}")


DEFAULT_RULES = (
    Rule(
        id="default-owner",
        summary="`@default` belongs to fields of models.",
        wrong="""
            type Post @model { id: ID! place: Place }
            type Place { city: String @default(value: "Oslo") }
        """,
        right="""
            type Post @model { id: ID! city: String @default(value: "Oslo") }
        """,
        find=_owners,
    ),
)
