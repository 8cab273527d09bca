"""Auth rules as the platforms have them: Swift, Java and Dart."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from amplify_modelgen.modelgen import NativeModel

_KEYS = {
    "owner": ("ownerField", "identityClaim"),
    "groups": ("groupClaim", "groups"),
    "public": (),
    "private": (),
}
RULE_KEYS = ("ownerField", "identityClaim", "groupClaim", "groups", "groupsField", "provider")
"""The keys of a rule in the order in which they are written, after `allow`."""


def auth_rules(rules: Iterable[Mapping[str, object]]) -> Iterator[dict[str, object]]:
    """Yield the rules that the platforms support, each with `allow`, its keys and `operations`.

    Other strategies are left out, as Amplify does. A rule for groups has a list `groups`, or a
    `groupsField`, whose value is always "groups". A text that is null is "null".
    """
    for rule in rules:
        keys = _KEYS.get(str(rule.get("allow")))
        if keys is None:
            continue
        written = {key: "null" if rule[key] is None else rule[key] for key in keys if key in rule}
        if rule["allow"] == "groups" and rule.get("groups") in (None, ""):
            written.pop("groups", None)
            written["groupsField"] = rule.get("groupField")
        if rule.get("provider") is not None:
            written["provider"] = rule["provider"]
        yield {"allow": rule["allow"], **written, "operations": rule.get("operations")}


def has_rules(model: NativeModel) -> bool:
    """Return whether a model or one of its fields has a rule that the platforms support."""
    lists = [model.auth, *(field.auth for field in model.fields)]
    return any(True for rules in lists for _ in auth_rules(rules))


def operations(rule: Mapping[str, object]) -> list[str]:
    """Return the operations of a rule that has been checked."""
    names = rule["operations"]
    return [str(name) for name in names] if isinstance(names, list) else []
