from __future__ import annotations

import pytest

from amplify_modelgen.lint import lint_schema
from amplify_modelgen.modelgen import FeatureFlags, find_problems

MODEL = "type A @model { id: ID! } "

# A schema, the rule that it violates, and the text at the place.
CASES = [
    ("type A @model { id: ID! x: [Long!] }", "unknown-type", "Long"),
    (MODEL + "type Query { q(a: Nope): A }", "unknown-type", "Nope"),
    (MODEL + "input I { a: Nope }", "unknown-type", "Nope"),
    (MODEL + "union U = A | Nope", "unknown-type", "Nope"),
    ("type A implements N @model { id: ID! }", "unknown-type", "N @"),
    (MODEL + "directive @d(a: Nope) on OBJECT", "unknown-type", "Nope"),
    ("type A @model { id: ID! s: Subscription }", "unknown-type", "Subscription"),
    (MODEL + "type A { x: Int }", "duplicate-type", "A { x"),
    (MODEL + "scalar AWSJSON", "duplicate-type", "AWSJSON"),
    (MODEL + "enum ModelOperation { create }", "duplicate-type", "ModelOperation"),
    (MODEL + "type AuthRule { x: Int }", "duplicate-type", "AuthRule"),
    (MODEL + "interface I { x: Int x: ID }", "duplicate-field", "x: ID"),
    (MODEL + "input I { x: Int x: ID }", "duplicate-field", "x: ID"),
    (MODEL + "extend type A { id: Int }", "duplicate-field", "id: Int"),
    (MODEL + "enum E { X } extend enum E { X }", "duplicate-enum-value", "X }\n"),
    (MODEL + "union U = A extend union U = A", "duplicate-enum-value", "A\n"),
    (
        MODEL + "directive @d on OBJECT directive @d on OBJECT",
        "duplicate-directive",
        "d on OBJECT\n",
    ),
    (
        MODEL + "type Query { q: A } schema { query: Query } schema { query: Query }",
        "schema-block",
        "schema { query: Query }\n",
    ),
    (MODEL + "extend type B { x: Int }", "extension", "B {"),
    (MODEL + "extend enum A { X }", "extension", "A { X"),
    (MODEL + 'extend type A { x: ID! @index(name: "byX") }', "extension", "@index"),
    ("schema @model { query: Q } type Q { a: Int }", "directive-location", "@model"),
    ("type A @model { id: ID! x(a: Int @foo): Int }", "unknown-directive", "@foo"),
    (MODEL + "enum E { X @foo }", "unknown-directive", "@foo"),
    ("directive @foo on OBJECT type A @model @foo { id: ID! }", "unknown-directive", "@foo {"),
    ("type A @model { id: ID! x: [A] @connection }", "legacy-directive", "@connection"),
    ("type A @model @versioned { id: ID! }", "legacy-directive", "@versioned"),
    ("type A @model { id: ID! x(a: Int @deprecated): Int }", "directive-location", "@deprecated"),
    ('input I { a: Int @default(value: "x") }', "directive-location", "@default"),
    ("enum E { A @model }", "directive-location", "@model"),
    ('type A @model { x: Int @default(value: "1", valeu: "2") }', "unknown-argument", "valeu"),
    ('type A @model(queries: {sync: "x"}) { id: ID! }', "unknown-argument", "sync"),
    ("type A @model @aws_iam(x: 1) { id: ID! }", "unknown-argument", "x: 1"),
    ("type A @model @auth(rules: [{}]) { id: ID! }", "missing-argument", "{}"),
    ("type A @model { x: Int @index(name: 5) }", "argument-value", "5"),
    ("type A @model { x: Int @default(value: true) }", "argument-value", "true"),
    ("type A @model { x: Int @default(value: x) }", "argument-value", "x)"),
    (
        "type A @model @auth(rules: [{allow: owner, allow: public}]) { id: ID! }",
        "repeated-argument",
        "allow: public",
    ),
    ("type A @model @auth(rules: null) { id: ID! }", "argument-value", "null"),
    ("type A @model @auth(rules: [null]) { id: ID! }", "argument-value", "null"),
    ('type A @model @auth(rules: [{allow: "owner"}]) { id: ID! }', "argument-value", '"owner"'),
    ("type A @model @auth(rules: [[]]) { id: ID! }", "argument-value", "[]"),
    ("type A @model { b: [A] @hasMany(limit: 5.5) }", "argument-value", "5.5"),
    ("type A @model { b: [A] @hasMany(limit: 3000000000) }", "argument-value", "3000000000"),
    ("type A @model { b: A @hasOne(fields: [5]) }", "argument-value", "5"),
]

VALID = [
    "type A @model { id: ID! q: Query b: BigInt }",
    "type A @model { id: ID! } extend type A { x: Int @deprecated }",
    'type A @model @auth(rules: [{allow: owner, groups: "x"}]) { id: ID! }',
    "type A @model { id: ID! } enum E @deprecated { X @deprecated }",
    'type A @model(subscriptions: {level: off, onCreate: "x"}, mutations: null) { id: ID! }',
    "type A @model { id: ID! x: __Type }",
    "directive @foo on SCHEMA schema @foo { query: Q } type Q { a: Int }",
    'type Q { a: Int } extend type Query { a: Int @http(url: "https://x.example") } type Query',
    'type A @model { id: ID! x: ID! @index(name: "byXx", sortKeyFields: null) }',
    "type A { id: ID! } scalar Int",
]


def push_rules(sdl: str) -> list[str]:
    return [entry.rule for entry in lint_schema(sdl) if entry.stage == "push"]


@pytest.mark.parametrize(("sdl", "rule", "token"), CASES)
def test_the_place_of_a_mistake(sdl: str, rule: str, token: str) -> None:
    lines = f"\n  {sdl}\n".splitlines(keepends=True)
    found = [entry for entry in lint_schema("".join(lines)) if entry.rule == rule]
    assert any(lines[entry.line - 1][entry.column - 1 :].startswith(token) for entry in found)


@pytest.mark.parametrize("sdl", VALID)
def test_what_graphql_accepts(sdl: str) -> None:
    assert push_rules(sdl) == []


@pytest.mark.parametrize(
    ("sdl", "hint"),
    [
        ("type A @model { x: Stirng }", "did you mean String?"),
        ("type A @modle { x: Int }", "did you mean @model?"),
        ("type A @model(querys: null) { x: Int }", "did you mean queries?"),
        ("type A @model @auth(rules: [{allow: ownr}]) { x: Int }", "did you mean owner?"),
        (
            "type A @model @auth(rules: [{allow: owner, grops: []}]) { x: Int }",
            "did you mean groups?",
        ),
        ('type A @model @auth(rules: [{allow: "owner"}]) { x: Int }', "remove the quotes"),
        ("type A @model { x: Boolean @default(value: true) }", 'write it in quotes: value: "true"'),
        ("type A @model @mapsTo { x: Int }", 'add name: "..."'),
        ("type A @model @auth { x: Int }", "add rules: [{ allow: owner }]"),
        ("type A @model(queries: 5) { x: Int }", 'write queries: { get: "..." }'),
    ],
)
def test_hints(sdl: str, hint: str) -> None:
    assert hint in [entry.hint for entry in lint_schema(sdl)]


def test_all_problems_are_reported_at_once() -> None:
    sdl = "type A @modl @auth(rules: [{allow: x, foo: 1}, {}]) { id: Nope id: Nope2 }"
    assert len(push_rules(sdl)) == 7


def test_a_rule_reports_a_hundred_places() -> None:
    fields = " ".join(f"f{number}: T{number}" for number in range(300))
    assert push_rules(f"type A @model {{ {fields} }}") == ["unknown-type"] * 100


@pytest.mark.parametrize(
    ("version", "pipelined", "found"), [(2, True, 1), (2, False, 0), (1, False, 0)]
)
def test_rules_of_version_2_are_off_where_push_uses_version_1(
    version: int,
    pipelined: bool,  # noqa: FBT001
    found: int,
) -> None:
    flags = FeatureFlags(
        transformer_version=version, use_experimental_pipelined_transformer=pipelined
    )
    sdl = 'type A @model @key(fields: ["id"]) { id: ID! }'
    errors = [entry for entry in lint_schema(sdl, flags) if entry.severity == "error"]
    assert len(errors) == found


def test_a_text_where_a_list_belongs_explains_an_error_of_the_generator() -> None:
    sdl = "type A @model { id: ID! } type B @model { aID: ID! a: A @belongsTo(fields: %s) }"
    (found,) = [entry for entry in lint_schema(sdl % '"aID"') if entry.stage == "models"]
    assert (found.rule, found.severity) == ("argument-list", "error")
    assert found.hint == 'write it in brackets: fields: ["aID"]'
    assert sdl[found.column - 1 :].startswith("%s")


@pytest.mark.parametrize(
    ("sdl", "rules"),
    [
        (
            'type A @model @auth(rules: [{ allow: groups, groups: "x" }]) { a: Int }',
            ["argument-list"],
        ),
        (
            "type A @model @auth(rules: [{ allow: public, operations: read }]) { a: Int }",
            ["auth-operations-list"],
        ),
        ('type A @model { a: Int @aws_auth(cognito_groups: "x") }', []),
    ],
)
def test_a_text_where_a_list_belongs(sdl: str, rules: list[str]) -> None:
    found = [entry.rule for entry in lint_schema(sdl, auth_providers=("apiKey", "userPools"))]
    assert found == rules


@pytest.mark.parametrize(
    ("value", "shown"), [("true", "true"), ('"new post"', "new post"), ("-1.5", "-1.5")]
)
def test_a_default_value_without_a_directive(value: str, shown: str) -> None:
    (found,) = lint_schema(f"type A @model {{ a: Int = {value} b: Int }}")
    assert str(found.hint).endswith(f': @default(value: "{shown}")')


def test_a_syntax_error_without_a_hint() -> None:
    (found,) = lint_schema("type A @model { a: Int == }")
    assert found.hint is None


@pytest.mark.parametrize(
    ("name", "hint"), [("Int", "use a model as its type"), ("P", "add @model to P")]
)
def test_the_hint_for_a_relation_with_another_type(name: str, hint: str) -> None:
    sdl = f"type A @model {{ id: ID! x: {name} @hasOne }} type P {{ y: Int }}"
    hints = [str(entry.hint) for entry in find_problems(sdl)]
    assert hints == [f"{hint}, or remove @hasOne"]
