"""Serialize what both documents have in common: types, fields, models and enums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from .javascript import js_key_order
from .naming import constant_case, pluralize
from .schema import ABSTRACT_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .model import Association, ModelType, ResolvedSchema
    from .schema import TypeKind
    from .syntax import Definition, FieldDefinition


class SharedSections(Struct, frozen=True, kw_only=True):
    """The sections that are equal in both documents, except for the associations of models."""

    models: dict[str, dict[str, Any]]
    enums: dict[str, dict[str, Any]]
    non_models: dict[str, dict[str, Any]]


def serialize_sections(schema: ResolvedSchema) -> SharedSections:
    """Serialize a valid schema, except for what differs between the documents."""
    kinds = schema.kinds
    return SharedSections(
        models={model.name: _serialize_model(model, kinds) for model in schema.models.values()},
        enums={enum.name: _serialize_enum(enum) for enum in schema.types.enums},
        non_models={
            entry.name: {
                "name": entry.name,
                "fields": _serialize_fields(entry.fields, kinds),
            }
            for entry in schema.non_models
        },
    )


def serialize_field(
    field: FieldDefinition, kinds: dict[str, TypeKind], **members: object
) -> dict[str, Any]:
    """Serialize a field, an argument or an input field; `members` are further ones."""
    reference = field.type
    kind = kinds[reference.name]
    serialized = {
        "name": field.name,
        "isArray": reference.list_depth > 0,
        "type": reference.name if kind == "scalar" else {kind: reference.name},
        "isRequired": reference.required,
        **members,
    }
    if reference.list_depth and reference.outer_required is not None:
        serialized["isArrayNullable"] = not reference.outer_required
    return serialized


def _serialize_fields(
    fields: Iterable[FieldDefinition], kinds: dict[str, TypeKind]
) -> dict[str, Any]:
    # Fields of union and interface types are omitted.
    return js_key_order(
        {
            field.name: serialize_field(field, kinds, attributes=[])
            for field in fields
            if kinds[field.type.name] not in ABSTRACT_KINDS
        }
    )


def add_associations(
    model: ModelType,
    serialized: dict[str, Any],
    serialize_association: Callable[[Association], dict[str, Any]],
) -> dict[str, Any]:
    """Return the fields of a serialized model, with the associations of the relation fields."""
    fields: dict[str, Any] = serialized["fields"]
    related = model.associations.keys() & fields.keys()
    return fields | {
        name: {**fields[name], "association": serialize_association(model.associations[name])}
        for name in related
    }


def _serialize_model(model: ModelType, kinds: dict[str, TypeKind]) -> dict[str, Any]:
    fields = _serialize_fields(model.fields.values(), kinds)
    for name in model.read_only & fields.keys():
        fields[name]["isReadOnly"] = True
    return {
        "name": model.name,
        "fields": fields,
        "syncable": True,
        "pluralName": pluralize(model.name),
        "attributes": _serialize_attributes(model),
    }


def _serialize_attributes(model: ModelType) -> list[dict[str, Any]]:
    """Serialize the directives of a model, then its keys, then its auth rules."""
    directives = (entry for entry in model.directives if entry.name != "auth")
    return [
        *({"type": entry.name, "properties": entry.arguments} for entry in directives),
        *({"type": "key", "properties": key} for key in model.keys),
        *({"type": "auth", "properties": rules} for rules in model.auth),
    ]


def _serialize_enum(enum: Definition) -> dict[str, Any]:
    # Of values with the same constant name, the last one is in the position of the first.
    names = dict.fromkeys(value.text for value in enum.names)
    values = {constant_case(name): name for name in names}
    return {"name": enum.name, "values": list(js_key_order(values).values())}
