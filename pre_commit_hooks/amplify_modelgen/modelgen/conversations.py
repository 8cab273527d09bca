"""What a mutation with `@conversation` stands for: two models, and how messages travel."""

from __future__ import annotations

from typing import Any

from .plural import plural
from .words import pascal_case

_OWNER_RULE = {
    "provider": "userPools",
    "ownerField": "owner",
    "allow": "owner",
    "identityClaim": "cognito:username",
    "operations": ["create", "update", "delete", "read"],
}


def conversation(name: str, mutation: dict[str, Any]) -> dict[str, Any]:
    """Return a conversation for the mutation `name`, which is written as `mutation`."""
    route = pascal_case(name)
    chat, message = f"Conversation{route}", f"ConversationMessage{route}"
    silent = {"subscriptions": {"level": "off"}, "mutations": {"update": None}}
    roles = {
        "name": "AmplifyAIConversationParticipantRole",
        "values": ["user", "assistant"],
    }
    return {
        "name": name,
        "models": {
            chat: _model(chat, _chat_fields(message), silent),
            message: _model(message, _message_fields(chat), {"subscriptions": {}}),
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


def _model(name: str, fields: list[dict[str, Any]], properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "fields": {field["name"]: field for field in fields},
        "syncable": True,
        "pluralName": plural(name),
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


def _field(name: str, kind: Any, *, required: bool = False, **more: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON)
    return {
        "name": name,
        "type": kind,
        "attributes": [],
        "isArray": False,
        "isRequired": required,
        **more,
    }


def _list(name: str, kind: dict[str, str], **more: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON)
    return {**_field(name, kind), "isArray": True, **more}


def _subscription(route: str) -> dict[str, Any]:
    argument = {"name": "conversationId", "isArray": False, "isRequired": True, "type": "ID"}
    return {
        "isArray": False,
        "isRequired": False,
        "name": f"onCreateAssistantResponse{route}",
        "type": {"nonModel": "AmplifyAIConversationMessageStreamPart"},
        "arguments": {"conversationId": argument},
    }
