"""Reads JSON values that may be anything, and says where they are not what they should be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from amplify_modelgen.errors import ModelgenError

if TYPE_CHECKING:
    from collections.abc import Collection

_HINT = "regenerate the document, or compare the schemas themselves"


def mapping(value: object, where: str) -> dict[str, Any]:
    """Return `value` as an object whose keys are text; None (absent) is an empty one.

    Raises `ModelgenError` naming `where`, as every function here does.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        _refuse(value, where, "an object")
    for name in value:
        if not isinstance(name, str):
            _refuse(name, f"a key of {where}", "text")
    return dict(value)


def items(value: object, where: str) -> list[Any]:
    """Return `value` as a list; None (absent) is an empty one."""
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        _refuse(value, where, "a list")
    return list(value)


def names(value: object, where: str) -> tuple[str, ...]:
    """Return `value` as a list of names; a lone name is a list of one."""
    listed = [value] if isinstance(value, str) else items(value, where)
    return tuple(text(item, f"{where}[{index}]") for index, item in enumerate(listed))


def words(value: object, where: str) -> tuple[str, ...]:
    """Return an argument of a directive as a list of words; a lone value is a list of one.

    Amplify hands on whatever the schema writes there, so anything is taken, as `word` does.
    """
    listed = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return tuple(word(item, where) for item in listed)


def word(value: object, where: str) -> str:
    """Return an argument of a directive as text: itself, or the JSON text of what else it is."""
    return value if isinstance(value, str) else canonical(value, where)


def text(value: object, where: str) -> str:
    """Return `value` as text."""
    if not isinstance(value, str):
        _refuse(value, where, "text")
    return value


def flag(value: object, where: str, *, absent: bool = False) -> bool:
    """Return `value` as true or false; None (absent) is `absent`."""
    if value is None:
        return absent
    if not isinstance(value, bool):
        _refuse(value, where, "true or false")
    return value


def canonical(value: object, where: str) -> str:
    """Return JSON text that is equal for values that mean the same."""
    try:
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise ModelgenError(f"{where} is no JSON value: {error}", hint=_HINT) from error


def rest(
    value: Mapping[str, Any],
    known: Collection[str],
    where: str,
    usual: Mapping[str, object] | None = None,
) -> str:
    """Return canonical text of what `value` holds beside the `known` names; empty if nothing.

    A name that has its `usual` value counts for nothing.
    """
    default = usual or {}
    unknown = {
        name: item
        for name, item in value.items()
        if name not in known and not (name in default and default[name] == item)
    }
    return canonical(unknown, where) if unknown else ""


def _refuse(value: object, where: str, expected: str) -> NoReturn:
    kinds = {type(None): "null", bool: "true or false", str: "text", list: "a list"}
    kinds |= {dict: "an object", int: "a number", float: "a number"}
    found = kinds.get(type(value), f"a {type(value).__name__}")
    raise ModelgenError(f"{where} is {found} where {expected} is expected", hint=_HINT)
