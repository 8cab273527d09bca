"""Rules of `@auth`: strategies, providers, groups, owners and operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rule import Rule
from .wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen.modelgen.syntax import Value

    from .schema_index import DirectiveUse, Problem, SchemaIndex

AuthRule = dict[str, "Value"]
_Path = tuple[str | int, ...]

PROVIDERS = {
    "owner": ("userPools", "oidc"),
    "groups": ("userPools", "oidc"),
    "private": ("userPools", "oidc", "identityPool", "iam"),
    "public": ("apiKey", "identityPool", "iam"),
    "custom": ("function",),
}
"""The providers of each strategy; the first one is the default."""

_PROVIDERS_1 = {
    **PROVIDERS,
    "private": ("userPools", "iam"),
    "public": ("apiKey", "iam"),
}

ROOT_TYPES = ("Query", "Mutation", "Subscription")

_READ = ("get", "list", "sync", "listen", "search")


def auth_rules(use: DirectiveUse) -> Iterator[tuple[_Path, AuthRule]]:
    """Yield the rules of an `@auth` with their paths."""
    rules = use.argument("rules")
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        if isinstance(rule, dict):
            yield ("rules", index), rule


def provider_of(rule: AuthRule) -> str:
    """Return the provider of a rule. `iam` is the older name of `identityPool`."""
    provider = rule.get("provider") or PROVIDERS[str(rule["allow"])][0]
    return "identityPool" if provider == "iam" else str(provider)


def _each_rule(index: SchemaIndex) -> Iterator[tuple[DirectiveUse, _Path, AuthRule]]:
    for use in index.uses["auth"]:
        for path, rule in auth_rules(use):
            yield use, path, rule


def _owner(index: SchemaIndex) -> Iterator[Problem]:
    for use in index.uses["auth"]:
        if use.field is None and use.owner.name not in index.models:
            message = f"{use.path} has @auth, but is not a model"
            yield use.problem(message, f"add @model to {use.path}, or move @auth to its fields")
        elif use.owner.kind == "interface":
            message = f"{use.path} has @auth, but is a field of an interface"
            yield use.problem(message, "move @auth to the types that implement the interface")


def _no_rules(index: SchemaIndex) -> Iterator[Problem]:
    for use in index.uses["auth"]:
        # Version 1 accepts an empty list.
        if not any(auth_rules(use)) and not (index.version == 1 and use.argument("rules") == []):
            is_single = isinstance(use.argument("rules"), dict)
            hint = "write the rule in brackets" if is_single else "add a rule: { allow: owner }"
            yield use.problem(f"@auth of {use.path} has no list of rules", hint, "rules")


def _groups(index: SchemaIndex) -> Iterator[Problem]:
    for use, path, rule in _each_rule(index):
        groups, field = rule.get("groups"), rule.get("groupsField")
        if groups is not None and field:
            message = "the rule has both `groups` and `groupsField`"
            yield use.problem(message, "remove one of them", *path, "groupsField")
        elif index.version == 1:
            continue
        elif rule["allow"] == "groups" and groups is None and not field:
            message = "the rule allows groups, but names none"
            hint = 'add groups: ["Admin"], or groupsField with the name of a field'
            yield use.problem(message, hint, *path)
        elif rule["allow"] == "groups" and groups == []:
            hint = "name a group, or remove the rule"
            yield use.problem("the list of groups is empty", hint, *path, "groups")


def _claims(index: SchemaIndex) -> Iterator[Problem]:
    for use, path, rule in _each_rule(index):
        for claim, excluded, strategy in (
            ("identityClaim", "groups", "owner"),
            ("identityField", "groups", "owner"),
            ("groupClaim", "owner", "groups"),
        ):
            if rule["allow"] == excluded and rule.get(claim):
                message = f"`{claim}` belongs to rules that allow {strategy}"
                hint = f"remove it, or write allow: {strategy}"
                yield use.problem(message, hint, *path, claim)
        if rule.get("identityField") and rule.get("identityClaim"):
            message = "the rule has both `identityField` and `identityClaim`"
            hint = "remove `identityField`, which is the older name"
            yield use.problem(message, hint, *path, "identityField")


def _strategy_provider(index: SchemaIndex) -> Iterator[Problem]:
    for use, path, rule in _each_rule(index):
        strategy, provider = str(rule["allow"]), rule.get("provider")
        known = (_PROVIDERS_1 if index.version == 1 else PROVIDERS)[strategy]
        if provider is not None and provider not in known:
            message = f"a rule that allows {strategy} cannot use the provider {provider}"
            hint = f"its providers are {listed(known)}"
            yield use.problem(message, hint, *path, "provider")


def _missing_provider(index: SchemaIndex) -> Iterator[Problem]:
    configured = index.auth_providers
    for use, path, rule in _each_rule(index) if configured is not None else ():
        provider = provider_of(rule)
        if configured is not None and provider not in configured:
            name = rule.get("provider") or provider
            message = f"the rule needs the auth provider {name}, which the API does not have"
            names = f"the API has {listed(configured)}" if configured else "the API has none"
            place = "provider" if rule.get("provider") else "allow"
            hint = f"add it by `amplify update api`; {names}"
            yield use.problem(message, hint, *path, place)


def _unknown_providers(index: SchemaIndex) -> Iterator[Problem]:
    if index.auth_providers is None:
        needed = {provider_of(rule): (use, path) for use, path, rule in _each_rule(index)}
        for use, path in [*needed.values()][:1]:
            message = f"the rules need these auth providers of the API: {listed(sorted(needed))}"
            hint = "check that the API has them; no file of the project lists its providers"
            yield use.problem(message, hint, *path, "allow")


def _single_operation(index: SchemaIndex) -> Iterator[Problem]:
    for use, path, rule in _each_rule(index):
        operations = rule.get("operations")
        if isinstance(operations, str):
            hint = f"write it in brackets: operations: [{operations}]"
            yield use.problem("`operations` is not a list", hint, *path, "operations")
        elif isinstance(operations, list) and None in operations:
            place = (*path, "operations", operations.index(None))
            yield use.problem("an operation is null", "remove it", *place)


def _read_operations(index: SchemaIndex) -> Iterator[Problem]:
    for use, path, rule in _each_rule(index):
        operations = rule.get("operations")
        if not isinstance(operations, list) or "read" not in operations:
            continue
        rest = operations[operations.index("read") + 1 :]
        if "read" in rest:
            place = len(operations) - 1 - operations[::-1].index("read")
            hint = "remove one of them"
            yield use.problem("the operation read is repeated", hint, *path, "operations", place)
        for place, operation in enumerate(operations):
            if operation in _READ:
                message = f"the operation {operation} is part of read, which the rule has as well"
                hint = f"remove {operation}, or remove read to allow {operation} only"
                yield use.problem(message, hint, *path, "operations", place)


def _field_operations(index: SchemaIndex) -> Iterator[Problem]:
    for use, path, rule in _each_rule(index):
        operations = rule.get("operations")
        for name in ("queries", "mutations") if use.field else ():
            if rule.get(name) is not None:
                message = f"`{name}` cannot be set for a field"
                yield use.problem(message, "use `operations`", *path, name)
        if use.field is None or not isinstance(operations, list) or not operations:
            continue
        if use.owner.name not in index.models:
            kind = "an operation" if use.owner.name in ROOT_TYPES else "a field outside of models"
            message = f"{use.path} is {kind}, whose rules cannot have `operations`"
            yield use.problem(message, "remove `operations`", *path, "operations")
            continue
        for place, operation in enumerate(operations):
            if operation in _READ:
                message = f"the operation {operation} cannot be allowed for a field"
                yield use.problem(message, "use read", *path, "operations", place)


_POST = "type Post @model @auth(rules: [{ %s }]) { id: ID! editors: [String] }"

AUTH_RULES = (
    Rule(
        id="auth-owner",
        summary="`@auth` belongs to models and to fields of object types.",
        wrong="type Place @auth(rules: [{ allow: public }]) { city: String }",
        right="type Place @model @auth(rules: [{ allow: public }]) { id: ID! city: String }",
        find=_owner,
        versions=(1, 2),
    ),
    Rule(
        id="auth-no-rules",
        summary="`@auth` has a list of rules. Only transformer version 1 accepts an empty list.",
        wrong="type Post @model @auth(rules: { allow: owner }) { id: ID! }",
        right="type Post @model @auth(rules: [{ allow: owner }]) { id: ID! }",
        find=_no_rules,
        versions=(1, 2),
    ),
    Rule(
        id="auth-groups",
        summary="A rule that allows groups has either `groups` with names, or `groupsField`. Only"
        " transformer version 1 accepts a rule without both.",
        wrong=_POST % 'allow: groups, groups: ["Admin"], groupsField: "editors"',
        right=_POST % 'allow: groups, groups: ["Admin"]',
        find=_groups,
        versions=(1, 2),
    ),
    Rule(
        id="auth-claim",
        summary="`identityClaim` belongs to rules for owners, `groupClaim` to rules for groups. In"
        " transformer version 1, `identityField` is an older name of `identityClaim`.",
        wrong=_POST % 'allow: owner, groupClaim: "roles"',
        right=_POST % 'allow: owner, identityClaim: "email"',
        find=_claims,
        versions=(1, 2),
    ),
    Rule(
        id="auth-strategy-provider",
        summary="The provider of a rule supports its strategy.",
        wrong=_POST % "allow: owner, provider: apiKey",
        right=_POST % "allow: owner, provider: oidc",
        find=_strategy_provider,
        versions=(1, 2),
    ),
    Rule(
        id="auth-provider-missing",
        summary="The provider of a rule is configured for the API.",
        wrong=_POST % "allow: owner",
        right=_POST % "allow: public",
        providers=("apiKey",),
        find=_missing_provider,
        versions=(1, 2),
    ),
    Rule(
        id="auth-provider-unknown",
        summary="The auth providers of the API are unknown, so that they cannot be compared.",
        wrong=_POST % "allow: owner",
        right="type Post @model { id: ID! }",
        severity="warning",
        stage="advice",
        find=_unknown_providers,
        versions=(1, 2),
    ),
    Rule(
        id="auth-operations-list",
        summary="`operations` is a list of operations, also if there is only one.",
        wrong=_POST % "allow: public, operations: read",
        right=_POST % "allow: public, operations: [read]",
        find=_single_operation,
    ),
    Rule(
        id="auth-read-operations",
        summary="A rule allows either `read` or single kinds of reading, not both.",
        wrong=_POST % "allow: public, operations: [read, get]",
        right=_POST % "allow: public, operations: [get, list]",
        find=_read_operations,
    ),
    Rule(
        id="auth-field-operations",
        summary="A rule of a field allows `create`, `update`, `delete` or `read`, in models only,"
        " and has none of the `queries` and `mutations` of transformer version 1.",
        wrong="type Place { city: String @auth(rules: [{ allow: public, operations: [read] }]) }",
        right="type Place { city: String @auth(rules: [{ allow: public }]) }",
        find=_field_operations,
        versions=(1, 2),
    ),
)
