from __future__ import annotations

from typing import Any

import pytest

from support.model_parts import attributes, problems

ALL = ["create", "update", "delete", "read"]


def serialized_rules(rule: str) -> Any:
    (directive,) = attributes(f"type A @model @auth(rules: [{rule}]) {{ x: Int }}", "A", "auth")
    return [list(entry.items()) for entry in directive["rules"]]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            "{allow: owner}",
            {
                "provider": "userPools",
                "ownerField": "owner",
                "allow": "owner",
                "identityClaim": "cognito:username",
                "operations": ALL,
            },
        ),
        (
            '{allow: owner, operations: [read], identityClaim: "sub"}',
            {
                "provider": "userPools",
                "ownerField": "owner",
                "allow": "owner",
                "operations": ["read"],
                "identityClaim": "sub",
            },
        ),
        (
            '{allow: owner, identityField: "username", mutations: [create]}',
            {
                "provider": "userPools",
                "ownerField": "owner",
                "allow": "owner",
                "identityField": "username",
                "mutations": ["create"],
                "identityClaim": "cognito:username",
                "operations": ["create"],
            },
        ),
        (
            '{allow: groups, groups: ["Admin"], groupField: ""}',
            {
                "groupClaim": "cognito:groups",
                "provider": "userPools",
                "allow": "groups",
                "groups": ["Admin"],
                "operations": ALL,
            },
        ),
        (
            '{allow: groups, groupsField: "editors", operations: [read]}',
            {
                "groupClaim": "cognito:groups",
                "provider": "userPools",
                "allow": "groups",
                "groupsField": "editors",
                "operations": ["read"],
                "groupField": "groups",
            },
        ),
        (
            "{allow: public, provider: iam}",
            {"allow": "public", "provider": "iam", "operations": ALL},
        ),
        ("[a, b]", {"0": "a", "1": "b", "operations": ALL}),
        ("3", {"operations": ALL}),
    ],
)
def test_rules_are_completed_with_defaults(rule: str, expected: dict[str, Any]) -> None:
    (properties,) = serialized_rules(rule)
    assert sorted(properties, key=str) == sorted(expected.items(), key=str)


def test_declared_properties_keep_their_order() -> None:
    (properties,) = serialized_rules('{allow: groups, groupsField: "g", operations: [read]}')
    assert [name for name, _ in properties] == [
        "groupClaim",
        "provider",
        "allow",
        "groupsField",
        "operations",
        "groupField",
    ]


def test_legacy_dynamic_group_rules_are_dropped() -> None:
    assert serialized_rules('{allow: groups, groupField: "editors"}') == []


def test_missing_rules_become_an_empty_list() -> None:
    assert attributes("type A @model @auth(other: 1) { x: Int }", "A", "auth") == [
        {"other": 1, "rules": []}
    ]


@pytest.mark.parametrize(
    "template", ["type A @model {} {{ x: Int }}", "type A @model {{ x: Int {} }}"]
)
def test_invalid_rules_are_rejected_on_types_and_fields(template: str) -> None:
    (not_a_list,) = problems(template.format("@auth(rules: {allow: owner})"))
    (null,) = problems(template.format("@auth(rules: [null])"))
    assert "the rules of @auth are not a list" in not_a_list
    assert "a rule of @auth is null" in null


def test_auth_rules_of_custom_types_are_ignored() -> None:
    assert problems("type N @auth(rules: 3) { x: Int }") == []
