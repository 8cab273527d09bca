"""Rules of `@auth`: strategies, providers, groups, owners and operations."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.modelgen.syntax import find_directive

from .rule import schema_rule
from .schema_index import DirectiveUse, Problem
from .wording import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from amplify_modelgen.modelgen.syntax import Definition, FieldDefinition, Value

    from .schema_index import DirectiveUse, SchemaIndex

PROVIDERS = {
    "owner": ("userPools", "oidc"),
    "groups": ("userPools", "oidc"),
    "private": ("userPools", "oidc", "identityPool", "iam"),
    "public": ("apiKey", "identityPool", "iam"),
    "custom": ("function",),
}
"""The providers of each strategy; the first one is the default."""

_PROVIDERS_1 = {**PROVIDERS, "private": ("userPools", "iam"), "public": ("apiKey", "iam")}

_OWNER_CLAIMS = {"userPools": "sub::username", "oidc": "sub"}
_TO_MANY = ("hasMany", "manyToMany")
# The levels of subscriptions at which a record is sent with the fields that its reader may see.
_UNFILTERED_LEVELS = ("off", "public")
_READ = ("get", "list", "sync", "listen", "search")


class AuthRuleUse(Struct, frozen=True):
    """A rule of an `@auth`."""

    use: DirectiveUse
    position: int
    arguments: dict[str, Value]

    @property
    def strategy(self) -> str:
        """The value of `allow`."""
        return str(self.arguments["allow"])

    @property
    def provider(self) -> str:
        """The declared or default provider. `iam` is the older name of `identityPool`."""
        provider = self.arguments.get("provider") or PROVIDERS[self.strategy][0]
        return "identityPool" if provider == "iam" else str(provider)

    @property
    def operations(self) -> list[Value]:
        """The operations, if they are a list."""
        operations = self.arguments.get("operations")
        return operations if isinstance(operations, list) else []

    def problem(self, message: str, hint: str, *path: str | int) -> Problem:
        """Return a problem of the rule, or of a value in it."""
        return self.use.problem(message, hint, "rules", self.position, *path)


def rules_of(use: DirectiveUse) -> Iterator[AuthRuleUse]:
    """Yield the rules of an `@auth`."""
    rules = use.argument("rules")
    for position, rule in enumerate(rules if isinstance(rules, list) else ()):
        if isinstance(rule, dict):
            yield AuthRuleUse(use, position, rule)


def _each_rule(index: SchemaIndex) -> Iterator[AuthRuleUse]:
    return (rule for use in index.uses["auth"] for rule in rules_of(use))


@schema_rule(1, 2)
def auth_owner(index: SchemaIndex) -> Iterator[Problem]:
    """`@auth` belongs to models and to fields of object types.

    Wrong: type Place @auth(rules: [{ allow: public }]) { city: String }
    Right: type Place @model @auth(rules: [{ allow: public }]) { id: ID! city: String }
    """
    for use in index.uses["auth"]:
        if use.field is None and use.owner.name not in index.models:
            message = f"{use.path} has @auth, but is not a model"
            yield use.problem(message, f"add @model to {use.path}, or move @auth to its fields")
        elif use.owner.kind == "interface":
            message = f"{use.path} has @auth, but is a field of an interface"
            yield use.problem(message, "move @auth to the types that implement the interface")


@schema_rule(1, 2)
def auth_no_rules(index: SchemaIndex) -> Iterator[Problem]:
    """`@auth` has a list of rules. Only transformer version 1 accepts an empty list.

    Wrong: type Post @model @auth(rules: { allow: owner }) { id: ID! }
    Right: type Post @model @auth(rules: [{ allow: owner }]) { id: ID! }
    """
    for use in index.uses["auth"]:
        # Version 1 accepts an empty list.
        if not [*rules_of(use)] and not (index.version == 1 and use.argument("rules") == []):
            is_single = isinstance(use.argument("rules"), dict)
            hint = "write the rule in brackets" if is_single else "add a rule: { allow: owner }"
            yield use.problem(f"@auth of {use.path} has no list of rules", hint, "rules")


@schema_rule(1, 2)
def auth_groups(index: SchemaIndex) -> Iterator[Problem]:
    """A rule that allows groups has either `groups` with names, or `groupsField`.

    Only transformer version 1 accepts a rule without both.

    Wrong: type A @model @auth(rules: [{ allow: groups, groups: [], groupsField: "g" }]) { g: ID }
    Right: type Post @model @auth(rules: [{ allow: groups, groups: ["Admin"] }]) { id: ID! }
    """
    for rule in _each_rule(index):
        groups, field = rule.arguments.get("groups"), rule.arguments.get("groupsField")
        if groups is not None and field:
            message = "the rule has both `groups` and `groupsField`"
            yield rule.problem(message, "remove one of them", "groupsField")
        elif index.version == 1 or field or rule.strategy != "groups":
            continue
        elif groups is None or groups == []:
            hint = 'add groups: ["Admin"], or groupsField with the name of a field'
            place = () if groups is None else ("groups",)
            yield rule.problem("the rule allows groups, but names none", hint, *place)


@schema_rule(1, 2)
def auth_claim(index: SchemaIndex) -> Iterator[Problem]:
    """`identityClaim` belongs to rules for owners, `groupClaim` to rules for groups.

    In transformer version 1, `identityField` is an older name of `identityClaim`.

    Wrong: type Post @model @auth(rules: [{ allow: owner, groupClaim: "roles" }]) { id: ID! }
    Right: type Post @model @auth(rules: [{ allow: owner, identityClaim: "email" }]) { id: ID! }
    """
    for rule in _each_rule(index):
        claims = {"groups": ("identityClaim", "identityField"), "owner": ("groupClaim",)}
        for claim in claims.get(rule.strategy, ()):
            if rule.arguments.get(claim):
                other = "owner" if rule.strategy == "groups" else "groups"
                message = f"`{claim}` belongs to rules that allow {other}"
                yield rule.problem(message, f"remove it, or write allow: {other}", claim)
        if rule.arguments.get("identityField") and rule.arguments.get("identityClaim"):
            message = "the rule has both `identityField` and `identityClaim`"
            hint = "remove `identityField`, which is the older name"
            yield rule.problem(message, hint, "identityField")


@schema_rule(1, 2)
def auth_strategy_provider(index: SchemaIndex) -> Iterator[Problem]:
    """The provider of a rule supports its strategy.

    Wrong: type Post @model @auth(rules: [{ allow: owner, provider: apiKey }]) { id: ID! }
    Right: type Post @model @auth(rules: [{ allow: owner, provider: oidc }]) { id: ID! }
    """
    for rule in _each_rule(index):
        strategy, provider = rule.strategy, rule.arguments.get("provider")
        known = (_PROVIDERS_1 if index.version == 1 else PROVIDERS)[strategy]
        if provider is not None and provider not in known:
            message = f"a rule that allows {strategy} cannot use the provider {provider}"
            hint = f"its providers are {listed(known)}"
            yield rule.problem(message, hint, "provider")


@schema_rule(1, 2, providers=("apiKey",))
def auth_provider_missing(index: SchemaIndex) -> Iterator[Problem]:
    """The provider of a rule is configured for the API.

    Wrong: type Post @model @auth(rules: [{ allow: owner }]) { id: ID! }
    Right: type Post @model @auth(rules: [{ allow: public }]) { id: ID! }
    """
    configured = index.auth_providers
    for rule in _each_rule(index) if configured is not None else ():
        if rule.provider not in (configured or ()):
            declared = rule.arguments.get("provider")
            name = declared or rule.provider
            message = f"the rule needs the auth provider {name}, which the API does not have"
            hint = f"add it by `amplify update api`; the API has {listed(configured or ['none'])}"
            yield rule.problem(message, hint, "provider" if declared else "allow")


@schema_rule(1, 2, stage="advice")
def auth_provider_unknown(index: SchemaIndex) -> Iterator[Problem]:
    """The auth providers of the API are unknown, so that they cannot be compared.

    Wrong: type Post @model @auth(rules: [{ allow: owner }]) { id: ID! }
    Right: type Post @model { id: ID! }
    """
    if index.auth_providers is None:
        needed = {rule.provider: rule for rule in _each_rule(index)}
        for rule in [*needed.values()][:1]:
            message = f"the rules need these auth providers of the API: {listed(sorted(needed))}"
            hint = "check that the API has them; no file of the project lists its providers"
            yield rule.problem(message, hint, "allow")


@schema_rule()
def auth_operations_list(index: SchemaIndex) -> Iterator[Problem]:
    """`operations` is a list of operations, also if there is only one.

    Wrong: type Post @model @auth(rules: [{ allow: public, operations: read }]) { id: ID! }
    Right: type Post @model @auth(rules: [{ allow: public, operations: [read] }]) { id: ID! }
    """
    for rule in _each_rule(index):
        operations = rule.arguments.get("operations")
        if isinstance(operations, str):
            hint = f"write it in brackets: operations: [{operations}]"
            yield rule.problem("`operations` is not a list", hint, "operations")
        elif None in rule.operations:
            place = rule.operations.index(None)
            yield rule.problem("an operation is null", "remove it", "operations", place)


@schema_rule()
def auth_read_operations(index: SchemaIndex) -> Iterator[Problem]:
    """A rule allows either `read` or single kinds of reading, not both.

    Wrong: type Post @model @auth(rules: [{ allow: public, operations: [read, get] }]) { id: ID! }
    Right: type Post @model @auth(rules: [{ allow: public, operations: [get, list] }]) { id: ID! }
    """
    for rule in _each_rule(index):
        reads = [place for place, each in enumerate(rule.operations) if each == "read"]
        if len(reads) > 1:
            message = "the operation read is repeated"
            yield rule.problem(message, "remove one of them", "operations", reads[-1])
        for place, operation in enumerate(rule.operations):
            if reads and operation in _READ:
                message = f"the operation {operation} is part of read, which the rule has as well"
                hint = f"remove {operation}, or remove read to allow {operation} only"
                yield rule.problem(message, hint, "operations", place)


@schema_rule(1, 2)
def auth_field_operations(index: SchemaIndex) -> Iterator[Problem]:
    """A rule of a field allows `create`, `update`, `delete` or `read`, in models only.

    It has none of the `queries` and `mutations` of transformer version 1.

    Wrong: type Place { city: String @auth(rules: [{ allow: public, operations: [read] }]) }
    Right: type Place { city: String @auth(rules: [{ allow: public }]) }
    """
    for rule in _each_rule(index):
        use = rule.use
        if use.field is None:
            continue
        for name in ("queries", "mutations"):
            if rule.arguments.get(name) is not None:
                message = f"`{name}` cannot be set for a field"
                yield rule.problem(message, "use `operations`", name)
        if rule.operations and use.owner.name not in index.models:
            message = f"{use.path} is not a field of a model, so its rules cannot have `operations`"
            yield rule.problem(message, "remove `operations`", "operations")
            continue
        for place, operation in enumerate(rule.operations):
            if operation in _READ:
                message = f"the operation {operation} cannot be allowed for a field"
                yield rule.problem(message, "use read", "operations", place)


class Role(Struct, frozen=True):
    """Who a rule gives permissions to: `kind` is a strategy, `name` a group or a field."""

    provider: str
    kind: str
    name: str = ""
    claim: str = ""

    @property
    def text(self) -> str:
        """The role in words, for messages."""
        names = {
            "group": f"the group {self.name}",
            "groupsField": f"the groups in {self.name}",
            "owner": f"the owner in {self.name}",
            "private": "signed-in users",
            "public": "everyone",
            "custom": "the Lambda authorizer",
        }
        return f"{names[self.kind]} ({self.provider})"

    def is_in(self, roles: Collection[Role]) -> bool:
        """Whether users with this role have one of the roles."""
        is_signed_in = self.kind not in ("public", "custom")
        return self in roles or (is_signed_in and Role(self.provider, "private") in roles)


def _roles(rule: AuthRuleUse) -> list[Role]:
    """Return the roles that a rule gives permissions to."""
    provider, strategy, arguments = rule.provider, rule.strategy, rule.arguments
    if strategy == "owner":
        claim = arguments.get("identityClaim") or _OWNER_CLAIMS.get(provider, "")
        return [Role(provider, "owner", str(arguments.get("ownerField") or "owner"), str(claim))]
    if strategy == "groups":
        claim = str(arguments.get("groupClaim") or "cognito:groups")
        groups = arguments.get("groups")
        if groups is None:
            return [Role(provider, "groupsField", str(arguments.get("groupsField")), claim)]
        names = groups if isinstance(groups, list) else [groups]
        return [Role(provider, "group", str(name), claim) for name in names]
    return [Role(provider, strategy)]


@schema_rule()
def auth_repeated_role(index: SchemaIndex) -> Iterator[Problem]:
    """A model has one rule for each role: a group, an owner, the public.

    Wrong: type Post @model @auth(rules: [{ allow: owner }, { allow: owner }]) { id: ID! }
    Right: type Post @model @auth(rules: [{ allow: owner }, { allow: private }]) { id: ID! }
    """
    for use in index.uses["auth"]:
        seen: set[Role] = set()
        for rule in rules_of(use) if use.field is None else ():
            for role in _roles(rule):
                if role in seen:
                    message = f"{use.path} has several rules for {role.text}"
                    hint = "write one rule with the operations of all of them"
                    yield rule.problem(message, hint)
                seen.add(role)


@schema_rule(1, 2)
def auth_required_fields(index: SchemaIndex) -> Iterator[Problem]:
    """A role that can read a field of a model can read its required fields.

    This applies to models with rules on fields, unless their subscriptions are off or public.
    In transformer version 1, required fields have no rules on reading.

    Wrong: type A @model { id: ID! text: String! @auth(rules: [{ allow: private }]) }
    Right: type A @model { id: ID text: String @auth(rules: [{ allow: private }]) }
    """
    by_type: dict[str, dict[str, DirectiveUse]] = defaultdict(dict)
    for use in index.uses["auth"]:
        if use.owner.name in index.models:
            by_type[use.owner.name][use.field.name if use.field else ""] = use
    check = _restricted_fields if index.version == 1 else _unreadable_fields
    for name, uses in by_type.items():
        has_field_rules = len(uses) > ("" in uses)
        if has_field_rules and _has_filtered_subscriptions(index.types[name]):
            yield from check(index.types[name], uses)


def _restricted_fields(model: Definition, rules: dict[str, DirectiveUse]) -> Iterator[Problem]:
    """Yield the required fields with rules on reading, which version 1 refuses."""
    for field in model.fields:
        use = rules.get(field.name)
        if use and field.type.outer_required and any(map(_restricts_reading, rules_of(use))):
            message = f"{use.path} is required, but has rules on reading"
            hint = "make the field optional, or set subscriptions: { level: off } in @model"
            yield use.problem(message, hint)


def _restricts_reading(rule: AuthRuleUse) -> bool:
    return "read" in rule.operations or "operations" not in rule.arguments


def _has_filtered_subscriptions(model: Definition) -> bool:
    directive = find_directive(model.directives, "model")
    subscriptions = directive.arguments.get("subscriptions", {}) if directive else None
    return isinstance(subscriptions, dict) and subscriptions.get("level") not in _UNFILTERED_LEVELS


def _unreadable_fields(model: Definition, rules: dict[str, DirectiveUse]) -> Iterator[Problem]:
    """Yield the required fields that a role cannot read which can read other fields.

    `rules` are the uses of `@auth` by field; that of the model has an empty name.
    """
    default = _readers(rules.get(""))
    readers = {
        field.name: _readers(rules[field.name]) if field.name in rules else default
        for field in model.fields
    }
    roles = {role: None for field_readers in readers.values() for role in field_readers}
    for field in model.fields:
        missing = [role for role in roles if not role.is_in(readers[field.name])]
        if missing and _is_required(field):
            names = listed([role.text for role in missing])
            message = (
                f"{model.name}.{field.name} is required, but {names} cannot read it, and can read"
                f" other fields of {model.name}"
            )
            use = rules.get(field.name)
            hint = "allow them to read it by @auth on the field, or make the field optional"
            yield Problem(use.directive.offset if use else field.offset, message, hint)


def _is_required(field: FieldDefinition) -> bool:
    is_to_many = any(find_directive(field.directives, name) for name in _TO_MANY)
    return bool(field.type.outer_required) and not is_to_many


def _readers(use: DirectiveUse | None) -> dict[Role, None]:
    """Return the roles that may get a record, or the field, in order."""
    readers: dict[Role, None] = {}
    for rule in rules_of(use) if use else ():
        is_allowed = "get" in rule.operations or "read" in rule.operations
        if is_allowed or rule.arguments.get("operations") is None:
            readers |= dict.fromkeys(_roles(rule))
    return readers
