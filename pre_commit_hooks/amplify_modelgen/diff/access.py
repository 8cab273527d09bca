"""Turns auth rules into grants: who may do what. Rules that grant the same are the same.

Sources: docs.amplify.aws/gen1, "Customize authorization rules" (providers, `read` as the sum of
five operations) and the rules as the introspection document writes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .shapes import canonical, items, mapping, text

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
    place = f"{where}.operations"
    chosen = _DEFAULT if written is None else items(written, place)
    expanded: set[str] = set()
    for operation in chosen:
        name = text(operation, place)
        expanded.update(_READS if name == "read" else (name,))
    return frozenset(expanded)


def _named(rule: dict[str, Any], where: str) -> Iterator[str]:
    allow = rule.get("allow")
    word = allow if isinstance(allow, str) else canonical(allow, where)
    name, provider = _ALLOWED.get(word, (f"allow {word}", "no provider"))
    details = _details(rule, rule.get("provider") or provider, where)
    for subject in _subjects(rule, word, name, where):
        yield f"{subject} ({details})"


def _subjects(rule: dict[str, Any], word: str, name: str, where: str) -> Iterator[str]:
    if word == "owner":
        yield f"{name} in field {_shown(rule.get('ownerField') or 'owner', where)}"
    elif word == "groups":
        yield from _groups(rule, where)
    else:
        yield name


def _groups(rule: dict[str, Any], where: str) -> Iterator[str]:
    written = rule.get("groups")
    members = [written] if isinstance(written, str) else items(written, f"{where}.groups")
    for member in members:
        yield f"group {_shown(member, where)}"
    holder = rule.get("groupsField") or (None if members else rule.get("groupField") or "groups")
    if holder:
        yield f"the groups in field {_shown(holder, where)}"


def _details(rule: dict[str, Any], provider: object, where: str) -> str:
    claims = [
        f"claim {_shown(rule[key], where)}"
        for key, default in _CLAIMS.items()
        if rule.get(key) not in (None, default)
    ]
    others = sorted(set(rule).difference(_KNOWN, _CLAIMS))
    extras = [f"{key} {canonical(rule[key], where)}" for key in others]
    return ", ".join([_shown(provider, where), *claims, *extras])


def _shown(value: object, where: str) -> str:
    return value if isinstance(value, str) else canonical(value, where)
