from __future__ import annotations

from typing import Any

import pytest

from unit.modelgen.shown import attributes, problems

ALL = ["create", "update", "delete", "read"]


def written(rule: str) -> Any:
    (directive,) = attributes(f"type A @model @auth(rules: [{rule}]) {{ x: Int }}", "A", "auth")
    return [list(one.items()) for one in directive["rules"]]


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
def test_rules_are_spelled_out(rule: str, expected: dict[str, Any]) -> None:
    (found,) = written(rule)
    assert sorted(found, key=str) == sorted(expected.items(), key=str)


def test_written_keys_keep_their_places() -> None:
    (found,) = written('{allow: groups, groupsField: "g", operations: [read]}')
    assert [name for name, _ in found] == [
        "groupClaim",
        "provider",
        "allow",
        "groupsField",
        "operations",
        "groupField",
    ]


def test_the_old_rule_for_dynamic_groups_is_dropped() -> None:
    assert written('{allow: groups, groupField: "editors"}') == []


def test_absent_rules_are_an_empty_list() -> None:
    assert attributes("type A @model @auth(other: 1) { x: Int }", "A", "auth") == [
        {"other": 1, "rules": []}
    ]


@pytest.mark.parametrize(
    "place", ["type A @model {} {{ x: Int }}", "type A @model {{ x: Int {} }}"]
)
def test_rules_that_are_none_are_refused_on_types_and_fields(place: str) -> None:
    (not_a_list,) = problems(place.format("@auth(rules: {allow: owner})"))
    (null,) = problems(place.format("@auth(rules: [null])"))
    assert "the rules of @auth are not a list" in not_a_list
    assert "a rule of @auth is null" in null


def test_access_rules_of_custom_types_are_not_looked_at() -> None:
    assert problems("type N @auth(rules: 3) { x: Int }") == []
