"""Turns auth rules into grants: who may do what. Rules that grant the same are the same.

Sources: docs.amplify.aws/gen1, "Customize authorization rules" (providers, `read` as the sum of
five operations) and the rules as the introspection document writes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .shapes import canonical, mapping, word, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_READS = ("get", "list", "sync", "listen", "search")
_ORDER = ("create", "update", "delete", "read", *_READS)
_DEFAULT = ("create", "update", "delete", "read")

# what `allow` means, and the provider that it means where the rule names none
_ALLOWED = {
    "owner": ("the owner", "userPools"),
    "groups": ("groups", "userPools"),
    "private": ("everyone signed in", "userPools"),
    "public": ("everyone", "apiKey"),
    "custom": ("the Lambda authorizer", "function"),
}
_CLAIMS = {"identityClaim": "cognito:username", "groupClaim": "cognito:groups"}
_KNOWN = {
    *("allow", "provider", "ownerField", "groups", "groupsField", "groupField"),
    *("operations", "mutations", "identityField"),
}


def grants(rules: list[Any], where: str) -> dict[str, frozenset[str]]:
    """Return the operations of everyone that the `rules` name, in the order of the rules.

    The names are sentences for people, and differ where the rules differ.
    """
    granted: dict[str, frozenset[str]] = {}
    for index, item in enumerate(rules):
        place = f"{where}[{index}]"
        rule = mapping(item, place)
        operations = _operations(rule, place)
        for who in _named(rule, place) if operations else ():
            granted[who] = granted.get(who, frozenset()) | operations
    return granted


def listed(operations: Collection[str]) -> str:
    """Return operations for people: in a fixed order, the five that read as `read`."""
    left = set(operations)
    if left.issuperset(_READS):
        left = left.difference(_READS) | {"read"}
    known = [name for name in _ORDER if name in left]
    return ", ".join(known + sorted(left.difference(_ORDER)))


def _operations(rule: dict[str, Any], where: str) -> frozenset[str]:
    written = rule.get("operations")
    chosen = _DEFAULT if written is None else words(written, where)
    return frozenset(part for name in chosen for part in (_READS if name == "read" else (name,)))


def _named(rule: dict[str, Any], where: str) -> Iterator[str]:
    allow = word(rule.get("allow"), where)
    name, provider = _ALLOWED.get(allow, (f"allow {allow}", "no provider"))
    details = _details(rule, rule.get("provider") or provider, where)
    for subject in _subjects(rule, allow, name, where):
        yield f"{subject} ({details})"


def _subjects(rule: dict[str, Any], allow: str, name: str, where: str) -> Iterator[str]:
    if allow == "owner":
        yield f"{name} in field {word(rule.get('ownerField') or 'owner', where)}"
    elif allow == "groups":
        yield from _groups(rule, where)
    else:
        yield name


def _groups(rule: dict[str, Any], where: str) -> Iterator[str]:
    members = words(rule.get("groups"), where)
    for member in members:
        yield f"group {member}"
    holder = rule.get("groupsField") or (None if members else rule.get("groupField") or "groups")
    if holder:
        yield f"the groups in field {word(holder, where)}"


def _details(rule: dict[str, Any], provider: object, where: str) -> str:
    claims = [
        f"claim {word(rule[key], where)}"
        for key, default in _CLAIMS.items()
        if rule.get(key) not in (None, default)
    ]
    others = sorted(set(rule).difference(_KNOWN, _CLAIMS))
    extras = [f"{key} {canonical(rule[key], where)}" for key in others]
    return ", ".join([word(provider, where), *claims, *extras])
