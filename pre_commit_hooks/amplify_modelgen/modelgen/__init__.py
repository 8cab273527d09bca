"""The engine: generates models from GraphQL SDL with Amplify's directives. No I/O and no AWS.

It imports the standard library, msgspec, graphql-core and `amplify_modelgen.errors` only. Its
modules are imported when one of their public names is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .diagnostics import Diagnostics
    from .documents import Models, with_relations
    from .engine import (
        describe_models,
        find_problems,
        generate_datastore,
        generate_introspection,
        generate_models,
        name_offsets,
        needed_documents,
        nested_lists,
    )
    from .flags import FeatureFlags
    from .javascript import json_bytes, parse_number, to_javascript, to_json
    from .model import Association
    from .naming import camel_case, constant_case, pascal_case, pluralize
    from .native import (
        Declaration,
        NativeEnum,
        NativeField,
        NativeIndex,
        NativeModel,
        NativeSchema,
        NativeType,
        native_schema,
    )
    from .schema import SCALARS

_MODULES = {
    "Association": "model",
    "Declaration": "native",
    "Diagnostics": "diagnostics",
    "FeatureFlags": "flags",
    "Models": "documents",
    "NativeEnum": "native",
    "NativeField": "native",
    "NativeIndex": "native",
    "NativeModel": "native",
    "NativeSchema": "native",
    "NativeType": "native",
    "SCALARS": "schema",
    "camel_case": "naming",
    "constant_case": "naming",
    "describe_models": "engine",
    "find_problems": "engine",
    "generate_datastore": "engine",
    "generate_introspection": "engine",
    "generate_models": "engine",
    "json_bytes": "javascript",
    "name_offsets": "engine",
    "native_schema": "native",
    "needed_documents": "engine",
    "nested_lists": "engine",
    "parse_number": "javascript",
    "pascal_case": "naming",
    "pluralize": "naming",
    "to_javascript": "javascript",
    "to_json": "javascript",
    "with_relations": "documents",
}

__all__ = [
    "SCALARS",
    "Association",
    "Declaration",
    "Diagnostics",
    "FeatureFlags",
    "Models",
    "NativeEnum",
    "NativeField",
    "NativeIndex",
    "NativeModel",
    "NativeSchema",
    "NativeType",
    "camel_case",
    "constant_case",
    "describe_models",
    "find_problems",
    "generate_datastore",
    "generate_introspection",
    "generate_models",
    "json_bytes",
    "name_offsets",
    "native_schema",
    "needed_documents",
    "nested_lists",
    "parse_number",
    "pascal_case",
    "pluralize",
    "to_javascript",
    "to_json",
    "with_relations",
]


def __getattr__(name: str) -> object:
    """Import a public name from its module."""
    from importlib import import_module

    if name in _MODULES:
        return getattr(import_module(f".{_MODULES[name]}", __name__), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """Return all names, including those that are not imported yet."""
    return sorted({*globals(), *__all__})
