"""Parse the directives of a model: keys, indexes, `@model` arguments, auth rules and others.

Auth rules become grants, so that rules that grant the same operations are equal. Sources:
docs.amplify.aws/gen1, "Customize authorization rules" (providers, `read` as five operations), and
auth rules as introspection documents contain them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from .json_checks import (
    argument_string,
    argument_strings,
    canonical_json,
    mapping,
    sequence,
    string,
    strings,
    unknown_members,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_IMPLICIT_INDEX_PREFIX = "gsi-"
_READ_OPERATIONS = ("get", "list", "sync", "listen", "search")
_DEFAULT_OPERATIONS = ("create", "update", "delete", "read")
_OPERATION_ORDER = (*_DEFAULT_OPERATIONS, *_READ_OPERATIONS)
# The meaning of `allow`, and its provider if the rule names none.
_STRATEGIES = {
    "owner": ("the owner", "userPools"),
    "groups": ("groups", "userPools"),
    "private": ("everyone signed in", "userPools"),
    "public": ("everyone", "apiKey"),
    "custom": ("the Lambda authorizer", "function"),
}
_DEFAULT_CLAIMS = {"identityClaim": "cognito:username", "groupClaim": "cognito:groups"}
_KNOWN_RULE_KEYS = {
    *("allow", "provider", "ownerField", "groups", "groupsField", "groupField"),
    *("operations", "mutations", "identityField"),
}
# The arguments that are parsed here; directives with others are kept by `other_directives`.
_PARSED_ARGUMENTS = {"auth": ("rules",), "key": ("name", "fields", "queryField"), "model": ()}

Grants = dict[str, frozenset[str]]
"""The operations that each grantee may perform."""


class SecondaryIndex(Struct, frozen=True, kw_only=True):
    """A secondary index; `query` is its query, None if the schema does not name one."""

    name: str
    fields: tuple[str, ...]
    query: str | None = None
    unknown: str = ""

    @property
    def is_implicit(self) -> bool:
        """Whether Amplify created it for a has-many relation."""
        return self.name.startswith(_IMPLICIT_INDEX_PREFIX)

    @property
    def joined(self) -> str:
        """The indexed fields, for messages."""
        return ", ".join(self.fields)


class PrimaryKeyInfo(Struct, frozen=True, kw_only=True):
    """A primary key; `is_declared` says whether the schema has a directive for it."""

    field: str
    sort_fields: tuple[str, ...] = ()
    is_declared: bool = False
    unknown: str = ""

    @property
    def joined(self) -> str:
        """All key fields, for messages."""
        return ", ".join((self.field, *self.sort_fields))


class OtherDirective(Struct, frozen=True, kw_only=True):
    """Any other directive of a model; `arguments` is canonical JSON."""

    name: str
    arguments: str


class ModelArgument(Struct, frozen=True, kw_only=True):
    """An argument of `@model`; `value` is canonical JSON, None if absent."""

    name: str
    value: str | None

    @property
    def is_off(self) -> bool:
        """Whether the argument disables operations."""
        return self.value in ("null", '"off"')


class AccessGrant(Struct, frozen=True, kw_only=True):
    """The operations of a grantee; `only_here` are those that the other side lacks."""

    grantee: str
    operations: str = ""
    only_here: str = ""


class ModelDirective(Struct, frozen=True, kw_only=True):
    """An entry of a model's `attributes`; `unknown` is all but its name and arguments."""

    name: str
    arguments: dict[str, Any]
    path: str
    unknown: str

    @property
    def is_index(self) -> bool:
        """Whether this is a secondary index; a `key` without a name is the primary key."""
        return self.name == "key" and self.arguments.get("name") is not None


def parse_directives(value: object, path: str) -> tuple[ModelDirective, ...]:
    """Return the entries of `attributes` in their order."""
    items = sequence(value, path)
    return tuple(_parse_directive(item, f"{path}[{index}]") for index, item in enumerate(items))


def _parse_directive(value: object, path: str) -> ModelDirective:
    entry = mapping(value, path)
    return ModelDirective(
        name=string(entry.get("type"), f"{path}.type"),
        arguments=mapping(entry.get("properties"), f"{path}.properties"),
        path=path,
        unknown=unknown_members(entry, ("type", "properties"), path),
    )


def primary_key(info: object, directives: tuple[ModelDirective, ...], path: str) -> PrimaryKeyInfo:
    """Return the primary key: that of `primaryKeyInfo`, else of a `key` directive, else `id`."""
    members = mapping(info, path)
    declared = _declared_key(directives)
    field, *sort_fields = declared or ("id",)
    field = string(members.get("primaryKeyFieldName", field), f"{path}.primaryKeyFieldName")
    sort = strings(members.get("sortKeyFieldNames", sort_fields), f"{path}.sortKeyFieldNames")
    defaults = {"isCustomPrimaryKey": (field, *sort) != ("id",)}
    known = ("primaryKeyFieldName", "sortKeyFieldNames")
    return PrimaryKeyInfo(
        field=field,
        sort_fields=sort,
        is_declared=bool(declared),
        unknown=unknown_members(members, known, path, defaults),
    )


def _declared_key(directives: tuple[ModelDirective, ...]) -> tuple[str, ...]:
    for directive in directives:
        if directive.name == "key" and not directive.is_index:
            return argument_strings(directive.arguments.get("fields"), directive.path)
    return ()


def secondary_indexes(directives: tuple[ModelDirective, ...]) -> tuple[SecondaryIndex, ...]:
    """Return the secondary indexes in their order."""
    return tuple(_parse_index(directive) for directive in directives if directive.is_index)


def _parse_index(directive: ModelDirective) -> SecondaryIndex:
    arguments, path = directive.arguments, directive.path
    query = arguments.get("queryField")
    return SecondaryIndex(
        name=argument_string(arguments.get("name"), path),
        fields=argument_strings(arguments.get("fields"), path),
        query=None if query is None else argument_string(query, path),
        unknown=_unparsed(directive),
    )


def model_arguments(directives: tuple[ModelDirective, ...]) -> dict[str, str]:
    """Return the arguments of `@model` as canonical JSON, nested ones as `queries.get`."""
    flat: dict[str, object] = {}
    for directive in directives:
        if directive.name == "model":
            for name, value in directive.arguments.items():
                flat |= _flatten(name, value)
    return {name: canonical_json(value, f"@model({name})") for name, value in flat.items()}


def _flatten(name: str, value: object) -> dict[str, object]:
    if not isinstance(value, dict) or not value:
        return {name: value}
    return {f"{name}.{inner}": item for inner, item in value.items()}


def table_name(directives: tuple[ModelDirective, ...]) -> str | None:
    """Return the table that `@mapsTo` names, if any."""
    for directive in directives:
        name = directive.arguments.get("name")
        if directive.name == "mapsTo" and isinstance(name, str):
            return name
    return None


def other_directives(directives: tuple[ModelDirective, ...]) -> tuple[OtherDirective, ...]:
    """Return everything that the other functions do not parse, so that no change is lost."""
    unparsed = [
        OtherDirective(name=directive.name, arguments=_unparsed(directive))
        for directive in directives
        if not directive.is_index
    ]
    return tuple(
        directive
        for directive in unparsed
        if directive.arguments or directive.name not in _PARSED_ARGUMENTS
    )


def _unparsed(directive: ModelDirective) -> str:
    if directive.name == "model":
        return directive.unknown
    known = _PARSED_ARGUMENTS.get(directive.name, ())
    return unknown_members(directive.arguments, known, directive.path) + directive.unknown


def auth_grants(directives: tuple[ModelDirective, ...]) -> Grants | None:
    """Return the grants of all `@auth` directives in their order; None without an auth rule.

    The grantees are phrases for messages, and differ if the rules differ.
    """
    rules: list[Any] = []
    for directive in directives:
        if directive.name == "auth":
            rules += sequence(directive.arguments.get("rules"), f"{directive.path}.rules")
    if not rules:
        return None
    grants: Grants = {}
    for index, item in enumerate(rules):
        path = f"auth rules[{index}]"
        rule = mapping(item, path)
        operations = _granted_operations(rule, path)
        for grantee in _grantees(rule, path) if operations else ():
            grants[grantee] = grants.get(grantee, frozenset()) | operations
    return grants


def join_operations(operations: Collection[str]) -> str:
    """Return operations for messages, in a fixed order; the five that read are `read`."""
    names = set(operations)
    if names.issuperset(_READ_OPERATIONS):
        names = names.difference(_READ_OPERATIONS) | {"read"}
    known = [name for name in _OPERATION_ORDER if name in names]
    return ", ".join(known + sorted(names.difference(_OPERATION_ORDER)))


def _granted_operations(rule: dict[str, Any], path: str) -> frozenset[str]:
    operations = rule.get("operations")
    names = _DEFAULT_OPERATIONS if operations is None else argument_strings(operations, path)
    parts = (_READ_OPERATIONS if name == "read" else (name,) for name in names)
    return frozenset(name for part in parts for name in part)


def _grantees(rule: dict[str, Any], path: str) -> Iterator[str]:
    allow = argument_string(rule.get("allow"), path)
    name, provider = _STRATEGIES.get(allow, (f"allow {allow}", "no provider"))
    details = _rule_details(rule, rule.get("provider") or provider, path)
    if allow == "owner":
        owner_field = argument_string(rule.get("ownerField") or "owner", path)
        yield f"{name} in field {owner_field} ({details})"
    elif allow == "groups":
        yield from (f"{group} ({details})" for group in _groups(rule, path))
    else:
        yield f"{name} ({details})"


def _groups(rule: dict[str, Any], path: str) -> Iterator[str]:
    groups = argument_strings(rule.get("groups"), path)
    for group in groups:
        yield f"group {group}"
    field = rule.get("groupsField") or (None if groups else rule.get("groupField") or "groups")
    if field:
        yield f"the groups in field {argument_string(field, path)}"


def _rule_details(rule: dict[str, Any], provider: object, path: str) -> str:
    claims = [
        f"claim {argument_string(rule[key], path)}"
        for key, default in _DEFAULT_CLAIMS.items()
        if rule.get(key) not in (None, default)
    ]
    unknown = sorted(set(rule).difference(_KNOWN_RULE_KEYS, _DEFAULT_CLAIMS))
    extras = [f"{key} {canonical_json(rule[key], path)}" for key in unknown]
    return ", ".join([argument_string(provider, path), *claims, *extras])
