"""Serialize models as the model introspection schema, which newer libraries of Amplify read.

The sections that it shares with the DataStore schema are serialized once for both.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from .javascript import js_key_order
from .model import PrimaryKey, complete_rule
from .naming import constant_case, pascal_case, pluralize
from .schema import ABSTRACT_KINDS
from .syntax import find_directive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .model import Association, ModelType, ResolvedSchema
    from .schema import TypeKind
    from .syntax import Definition, FieldDefinition


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


def connect_models(
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
    serialize = partial(_association, with_fields=schema.options.is_version_2)
    models = connect_models(schema, sections, serialize)
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


def _association(association: Association, *, with_fields: bool) -> dict[str, Any]:
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


# A mutation with `@conversation` stands for two models, and for the messages between them.


def _conversation(field: FieldDefinition, kinds: dict[str, TypeKind]) -> dict[str, Any]:
    """Return the conversation that a mutation stands for."""
    route = pascal_case(field.name)
    chat, message = f"Conversation{route}", f"ConversationMessage{route}"
    disabled = {"subscriptions": {"level": "off"}, "mutations": {"update": None}}
    roles = {"name": "AmplifyAIConversationParticipantRole", "values": ["user", "assistant"]}
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
            "subscribe": _subscription(route),
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
        _field("id", "ID", required=True),
        _field("name", "String"),
        _field("metadata", "AWSJSON"),
        _list("messages", {"model": message}, isArrayNullable=True, association=associated),
        *_timestamps(),
        _field("owner", "String"),
    ]


def _message_fields(chat: str) -> list[dict[str, Any]]:
    association = {"connectionType": "BELONGS_TO", "targetNames": ["conversationId"]}
    return [
        _field("id", "ID", required=True),
        _field("conversationId", "ID", required=True),
        _field("conversation", {"model": chat}, association=association),
        _field("role", {"enum": "AmplifyAIConversationParticipantRole"}),
        _list("content", {"nonModel": "AmplifyAIContentBlock"}),
        _field("aiContext", "AWSJSON"),
        _list(
            "toolConfiguration", {"nonModel": "AmplifyAIToolConfiguration"}, isArrayNullable=True
        ),
        *_timestamps(),
    ]


def _timestamps() -> list[dict[str, Any]]:
    return [_field(name, "AWSDateTime", isReadOnly=True) for name in ("createdAt", "updatedAt")]


def _field(name: str, type_: object, *, required: bool = False, **more: object) -> dict[str, Any]:
    return {
        "name": name,
        "type": type_,
        "attributes": [],
        "isArray": False,
        "isRequired": required,
        **more,
    }


def _list(name: str, type_: dict[str, str], **more: object) -> dict[str, Any]:
    return {**_field(name, type_), "isArray": True, **more}


def _subscription(route: str) -> dict[str, Any]:
    argument = {"name": "conversationId", "isArray": False, "isRequired": True, "type": "ID"}
    return {
        "isArray": False,
        "isRequired": False,
        "name": f"onCreateAssistantResponse{route}",
        "type": {"nonModel": "AmplifyAIConversationMessageStreamPart"},
        "arguments": {"conversationId": argument},
    }
