"""The engine: generates models from GraphQL SDL with Amplify's directives. No I/O and no AWS.

It imports the standard library, msgspec, graphql-core and `amplify_modelgen.errors` only. Its
modules are imported when one of their public names is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .diagnostics import Diagnostics as Diagnostics
    from .documents import FeatureFlags as FeatureFlags
    from .documents import Models as Models
    from .documents import with_relations as with_relations
    from .engine import describe_models as describe_models
    from .engine import find_problems as find_problems
    from .engine import generate_datastore as generate_datastore
    from .engine import generate_introspection as generate_introspection
    from .engine import generate_models as generate_models
    from .engine import name_offsets as name_offsets
    from .engine import needed_documents as needed_documents
    from .engine import nested_lists as nested_lists
    from .javascript import json_bytes as json_bytes
    from .javascript import parse_number as parse_number
    from .javascript import to_javascript as to_javascript
    from .javascript import to_json as to_json
    from .model import Association as Association
    from .naming import camel_case as camel_case
    from .naming import constant_case as constant_case
    from .naming import pascal_case as pascal_case
    from .naming import pluralize as pluralize
    from .native import Declaration as Declaration
    from .native import NativeEnum as NativeEnum
    from .native import NativeField as NativeField
    from .native import NativeIndex as NativeIndex
    from .native import NativeModel as NativeModel
    from .native import NativeSchema as NativeSchema
    from .native import NativeType as NativeType
    from .native import native_schema as native_schema
    from .schema import SCALARS as SCALARS

_NAMES = {
    "diagnostics": "Diagnostics",
    "documents": "FeatureFlags Models with_relations",
    "engine": "describe_models find_problems generate_datastore generate_introspection"
    " generate_models name_offsets needed_documents nested_lists",
    "javascript": "json_bytes parse_number to_javascript to_json",
    "model": "Association",
    "naming": "camel_case constant_case pascal_case pluralize",
    "native": "Declaration NativeEnum NativeField NativeIndex NativeModel NativeSchema NativeType"
    " native_schema",
    "schema": "SCALARS",
}
_MODULES = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = list(_MODULES)


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
