"""The rules for projects on GraphQL transformer version 1: places and hints."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from amplify_modelgen.lint import lint_schema
from amplify_modelgen.modelgen import FeatureFlags
from support.model_parts import VERSION_1

# A schema, the rule that it violates, and the text at the place.
CASES = [
    ('type A @model @key(fields: ["id", "nope"]) { id: ID! }', "key-field", '"nope"'),
    ('type A @model @key(fields: ["x"]) { x: String }', "key-nullable", "String"),
    ('type A @model @key(fields: ["x"]) { x: [ID] }', "key-nullable", "ID]"),
    ('type A @model @key(name: "n", fields: ["x"]) { x: Boolean }', "key-type", "Boolean"),
    ('type A @model @key(fields: ["x"], queryField: "q") { x: ID! }', "key-query-field", '"q"'),
    ('type A @key(fields: ["x"]) { x: ID! }', "model-directive-owner", "@key"),
    ('type A @model { a: A @connection(keyName: "n", fields: ["a"]) }', "relation-index", '"n"'),
    ('type A @model { a: [A] @connection(name: "n") }', "connection-partner", '"n"'),
    ("type A @model { a: Int @connection }", "relation-type", "Int"),
    ("type A { b: B @connection } type B @model { x: Int }", "relation-owner", "@connection"),
    ('type A @model { a: A @connection(fields: "a") }', "argument-brackets", '"a"'),
    ("type A @model @auth(rules: [{ allow: custom }]) { x: Int }", "argument-value", "custom"),
    (
        "type A @model @auth(rules: [{ allow: private, provider: oidc }]) { x: Int }",
        "auth-strategy-provider",
        "oidc",
    ),
    (
        "type A @model { x: Int @auth(rules: [{ allow: owner, queries: [get] }]) }",
        "auth-field-operations",
        "[get]",
    ),
    ("type A @model { x: Int! @auth(rules: [{ allow: owner }]) }", "auth-required-fields", "@auth"),
    ('type Query { q: Int @http(url: "https://a.b") }', "http-url", '"https://a.b"'),
    ("type A @model { x: Int } type Query { listAs: Int }", "operation-collision", "A @model"),
    ("type A @model { x: Int @primaryKey }", "newer-directive", "@primaryKey"),
    ("type A @modl { x: Int }", "unknown-directive", "@modl"),
]


@pytest.mark.parametrize(("schema", "rule", "text"), CASES)
def test_the_place_is_that_of_the_mistake(schema: str, rule: str, text: str) -> None:
    found = [entry for entry in lint_schema(schema, VERSION_1) if entry.rule == rule]
    assert [schema[entry.column - 1 :][: len(text)] for entry in found] == [text]
    assert all(entry.severity == "error" and entry.stage == "push" for entry in found)


def test_hints_are_for_version_1() -> None:
    schema = 'type A @model { bs: [B] @connection(keyName: "byA", fields: ["id"]) id: ID! }'
    schema += 'type B @model @key(name: "byB", fields: ["id"]) { id: ID! }'
    hints = {entry.rule: entry.hint for entry in lint_schema(schema, VERSION_1)}
    assert hints["relation-index"] == "did you mean byB?"
    hints = {
        entry.rule: entry.hint for entry in lint_schema("type A @modell { x: Int }", VERSION_1)
    }
    assert hints["unknown-directive"] == "did you mean @model?"


def test_a_missing_provider_has_the_name_in_the_rule() -> None:
    schema = "type A @model @auth(rules: [{ allow: private, provider: iam }]) { x: Int }"
    (problem,) = lint_schema(schema, VERSION_1, ("apiKey",))
    assert problem.message == "the rule needs the auth provider iam, which the API does not have"
    assert lint_schema(schema, VERSION_1, ("identityPool",)) == ()


def test_extensions_are_ignored() -> None:
    schema = (
        'type A @model { id: ID! } extend type A @key(fields: "nope") { x: Int @http(url: "x") }'
    )
    assert [entry for entry in lint_schema(schema, VERSION_1) if entry.stage == "push"] == []


def test_the_push_decides_by_the_pipelined_transformer_alone() -> None:
    schema = 'type A @model @key(fields: ["nope"]) { id: ID! x: ID! @index(name: "byXx") }'
    flags = FeatureFlags(transformer_version=2, use_experimental_pipelined_transformer=False)
    rules = {entry.rule for entry in lint_schema(schema, flags) if entry.severity == "error"}
    assert rules == {"key-field", "newer-directive"}


def test_directives_of_version_2_are_reported_once_if_only_the_push_refuses_them() -> None:
    schema = """
        type Post @model { id: ID! title: ID! @index(name: "a") comments: [Comment] @hasMany }
        type Comment @model { id: ID! text: ID! @index(name: "b") }
    """
    flags = FeatureFlags(transformer_version=2, use_experimental_pipelined_transformer=False)
    (found,) = [entry for entry in lint_schema(schema, flags) if entry.rule == "newer-directive"]
    assert found.message == (
        "`amplify push` uses transformer version 1, but the schema has @hasMany (1), @index (2)"
    )
    assert (found.line, found.column) == (2, 47)


def test_names_of_lists_follow_the_flag() -> None:
    schema = "type Dish @model { id: ID! } type Query { listDishes: Int }"
    flags = [VERSION_1, replace(VERSION_1, improve_pluralization=True)]
    found = [{entry.rule for entry in lint_schema(schema, entry)} for entry in flags]
    assert ["operation-collision" in rules for rules in found] == [False, True]
