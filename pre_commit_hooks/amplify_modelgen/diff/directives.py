"""Parse the directives of a model: keys, indexes, `@model` arguments, auth rules and others.

Auth rules become grants, so that rules that grant the same operations are equal. Sources:
docs.amplify.aws/gen1, "Customize authorization rules" (providers, `read` as five operations), and
auth rules as introspection documents contain them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from .json_object import JsonObject, canonical_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

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


class KeyFields(tuple[str, ...]):
    """The fields of a key, joined with commas in messages."""

    __slots__ = ()

    def __str__(self) -> str:
        """Return the names in one text."""
        return ", ".join(self)


class SecondaryIndex(Struct, frozen=True, kw_only=True):
    """A secondary index; `query` is its query, None if the schema does not name one."""

    name: str
    fields: KeyFields
    query: str | None = None
    unknown: str = ""


class PrimaryKeyInfo(Struct, frozen=True, kw_only=True):
    """A primary key; `is_declared` says whether the schema has a directive for it."""

    fields: KeyFields
    is_declared: bool = False
    unknown: str = ""


class OtherDirective(Struct, frozen=True, kw_only=True):
    """Any other directive of a model; `arguments` is canonical JSON."""

    name: str
    arguments: str


class ModelArgument(Struct, frozen=True, kw_only=True):
    """An argument of `@model`; `value` is canonical JSON, None if absent."""

    name: str
    value: str | None


class AccessGrant(Struct, frozen=True, kw_only=True):
    """The operations of a grantee that the other side lacks."""

    grantee: str
    operations: str


class ModelDirective(Struct, frozen=True, kw_only=True):
    """An entry of a model's `attributes`; `unknown` is all but its name and arguments."""

    name: str
    arguments: JsonObject
    unknown: str

    @property
    def is_index(self) -> bool:
        """Whether this is a secondary index; a `key` without a name is the primary key."""
        return self.name == "key" and self.arguments.members.get("name") is not None


def parse_directives(model: JsonObject) -> tuple[ModelDirective, ...]:
    """Return the entries of `attributes` in their order."""
    return tuple(
        ModelDirective(
            name=entry.string("type"),
            arguments=entry.child("properties"),
            unknown=entry.unknown(("type", "properties")),
        )
        for entry in model.listed("attributes")
    )


def primary_key(info: JsonObject, directives: tuple[ModelDirective, ...]) -> PrimaryKeyInfo:
    """Return the primary key: that of `primaryKeyInfo`, else of a `key` directive, else `id`."""
    keys = (each for each in directives if each.name == "key" and not each.is_index)
    declared = next((_argument_strings(key.arguments, "fields") for key in keys), ())
    field, *sort_fields = declared or ("id",)
    field = info.string("primaryKeyFieldName", field)
    if info.members.get("sortKeyFieldNames") is not None:
        sort_fields = [*info.strings("sortKeyFieldNames")]
    fields = KeyFields((field, *sort_fields))
    known = ("primaryKeyFieldName", "sortKeyFieldNames")
    return PrimaryKeyInfo(
        fields=fields,
        is_declared=bool(declared),
        unknown=info.unknown(known, {"isCustomPrimaryKey": fields != ("id",)}),
    )


def secondary_indexes(directives: tuple[ModelDirective, ...]) -> tuple[SecondaryIndex, ...]:
    """Return the secondary indexes in their order."""
    return tuple(
        SecondaryIndex(
            name=_text(directive.arguments.members["name"]),
            fields=KeyFields(_argument_strings(directive.arguments, "fields")),
            query=next(iter(_argument_strings(directive.arguments, "queryField")), None),
            unknown=_unparsed(directive),
        )
        for directive in directives
        if directive.is_index
    )


def model_arguments(directives: tuple[ModelDirective, ...]) -> dict[str, str]:
    """Return the arguments of `@model` as canonical JSON, nested ones as `queries.get`."""
    return {
        key: canonical_json(value)
        for directive in directives
        if directive.name == "model"
        for name, argument in directive.arguments.members.items()
        for key, value in _flatten(name, argument).items()
    }


def _flatten(name: str, value: object) -> dict[str, object]:
    if not isinstance(value, dict) or not value:
        return {name: value}
    return {f"{name}.{inner}": item for inner, item in value.items()}


def table_name(directives: tuple[ModelDirective, ...]) -> str | None:
    """Return the table that `@mapsTo` names, if any."""
    names = (each.arguments.members.get("name") for each in directives if each.name == "mapsTo")
    return next((name for name in names if isinstance(name, str)), None)


def other_directives(directives: tuple[ModelDirective, ...]) -> tuple[OtherDirective, ...]:
    """Return everything that the other functions do not parse, so that no change is lost."""
    unparsed = ((each.name, _unparsed(each)) for each in directives if not each.is_index)
    return tuple(
        OtherDirective(name=name, arguments=arguments)
        for name, arguments in unparsed
        if arguments or name not in _PARSED_ARGUMENTS
    )


def _unparsed(directive: ModelDirective) -> str:
    if directive.name == "model":
        return directive.unknown
    known = _PARSED_ARGUMENTS.get(directive.name, ())
    return directive.arguments.unknown(known) + directive.unknown


def auth_grants(directives: tuple[ModelDirective, ...]) -> Grants | None:
    """Return the grants of all `@auth` directives in their order; None without an auth rule.

    The grantees are phrases for messages, and differ if the rules differ.
    """
    auth = (directive.arguments for directive in directives if directive.name == "auth")
    rules = [rule for arguments in auth for rule in arguments.listed("rules")]
    grants: Grants = {}
    for rule in rules:
        operations = _granted_operations(rule)
        for grantee in _grantees(rule) if operations else ():
            grants[grantee] = grants.get(grantee, frozenset()) | operations
    return grants if rules else None


def join_operations(operations: Collection[str]) -> str:
    """Return operations for messages, in a fixed order; the five that read are `read`."""
    names = set(operations)
    if names.issuperset(_READ_OPERATIONS):
        names = names.difference(_READ_OPERATIONS) | {"read"}
    known = [name for name in _OPERATION_ORDER if name in names]
    return ", ".join(known + sorted(names.difference(_OPERATION_ORDER)))


def _granted_operations(rule: JsonObject) -> frozenset[str]:
    is_default = rule.members.get("operations") is None
    names = _DEFAULT_OPERATIONS if is_default else _argument_strings(rule, "operations")
    parts = (_READ_OPERATIONS if name == "read" else (name,) for name in names)
    return frozenset(name for part in parts for name in part)


def _grantees(rule: JsonObject) -> Iterator[str]:
    allow = _text(rule.members.get("allow"))
    name, provider = _STRATEGIES.get(allow, (f"allow {allow}", "no provider"))
    details = _rule_details(rule, provider)
    if allow == "owner":
        yield f"{name} in field {_text(rule.members.get('ownerField') or 'owner')} ({details})"
    elif allow == "groups":
        yield from (f"{group} ({details})" for group in _groups(rule))
    else:
        yield f"{name} ({details})"


def _groups(rule: JsonObject) -> Iterator[str]:
    groups = _argument_strings(rule, "groups")
    yield from (f"group {group}" for group in groups)
    field = rule.members.get("groupsField")
    if not field and not groups:
        field = rule.members.get("groupField") or "groups"
    if field:
        yield f"the groups in field {_text(field)}"


def _rule_details(rule: JsonObject, provider: str) -> str:
    members = rule.members
    claims = [
        f"claim {_text(members[key])}"
        for key, default in _DEFAULT_CLAIMS.items()
        if members.get(key) not in (None, default)
    ]
    unknown = sorted(set(members).difference(_KNOWN_RULE_KEYS, _DEFAULT_CLAIMS))
    extras = [f"{key} {canonical_json(members[key])}" for key in unknown]
    return ", ".join([_text(members.get("provider") or provider), *claims, *extras])


def _argument_strings(arguments: JsonObject, key: str) -> tuple[str, ...]:
    """Return an argument of a directive as a list of texts; a single value is a list of one.

    Amplify copies arguments from the schema unchecked, so any value is accepted.
    """
    value = arguments.members.get(key)
    items = value if isinstance(value, list) else [] if value is None else [value]
    return tuple(map(_text, items))


def _text(value: object) -> str:
    return value if isinstance(value, str) else canonical_json(value)
