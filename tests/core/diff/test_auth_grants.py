from __future__ import annotations

import pytest

from amplify_modelgen.diff import (
    compare_models,
)
from support.introspection_documents import (
    Json,
    attribute,
    auth,
    post,
)


def messages(old: Json, new: Json) -> list[str]:
    return [change.message for change in compare_models(old, new)]


def access(*rule: Json) -> Json:
    return post({}, auth(*rule))


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
def test_rules_that_grant_the_same_are_equal(first: Json, second: Json) -> None:
    assert compare_models(access(first), access(second)) == ()


def test_rules_of_the_same_grantee_are_added_up() -> None:
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
def test_message_names_the_grantee(rule: Json, who: str) -> None:
    base = {"allow": "owner", "operations": ["delete"]}
    (message,) = messages(access(base), access(base, {**rule, "operations": ["read", "x"]}))
    assert message == f"{who} may now read, x"


def test_arguments_of_any_type_are_accepted() -> None:
    rule = {"allow": "groups", "groups": [1], "operations": "delete", "provider": 2}
    base = {"allow": "public", "operations": ["read"]}
    assert messages(access(base), access(base, rule)) == ["group 1 (2) may now delete"]
    odd = attribute("key", name=1, fields="a", queryField=True)
    assert messages(post(), post({}, odd)) == ["index 1 on a added"]


def test_groups_are_compared_one_by_one() -> None:
    old = access({"allow": "groups", "groups": ["A", "B"], "operations": ["create"]})
    new = access({"allow": "groups", "groups": ["B", "C"], "operations": ["create"]})
    assert messages(old, new) == [
        "group C (userPools) may now create",
        "group A (userPools) may no longer create",
    ]


def test_lost_and_gained_operations_are_both_reported() -> None:
    old = access({"allow": "public", "operations": ["read"]})
    new = access({"allow": "public", "operations": ["list", "create"]})
    assert messages(old, new) == [
        "everyone (apiKey) may now also create",
        "everyone (apiKey) may no longer get, sync, listen, search",
    ]


def test_rules_that_grant_nothing_are_still_rules() -> None:
    no_access = access({"allow": "public", "operations": []})
    assert messages(post(), no_access) == ["auth rules introduced: no access is granted"]
