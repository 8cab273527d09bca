"""The directives of both versions of Amplify's transformer, with the types of their arguments.

Sources of `directives/`: docs.amplify.aws/gen1, "GraphQL directives reference"; AWS AppSync
developer guide, "Using authorization"; and what the transformer accepts.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.modelgen.parser import parse_fast

if TYPE_CHECKING:
    from amplify_modelgen.modelgen.syntax import Definition, FieldDefinition

_DIRECTORY = Path(__file__).with_name("directives")


class AmplifyDefinitions(Struct, frozen=True, kw_only=True):
    """Amplify's directives, enums with their values, and inputs with their fields, by name.

    `arguments` are those of the directives.
    """

    version: int
    directives: dict[str, Definition]
    arguments: dict[str, dict[str, FieldDefinition]]
    enums: dict[str, tuple[str, ...]]
    inputs: dict[str, dict[str, FieldDefinition]]
    scalars: frozenset[str]


@lru_cache(maxsize=2)
def amplify_definitions(version: int) -> AmplifyDefinitions:
    """Return the definitions of a transformer version, 1 or 2."""
    names = ("shared.graphql", f"version_{version}.graphql")
    sdl = "".join((_DIRECTORY / name).read_text(encoding="utf-8") for name in names)
    kinds: dict[str, dict[str, Definition]] = defaultdict(dict)
    for entry in parse_fast(sdl) or ():
        kinds[entry.kind][entry.name] = entry
    return AmplifyDefinitions(
        version=version,
        directives=kinds["directive"],
        arguments=_fields(kinds["directive"]),
        enums={
            name: tuple(value.text for value in entry.names)
            for name, entry in kinds["enum"].items()
        },
        inputs=_fields(kinds["input"]),
        scalars=frozenset(kinds["scalar"]),
    )


def _fields(definitions: dict[str, Definition]) -> dict[str, dict[str, FieldDefinition]]:
    return {
        name: {field.name: field for field in definition.fields}
        for name, definition in definitions.items()
    }
