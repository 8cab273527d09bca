"""Reads a model's `attributes`: keys, indexes, auth rules, `@model`'s arguments, and the others."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from .access import grants
from .parts import Attribute, Index, PrimaryKey
from .shapes import canonical, items, mapping, names, rest, text, word, words


class Directive(Struct, frozen=True, kw_only=True):
    """One entry of a model's attributes; `rest` is what it has beside name and arguments."""

    name: str
    arguments: dict[str, Any]
    where: str
    rest: str

    @property
    def is_index(self) -> bool:
        """Whether this is a secondary index, rather than the primary key or no key at all."""
        return self.name == "key" and self.arguments.get("name") is not None


def read_directives(value: object, where: str) -> tuple[Directive, ...]:
    """Return the entries of `attributes`, in their order."""
    return tuple(_directive(item, f"{where}[{i}]") for i, item in enumerate(items(value, where)))


def primary_key(info: object, directives: tuple[Directive, ...], where: str) -> PrimaryKey:
    """Return the primary key: as `primaryKeyInfo` says, else as a `key` entry does, else `id`."""
    known = mapping(info, where)
    declared = _declared_key(directives)
    field, *sort = declared or ("id",)
    field = text(known.get("primaryKeyFieldName", field), f"{where}.primaryKeyFieldName")
    sort_fields = names(known.get("sortKeyFieldNames", sort), f"{where}.sortKeyFieldNames")
    usual = {"isCustomPrimaryKey": (field, *sort_fields) != ("id",)}
    return PrimaryKey(
        field=field,
        sort=sort_fields,
        declared=bool(declared),
        rest=rest(known, ("primaryKeyFieldName", "sortKeyFieldNames"), where, usual),
    )


def indexes(directives: tuple[Directive, ...]) -> tuple[Index, ...]:
    """Return the secondary indexes, in their order."""
    return tuple(_index(found) for found in directives if found.is_index)


def options(directives: tuple[Directive, ...]) -> dict[str, str]:
    """Return the arguments of `@model`, nested ones as `queries.get`, as canonical JSON."""
    flat: dict[str, object] = {}
    for directive in directives:
        if directive.name == "model":
            for name, value in directive.arguments.items():
                flat |= _flat(name, value)
    return {name: canonical(value, f"@model({name})") for name, value in flat.items()}


def granted(directives: tuple[Directive, ...]) -> dict[str, frozenset[str]] | None:
    """Return who may do what by all `@auth` together; None where no rule is written."""
    rules: list[Any] = []
    for directive in directives:
        if directive.name == "auth":
            rules += items(directive.arguments.get("rules"), f"{directive.where}.rules")
    return grants(rules, "auth rules") if rules else None


def table(directives: tuple[Directive, ...]) -> str | None:
    """Return the name that `@mapsTo` gives the model's table, if any."""
    for directive in directives:
        name = directive.arguments.get("name")
        if directive.name == "mapsTo" and isinstance(name, str):
            return name
    return None


def others(directives: tuple[Directive, ...]) -> tuple[Attribute, ...]:
    """Return whatever the functions above do not read, so that nothing is lost."""
    left = ((found.name, _unread(found)) for found in directives if not found.is_index)
    return tuple(
        Attribute(name=name, text=text) for name, text in left if text or name not in _READ
    )


_READ = {"auth": ("rules",), "key": ("name", "fields", "queryField"), "model": ()}


def _unread(directive: Directive) -> str:
    if directive.name == "model":
        return directive.rest
    known = _READ.get(directive.name, ())
    return rest(directive.arguments, known, directive.where) + directive.rest


def _directive(value: object, where: str) -> Directive:
    entry = mapping(value, where)
    return Directive(
        name=text(entry.get("type"), f"{where}.type"),
        arguments=mapping(entry.get("properties"), f"{where}.properties"),
        where=where,
        rest=rest(entry, ("type", "properties"), where),
    )


def _declared_key(directives: tuple[Directive, ...]) -> tuple[str, ...]:
    for directive in directives:
        if directive.name == "key" and not directive.is_index:
            return words(directive.arguments.get("fields"), directive.where)
    return ()


def _index(directive: Directive) -> Index:
    written = directive.arguments
    query = written.get("queryField")
    return Index(
        name=word(written.get("name"), directive.where),
        fields=words(written.get("fields"), directive.where),
        query=None if query is None else word(query, directive.where),
        rest=_unread(directive),
    )


def _flat(name: str, value: object) -> dict[str, object]:
    if not isinstance(value, dict) or not value:
        return {name: value}
    return {f"{name}.{inner}": item for inner, item in value.items()}
