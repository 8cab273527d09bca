"""Rules of `@auth` on the roles that it gives permissions to.

A role is a user pool group, the owner in a field, and so on. The rules of a model apply to its
fields without rules; those of a field replace them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.modelgen.syntax import find_directive

from .auth_rules import auth_rules, provider_of
from .rule import Rule
from .schema_index import DirectiveUse, Problem
from .wording import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from amplify_modelgen.modelgen.syntax import Definition, FieldDefinition

    from .auth_rules import AuthRule
    from .schema_index import SchemaIndex

_OWNER_CLAIMS = {"userPools": "sub::username", "oidc": "sub"}
_TO_MANY = ("hasMany", "manyToMany")
# The levels of subscriptions at which a record is sent with the fields that its reader may see.
_UNFILTERED_LEVELS = ("off", "public")


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


def roles_of(rule: AuthRule) -> list[Role]:
    """Return the roles that a rule gives permissions to."""
    provider, strategy = provider_of(rule), str(rule["allow"])
    if strategy == "owner":
        claim = rule.get("identityClaim") or _OWNER_CLAIMS.get(provider, "")
        return [Role(provider, "owner", str(rule.get("ownerField") or "owner"), str(claim))]
    if strategy == "groups":
        claim = str(rule.get("groupClaim") or "cognito:groups")
        groups = rule.get("groups")
        if groups is None:
            return [Role(provider, "groupsField", str(rule.get("groupsField")), claim)]
        names = groups if isinstance(groups, list) else [groups]
        return [Role(provider, "group", str(name), claim) for name in names]
    return [Role(provider, strategy)]


def _repeated_roles(index: SchemaIndex) -> Iterator[Problem]:
    for use in index.uses["auth"]:
        seen: set[Role] = set()
        for path, rule in auth_rules(use) if use.field is None else ():
            for role in roles_of(rule):
                if role in seen:
                    message = f"{use.path} has several rules for {role.text}"
                    hint = "write one rule with the operations of all of them"
                    yield use.problem(message, hint, *path)
                seen.add(role)


def _required_fields(index: SchemaIndex) -> Iterator[Problem]:
    by_type: dict[str, dict[str, DirectiveUse]] = {}
    for use in index.uses["auth"]:
        by_type.setdefault(use.owner.name, {})[use.field.name if use.field else ""] = use
    for name, uses in by_type.items():
        definition = index.types[name]
        if index.version == 1:
            uses.pop("", None)
        has_field_rules = len(uses) > ("" in uses)
        if has_field_rules and name in index.models and _has_filtered_subscriptions(definition):
            check = _restricted_fields if index.version == 1 else _unreadable_fields
            yield from check(definition, uses)


def _restricted_fields(model: Definition, rules: dict[str, DirectiveUse]) -> Iterator[Problem]:
    """Yield the required fields with rules on reading, which version 1 refuses."""
    for field in model.fields:
        use = rules.get(field.name)
        if use and field.type.outer_required and any(map(_restricts_reading, auth_rules(use))):
            message = f"{use.path} is required, but has rules on reading"
            hint = "make the field optional, or set subscriptions: { level: off } in @model"
            yield use.problem(message, hint)


def _restricts_reading(entry: tuple[object, AuthRule]) -> bool:
    operations = entry[1].get("operations", ["read"])
    return isinstance(operations, list) and "read" in operations


def _has_filtered_subscriptions(model: Definition) -> bool:
    directive = find_directive(model.directives, "model")
    arguments = directive.arguments if directive else {}
    subscriptions = arguments.get("subscriptions", {})
    if not isinstance(subscriptions, dict):
        return False
    return subscriptions.get("level") not in _UNFILTERED_LEVELS


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
    for _, rule in auth_rules(use) if use else ():
        operations = rule.get("operations")
        if operations is None or (isinstance(operations, list) and _allows_get(operations)):
            readers |= dict.fromkeys(roles_of(rule))
    return readers


def _allows_get(operations: Sequence[object]) -> bool:
    return "get" in operations or "read" in operations


AUTH_ROLE_RULES = (
    Rule(
        id="auth-repeated-role",
        summary="A model has one rule for each role: a group, an owner, the public.",
        wrong="type Post @model @auth(rules: [{ allow: owner }, { allow: owner,"
        " operations: [read] }]) { id: ID! }",
        right="type Post @model @auth(rules: [{ allow: owner }, { allow: private,"
        " operations: [read] }]) { id: ID! }",
        find=_repeated_roles,
    ),
    Rule(
        id="auth-required-fields",
        summary="A role that can read a field of a model with rules on fields can read its required"
        " fields, unless its subscriptions are off or public. In transformer version 1, required"
        " fields have no rules on reading.",
        wrong="type Post @model @auth(rules: [{ allow: public }])"
        " { id: ID! title: String! @auth(rules: [{ allow: private }]) }",
        right="type Post @model @auth(rules: [{ allow: public }, { allow: private }])"
        " { id: ID! title: String @auth(rules: [{ allow: private }]) }",
        find=_required_fields,
        versions=(1, 2),
    ),
)
