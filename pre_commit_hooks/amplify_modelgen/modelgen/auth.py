"""Rules of `@auth` in the form in which clients read them: with their defaults, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .problems import RefusalError
from .values import truthy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .problems import Finding
    from .tree import Directive, Value

_OPERATIONS: list[Value] = ["create", "update", "delete", "read"]
_USERNAME = "username"


def access_rules(
    directives: tuple[Directive, ...], findings: list[Finding]
) -> tuple[dict[str, Value], ...]:
    """Return the arguments of every `@auth` with its rules spelled out.

    A rule for dynamic groups in its old form (`groupField`) is dropped, as Amplify drops it. What
    is no rule is noted in `findings`.
    """
    written = []
    for directive in directives:
        if directive.name == "auth":
            try:
                written.append(_auth(directive))
            except RefusalError as refusal:
                findings.append(refusal.finding)
    return tuple(written)


def _auth(directive: Directive) -> dict[str, Value]:
    rules = directive.arguments.get("rules")
    if not truthy(rules):
        rules = []
    if not isinstance(rules, list):
        message = "the rules of @auth are not a list"
        raise RefusalError(directive.at, message, "write `rules: [{allow: owner}]`")
    return {**directive.arguments, "rules": [*_spelled_out(directive, rules)]}


def _spelled_out(directive: Directive, rules: list[Value]) -> Iterable[Value]:
    for rule in rules:
        if rule is None:
            raise RefusalError(directive.at, "a rule of @auth is null", "write `{allow: owner}`")
        known = _properties(rule)
        if known.get("allow") != "groups" or not truthy(known.get("groupField")):
            yield _rule(known)


def _properties(rule: Value) -> dict[str, Value]:
    """Return what JavaScript takes for the properties of a rule, though it be no object."""
    if isinstance(rule, dict):
        return rule
    items = rule if isinstance(rule, list | str) else ()
    return {str(index): item for index, item in enumerate(items)}


def _rule(rule: dict[str, Value]) -> Value:
    operations = _first_true(rule.get("operations"), rule.get("mutations"), _OPERATIONS)
    match rule.get("allow"):
        case "owner":
            return _owner_rule(rule, operations)
        case "groups":
            return _groups_rule(rule, operations)
    return {**rule, "operations": operations}


def _owner_rule(rule: dict[str, Value], operations: Value) -> Value:
    claim = _first_true(rule.get("identityClaim"), rule.get("identityField"), _USERNAME)
    return {
        "provider": "userPools",
        "ownerField": "owner",
        **rule,
        "identityClaim": f"cognito:{_USERNAME}" if claim == _USERNAME else claim,
        "operations": operations,
    }


def _groups_rule(rule: dict[str, Value], operations: Value) -> Value:
    written = {
        "groupClaim": "cognito:groups",
        "provider": "userPools",
        **rule,
        "groupField": "groups",
        "operations": operations,
    }
    if truthy(rule.get("groups")):
        del written["groupField"]
    return written


def _first_true(*values: Value) -> Value:
    return next(value for value in values if truthy(value))
