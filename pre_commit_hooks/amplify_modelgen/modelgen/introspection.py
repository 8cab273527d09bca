"""The model introspection schema, which Amplify's newer libraries and code generators read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from .naming import pascal_case, pluralize
from .schema import ABSTRACT_KINDS
from .serialize import add_associations, serialize_field
from .syntax import find_directive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .model import Association, ModelType, ResolvedSchema
    from .schema import TypeKind
    from .serialize import SharedSections
    from .syntax import Definition, FieldDefinition

_OWNER_RULE = {
    "provider": "userPools",
    "ownerField": "owner",
    "allow": "owner",
    "identityClaim": "cognito:username",
    "operations": ["create", "update", "delete", "read"],
}


def introspection_document(schema: ResolvedSchema, sections: SharedSections) -> dict[str, Any]:
    """Return the document of a valid schema; `sections` are serialized from the same schema."""
    types, kinds = schema.types, schema.kinds
    with_fields = schema.options.describes_relations
    serialize_association = partial(_association, with_fields=with_fields)
    queries = _fields_of(types.roots.get("query"))
    mutations = _fields_of(types.roots.get("mutation"))
    optional = {
        "queries": _operations(_without(queries, "generation"), kinds),
        "generations": _operations(_with(queries, "generation"), kinds),
        "mutations": _operations(_without(mutations, "conversation"), kinds),
        "conversations": _conversations(_with(mutations, "conversation"), kinds),
        "subscriptions": _operations(_fields_of(types.roots.get("subscription")), kinds),
        "inputs": {entry.name: _input(entry, kinds) for entry in types.inputs},
    }
    return {
        "version": 1,
        "models": {
            name: _add_relations(model, sections.models[name], serialize_association)
            for name, model in schema.models.items()
        },
        "enums": sections.enums,
        "nonModels": sections.non_models,
        **{name: section for name, section in optional.items() if section},
    }


def _fields_of(root: Definition | None) -> tuple[FieldDefinition, ...]:
    return root.fields if root else ()


def _with(fields: tuple[FieldDefinition, ...], directive: str) -> list[FieldDefinition]:
    return [field for field in fields if find_directive(field.directives, directive)]


def _without(fields: tuple[FieldDefinition, ...], directive: str) -> list[FieldDefinition]:
    return [field for field in fields if not find_directive(field.directives, directive)]


def _add_relations(
    model: ModelType,
    serialized: dict[str, Any],
    serialize_association: Callable[[Association], dict[str, Any]],
) -> dict[str, Any]:
    key = model.primary_key
    return {
        **serialized,
        "fields": add_associations(model, serialized, serialize_association),
        "primaryKeyInfo": {
            "isCustomPrimaryKey": key.is_custom,
            "primaryKeyFieldName": key.field,
            "sortKeyFieldNames": list(key.sort_fields),
        },
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
    serialized = serialize_field(field, kinds)
    if field.arguments:
        serialized["arguments"] = {
            entry.name: serialize_field(entry, kinds) for entry in field.arguments
        }
    return serialized


def _input(definition: Definition, kinds: dict[str, TypeKind]) -> dict[str, Any]:
    fields = {entry.name: serialize_field(entry, kinds) for entry in definition.fields}
    return {"name": definition.name, "attributes": fields}


def _conversations(fields: Iterable[FieldDefinition], kinds: dict[str, TypeKind]) -> dict[str, Any]:
    return {entry.name: _conversation(entry.name, _operation(entry, kinds)) for entry in fields}


# A mutation with `@conversation` stands for two models, and for the messages between them.


def _conversation(name: str, mutation: dict[str, Any]) -> dict[str, Any]:
    """Return the conversation that the serialized mutation `name` stands for."""
    route = pascal_case(name)
    chat, message = f"Conversation{route}", f"ConversationMessage{route}"
    disabled = {"subscriptions": {"level": "off"}, "mutations": {"update": None}}
    roles = {"name": "AmplifyAIConversationParticipantRole", "values": ["user", "assistant"]}
    return {
        "name": name,
        "models": {
            chat: _conversation_model(chat, _chat_fields(message), disabled),
            message: _conversation_model(message, _message_fields(chat), {"subscriptions": {}}),
        },
        "nonModels": {},
        "enums": {"ConversationParticipantRole": roles},
        "conversation": {"modelName": chat},
        "message": {
            "modelName": message,
            "send": {**mutation, "type": {"model": message}},
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
            {"type": "auth", "properties": {"rules": [{**_OWNER_RULE}]}},
        ],
        "primaryKeyInfo": {
            "isCustomPrimaryKey": False,
            "primaryKeyFieldName": "id",
            "sortKeyFieldNames": [],
        },
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
