from __future__ import annotations

from typing import Any

import pytest

from amplify_modelgen.modelgen import generate_datastore, generate_introspection
from support.model_parts import problems

OPERATIONS = """
type Query { q(a: Int!, b: [In!], e: [E]!): [N!]! u: U g(x: Int): N @generation(aiModel: 1) }
union U = N
type N { x: Int }
enum E { a }
input In { p: ID! = 3 }
"""
CHAT = "type Mutation { chat(content: String!): N @conversation(aiModel: 1) } type N { x: Int }"


def chat() -> Any:
    return generate_introspection(CHAT)["conversations"]["chat"]


def test_operations_have_arguments() -> None:
    assert generate_introspection(OPERATIONS)["queries"] == {
        "q": {
            "name": "q",
            "isArray": True,
            "type": {"nonModel": "N"},
            "isRequired": True,
            "isArrayNullable": False,
            "arguments": {
                "a": {"name": "a", "isArray": False, "type": "Int", "isRequired": True},
                "b": {
                    "name": "b",
                    "isArray": True,
                    "type": {"input": "In"},
                    "isRequired": True,
                    "isArrayNullable": True,
                },
                "e": {
                    "name": "e",
                    "isArray": True,
                    "type": {"enum": "E"},
                    "isRequired": False,
                    "isArrayNullable": False,
                },
            },
        }
    }


def test_order_of_sections() -> None:
    sdl = f"{OPERATIONS} {CHAT.replace('type N { x: Int }', '')} type Subscription {{ s: N }}"
    assert list(generate_introspection(sdl)) == [
        "version",
        "models",
        "enums",
        "nonModels",
        "queries",
        "generations",
        "conversations",
        "subscriptions",
        "inputs",
    ]


def test_inputs_have_attributes() -> None:
    assert generate_introspection(OPERATIONS)["inputs"]["In"] == {
        "name": "In",
        "attributes": {"p": {"name": "p", "isArray": False, "type": "ID", "isRequired": True}},
    }


def test_a_datastore_schema_has_no_operations() -> None:
    assert list(generate_datastore(CHAT)["nonModels"]) == ["N"]


def test_a_conversation_has_two_models() -> None:
    assert list(chat()["models"]) == ["ConversationChat", "ConversationMessageChat"]
    fields = chat()["models"]["ConversationMessageChat"]["fields"]
    assert fields["conversation"]["association"] == {
        "connectionType": "BELONGS_TO",
        "targetNames": ["conversationId"],
    }


def test_a_conversation_has_send_and_subscribe_operations() -> None:
    message = chat()["message"]
    assert list(message) == ["modelName", "send", "subscribe"]
    assert message["send"]["type"] == {"model": "ConversationMessageChat"}
    assert message["subscribe"]["name"] == "onCreateAssistantResponseChat"


@pytest.mark.parametrize("kind", ["input I { x: Int }", "interface I { x: Int }"])
def test_a_conversation_may_return_any_type(kind: str) -> None:
    sdl = f"{kind} type Mutation {{ c: I @conversation(aiModel: 1) }}"
    assert "c" in generate_introspection(sdl)["conversations"]


def test_arguments_of_a_conversation_are_validated() -> None:
    sdl = "interface I { x: Int } type Mutation { c(i: I): I @conversation(aiModel: 1) }"
    assert "Mutation.c.i has argument type I" in problems(sdl)[0]


def test_operations_with_an_abstract_type_are_omitted_without_validation() -> None:
    sdl = "interface I { x: Int } type Query { c(i: I): I }"
    assert "queries" not in generate_introspection(sdl)
