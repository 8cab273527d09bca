"""The table of a generated module: what JSON has for each attribute of each class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .layout import call
from .types import is_required, kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from amplify_modelgen_plugins._shapes import Field

    from .classes import Class


def table_lines(planned: Sequence[Class], classes: Mapping[str, str]) -> list[str]:
    """Return the lines that define `_FIELDS`."""
    start = "_FIELDS: dict[typing.Any, list[_Field]] = {"
    if not planned:
        return [f"{start}}}"]
    return [start, *(line for one in planned for line in _class(one, classes)), "}"]


def _class(one: Class, classes: Mapping[str, str]) -> list[str]:
    rows = [line for field in one.entry.fields for line in _row(field, one, classes)]
    return [f"    {one.name}: [", *rows, "    ],"] if rows else [f"    {one.name}: [],"]


def _row(field: Field, one: Class, classes: Mapping[str, str]) -> list[str]:
    flags = {
        "required": is_required(field),
        "many": field.many,
        "items_required": field.many and field.item_required,
        "related": field.relation is not None,
        "read_only": field.read_only,
    }
    attribute = one.attributes[field.name]
    arguments = [
        f'"{field.name}"',
        kind(field, classes),
        *(f"{name}=True" for name, value in flags.items() if value),
        *([f'alias="{attribute}"'] if attribute != field.name else []),
    ]
    return call("_Field", arguments, depth=2, end=",")
