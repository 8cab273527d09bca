"""How types, fields, models and enums are written in both documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from .plural import plural
from .values import in_object_order
from .words import constant_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .assembly import Assembly
    from .model import Association, Model
    from .tree import Definition, Field
    from .type_system import Role

ABSTRACT = ("union", "interface")


class Parts(Struct, frozen=True, kw_only=True):
    """What both documents have alike, by name; only models lack their associations yet."""

    models: dict[str, dict[str, Any]]
    enums: dict[str, dict[str, Any]]
    non_models: dict[str, dict[str, Any]]


def written_parts(assembly: Assembly) -> Parts:
    """Write an assembly that has been checked, as far as documents do not differ."""
    roles = assembly.roles
    return Parts(
        models={one.name: _model(one, roles) for one in assembly.models.values()},
        enums={one.name: _enum(one) for one in assembly.types.enums},
        non_models={
            one.name: {"name": one.name, "fields": _fields(one.fields.values(), roles)}
            for one in assembly.non_models
        },
    )


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


def _fields(fields: Iterable[Field], roles: dict[str, Role]) -> dict[str, Any]:
    # Unions and interfaces have no place in models and non-models.
    return in_object_order(
        {one.name: _field(one, roles) for one in fields if roles[one.type.name] not in ABSTRACT}
    )


def _field(field: Field, roles: dict[str, Role]) -> dict[str, Any]:
    written = written_shape(field, roles)
    written["attributes"] = []
    if field.type.lists and field.type.outer_required is not None:
        written["isArrayNullable"] = not field.type.outer_required
    return written


def with_associations(
    model: Model,
    written: dict[str, Any],
    written_association: Callable[[Association], dict[str, Any]],
) -> dict[str, Any]:
    """Return the fields of a written model, those that relate it with their associations."""
    fields: dict[str, Any] = written["fields"]
    related = model.associations.keys() & fields.keys()
    return fields | {
        name: {**fields[name], "association": written_association(model.associations[name])}
        for name in related
    }


def _model(model: Model, roles: dict[str, Role]) -> dict[str, Any]:
    fields = _fields(model.fields.values(), roles)
    for name in model.read_only & fields.keys():
        fields[name]["isReadOnly"] = True
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


def _enum(enum: Definition) -> dict[str, Any]:
    # Of values that are the same constant there is the last one, in the first's place.
    names = dict.fromkeys(value.text for value in enum.names)
    values = {constant_case(name): name for name in names}
    return {"name": enum.name, "values": list(in_object_order(values).values())}
