"""The engine: GraphQL SDL with Amplify's directives in, models out. No I/O, no plugin, no AWS.

It may import the standard library, msgspec, graphql-core and `amplify_modelgen.errors`, nothing
else. Its parts are loaded when they are first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .documents import Models
    from .flags import FeatureFlags
    from .generate import (
        find_problems,
        generate_datastore,
        generate_introspection,
        generate_models,
    )
    from .json_text import javascript_bytes, json_bytes, to_javascript, to_json

_HOMES = {
    "FeatureFlags": "flags",
    "Models": "documents",
    "find_problems": "generate",
    "generate_datastore": "generate",
    "generate_introspection": "generate",
    "generate_models": "generate",
    "javascript_bytes": "json_text",
    "json_bytes": "json_text",
    "to_javascript": "json_text",
    "to_json": "json_text",
}

__all__ = [
    "FeatureFlags",
    "Models",
    "find_problems",
    "generate_datastore",
    "generate_introspection",
    "generate_models",
    "javascript_bytes",
    "json_bytes",
    "to_javascript",
    "to_json",
]


def __getattr__(name: str) -> object:
    """Load the public name `name` from the module that defines it."""
    from importlib import import_module

    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
