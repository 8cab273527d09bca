"""Validate untyped JSON. Every function names the place of an invalid value in its error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from amplify_modelgen.errors import ModelgenError

if TYPE_CHECKING:
    from collections.abc import Collection

_HINT = "regenerate the document, or compare the schemas themselves"
_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "a boolean",
    str: "text",
    list: "a list",
    dict: "an object",
    int: "a number",
    float: "a number",
}


def mapping(value: object, path: str) -> dict[str, Any]:
    """Return an object whose keys are text; None (absent) is an empty object.

    Raises:
        ModelgenError: it is anything else; so do all functions here.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        _reject(value, path, "an object")
    for name in value:
        if not isinstance(name, str):
            _reject(name, f"a key of {path}", "text")
    return dict(value)


def sequence(value: object, path: str) -> list[Any]:
    """Return a list; None (absent) is an empty list."""
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        _reject(value, path, "a list")
    return list(value)


def strings(value: object, path: str) -> tuple[str, ...]:
    """Return a list of texts; a single text is a list with one item."""
    items = [value] if isinstance(value, str) else sequence(value, path)
    return tuple(string(item, f"{path}[{index}]") for index, item in enumerate(items))


def string(value: object, path: str) -> str:
    """Return a text."""
    if not isinstance(value, str):
        _reject(value, path, "text")
    return value


def boolean(value: object, path: str, *, default: bool = False) -> bool:
    """Return a boolean; None (absent) is `default`."""
    if value is None:
        return default
    if not isinstance(value, bool):
        _reject(value, path, "a boolean")
    return value


def argument_strings(value: object, path: str) -> tuple[str, ...]:
    """Return an argument of a directive as a list of texts; a single value is a list of one.

    Amplify copies arguments from the schema unchecked, so any value is accepted.
    """
    items = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return tuple(argument_string(item, path) for item in items)


def argument_string(value: object, path: str) -> str:
    """Return an argument of a directive as text; any other value is its JSON text."""
    return value if isinstance(value, str) else canonical_json(value, path)


def canonical_json(value: object, path: str) -> str:
    """Return JSON text that is equal for values that differ only in the order of keys."""
    try:
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise ModelgenError(f"{path} is not valid JSON: {error}", hint=_HINT) from error


def unknown_members(
    value: Mapping[str, Any],
    known: Collection[str],
    path: str,
    defaults: Mapping[str, object] | None = None,
) -> str:
    """Return the members that are not `known` as canonical JSON; empty if there are none.

    A member that has its default value does not count.
    """
    defaults = defaults or {}
    unknown = {
        name: item
        for name, item in value.items()
        if name not in known and not (name in defaults and defaults[name] == item)
    }
    return canonical_json(unknown, path) if unknown else ""


def _reject(value: object, path: str, expected: str) -> NoReturn:
    found = _KINDS.get(type(value), f"a {type(value).__name__}")
    raise ModelgenError(f"{path}: expected {expected}, found {found}", hint=_HINT)
