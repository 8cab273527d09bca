"""Serialize models as the model introspection schema and as the DataStore schema.

Newer libraries of Amplify read the former, its DataStore libraries the latter. The sections that
both have are serialized once.
"""

from __future__ import annotations

from functools import partial
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from .javascript import compact_json, js_key_order
from .model import ModelType, PrimaryKey, complete_rule
from .naming import constant_case, pascal_case, pluralize
from .schema import ABSTRACT_KINDS
from .syntax import find_directive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .model import Association, ResolvedSchema
    from .schema import TypeKind
    from .syntax import Definition, Directive, FieldDefinition
CODEGEN_VERSION = "3.4.4"

Sections: TypeAlias = dict[str, dict[str, Any]]
"""What both documents have, except for the associations of models: models, enums, nonModels."""


def serialize_sections(schema: ResolvedSchema) -> Sections:
    """Serialize a valid schema, except for what differs between the documents."""
    kinds = schema.kinds
    return {
        "models": {entry.name: _serialize_model(entry, kinds) for entry in schema.models.values()},
        "enums": {enum.name: _serialize_enum(enum) for enum in schema.types.enums},
        "nonModels": {
            entry.name: {"name": entry.name, "fields": _serialize_fields(entry.fields, kinds)}
            for entry in schema.non_models
        },
    }


def _serialize_field(
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
            field.name: _serialize_field(field, kinds, attributes=[])
            for field in fields
            if kinds[field.type.name] not in ABSTRACT_KINDS
        }
    )


def _connect_models(
    schema: ResolvedSchema, sections: Sections, serialize: Callable[[Association], dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return the serialized models, whose relation fields have their serialized associations."""
    models = {}
    for name, model in schema.models.items():
        fields = sections["models"][name]["fields"]
        connected = {
            key: {**fields[key], "association": serialize(association)}
            for key, association in model.associations.items()
            if key in fields
        }
        models[name] = {**sections["models"][name], "fields": fields | connected}
    return models


def _serialize_model(model: ModelType, kinds: dict[str, TypeKind]) -> dict[str, Any]:
    fields = _serialize_fields(model.fields.values(), kinds)
    for name in model.read_only & fields.keys():
        fields[name]["isReadOnly"] = True
    directives = (entry for entry in model.directives if entry.name != "auth")
    return {
        "name": model.name,
        "fields": fields,
        "syncable": True,
        "pluralName": pluralize(model.name),
        "attributes": [
            *({"type": entry.name, "properties": entry.arguments} for entry in directives),
            *({"type": "key", "properties": key} for key in model.keys),
            *({"type": "auth", "properties": rules} for rules in model.auth),
        ],
    }


def _serialize_enum(enum: Definition) -> dict[str, Any]:
    # Of values with the same constant name, the last one is in the position of the first.
    names = dict.fromkeys(value.text for value in enum.names)
    values = {constant_case(name): name for name in names}
    return {"name": enum.name, "values": list(js_key_order(values).values())}


def introspection_document(schema: ResolvedSchema, sections: Sections) -> dict[str, Any]:
    """Return the document of a valid schema; `sections` are serialized from the same schema."""
    kinds = schema.kinds
    fields = {operation: root.fields for operation, root in schema.types.roots.items()}
    queries, mutations = fields.get("query", ()), fields.get("mutation", ())
    conversations = _select(mutations, "conversation")
    optional = {
        "queries": _operations(_select(queries, "generation", present=False), kinds),
        "generations": _operations(_select(queries, "generation"), kinds),
        "mutations": _operations(_select(mutations, "conversation", present=False), kinds),
        "conversations": {entry.name: _conversation(entry, kinds) for entry in conversations},
        "subscriptions": _operations(fields.get("subscription", ()), kinds),
        "inputs": {entry.name: _input(entry, kinds) for entry in schema.types.inputs},
    }
    serialize = partial(_introspection_association, with_fields=schema.options.is_version_2)
    models = _connect_models(schema, sections, serialize)
    for name, model in schema.models.items():
        models[name]["primaryKeyInfo"] = _key_info(model.primary_key)
    return {
        "version": 1,
        **sections,
        "models": models,
        **{name: section for name, section in optional.items() if section},
    }


def _select(
    fields: Iterable[FieldDefinition], directive: str, *, present: bool = True
) -> list[FieldDefinition]:
    """Return the fields with a directive, or those without it."""
    return [
        field for field in fields if bool(find_directive(field.directives, directive)) == present
    ]


def _key_info(key: PrimaryKey) -> dict[str, Any]:
    return {
        "isCustomPrimaryKey": key.field != "id" or bool(key.sort_fields),
        "primaryKeyFieldName": key.field,
        "sortKeyFieldNames": list(key.sort_fields),
    }


def _introspection_association(association: Association, *, with_fields: bool) -> dict[str, Any]:
    """Serialize an association; under transformer version 1 the lists of its fields are empty."""
    serialized: dict[str, Any] = {"connectionType": association.kind}
    if association.associated is not None:
        serialized["associatedWith"] = list(association.associated) if with_fields else []
    if association.kind != "HAS_MANY":
        serialized["targetNames"] = list(association.targets or ()) if with_fields else []
    return serialized


def _operations(fields: Iterable[FieldDefinition], kinds: dict[str, TypeKind]) -> dict[str, Any]:
    return {
        entry.name: _operation(entry, kinds)
        for entry in fields
        if kinds[entry.type.name] not in ABSTRACT_KINDS
    }


def _operation(field: FieldDefinition, kinds: dict[str, TypeKind]) -> dict[str, Any]:
    serialized = _serialize_field(field, kinds)
    if field.arguments:
        serialized["arguments"] = {
            entry.name: _serialize_field(entry, kinds) for entry in field.arguments
        }
    return serialized


def _input(definition: Definition, kinds: dict[str, TypeKind]) -> dict[str, Any]:
    fields = {entry.name: _serialize_field(entry, kinds) for entry in definition.fields}
    return {"name": definition.name, "attributes": fields}


def datastore_document(schema: ResolvedSchema, sections: Sections) -> dict[str, Any]:
    """Return the document of a valid schema; `sections` are serialized from the same schema."""
    serialize = partial(_datastore_association, as_lists=schema.options.full_primary_keys)
    return {
        **sections,
        "models": _connect_models(schema, sections, serialize),
        "codegenVersion": CODEGEN_VERSION,
        "version": version_hash(schema),
    }


def _datastore_association(association: Association, *, as_lists: bool) -> dict[str, Any]:
    """Serialize an association; older projects have the first name instead of a list."""
    serialized: dict[str, Any] = {"connectionType": association.kind}
    select: Callable[[tuple[str, ...]], object] = list if as_lists else itemgetter(0)
    if association.associated is not None:
        serialized["associatedWith"] = select(association.associated)
    if association.targets is not None:
        serialized["targetNames" if as_lists else "targetName"] = select(association.targets)
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
    from hashlib import md5  # Its import takes 2 ms.

    entries: list[ModelType | Definition] = [*schema.models.values(), *schema.non_models]
    hashed = {entry.name: _hashed_type(entry, schema) for entry in entries}
    content = compact_json([hashed[name] for name in sorted(hashed)])
    return md5(content, usedforsecurity=False).hexdigest()


def _hashed_type(entry: ModelType | Definition, schema: ResolvedSchema) -> _HashedType:
    fields = entry.all_fields if isinstance(entry, ModelType) else entry.fields
    # Amplify resolves a key of these models: their own, or the key of a relation to them.
    with_names = entry.name in schema.referenced_models
    keys = ("primaryKey", "index") if schema.options.is_version_2 else ("key",)
    relations = schema.options.hashed_relations
    return _HashedType(
        entry.name,
        [_hashed_directive(each) for each in entry.directives if each.name in keys],
        [
            _hashed_field(field, relations, with_names=with_names)
            for field in sorted(fields, key=attrgetter("name"))
        ],
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


# A mutation with `@conversation` stands for two models, and for the messages between them.

_NULLABLE_LIST = {"isArray": True, "isArrayNullable": True}


def _conversation(field: FieldDefinition, kinds: dict[str, TypeKind]) -> dict[str, Any]:
    """Return the conversation that a mutation stands for."""
    route = pascal_case(field.name)
    chat, message = f"Conversation{route}", f"ConversationMessage{route}"
    disabled = {"subscriptions": {"level": "off"}, "mutations": {"update": None}}
    roles = {"name": "AmplifyAIConversationParticipantRole", "values": ["user", "assistant"]}
    argument = {"name": "conversationId", "isArray": False, "isRequired": True, "type": "ID"}
    return {
        "name": field.name,
        "models": {
            chat: _conversation_model(chat, _chat_fields(message), disabled),
            message: _conversation_model(message, _message_fields(chat), {"subscriptions": {}}),
        },
        "nonModels": {},
        "enums": {"ConversationParticipantRole": roles},
        "conversation": {"modelName": chat},
        "message": {
            "modelName": message,
            "send": {**_operation(field, kinds), "type": {"model": message}},
            "subscribe": {
                "isArray": False,
                "isRequired": False,
                "name": f"onCreateAssistantResponse{route}",
                "type": {"nonModel": "AmplifyAIConversationMessageStreamPart"},
                "arguments": {"conversationId": argument},
            },
        },
    }


def _conversation_model(
    name: str, fields: list[dict[str, Any]], properties: dict[str, Any]
) -> dict[str, Any]:
    return {
        "name": name,
        "fields": {field["name"]: field for field in fields},
        "syncable": True,
        "pluralName": pluralize(name),
        "attributes": [
            {"type": "model", "properties": properties},
            {"type": "auth", "properties": {"rules": [complete_rule({"allow": "owner"})]}},
        ],
        "primaryKeyInfo": _key_info(PrimaryKey("id")),
    }


def _chat_fields(message: str) -> list[dict[str, Any]]:
    associated = {"connectionType": "HAS_MANY", "associatedWith": ["conversationId"]}
    return [
        _field("id", "ID", isRequired=True),
        _field("name", "String"),
        _field("metadata", "AWSJSON"),
        _field("messages", {"model": message}, **_NULLABLE_LIST, association=associated),
        *_timestamps(),
        _field("owner", "String"),
    ]


def _message_fields(chat: str) -> list[dict[str, Any]]:
    association = {"connectionType": "BELONGS_TO", "targetNames": ["conversationId"]}
    return [
        _field("id", "ID", isRequired=True),
        _field("conversationId", "ID", isRequired=True),
        _field("conversation", {"model": chat}, association=association),
        _field("role", {"enum": "AmplifyAIConversationParticipantRole"}),
        _field("content", {"nonModel": "AmplifyAIContentBlock"}, isArray=True),
        _field("aiContext", "AWSJSON"),
        _field("toolConfiguration", {"nonModel": "AmplifyAIToolConfiguration"}, **_NULLABLE_LIST),
        *_timestamps(),
    ]


def _timestamps() -> list[dict[str, Any]]:
    return [_field(name, "AWSDateTime", isReadOnly=True) for name in ("createdAt", "updatedAt")]


def _field(name: str, type_: object, **members: object) -> dict[str, Any]:
    field = {"name": name, "type": type_, "attributes": [], "isArray": False, "isRequired": False}
    return field | members
