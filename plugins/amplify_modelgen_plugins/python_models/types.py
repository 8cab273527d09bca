"""Python types for GraphQL types, and which of the shared readers and writers they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .layout import Name, Of, Optional

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen_plugins._shapes import Field

    from .layout import Annotation

SCALARS = {
    "ID": ("str", "_TEXT"),
    "String": ("str", "_TEXT"),
    "Int": ("int", "_INTEGER"),
    "Float": ("float", "_FLOAT"),
    "Boolean": ("bool", "_BOOLEAN"),
    "AWSDate": ("dt.date", "_DATE"),
    "AWSTime": ("dt.time", "_TIME"),
    "AWSDateTime": ("dt.datetime", "_DATETIME"),
    "AWSTimestamp": ("AWSTimestamp", "_INTEGER"),
    "AWSEmail": ("AWSEmail", "_TEXT"),
    "AWSJSON": ("AWSJSON", "_JSON"),
    "AWSPhone": ("AWSPhone", "_TEXT"),
    "AWSURL": ("AWSURL", "_TEXT"),
    "AWSIPAddress": ("AWSIPAddress", "_TEXT"),
}
"""For each scalar its annotation and its reader and writer.

An AWSTimestamp stays a number of seconds, because the wire has no fractions and no zone, and an
AWSIPAddress stays text, because it may be a network as well as an address.
"""

_JSON_ALIAS = """\
AWSJSON: typing.TypeAlias = (
    "dict[str, AWSJSON] | list[AWSJSON] | str | int | float | bool | None"
)
"""

_ALIASES = {
    "AWSEmail": "AWSEmail: typing.TypeAlias = str\n",
    "AWSIPAddress": "AWSIPAddress: typing.TypeAlias = str\n",
    "AWSJSON": _JSON_ALIAS,
    "AWSPhone": "AWSPhone: typing.TypeAlias = str\n",
    "AWSTimestamp": "AWSTimestamp: typing.TypeAlias = int\n",
    "AWSURL": "AWSURL: typing.TypeAlias = str\n",
}

# pydantic cannot follow an alias that names itself; its own type says the same.
_PYDANTIC_JSON = "AWSJSON: typing.TypeAlias = pydantic.JsonValue\n"


def aliases(used: set[str], style: str) -> str:
    """Return the aliases of the scalars in `used`, in alphabetical order."""
    known = _ALIASES | ({"AWSJSON": _PYDANTIC_JSON} if style == "pydantic" else {})
    return "".join(text for name, text in known.items() if name in used)


def annotation(field: Field, classes: Mapping[str, str]) -> Annotation:
    """Return the type of a field's value; a relation may always be None, for not loaded."""
    name = SCALARS[field.type][0] if field.kind == "scalar" else classes[field.type]
    item: Annotation = Name(name)
    if field.many:
        item = Of("list", item if field.item_required else Optional(item))
    return item if is_required(field) else Optional(item)


def is_required(field: Field) -> bool:
    """Tell whether an object without a value for the field is refused."""
    return field.required and field.relation is None


def kind(field: Field, classes: Mapping[str, str]) -> str:
    """Return the reader and writer of a field's items: a scalar's, or a class."""
    return SCALARS[field.type][1] if field.kind == "scalar" else classes[field.type]
