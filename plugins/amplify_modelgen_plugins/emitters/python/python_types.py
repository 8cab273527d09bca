"""Python types for GraphQL types, and the converters that they need at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen_plugins.emitters.schema_model import Field

SCALARS = {
    "ID": ("str", "_TEXT"),
    "String": ("str", "_TEXT"),
    "Int": ("int", "_INTEGER"),
    "Float": ("float", "_FLOAT"),
    "Boolean": ("bool", "_BOOLEAN"),
    "AWSDate": ("_dt.date", "_DATE"),
    "AWSTime": ("_dt.time", "_TIME"),
    "AWSDateTime": ("_dt.datetime", "_DATETIME"),
    "AWSTimestamp": ("AWSTimestamp", "_INTEGER"),
    "AWSEmail": ("AWSEmail", "_TEXT"),
    "AWSJSON": ("AWSJSON", "_JSON"),
    "AWSPhone": ("AWSPhone", "_TEXT"),
    "AWSURL": ("AWSURL", "_TEXT"),
    "AWSIPAddress": ("AWSIPAddress", "_TEXT"),
}
"""For each scalar its annotation and its converter.

An AWSTimestamp stays a number of seconds, because it has neither fractions nor a zone, and an
AWSIPAddress stays text, because it may be a network as well as an address.
"""

ANNOTATION_NAMES = frozenset({"bool", "float", "int", "list", "str"}).union(
    scalar for scalar, (annotation, _) in SCALARS.items() if scalar == annotation
)
"""The public names that annotations use, apart from those of generated classes."""

_ALIASES = {
    "AWSEmail": "str",
    "AWSIPAddress": "str",
    "AWSJSON": '"dict[str, AWSJSON] | list[AWSJSON] | str | int | float | bool | None"',
    "AWSPhone": "str",
    "AWSTimestamp": "int",
    "AWSURL": "str",
}
# pydantic does not support recursive aliases; its own type is equivalent.
_PYDANTIC_ALIASES = _ALIASES | {"AWSJSON": "_pydantic.JsonValue"}


def alias_lines(used: set[str], style: str) -> list[str]:
    """Return the aliases of the scalars in `used`, in alphabetical order."""
    aliases = _PYDANTIC_ALIASES if style == "pydantic" else _ALIASES
    return [f"{name}: _typing.TypeAlias = {aliases[name]}" for name in aliases if name in used]


def annotation(field: Field, classes: Mapping[str, str]) -> str:
    """Return the type of a field's value; a relation may be None, because it may not be loaded."""
    text = SCALARS[field.type][0] if field.kind == "scalar" else classes[field.type]
    for required in field.levels:
        text = f"list[{text}]" if required else f"list[{text} | None]"
    return text if is_required(field) else f"{text} | None"


def is_required(field: Field) -> bool:
    """Return whether an object without a value for the field is invalid."""
    return field.required and field.relation is None


def converter(field: Field, classes: Mapping[str, str]) -> str:
    """Return what converts the field's items from and to JSON: a scalar's converter or a class."""
    return SCALARS[field.type][1] if field.kind == "scalar" else classes[field.type]
