from __future__ import annotations

import pytest

from amplify_modelgen.diff import (
    compare_models,
)
from support.introspection_documents import (
    Json,
    attribute,
    belongs_to,
    custom,
    document,
    enum,
    inputs,
    listed,
    model,
    post,
    query,
    to_many,
    value,
)


def rules(old: Json, new: Json) -> list[str]:
    return [change.rule for change in compare_models(old, new)]


def messages(old: Json, new: Json) -> list[str]:
    return [change.message for change in compare_models(old, new)]


def everything() -> Json:
    return document(
        {"Post": model({"title": value()}), "Tag": model()},
        enums={"Status": {"values": ["A"]}},
        nonModels={"Address": {"fields": {}}},
        inputs={"Filter": {"attributes": {}}},
        queries={"echo": value()},
        mutations={"echo": value()},
        subscriptions={"onEcho": value()},
    )


def test_without_an_old_document_everything_is_added_and_safe() -> None:
    changes = compare_models(None, everything())
    assert {(change.action, change.level) for change in changes} == {("added", "safe")}
    assert [change.subject for change in changes] == [
        *("Post", "Tag", "Address", "Status", "Filter"),
        *("Query.echo", "Mutation.echo", "Subscription.onEcho"),
    ]


def test_equal_documents_have_no_changes() -> None:
    assert compare_models(everything(), everything()) == ()


def test_changes_are_in_the_order_of_the_new_document() -> None:
    old = document({"C": model(), "A": model(), "X": model()})
    new = document({"B": model(), "A": model({"n": value()})})
    assert [c.subject for c in compare_models(old, new)] == ["B", "A.n", "C", "X"]


def test_order_is_not_a_change() -> None:
    old = document({"A": model({"n": value(), "m": value()}), "B": model()})
    new = document({"B": model(), "A": model({"m": value(), "n": value()})})
    assert compare_models(old, new) == ()


def test_order_of_enum_values_and_directives_is_not_a_change() -> None:
    first, second = attribute("searchable"), attribute("key", name="byA", fields=["a"])
    assert compare_models(enum("A", "B"), enum("B", "A")) == ()
    assert compare_models(post({}, first, second), post({}, second, first)) == ()


def test_several_changes_of_a_field_are_reported() -> None:
    old, new = post({"n": value("Int")}), post({"n": value("String", required=True)})
    assert rules(old, new) == ["type-changed", "became-required"]


def test_types_are_named_with_their_kind() -> None:
    old, new = post({"n": value({"nonModel": "N"})}), post({"n": value({"enum": "N"})})
    assert messages(old, new) == ["type changed from custom type N to enum N"]


@pytest.mark.parametrize(
    ("field", "sdl"),
    [
        (value(), "String"),
        (value({"enum": "E"}, required=True), "E!"),
        (listed(), "[String]"),
        (listed(items=True), "[String!]"),
        (listed(items=True, required=True), "[String!]!"),
    ],
)
def test_messages_show_types_as_sdl(field: Json, sdl: str) -> None:
    (message,) = messages(post({"n": field}), post())
    assert message == f"field of type {sdl} removed"


def test_member_of_a_primary_key_is_a_key_field() -> None:
    old = post({"n": value("ID", required=True)}, key=("id", "n"))
    new = post({"n": value("String", required=True)}, key=("id", "n"))
    assert rules(old, new) == ["key-type-changed"]


def test_primary_key_of_a_directive_is_used_without_primary_key_info() -> None:
    key = attribute("key", fields=["code", "n"])
    old, new = post({}, key, key=("code", "n")), post({}, key, primaryKeyInfo=None)
    assert compare_models(old, new) == ()


def test_missing_plural_is_not_a_change() -> None:
    assert compare_models(post(pluralName=None), post()) == ()


def test_subscriptions_disabled_by_level_are_disabled() -> None:
    new = post({}, attribute("model", subscriptions={"level": "off"}))
    assert rules(post(), new) == ["operations-switched-off"]
    assert rules(new, post()) == ["operations-switched-on"]


def test_indexes_with_the_same_name_are_compared_in_order() -> None:
    def key(query: str, field: str) -> Json:
        return attribute("key", name="byA", queryField=query, fields=[field])

    old, new = post({}, key("q", "a"), key("r", "b")), post({}, key("r", "b"), key("q", "c"))
    assert messages(old, new) == ["index byA is on c instead of a"]


def test_renamed_model_is_compared_with_its_old_version() -> None:
    old = document({"Todo": model({"n": value()})})
    new = document({"Task": model({}, attribute("mapsTo", name="Todo"))})
    assert rules(old, new) == ["model-renamed", "field-removed"]
    assert rules(new, old) == ["model-renamed", "optional-field-added"]


def test_relation_to_an_unknown_model_is_compared_by_its_own_fields() -> None:
    old, new = post({"cs": to_many("aId")}), post({"cs": to_many("bId")})
    assert rules(old, new) == ["relation-keys-changed"]


def test_old_datastore_schemas_have_a_single_target_name() -> None:
    link = {"connectionType": "BELONGS_TO", "targetName": "postId"}
    old = post({"p": value({"model": "Post"}, association=link)})
    assert compare_models(old, post({"p": belongs_to("postId")})) == ()


def test_conversation_is_compared_by_its_send_mutation() -> None:
    def chat(**arguments: Json) -> Json:
        send = {**value({"model": "Message"}), "arguments": arguments}
        return document(conversations={"chat": {"message": {"send": send}}})

    (change,) = compare_models(chat(text=value()), chat())
    assert (change.subject, change.rule) == ("Mutation.chat.text", "argument-removed")


def test_datastore_schemas_can_be_compared() -> None:
    old = {**post(), "version": "a1", "codegenVersion": "3.4.4"}
    new = {**post(), "version": "b2", "codegenVersion": "3.4.4"}
    assert compare_models(old, new) == ()


def test_parts_of_custom_types_inputs_and_operations_have_subjects() -> None:
    old, new = custom({"a": value()}), custom({})
    assert compare_models(old, new)[0].subject == "Address.a"
    assert compare_models(inputs({}), inputs({"b": value()}))[0].subject == "Filter.b"
    assert compare_models(query(), query(c=value()))[0].subject == "Query.echo.c"
    assert compare_models(enum("A"), enum())[0].subject == "Status.A"
