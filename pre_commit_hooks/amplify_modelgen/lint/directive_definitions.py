"""The directives of both versions of Amplify's transformer, with the types of their arguments.

Sources of `directives/`: docs.amplify.aws/gen1, "GraphQL directives reference"; AWS AppSync
developer guide, "Using authorization"; and what the transformer accepts.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.modelgen.parser import parse_fast

if TYPE_CHECKING:
    from amplify_modelgen.modelgen.syntax import Definition, FieldDefinition

_DIRECTORY = Path(__file__).with_name("directives")


class DirectiveDefinition(Struct, frozen=True, kw_only=True):
    """A directive of Amplify: its arguments, where it may be, and whether it may be repeated."""

    arguments: dict[str, FieldDefinition]
    locations: tuple[str, ...]
    repeatable: bool


class AmplifyDefinitions(Struct, frozen=True, kw_only=True):
    """Amplify's directives, enums with their values, and inputs with their fields, by name."""

    version: int
    directives: dict[str, DirectiveDefinition]
    enums: dict[str, tuple[str, ...]]
    inputs: dict[str, dict[str, FieldDefinition]]
    scalars: frozenset[str]


@lru_cache(maxsize=2)
def amplify_definitions(version: int) -> AmplifyDefinitions:
    """Return the definitions of a transformer version, 1 or 2."""
    names = ("shared.graphql", f"version_{version}.graphql")
    sdl = "".join((_DIRECTORY / name).read_text(encoding="utf-8") for name in names)
    definitions = parse_fast(sdl) or ()
    return AmplifyDefinitions(
        version=version,
        directives={
            entry.name: DirectiveDefinition(
                arguments=_by_name(entry),
                locations=tuple(location.text for location in entry.names),
                repeatable=entry.repeatable,
            )
            for entry in definitions
            if entry.kind == "directive"
        },
        enums={
            entry.name: tuple(value.text for value in entry.names)
            for entry in definitions
            if entry.kind == "enum"
        },
        inputs={entry.name: _by_name(entry) for entry in definitions if entry.kind == "input"},
        scalars=frozenset(entry.name for entry in definitions if entry.kind == "scalar"),
    )


def _by_name(definition: Definition) -> dict[str, FieldDefinition]:
    return {field.name: field for field in definition.fields}
