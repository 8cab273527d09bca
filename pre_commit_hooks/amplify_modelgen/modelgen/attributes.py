"""The primary key of a model, and the attributes that its keys and `@auth` rules become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from .diagnostics import SchemaRuleError
from .javascript import js_truthy
from .naming import lower_first, pluralize, upper_first
from .syntax import find_directive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .diagnostics import Diagnostics
    from .syntax import Definition, Directive, FieldDefinition, Value

_OPERATIONS: list[Value] = ["create", "update", "delete", "read"]
_USERNAME = "username"


class PrimaryKey(Struct, frozen=True):
    """The names of the fields of a primary key. If it is not `declared`, it is the id."""

    field: str
    sort_fields: tuple[str, ...] = ()
    declared: bool = False

    @property
    def is_custom(self) -> bool:
        """Whether it is anything but a plain id."""
        return self.field != "id" or bool(self.sort_fields)


class KeyRules(Struct, frozen=True):
    """How the keys of a model are found: its primary key, and the properties of generated keys."""

    primary_key: Callable[[Definition, dict[str, FieldDefinition], Diagnostics], PrimaryKey]
    attributes: Callable[
        [Definition, dict[str, FieldDefinition], Diagnostics], list[dict[str, Value]]
    ]


def primary_key(
    model: Definition, fields: dict[str, FieldDefinition], diagnostics: Diagnostics
) -> PrimaryKey:
    """Return the primary key of a model, and report problems of a declared one."""
    for field in fields.values():
        directive = find_directive(field.directives, "primaryKey")
        if directive:
            with diagnostics:
                return _declared_key(model.name, field, directive, fields)
            return PrimaryKey(field.name, (), declared=True)
    return PrimaryKey("id")


def _declared_key(
    model: str, field: FieldDefinition, directive: Directive, fields: dict[str, FieldDefinition]
) -> PrimaryKey:
    if not field.type.required:
        message = f"{model}.{field.name} is a primary key, but may be null"
        raise SchemaRuleError(field.offset, message, "make its type non-null, with `!`")
    sort_fields = directive.arguments.get("sortKeyFields")
    if isinstance(sort_fields, str) and sort_fields:
        message = f"the sortKeyFields of {model}.{field.name} are not a list"
        raise SchemaRuleError(directive.offset, message, 'write a list: `sortKeyFields: ["name"]`')
    names = tuple(map(str, sort_fields)) if isinstance(sort_fields, list) else ()
    for name in names:
        if name not in fields:
            message = f"sort key {name} of {model}.{field.name} is not a field of {model}"
            hint = f"declare {name} in {model}, or correct the name; automatic fields do not count"
            raise SchemaRuleError(directive.offset, message, hint)
    return PrimaryKey(field.name, names, declared=True)


def key_attributes(
    model: Definition, fields: dict[str, FieldDefinition], diagnostics: Diagnostics
) -> list[dict[str, Value]]:
    """Return the properties of a model's key attributes: primary key first, then indexes."""
    legacy_keys = [entry.arguments for entry in model.directives if entry.name == "key"]
    legacy_names = [key["name"] for key in legacy_keys if js_truthy(key.get("name"))]
    has_legacy_primary_key = any("name" not in key for key in legacy_keys)
    keys = [] if has_legacy_primary_key else list(_primary_key_attribute(fields))
    for field in fields.values():
        for directive in field.directives:
            if directive.name == "index":
                with diagnostics:
                    key = _index_attribute(model.name, field, directive)
                    if key["name"] not in legacy_names:
                        keys.append(key)
    return keys


FIELD_KEYS = KeyRules(primary_key, key_attributes)
"""The rules of transformer version 2: the directives of fields are keys."""


def _primary_key_attribute(fields: dict[str, FieldDefinition]) -> Iterator[dict[str, Value]]:
    for field in fields.values():
        directive = find_directive(field.directives, "primaryKey")
        if directive:
            sort_fields = directive.arguments.get("sortKeyFields")
            yield {"fields": [field.name, *_to_list(sort_fields)]}
            return


def _index_attribute(model: str, field: FieldDefinition, directive: Directive) -> dict[str, Value]:
    arguments = directive.arguments
    fields: list[Value] = [field.name, *_to_list(arguments.get("sortKeyFields"))]
    name = arguments.get("name")
    if name is None and not all(isinstance(entry, str) for entry in fields):
        message = f"the sortKeyFields of {model}.{field.name} are not all names"
        hint = 'write names: `sortKeyFields: ["name"]`'
        raise SchemaRuleError(directive.offset, message, hint)
    key: dict[str, Value] = {"name": _default_index_name(model, fields) if name is None else name}
    if "queryField" in arguments:
        key["queryField"] = arguments["queryField"]
    return {**key, "fields": fields}


def _to_list(value: Value) -> list[Value]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _default_index_name(model: str, fields: list[Value]) -> str:
    suffix = "And".join(upper_first(str(name)) for name in fields)
    return f"{lower_first(pluralize(model))}By{suffix}"


def auth_attributes(
    directives: tuple[Directive, ...], diagnostics: Diagnostics
) -> tuple[dict[str, Value], ...]:
    """Return the arguments of every `@auth`, its rules completed with their defaults.

    Rules for dynamic groups in their legacy form (`groupField`) are dropped, as Amplify does.
    Invalid rules are reported.
    """
    attributes = []
    for directive in directives:
        if directive.name == "auth":
            with diagnostics:
                attributes.append(_auth_attribute(directive))
    return tuple(attributes)


def _auth_attribute(directive: Directive) -> dict[str, Value]:
    rules = directive.arguments.get("rules")
    if not js_truthy(rules):
        rules = []
    if not isinstance(rules, list):
        message = "the rules of @auth are not a list"
        raise SchemaRuleError(directive.offset, message, "write `rules: [{allow: owner}]`")
    return {**directive.arguments, "rules": [*_complete_rules(directive, rules)]}


def _complete_rules(directive: Directive, rules: list[Value]) -> Iterator[Value]:
    for rule in rules:
        if rule is None:
            message = "a rule of @auth is null"
            raise SchemaRuleError(directive.offset, message, "write `{allow: owner}`")
        properties = _js_properties(rule)
        if properties.get("allow") != "groups" or not js_truthy(properties.get("groupField")):
            yield _complete_rule(properties)


def _js_properties(value: Value) -> dict[str, Value]:
    """Return the enumerable properties that JavaScript would see."""
    if isinstance(value, dict):
        return value
    items = value if isinstance(value, list | str) else ()
    return {str(index): item for index, item in enumerate(items)}


def _complete_rule(rule: dict[str, Value]) -> Value:
    operations = _first_truthy(rule.get("operations"), rule.get("mutations"), _OPERATIONS)
    match rule.get("allow"):
        case "owner":
            return _owner_rule(rule, operations)
        case "groups":
            return _groups_rule(rule, operations)
    return {**rule, "operations": operations}


def _owner_rule(rule: dict[str, Value], operations: Value) -> Value:
    claim = _first_truthy(rule.get("identityClaim"), rule.get("identityField"), _USERNAME)
    return {
        "provider": "userPools",
        "ownerField": "owner",
        **rule,
        "identityClaim": f"cognito:{_USERNAME}" if claim == _USERNAME else claim,
        "operations": operations,
    }


def _groups_rule(rule: dict[str, Value], operations: Value) -> Value:
    completed = {
        "groupClaim": "cognito:groups",
        "provider": "userPools",
        **rule,
        "groupField": "groups",
        "operations": operations,
    }
    if js_truthy(rule.get("groups")):
        del completed["groupField"]
    return completed


def _first_truthy(*values: Value) -> Value:
    return next(value for value in values if js_truthy(value))
