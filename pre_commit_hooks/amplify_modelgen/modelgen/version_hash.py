"""The version of a DataStore schema: a digest of its models, by which clients see a change."""

from __future__ import annotations

from hashlib import md5
from typing import TYPE_CHECKING, Any

from .json_text import compact

if TYPE_CHECKING:
    from .assembly import Assembly
    from .tree import Directive, Field


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
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def _described(
    name: str, directives: tuple[Directive, ...], fields: list[Field], assembly: Assembly
) -> dict[str, Any]:
    fields.sort(key=lambda field: field.name)
    named = name in assembly.models and _names_fields(assembly, name)
    hashed = assembly.rules.hashed
    return {
        "name": name,
        "directives": [_directive(one) for one in directives if one.name in _KEYED],
        "fields": [_field(field, hashed, named=named) for field in fields],
    }


_KEYED = frozenset({"primaryKey", "index"})


def _names_fields(assembly: Assembly, model: str) -> bool:
    """Tell whether the relations of a model are hashed with the names of their fields.

    They are where a key of the model was worked out: its own, or one that points at it.
    """
    own = assembly.models[model].primary_key.declared and not assembly.rules.forced_ids
    return own or model in assembly.pointed_at


def _field(field: Field, hashed: frozenset[str], *, named: bool) -> dict[str, Any]:
    kind = field.type
    described = {
        "name": field.name,
        "directives": _relations(field, hashed, named=named) if field.directives else (),
        "type": kind.name,
        "isNullable": not kind.required,
        "isList": kind.lists > 0,
    }
    if kind.lists and kind.outer_required is not None:
        described["isListNullable"] = not kind.outer_required
    return described


def _relations(field: Field, hashed: frozenset[str], *, named: bool) -> list[dict[str, Any]]:
    more = {"fieldName": field.name} if named else {}
    return [_directive(one) | more for one in field.directives if one.name in hashed]


def _directive(directive: Directive) -> dict[str, Any]:
    return {"name": directive.name, "arguments": directive.arguments}
