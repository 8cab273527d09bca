from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.diff import (
    change_rows,
    compare_models,
    fails,
    render_changes,
    summarise,
    worst_level,
)
from amplify_modelgen.errors import ModelgenError
from amplify_modelgen.records import ModelChange
from diff_documents import (
    Json,
    attribute,
    auth,
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

if TYPE_CHECKING:
    from amplify_modelgen.diff.render import FailOn


def rules(old: Json, new: Json) -> list[str]:
    return [change.rule for change in compare_models(old, new)]


def messages(old: Json, new: Json) -> list[str]:
    return [change.message for change in compare_models(old, new)]


def access(*rule: Json) -> Json:
    return post({}, auth(*rule))


def change(level: Any, subject: str = "Post", message: str = "m") -> ModelChange:
    return ModelChange(level=level, action="added", subject=subject, message=message, reason="r")


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


def test_first_models_are_added_one_by_one_and_safe() -> None:
    changes = compare_models(None, everything())
    assert {(change.action, change.level) for change in changes} == {("added", "safe")}
    assert [change.subject for change in changes] == [
        *("Post", "Tag", "Address", "Status", "Filter"),
        *("Query.echo", "Mutation.echo", "Subscription.onEcho"),
    ]


def test_equal_documents_give_nothing() -> None:
    assert compare_models(everything(), everything()) == ()


def test_order_follows_the_new_document_and_then_the_removed() -> None:
    old = document({"C": model(), "A": model(), "X": model()})
    new = document({"B": model(), "A": model({"n": value()})})
    assert [c.subject for c in compare_models(old, new)] == ["B", "A.n", "C", "X"]


def test_reordering_changes_nothing() -> None:
    old = document({"A": model({"n": value(), "m": value()}), "B": model()})
    new = document({"B": model(), "A": model({"m": value(), "n": value()})})
    assert compare_models(old, new) == ()


def test_reordered_enum_values_and_directives_change_nothing() -> None:
    first, second = attribute("searchable"), attribute("key", name="byA", fields=["a"])
    assert compare_models(enum("A", "B"), enum("B", "A")) == ()
    assert compare_models(post({}, first, second), post({}, second, first)) == ()


def test_several_changes_of_one_field_are_told_apart() -> None:
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
def test_messages_write_types_as_schemas_do(field: Json, sdl: str) -> None:
    (message,) = messages(post({"n": field}), post())
    assert message == f"field of type {sdl} removed"


def test_member_of_a_primary_key_is_a_key_field() -> None:
    old = post({"n": value("ID", required=True)}, key=("id", "n"))
    new = post({"n": value("String", required=True)}, key=("id", "n"))
    assert rules(old, new) == ["key-type-changed"]


def test_primary_key_is_read_from_a_directive_where_nothing_else_tells() -> None:
    key = attribute("key", fields=["code", "n"])
    old, new = post({}, key, key=("code", "n")), post({}, key, primaryKeyInfo=None)
    assert compare_models(old, new) == ()


def test_model_without_plural_is_not_said_to_change_it() -> None:
    assert compare_models(post(pluralName=None), post()) == ()


def test_option_that_switches_subscriptions_off_by_name_is_off() -> None:
    new = post({}, attribute("model", subscriptions={"level": "off"}))
    assert rules(post(), new) == ["operations-switched-off"]
    assert rules(new, post()) == ["operations-switched-on"]


def test_indexes_of_one_name_are_compared_in_order() -> None:
    def key(query: str, field: str) -> Json:
        return attribute("key", name="byA", queryField=query, fields=[field])

    old, new = post({}, key("q", "a"), key("r", "b")), post({}, key("r", "b"), key("q", "c"))
    assert messages(old, new) == ["index byA is on c instead of a"]


def test_renamed_model_is_compared_with_its_old_self_both_ways() -> None:
    old = document({"Todo": model({"n": value()})})
    new = document({"Task": model({}, attribute("mapsTo", name="Todo"))})
    assert rules(old, new) == ["model-renamed", "field-removed"]
    assert rules(new, old) == ["model-renamed", "optional-field-added"]


def test_relation_to_an_unknown_model_is_compared_by_its_own_fields() -> None:
    old, new = post({"cs": to_many("aId")}), post({"cs": to_many("bId")})
    assert rules(old, new) == ["relation-keys-changed"]


def test_old_datastore_schemas_name_single_fields() -> None:
    link = {"connectionType": "BELONGS_TO", "targetName": "postId"}
    old = post({"p": value({"model": "Post"}, association=link)})
    assert compare_models(old, post({"p": belongs_to("postId")})) == ()


def test_conversation_is_compared_by_the_mutation_that_sends() -> None:
    def chat(**arguments: Json) -> Json:
        send = {**value({"model": "Message"}), "arguments": arguments}
        return document(conversations={"chat": {"message": {"send": send}}})

    (change,) = compare_models(chat(text=value()), chat())
    assert (change.subject, change.rule) == ("Mutation.chat.text", "argument-removed")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"allow": "owner"}, {"allow": "owner", "provider": "userPools", "ownerField": "owner"}),
        ({"allow": "owner"}, {"allow": "owner", "identityClaim": "cognito:username"}),
        ({"allow": "public"}, {"allow": "public", "provider": "apiKey"}),
        ({"allow": "groups", "groups": "A"}, {"allow": "groups", "groups": ["A"]}),
        (
            {"allow": "groups", "groupsField": "g"},
            {"allow": "groups", "groupsField": "g", "groupField": "groups"},
        ),
        (
            {"allow": "private", "operations": ["read"]},
            {"allow": "private", "operations": ["search", "get", "list", "sync", "listen"]},
        ),
    ],
)
def test_rules_that_grant_the_same_are_the_same(first: Json, second: Json) -> None:
    assert compare_models(access(first), access(second)) == ()


def test_one_rule_in_two_parts_grants_their_sum() -> None:
    parts = [{"allow": "public", "operations": [name]} for name in ("create", "delete")]
    whole = {"allow": "public", "operations": ["create", "delete"]}
    assert compare_models(access(*parts), access(whole)) == ()


@pytest.mark.parametrize(
    ("rule", "who"),
    [
        ({"allow": "owner", "ownerField": "author"}, "the owner in field author (userPools)"),
        (
            {"allow": "owner", "provider": "oidc", "identityClaim": "sub"},
            "the owner in field owner (oidc, claim sub)",
        ),
        ({"allow": "private"}, "everyone signed in (userPools)"),
        ({"allow": "public", "provider": "iam"}, "everyone (iam)"),
        ({"allow": "custom"}, "the Lambda authorizer (function)"),
        ({"allow": "groups", "groups": ["Admin"]}, "group Admin (userPools)"),
        ({"allow": "groups"}, "the groups in field groups (userPools)"),
        ({"allow": "robots"}, "allow robots (no provider)"),
        ({"allow": 1, "mode": None}, "allow 1 (no provider, mode null)"),
    ],
)
def test_access_names_who_gained_it(rule: Json, who: str) -> None:
    base = {"allow": "owner", "operations": ["delete"]}
    (message,) = messages(access(base), access(base, {**rule, "operations": ["read", "x"]}))
    assert message == f"{who} may now read, x"


def test_arguments_of_any_type_are_taken_as_amplify_takes_them() -> None:
    rule = {"allow": "groups", "groups": [1], "operations": "delete", "provider": 2}
    base = {"allow": "public", "operations": ["read"]}
    assert messages(access(base), access(base, rule)) == ["group 1 (2) may now delete"]
    odd = attribute("key", name=1, fields="a", queryField=True)
    assert messages(post(), post({}, odd)) == ["index 1 on a added"]


def test_groups_are_judged_one_by_one() -> None:
    old = access({"allow": "groups", "groups": ["A", "B"], "operations": ["create"]})
    new = access({"allow": "groups", "groups": ["B", "C"], "operations": ["create"]})
    assert messages(old, new) == [
        "group C (userPools) may now create",
        "group A (userPools) may no longer create",
    ]


def test_access_that_shifted_says_both_what_was_lost_and_gained() -> None:
    old = access({"allow": "public", "operations": ["read"]})
    new = access({"allow": "public", "operations": ["list", "create"]})
    assert messages(old, new) == [
        "everyone (apiKey) may now also create",
        "everyone (apiKey) may no longer get, sync, listen, search",
    ]


def test_rules_that_let_nobody_in_are_still_rules() -> None:
    nobody = access({"allow": "public", "operations": []})
    assert messages(post(), nobody) == ["auth rules introduced: nobody may do anything"]


@pytest.mark.parametrize(
    ("garbage", "complaint"),
    [
        ([], "the document is a list where an object is expected"),
        ({"models": []}, "models is a list where an object is expected"),
        ({"models": {1: {}}}, "a key of models is a number where text is expected"),
        ({"models": {"A": 3.5}}, "models.A is a number where an object is expected"),
        ({"models": {"A": {"fields": ""}}}, "models.A.fields is text where an object is expected"),
        ({"models": {"A": {"attributes": {}}}}, "models.A.attributes is an object where a list"),
        (
            {"models": {"A": {"attributes": [{}]}}},
            "models.A.attributes[0].type is null where text is expected",
        ),
        ({"enums": {"E": {"values": [True]}}}, "enums.E.values[0] is true or false where text"),
        ({"queries": {"q": {"isArray": "no"}}}, "queries.q.isArray is text where true or false"),
        ({"queries": {"q": {"type": {"enum": 1}}}}, "queries.q.type.enum is a number where text"),
        ({"unions": {1, 2}}, "the document is no JSON value: "),
        ({"models": {"A": {"fields": {1, 2}}}}, "models.A.fields is a set where an object"),
    ],
)
def test_garbage_is_refused_with_its_place(garbage: Any, complaint: str) -> None:
    with pytest.raises(ModelgenError) as raised:
        compare_models(document(), garbage)
    assert raised.value.message.startswith(complaint)
    assert raised.value.hint


@pytest.mark.parametrize(
    "partial",
    [
        {},
        {"models": {"A": {}}},
        {"models": {"A": None}},
        {"models": {"A": {"fields": {"n": {}}}}},
        {"queries": {"q": {"type": {}}}},
        {"conversations": {"c": {}}},
    ],
)
def test_what_a_partial_document_lacks_is_empty(partial: Json) -> None:
    assert compare_models(partial, partial) == ()
    assert all(change.message for change in compare_models(None, partial))


def test_nesting_that_is_too_deep_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ModelgenError, match="is no JSON value"):
        compare_models(document(), {"unions": {"a": deep}})


def test_datastore_schemas_can_be_compared_too() -> None:
    old = {**post(), "version": "a1", "codegenVersion": "3.4.4"}
    new = {**post(), "version": "b2", "codegenVersion": "3.4.4"}
    assert compare_models(old, new) == ()


def test_summary_counts_by_level() -> None:
    changes = [change("safe"), change("breaking"), change("safe")]
    assert summarise(changes) == "3 changes: 1 breaking, 2 safe"


def test_summary_of_one_and_of_none() -> None:
    assert summarise([change("dangerous")]) == "1 change: 1 dangerous"
    assert summarise([]) == "no changes"


def test_worst_level_is_the_gravest() -> None:
    assert worst_level([change("safe"), change("dangerous")]) == "dangerous"
    assert worst_level([]) is None


@pytest.mark.parametrize(
    ("fail_on", "levels"),
    [
        ("breaking", ["breaking"]),
        ("dangerous", ["breaking", "dangerous"]),
        ("any", ["breaking", "dangerous", "safe"]),
        ("never", []),
    ],
)
def test_failing_counts_the_level_and_graver_ones(fail_on: FailOn, levels: list[str]) -> None:
    every = ("breaking", "dangerous", "safe")
    assert [level for level in every if fails([change(level)], fail_on)] == levels
    assert not fails([], fail_on)


def test_lines_are_grouped_by_model_and_operation() -> None:
    changes = [
        change("breaking", "Post.title", "field of type String removed"),
        change("safe", "Query.echo", "added"),
        change("safe", "Query.echo.text", "optional argument added"),
        change("dangerous", "Post", "everyone may now read"),
    ]
    assert render_changes(changes) == [
        "Post",
        "  breaking   title: field of type String removed",
        "             r",
        "  dangerous  everyone may now read",
        "             r",
        "Query.echo",
        "  safe       added",
        "             r",
        "  safe       text: optional argument added",
        "             r",
    ]


def test_lines_never_steer_a_terminal() -> None:
    lines = render_changes([change("safe", "Po\x1b[31mst", "a\nb")])
    assert all(line.isprintable() for line in lines)


def test_rows_have_sorted_keys() -> None:
    (row,) = change_rows(compare_models(document(), enum("A")))
    assert list(row) == sorted(row)
    assert (row["rule"], row["subject"], row["level"]) == ("enum-added", "Status", "safe")


def test_parts_of_custom_types_inputs_and_operations_have_subjects() -> None:
    old, new = custom({"a": value()}), custom({})
    assert compare_models(old, new)[0].subject == "Address.a"
    assert compare_models(inputs({}), inputs({"b": value()}))[0].subject == "Filter.b"
    assert compare_models(query(), query(c=value()))[0].subject == "Query.echo.c"
    assert compare_models(enum("A"), enum())[0].subject == "Status.A"
