"""Tiny introspection documents, for comparing."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def value(kind: object = "String", *, required: bool = False, **more: Any) -> Json:
    """A field, argument or answer that is one value."""
    return {"isArray": False, "type": kind, "isRequired": required, "attributes": [], **more}


def listed(
    kind: object = "String", *, items: bool = False, required: bool = False, **more: Any
) -> Json:
    """A field, argument or answer that is a list."""
    flags = {"isArray": True, "isArrayNullable": not required}
    return {**value(kind, required=items), **flags, **more}


def to_many(*fields: str, other: str = "Comment", **more: Any) -> Json:
    link = {"connectionType": "HAS_MANY", "associatedWith": list(fields)}
    return listed({"model": other}, association=link, **more)


def belongs_to(*targets: str, other: str = "Post", **more: Any) -> Json:
    link = {"connectionType": "BELONGS_TO", "targetNames": list(targets)}
    return value({"model": other}, association=link, **more)


def named(members: Json) -> Json:
    return {name: {"name": name, **member} for name, member in members.items()}


def model(
    fields: Json | None = None, *attributes: Json, key: tuple[str, ...] = ("id",), **more: Any
) -> Json:
    return {
        "fields": named({"id": value("ID", required=True), **(fields or {})}),
        "syncable": True,
        "pluralName": "Posts",
        "attributes": [*attributes],
        "primaryKeyInfo": {
            "isCustomPrimaryKey": key != ("id",),
            "primaryKeyFieldName": key[0],
            "sortKeyFieldNames": list(key[1:]),
        },
        **more,
    }


def attribute(name: str, /, **arguments: Any) -> Json:
    return {"type": name, "properties": arguments}


def auth(*rules: Json) -> Json:
    return attribute("auth", rules=list(rules))


def document(models: Json | None = None, **sections: Json) -> Json:
    return {
        "version": 1,
        "models": named(models or {}),
        "enums": {},
        "nonModels": {},
        **{section: named(members) for section, members in sections.items()},
    }


def post(fields: Json | None = None, *attributes: Json, **more: Any) -> Json:
    """A document that has the model Post and nothing else."""
    return document({"Post": model(fields, *attributes, **more)})


def enum(*values: str) -> Json:
    return document(enums={"Status": {"values": list(values)}})


def custom(fields: Json, **more: Any) -> Json:
    return document(nonModels={"Address": {"fields": named(fields), **more}})


def inputs(fields: Json, **more: Any) -> Json:
    return document(inputs={"Filter": {"attributes": named(fields), **more}})


def query(answer: Json | None = None, **arguments: Json) -> Json:
    """A document that has the query `echo` and nothing else."""
    more = {"arguments": named(arguments)} if arguments else {}
    return document(queries={"echo": {**(answer or value()), **more}})
