"""Rules of arguments and input types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rule import Rule
from .schema_index import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen.modelgen.syntax import Value

    from .schema_index import SchemaIndex

_OUTPUT_KINDS = ("model", "object", "interface", "union")


def _defaults(index: SchemaIndex) -> Iterator[Problem]:
    for definition in index.definitions:
        for field in definition.fields:
            for entry in (field, *field.arguments):
                if entry.default is not None:
                    name = _output_type(index, entry.default, entry.type.name)
                    if name:
                        message = f"the default of {entry.name} has a value of the type {name}"
                        hint = f"use an input type instead of {name}"
                        yield Problem(entry.type.offset, message, hint)


def _output_type(index: SchemaIndex, value: Value, name: str) -> str | None:
    """Return the output type that a value or a part of it has, None if it has none."""
    if isinstance(value, list):
        return next(filter(None, (_output_type(index, item, name) for item in value)), None)
    if value is not None and index.kind(name) in _OUTPUT_KINDS:
        return name
    if index.kind(name) != "input" or not isinstance(value, dict):
        return None
    fields = index.fields[name]
    parts = ((part, fields[key].type.name) for key, part in value.items() if key in fields)
    return next(filter(None, (_output_type(index, *part) for part in parts)), None)


INPUT_RULES = (
    Rule(
        id="default-output-type",
        summary="A default value of an argument has no part of an output type.",
        wrong="type Post @model { id: ID! } type Query { posts(like: Post = { id: 1 }): [Post] }",
        right="""
            type Post @model { id: ID! }
            input Like { id: ID }
            type Query { posts(like: Like = { id: 1 }): [Post] }
        """,
        find=_defaults,
    ),
)
