"""Rules of arguments and input types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .model_keys import is_required
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
    """Return the output type that a value or a part of it has, or None."""
    if isinstance(value, list):
        return next(filter(None, (_output_type(index, item, name) for item in value)), None)
    if value is not None and index.kind(name) in _OUTPUT_KINDS:
        return name
    if index.kind(name) != "input" or not isinstance(value, dict):
        return None
    for key, field in index.fields[name].items():
        part = value.get(key)
        found = _output_type(index, part, field.type.name)
        # Without a required field the value is ignored.
        if found or (part is None and is_required(field.type) and field.default is None):
            return found
    return None


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
        versions=(1, 2),
    ),
)
