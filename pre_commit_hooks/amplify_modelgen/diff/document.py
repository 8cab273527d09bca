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
from .json_checks import boolean, mapping, string, strings, unknown_members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeVar

    T = TypeVar("T")

_ROOT_TYPES = {
    "queries": "Query",
    "generations": "Query",
    "mutations": "Mutation",
    "conversations": "Mutation",
    "subscriptions": "Subscription",
}
_SECTIONS = {
    *("version", "codegenVersion", "models", "enums", "nonModels", "inputs"),
    *_ROOT_TYPES,
}
_FIELD_KEYS = {
    *("name", "type", "isArray", "isRequired", "isArrayNullable", "isReadOnly", "association"),
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


class CustomTypeEntry(Struct, frozen=True, kw_only=True):
    """A custom type (`nonModels`), whose values records contain, or an input."""

    fields: dict[str, FieldType]
    unknown: str = ""


class EnumEntry(Struct, frozen=True, kw_only=True):
    """An enum with its values in the order of the document."""

    values: tuple[str, ...]
    unknown: str = ""


class OperationEntry(Struct, frozen=True, kw_only=True):
    """A field of Query, Mutation or Subscription; `section` is its section of the document."""

    section: str
    result: FieldType
    arguments: dict[str, FieldType]
    unknown: str = ""


class IntrospectionDocument(Struct, frozen=True, kw_only=True):
    """A parsed introspection document. Operations are named `Query.echo`."""

    models: dict[str, ModelEntry]
    custom_types: dict[str, CustomTypeEntry]
    enums: dict[str, EnumEntry]
    inputs: dict[str, CustomTypeEntry]
    operations: dict[str, OperationEntry]
    unknown: str = ""

    def kinds(self) -> set[tuple[str, str]]:
        """Return the named types, each with its kind for messages."""
        sections = (
            ("model", self.models),
            ("custom type", self.custom_types),
            ("enum", self.enums),
            ("input", self.inputs),
        )
        return {(name, kind) for kind, section in sections for name in section}


def parse_document(document: Mapping[str, Any]) -> IntrospectionDocument:
    """Parse an introspection document or a DataStore schema; absent parts are empty.

    Raises:
        ModelgenError: a part is invalid; the message names it.
    """
    members = mapping(document, "the document")
    return IntrospectionDocument(
        models=_resolve_keys(_parse_each(members.get("models"), "models", _parse_model)),
        custom_types=_parse_each(members.get("nonModels"), "nonModels", _parse_custom_type),
        enums=_parse_each(members.get("enums"), "enums", _parse_enum),
        inputs=_parse_each(members.get("inputs"), "inputs", _parse_input),
        operations=dict(_parse_operations(members)),
        unknown=unknown_members(members, _SECTIONS, "the document"),
    )


def _parse_each(
    value: object, path: str, parse: Callable[[dict[str, Any], str], T]
) -> dict[str, T]:
    entries = {}
    for name, item in mapping(value, path).items():
        entries[name] = parse(mapping(item, f"{path}.{name}"), f"{path}.{name}")
    return entries


def _parse_model(value: dict[str, Any], path: str) -> ModelEntry:
    directives = parse_directives(value.get("attributes"), f"{path}.attributes")
    key = primary_key(value.get("primaryKeyInfo"), directives, f"{path}.primaryKeyInfo")
    indexes = secondary_indexes(directives)
    key_fields = {key.field, *key.sort_fields}.union(*(index.fields for index in indexes))
    fields = _parse_each(value.get("fields"), f"{path}.fields", _parse_field)
    plural = value.get("pluralName")
    return ModelEntry(
        fields={
            name: replace(field, is_query_variable=name in key_fields)
            for name, field in fields.items()
        },
        key=key,
        plural=None if plural is None else string(plural, f"{path}.pluralName"),
        indexes=indexes,
        arguments=model_arguments(directives),
        directives=other_directives(directives),
        grants=auth_grants(directives),
        table=table_name(directives),
        unknown=unknown_members(value, _MODEL_KEYS, path, {"syncable": True}),
    )


def _parse_custom_type(
    value: dict[str, Any], path: str, members: str = "fields"
) -> CustomTypeEntry:
    fields = _parse_each(value.get(members), f"{path}.{members}", _parse_field)
    return CustomTypeEntry(fields=fields, unknown=unknown_members(value, ("name", members), path))


def _parse_input(value: dict[str, Any], path: str) -> CustomTypeEntry:
    return _parse_custom_type(value, path, "attributes")


def _parse_enum(value: dict[str, Any], path: str) -> EnumEntry:
    values = strings(value.get("values"), f"{path}.values")
    return EnumEntry(values=values, unknown=unknown_members(value, ("name", "values"), path))


def _parse_operations(document: dict[str, Any]) -> Iterator[tuple[str, OperationEntry]]:
    for section, root_type in _ROOT_TYPES.items():
        for name, value in mapping(document.get(section), section).items():
            yield f"{root_type}.{name}", _parse_operation(value, section, f"{section}.{name}")


def _parse_operation(value: object, section: str, path: str) -> OperationEntry:
    members = mapping(value, path)
    unknown = ""
    if section == "conversations":
        unknown = unknown_members(members, ("name", "message"), path)
        message = mapping(members.get("message"), f"{path}.message")
        unknown += unknown_members(message, ("send",), path)
        members = mapping(message.get("send"), f"{path}.message.send")
    arguments = _parse_each(members.pop("arguments", None), f"{path}.arguments", _parse_field)
    return OperationEntry(
        section=section,
        result=_parse_field(members, path),
        arguments={
            name: replace(argument, is_query_variable=True) for name, argument in arguments.items()
        },
        unknown=unknown,
    )


def _parse_field(value: dict[str, Any], path: str) -> FieldType:
    is_list = boolean(value.get("isArray"), f"{path}.isArray")
    is_required = boolean(value.get("isRequired"), f"{path}.isRequired")
    link = mapping(value.get("association"), f"{path}.association")
    nullable = boolean(value.get("isArrayNullable"), f"{path}.isArrayNullable", default=True)
    return FieldType(
        type=_parse_type(value.get("type"), f"{path}.type"),
        is_list=is_list,
        required=not nullable if is_list else is_required,
        items_required=is_list and is_required,
        read_only=boolean(value.get("isReadOnly"), f"{path}.isReadOnly"),
        link=_parse_link(link, f"{path}.association") if link else None,
        unknown=unknown_members(value, _FIELD_KEYS, path, {"attributes": []})
        + unknown_members(link, _LINK_KEYS, path),
    )


def _parse_type(value: object, path: str) -> TypeName:
    if value is None or isinstance(value, str):
        return TypeName(kind="scalar", name=value or "an unknown type")
    members = mapping(value, path)
    kind = next(iter(members), "unknown")
    return TypeName(kind=kind, name=string(members.get(kind, "an unknown type"), f"{path}.{kind}"))


def _parse_link(link: dict[str, Any], path: str) -> FieldLink:
    fields = strings(link.get("associatedWith"), f"{path}.associatedWith")
    # Old DataStore schemas have a single `targetName`.
    targets = link.get("targetNames", link.get("targetName"))
    return FieldLink(
        kind=string(link.get("connectionType"), f"{path}.connectionType"),
        fields=fields,
        keys=fields,
        targets=strings(targets, f"{path}.targetNames"),
    )


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
