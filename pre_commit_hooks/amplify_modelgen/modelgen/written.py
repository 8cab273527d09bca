"""How types, fields, models and enums are written in both documents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .plural import plural
from .words import constant_case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .model import Model
    from .tree import Definition, Field
    from .type_system import Role

_ARRAY_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")
_INDEX_LIMIT = 2**32 - 1


def written_type(name: str, roles: dict[str, Role]) -> str | dict[str, str]:
    """Return a reference to a type: a scalar's own name, else its name under its role."""
    role = roles[name]
    return name if role == "scalar" else {role: name}


def written_shape(field: Field, roles: dict[str, Role]) -> dict[str, Any]:
    """Return what is written of a field, an argument and an input field alike."""
    kind = field.type
    return {
        "name": field.name,
        "isArray": kind.lists > 0,
        "type": written_type(kind.name, roles),
        "isRequired": kind.required,
    }


def written_field(field: Field, roles: dict[str, Role]) -> dict[str, Any]:
    """Return a field of a model or non-model."""
    written = written_shape(field, roles)
    written["attributes"] = []
    if field.type.lists and field.type.outer_required is not None:
        written["isArrayNullable"] = not field.type.outer_required
    return written


def written_model(model: Model, fields: dict[str, Any]) -> dict[str, Any]:
    """Return a model with its written fields: what both documents have of it."""
    return {
        "name": model.name,
        "fields": fields,
        "syncable": True,
        "pluralName": plural(model.name),
        "attributes": _attributes(model),
    }


def _attributes(model: Model) -> list[dict[str, Any]]:
    """Return the directives of a model, then its keys, then its access rules."""
    directives = (one for one in model.directives if one.name != "auth")
    return [
        *({"type": one.name, "properties": one.arguments} for one in directives),
        *({"type": "key", "properties": key} for key in model.keys),
        *({"type": "auth", "properties": rules} for rules in model.access),
    ]


def written_enum(enum: Definition) -> dict[str, Any]:
    """Return an enum; of values that are the same constant, the last one in the first's place."""
    values = {constant_case(value.text): value.text for value in enum.names}
    return {"name": enum.name, "values": [values[key] for key in _constants(values)]}


def _constants(values: dict[str, str]) -> Iterator[str]:
    """Return constants in the order of a JavaScript object: whole numbers come first."""
    whole = {key for key in values if _ARRAY_INDEX.fullmatch(key) and int(key) < _INDEX_LIMIT}
    yield from sorted(whole, key=int)
    yield from (key for key in values if key not in whole)
