"""Parse introspection documents, also partial and edited ones, into values that can be compared.

Redundant information is dropped, so that equivalent documents are equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from .directives import (
    Grants,
    OtherDirective,
    PrimaryKeyInfo,
    SecondaryIndex,
    auth_grants,
    model_arguments,
    other_directives,
    parse_directives,
    primary_key,
    secondary_indexes,
    table_name,
)
from .json_object import JsonObject

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_ROOT_TYPES = {
    "queries": "Query",
    "generations": "Query",
    "mutations": "Mutation",
    "conversations": "Mutation",
    "subscriptions": "Subscription",
}
_SECTIONS = {*("version", "codegenVersion", "models", "enums", "nonModels", "inputs"), *_ROOT_TYPES}
_FIELD_KEYS = {
    *("name", "type", "isArray", "isRequired", "isArrayNullable", "isReadOnly", "association")
}
_LINK_KEYS = {"connectionType", "associatedWith", "targetNames", "targetName"}
_MODEL_KEYS = {"name", "fields", "pluralName", "attributes", "primaryKeyInfo"}


class TypeName(Struct, frozen=True, kw_only=True):
    """A named type; `kind` is `scalar`, `enum`, `nonModel`, `model`, `input`, ..."""

    kind: str
    name: str

    def __str__(self) -> str:
        """Return the name, with its kind unless it is a scalar."""
        kind = {"scalar": "", "nonModel": "custom type "}.get(self.kind, f"{self.kind} ")
        return f"{kind}{self.name}"


class FieldLink(Struct, frozen=True, kw_only=True):
    """The relation of a field to another model.

    `fields` are the document's `associatedWith`; `keys` are the stored fields that these stand for
    (a belongs-to field stands for its targets), and `targets` the stored fields on this side.
    """

    kind: str
    fields: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()

    @property
    def stored(self) -> str:
        """All fields that store the relation, for messages."""
        return ", ".join(self.targets + self.keys) or "none"


class FieldType(Struct, frozen=True, kw_only=True):
    """The type of a field, of an argument, of a field of an input, or of an operation's result.

    `required` is that of the value itself (the list, for a list), `items_required` that of the
    items. `is_query_variable` says whether clients declare the type in their queries: that of
    arguments, and of key fields, for which Amplify creates arguments. `unknown` holds the members
    that this version does not know.
    """

    type: TypeName
    is_list: bool = False
    required: bool = False
    items_required: bool = False
    read_only: bool = False
    is_query_variable: bool = False
    link: FieldLink | None = None
    unknown: str = ""

    @property
    def sdl(self) -> str:
        """The type as SDL, such as `[String!]!`."""
        inner = self.type.name + "!" * self.items_required
        return (f"[{inner}]" if self.is_list else self.type.name) + "!" * self.required

    @property
    def is_to_many(self) -> bool:
        """Whether this is the "many" end of a relation, of which the record stores nothing."""
        return self.link is not None and self.link.kind == "HAS_MANY"

    @property
    def link_kind(self) -> str:
        """The kind of the relation, for messages and comparisons."""
        return self.link.kind if self.link else "none"


class ModelEntry(Struct, frozen=True, kw_only=True):
    """A model; `grants` is None without an auth rule, `table` the name in `@mapsTo`."""

    fields: dict[str, FieldType]
    key: PrimaryKeyInfo
    plural: str | None = None
    indexes: tuple[SecondaryIndex, ...] = ()
    arguments: dict[str, str] = field(default_factory=dict)
    directives: tuple[OtherDirective, ...] = ()
    grants: Grants | None = None
    table: str | None = None
    unknown: str = ""


class TypeEntry(Struct, frozen=True, kw_only=True):
    """A custom type, whose values records contain, an input or an enum.

    The `fields` of an enum are its values.
    """

    fields: dict[str, Any]
    unknown: str = ""


class OperationEntry(Struct, frozen=True, kw_only=True):
    """A field of Query, Mutation or Subscription; `section` is its section of the document."""

    section: str
    result: FieldType
    arguments: dict[str, FieldType]
    unknown: str = ""


class IntrospectionDocument(Struct, frozen=True, kw_only=True):
    """A parsed introspection document.

    `types` are the other types by their kind: `custom type`, `enum` or `input`. Operations are
    named `Query.echo`.
    """

    models: dict[str, ModelEntry]
    types: dict[str, dict[str, TypeEntry]]
    operations: dict[str, OperationEntry]
    unknown: str = ""


def parse_document(document: Mapping[str, Any]) -> IntrospectionDocument:
    """Parse an introspection document or a DataStore schema; absent parts are empty.

    Raises:
        ModelgenError: a part is invalid; the message names it.
    """
    root = JsonObject(document, "")
    return IntrospectionDocument(
        models=_resolve_keys(
            {name: _parse_model(model) for name, model in root.children("models").items()}
        ),
        types={
            "custom type": _parse_types(root, "nonModels", "fields"),
            "enum": _parse_types(root, "enums", "values"),
            "input": _parse_types(root, "inputs", "attributes"),
        },
        operations={
            f"{root_type}.{name}": _parse_operation(operation, section)
            for section, root_type in _ROOT_TYPES.items()
            for name, operation in root.children(section).items()
        },
        unknown=root.unknown(_SECTIONS),
    )


def _parse_model(model: JsonObject) -> ModelEntry:
    directives = parse_directives(model)
    key = primary_key(model.child("primaryKeyInfo"), directives)
    indexes = secondary_indexes(directives)
    key_fields = set(key.fields).union(*(index.fields for index in indexes))
    return ModelEntry(
        fields={
            name: _parse_field(field, is_query_variable=name in key_fields)
            for name, field in model.children("fields").items()
        },
        key=key,
        plural=model.get("pluralName", str),
        indexes=indexes,
        arguments=model_arguments(directives),
        directives=other_directives(directives),
        grants=auth_grants(directives),
        table=table_name(directives),
        unknown=model.unknown(_MODEL_KEYS, {"syncable": True}),
    )


def _parse_types(root: JsonObject, section: str, members: str) -> dict[str, TypeEntry]:
    """Return the types in a section, whose fields or values are called `members`."""
    return {
        name: TypeEntry(
            fields={value: value for value in entry.strings(members)}
            if section == "enums"
            else {key: _parse_field(field) for key, field in entry.children(members).items()},
            unknown=entry.unknown(("name", members)),
        )
        for name, entry in root.children(section).items()
    }


def _parse_operation(operation: JsonObject, section: str) -> OperationEntry:
    unknown = ""
    if section == "conversations":
        message = operation.child("message")
        unknown = operation.unknown(("name", "message")) + message.unknown(("send",))
        operation = message.child("send")
    return OperationEntry(
        section=section,
        result=_parse_field(operation, {*_FIELD_KEYS, "arguments"}),
        arguments={
            name: _parse_field(argument, is_query_variable=True)
            for name, argument in operation.children("arguments").items()
        },
        unknown=unknown,
    )


def _parse_field(
    field: JsonObject, known: Collection[str] = _FIELD_KEYS, *, is_query_variable: bool = False
) -> FieldType:
    is_list = field.get("isArray", bool) or False
    is_required = field.get("isRequired", bool) or False
    link = field.child("association")
    return FieldType(
        type=_parse_type(field),
        is_list=is_list,
        required=field.get("isArrayNullable", bool) is False if is_list else is_required,
        items_required=is_list and is_required,
        read_only=field.get("isReadOnly", bool) or False,
        is_query_variable=is_query_variable,
        link=_parse_link(link) if link.members else None,
        unknown=field.unknown(known, {"attributes": []}) + link.unknown(_LINK_KEYS),
    )


def _parse_type(field: JsonObject) -> TypeName:
    value = field.members.get("type")
    if value is None or isinstance(value, str):
        return TypeName(kind="scalar", name=value or "an unknown type")
    members = field.child("type")
    kind = next(iter(members.members), "unknown")
    return TypeName(kind=kind, name=members.string(kind, "an unknown type"))


def _parse_link(link: JsonObject) -> FieldLink:
    fields = link.strings("associatedWith")
    # Old DataStore schemas have a single `targetName`.
    targets = link.strings("targetNames") or link.strings("targetName")
    kind = link.string("connectionType")
    return FieldLink(kind=kind, fields=fields, keys=fields, targets=targets)


def _resolve_keys(models: dict[str, ModelEntry]) -> dict[str, ModelEntry]:
    """Set the stored fields of each relation, which belongs-to fields may stand for."""

    def resolve(field: FieldType) -> FieldType:
        other = models.get(field.type.name)
        if field.link is None or other is None:
            return field
        keys = tuple(key for name in field.link.fields for key in _stored_fields(other, name))
        return replace(field, link=replace(field.link, keys=keys))

    return {
        name: replace(model, fields={name: resolve(field) for name, field in model.fields.items()})
        for name, model in models.items()
    }


def _stored_fields(model: ModelEntry, name: str) -> tuple[str, ...]:
    field = model.fields.get(name)
    targets = field.link.targets if field and field.link else ()
    return targets or (name,)
