"""The version of a DataStore schema: a digest of its models, by which clients see a change."""

from __future__ import annotations

from hashlib import md5
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, Struct, UnsetType

from .json_text import compact

if TYPE_CHECKING:
    from .assembly import Assembly
    from .tree import Directive, Field


_KEYED = frozenset({"primaryKey", "index"})
_by_name = attrgetter("name")


class _Type(Struct):
    """A model or non-model as it is hashed, in the order of the attributes."""

    name: str
    directives: list[dict[str, Any]]
    fields: list[_Field]


class _Field(Struct, rename="camel"):
    """A field as it is hashed: dicts of 9,000 take twice as long to make and to write."""

    name: str
    directives: list[dict[str, Any]]
    type: str
    is_nullable: bool
    is_list: bool
    is_list_nullable: bool | UnsetType = UNSET


def version_hash(assembly: Assembly) -> str:
    """Return the lower-case MD5 digest of models and non-models, their fields and relations.

    Keys, rules of access and enums do not take part; nor does the order of types and fields.
    """
    described = {
        one.name: _described(one.name, one.directives, one.all_fields, assembly)
        for one in assembly.models.values()
    }
    for one in assembly.non_models:
        fields = list(one.fields.values())
        described[one.name] = _described(one.name, one.directives, fields, assembly)
    text = compact([described[name] for name in sorted(described)])
    return md5(text, usedforsecurity=False).hexdigest()


def _described(
    name: str, directives: tuple[Directive, ...], fields: list[Field], assembly: Assembly
) -> _Type:
    fields.sort(key=_by_name)
    named = name in assembly.models and _names_fields(assembly, name)
    hashed = assembly.rules.hashed
    return _Type(
        name,
        [_directive(one) for one in directives if one.name in _KEYED],
        [_field(field, hashed, named=named) for field in fields],
    )


def _names_fields(assembly: Assembly, model: str) -> bool:
    """Tell whether the relations of a model are hashed with the names of their fields.

    They are where a key of the model was worked out: its own, or one that points at it.
    """
    own = assembly.models[model].primary_key.declared and not assembly.rules.forced_ids
    return own or model in assembly.pointed_at


def _field(field: Field, hashed: frozenset[str], *, named: bool) -> _Field:
    kind = field.type
    listed = kind.lists > 0 and kind.outer_required is not None
    return _Field(
        field.name,
        _relations(field, hashed, named=named) if field.directives else [],
        kind.name,
        not kind.required,
        kind.lists > 0,
        not kind.outer_required if listed else UNSET,
    )


def _relations(field: Field, hashed: frozenset[str], *, named: bool) -> list[dict[str, Any]]:
    more = {"fieldName": field.name} if named else {}
    return [_directive(one) | more for one in field.directives if one.name in hashed]


def _directive(directive: Directive) -> dict[str, Any]:
    return {"name": directive.name, "arguments": directive.arguments}
