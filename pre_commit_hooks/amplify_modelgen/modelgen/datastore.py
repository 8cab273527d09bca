"""The DataStore schema, which Amplify's DataStore libraries read."""

from __future__ import annotations

from functools import partial
from hashlib import md5
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, Struct, UnsetType

from .javascript import compact_json
from .serialize import connect_models

if TYPE_CHECKING:
    from .model import Association, ResolvedSchema
    from .serialize import Sections
    from .syntax import Directive, FieldDefinition

_by_name = attrgetter("name")

CODEGEN_VERSION = "3.4.4"


def datastore_document(schema: ResolvedSchema, sections: Sections) -> dict[str, Any]:
    """Return the document of a valid schema; `sections` are serialized from the same schema."""
    serialize = partial(_association, as_lists=schema.options.full_primary_keys)
    return {
        **sections,
        "models": connect_models(schema, sections, serialize),
        "codegenVersion": CODEGEN_VERSION,
        "version": version_hash(schema),
    }


def _association(association: Association, *, as_lists: bool) -> dict[str, Any]:
    """Serialize an association; older projects have the first name instead of a list."""
    serialized: dict[str, Any] = {"connectionType": association.kind}
    if association.associated is not None:
        serialized["associatedWith"] = (
            list(association.associated) if as_lists else association.associated[0]
        )
    if association.targets is not None and as_lists:
        serialized["targetNames"] = list(association.targets)
    elif association.targets is not None:
        serialized["targetName"] = association.targets[0]
    return serialized


# The version is a digest of the models, by which clients detect a change.


class _HashedType(Struct):
    """A model or non-model as it is hashed, in the order of its attributes."""

    name: str
    directives: list[dict[str, Any]]
    fields: list[_HashedField]


class _HashedField(Struct, rename="camel"):
    """A field as it is hashed. Dicts would take twice as long to create and to serialize."""

    name: str
    directives: list[dict[str, Any]]
    type: str
    is_nullable: bool
    is_list: bool
    is_list_nullable: bool | UnsetType = UNSET


def version_hash(schema: ResolvedSchema) -> str:
    """Return the MD5 digest (hex) of models and non-models with their fields and relations.

    Keys, auth rules and enums are not part of it, nor is the order of types and fields.
    """
    hashed = {
        model.name: _hashed_type(model.name, model.directives, model.all_fields, schema)
        for model in schema.models.values()
    }
    for non_model in schema.non_models:
        fields = list(non_model.fields)
        hashed[non_model.name] = _hashed_type(non_model.name, non_model.directives, fields, schema)
    content = compact_json([hashed[name] for name in sorted(hashed)])
    return md5(content, usedforsecurity=False).hexdigest()


def _hashed_type(
    name: str,
    directives: tuple[Directive, ...],
    fields: list[FieldDefinition],
    schema: ResolvedSchema,
) -> _HashedType:
    fields.sort(key=_by_name)
    # Amplify resolves a key of these models: their own, or the key of a relation to them.
    with_names = name in schema.referenced_models
    keys, relations = schema.options.hashed_keys, schema.options.hashed_relations
    return _HashedType(
        name,
        [_hashed_directive(entry) for entry in directives if entry.name in keys],
        [_hashed_field(field, relations, with_names=with_names) for field in fields],
    )


def _hashed_field(
    field: FieldDefinition, relations: frozenset[str], *, with_names: bool
) -> _HashedField:
    reference = field.type
    extra = {"fieldName": field.name} if with_names else {}
    has_outer = reference.list_depth > 0 and reference.outer_required is not None
    return _HashedField(
        field.name,
        [_hashed_directive(entry) | extra for entry in field.directives if entry.name in relations],
        reference.name,
        not reference.required,
        reference.list_depth > 0,
        not reference.outer_required if has_outer else UNSET,
    )


def _hashed_directive(directive: Directive) -> dict[str, Any]:
    return {"name": directive.name, "arguments": directive.arguments}
