from __future__ import annotations

import pytest

from amplify_modelgen.lint import lint_schema

MODEL = "type A @model @auth(rules: [%s]) { id: ID! x: String o: String }"
FIELD = "type A @model @auth(rules: [{ allow: public }]) { id: ID! x: String! @auth(rules: [%s]) }"
OWNER = "{ allow: owner }"
PUBLIC = "{ allow: public }"
PRIVATE = "{ allow: private }"


def rules(sdl: str, *, providers: tuple[str, ...] | None = ()) -> list[tuple[str, str]]:
    """Return the ids of the rules that refuse a schema, and the text at each place."""
    found = lint_schema(sdl, auth_providers=providers)
    return [
        (entry.rule, sdl[entry.column - 1 :])
        for entry in found
        if entry.severity == "error" and entry.rule != "auth-provider-missing"
    ]


@pytest.mark.parametrize(
    ("rule", "expected", "token"),
    [
        ("{ allow: groups, groups: [] }", "auth-groups", "[]"),
        ('{ allow: groups, groupsField: "" }', "auth-groups", "{"),
        ('{ allow: groups, groups: ["a"], groupsField: "x" }', "auth-groups", '"x"'),
        ('{ allow: groups, groups: ["a"], identityClaim: "x" }', "auth-claim", '"x"'),
        ("{ allow: custom, provider: iam }", "auth-strategy-provider", "iam"),
        ("{ allow: private, provider: apiKey }", "auth-strategy-provider", "apiKey"),
        ("{ allow: public, operations: [read, read] }", "auth-read-operations", "read] }"),
        ("{ allow: public, operations: [list, read] }", "auth-read-operations", "list"),
        ("{ allow: public, operations: [null] }", "auth-operations-list", "null"),
        ('{ allow: groups, groups: ["a", "a"] }', "auth-repeated-role", "{ allow: groups"),
        (
            '{ allow: owner }, { allow: owner, ownerField: "owner" }',
            "auth-repeated-role",
            "{ allow: owner, o",
        ),
        (
            "{ allow: private, provider: iam }, { allow: private, provider: identityPool }",
            "auth-repeated-role",
            "{ allow: private, provider: identityPool",
        ),
        (
            '{ allow: groups, groupsField: "x" }, { allow: groups, groupsField: "x" }',
            "auth-repeated-role",
            "{",
        ),
    ],
)
def test_a_rule_of_a_model(rule: str, expected: str, token: str) -> None:
    ((found, text),) = rules(MODEL % rule)
    assert found == expected
    assert text.startswith(token)


@pytest.mark.parametrize(
    "rule",
    [
        '{ allow: groups, groups: "a" }',
        '{ allow: groups, groups: null, groupsField: "x" }',
        "{ allow: private, provider: oidc }, { allow: private }",
        '{ allow: owner }, { allow: owner, ownerField: "o" }, { allow: owner, provider: oidc }',
        '{ allow: owner }, { allow: owner, identityClaim: "sub" }',
        "{ allow: custom }, { allow: public, provider: iam, operations: [get, get] }",
        '{ allow: private, groupClaim: "x", ownerField: "nowhere", operations: [] }',
        "{ allow: public, operations: null }",
    ],
)
def test_a_valid_rule_of_a_model(rule: str) -> None:
    assert rules(MODEL % rule) == []


@pytest.mark.parametrize(
    ("sdl", "fields"),
    [
        (FIELD % PRIVATE, ["id", "x"]),
        (FIELD % "{ allow: public, operations: [create] }", ["x"]),
        (FIELD % "{ allow: public, operations: [] }", ["x"]),
        (FIELD % "{ allow: public, operations: null }", []),
        (FIELD % f"{PRIVATE}, {PUBLIC}", ["id"]),
        (FIELD % '{ allow: custom }, { allow: groups, groupsField: "g" }', ["id", "x"]),
        ((FIELD % PRIVATE).replace("String!", "String"), ["id"]),
        ((FIELD % PRIVATE).replace("@model", "@model(subscriptions: { level: public })"), []),
        ((FIELD % PRIVATE).replace("@model", "@model(subscriptions: { level: off })"), []),
        ((FIELD % PRIVATE).replace("@model", "@model(subscriptions: null)"), []),
        ((FIELD % PRIVATE).replace("@model", "@model(subscriptions: { level: on })"), ["id", "x"]),
        ((FIELD % PRIVATE).replace("id: ID!", ""), []),
        ((FIELD % OWNER).replace("public", "private"), ["x"]),
        ((FIELD % PRIVATE).replace(PUBLIC, f"{PRIVATE}, {OWNER}"), []),
        (
            (FIELD % PRIVATE).replace(
                PUBLIC, '{ allow: groups, groups: ["a"] }, { allow: private }'
            ),
            [],
        ),
        (
            (FIELD % '{ allow: groups, groups: ["a"] }').replace(
                PUBLIC, '{ allow: groups, groups: ["a", "b"] }'
            ),
            ["x"],
        ),
        (
            (FIELD % PRIVATE).replace(PUBLIC, "{ allow: public, operations: [list] }, " + PRIVATE),
            [],
        ),
        (
            (FIELD % PRIVATE).replace(PUBLIC, "{ allow: public, operations: [get] }, " + PRIVATE),
            ["x"],
        ),
        ("type A @model { id: ID! x: String @auth(rules: [{ allow: public }]) }", ["id"]),
        ("type A { id: ID! x: String @auth(rules: [{ allow: public }]) }", []),
    ],
)
def test_required_fields_that_a_role_cannot_read(sdl: str, fields: list[str]) -> None:
    found = lint_schema(sdl)
    messages = [entry.message for entry in found if entry.rule == "auth-required-fields"]
    assert [message.split(" is ")[0] for message in messages] == [f"A.{name}" for name in fields]


@pytest.mark.parametrize(
    ("sdl", "expected"),
    [
        ("interface I { x: Int @auth(rules: [{ allow: public }]) }", "auth-owner"),
        ("type Query @auth(rules: [{ allow: public }]) { x: Int }", "auth-owner"),
        (
            "type Query { x: Int @auth(rules: [{ allow: public, operations: [read] }]) }",
            "auth-field-operations",
        ),
        (
            "type B { x: Int @auth(rules: [{ allow: public, operations: [read] }]) }",
            "auth-field-operations",
        ),
        ("type Query { x: Int @auth(rules: []) }", "auth-no-rules"),
        ("type A @model @auth(rules: { allow: owner }) { id: ID! }", "auth-no-rules"),
    ],
)
def test_rules_elsewhere(sdl: str, expected: str) -> None:
    assert [rule for rule, _ in rules(sdl)] == [expected]


def test_a_provider_that_the_api_lacks() -> None:
    sdl = MODEL % "{ allow: private, provider: iam }, { allow: public }, { allow: owner }"
    found = lint_schema(sdl, auth_providers=("apiKey", "identityPool"))
    assert [(entry.rule, sdl[entry.column - 1 :][:5]) for entry in found] == [
        ("auth-provider-missing", "owner")
    ]
    assert "apiKey, identityPool" in str(found[0].hint)


def test_providers_are_advice_if_the_project_does_not_list_its_own() -> None:
    sdl = MODEL % "{ allow: private }, { allow: public }"
    (found,) = lint_schema(sdl)
    assert (found.rule, found.stage, found.severity) == (
        "auth-provider-unknown",
        "advice",
        "warning",
    )
    assert "apiKey, userPools" in found.message
