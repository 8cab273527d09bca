"""Primary keys, and the `key` attributes that stand for them and for indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from .plural import plural
from .problems import RefusalError
from .type_system import first_directive
from .values import truthy
from .words import lower_first, upper_first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .problems import Finding
    from .tree import Definition, Directive, Field, Value


class PrimaryKey(Struct, frozen=True):
    """The names of the fields of a primary key; `declared` by a directive, or just the id."""

    field: str
    sort_fields: tuple[str, ...] = ()
    declared: bool = False

    @property
    def custom(self) -> bool:
        """Whether it is anything but a plain id."""
        return self.field != "id" or bool(self.sort_fields)


def primary_key(model: Definition, fields: dict[str, Field], findings: list[Finding]) -> PrimaryKey:
    """Return the primary key of a model, noting what is wrong with a declared one."""
    for field in fields.values():
        directive = first_directive(field.directives, "primaryKey")
        if directive:
            try:
                return _declared_key(model.name, field, directive, fields)
            except RefusalError as refusal:
                findings.append(refusal.finding)
                return PrimaryKey(field.name, (), declared=True)
    return PrimaryKey("id")


def _declared_key(
    model: str, field: Field, directive: Directive, fields: dict[str, Field]
) -> PrimaryKey:
    if not field.type.required:
        message = f"{model}.{field.name} is a primary key, but may be null"
        raise RefusalError(field.at, message, "make its type non-null, with `!`")
    sort_fields = directive.arguments.get("sortKeyFields")
    if isinstance(sort_fields, str) and sort_fields:
        message = f"the sortKeyFields of {model}.{field.name} are not a list"
        raise RefusalError(directive.at, message, 'write a list: `sortKeyFields: ["name"]`')
    names = tuple(map(str, sort_fields)) if isinstance(sort_fields, list) else ()
    for name in names:
        if name not in fields:
            message = f"the sort key {name} of {model}.{field.name} is no field of {model}"
            hint = f"declare {name} in {model}, or correct the name; automatic fields do not count"
            raise RefusalError(directive.at, message, hint)
    return PrimaryKey(field.name, names, declared=True)


def key_attributes(
    model: Definition, fields: dict[str, Field], findings: list[Finding]
) -> list[dict[str, Value]]:
    """Return the properties of the key attributes of a model: primary key, then its indexes."""
    literal = [one.arguments for one in model.directives if one.name == "key"]
    named = [one["name"] for one in literal if truthy(one.get("name"))]
    unnamed = any("name" not in one for one in literal)
    keys = [] if unnamed else list(_primary_attribute(fields))
    for field in fields.values():
        for directive in field.directives:
            if directive.name == "index":
                try:
                    key = _index_attribute(model.name, field, directive)
                except RefusalError as refusal:
                    findings.append(refusal.finding)
                else:
                    keys.extend([key] if key["name"] not in named else [])
    return keys


def _primary_attribute(fields: dict[str, Field]) -> Iterator[dict[str, Value]]:
    for field in fields.values():
        directive = first_directive(field.directives, "primaryKey")
        if directive:
            sort_fields = directive.arguments.get("sortKeyFields")
            yield {"fields": [field.name, *_listed(sort_fields)]}
            return


def _index_attribute(model: str, field: Field, directive: Directive) -> dict[str, Value]:
    arguments = directive.arguments
    names: list[Value] = [field.name, *_listed(arguments.get("sortKeyFields"))]
    name = arguments.get("name")
    if name is None and not all(isinstance(one, str) for one in names):
        message = f"the sortKeyFields of {model}.{field.name} are not all names"
        raise RefusalError(directive.at, message, 'write names: `sortKeyFields: ["name"]`')
    key: dict[str, Value] = {"name": _default_name(model, names) if name is None else name}
    if "queryField" in arguments:
        key["queryField"] = arguments["queryField"]
    return {**key, "fields": names}


def _listed(value: Value) -> list[Value]:
    """Return names given as a list, a single one, or not at all."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _default_name(model: str, names: list[Value]) -> str:
    fields = "And".join(upper_first(str(name)) for name in names)
    return f"{lower_first(plural(model))}By{fields}"
