"""The version of a DataStore schema: a digest of its models, by which clients see a change."""

from __future__ import annotations

from hashlib import md5
from typing import TYPE_CHECKING

from .json_text import compact, quoted_text

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
    text = ",".join(text for _, text in sorted(described.items()))
    return md5(f"[{text}]".encode(), usedforsecurity=False).hexdigest()


def _described(
    name: str, directives: tuple[Directive, ...], fields: list[Field], assembly: Assembly
) -> str:
    keyed = (one for one in directives if one.name in {"primaryKey", "index"})
    fields.sort(key=lambda field: field.name)
    named = name in assembly.models and _names_fields(assembly, name)
    hashed = assembly.rules.hashed
    texts = (_field(field, hashed, named=named) for field in fields)
    return (
        f'{{"name":"{name}","directives":[{",".join(map(_directive, keyed))}],'
        f'"fields":[{",".join(texts)}]}}'
    )


def _names_fields(assembly: Assembly, model: str) -> bool:
    """Tell whether the relations of a model are hashed with the names of their fields.

    They are where a key of the model was worked out: its own, or one that points at it.
    """
    own = assembly.models[model].primary_key.declared and not assembly.rules.forced_ids
    return own or model in assembly.pointed_at


def _field(field: Field, hashed: frozenset[str], *, named: bool) -> str:
    wanted = [one for one in field.directives if one.name in hashed]
    # A relation may make a field of any text that its schema gives for a name.
    name = quoted_text(field.name)
    suffix = f',"fieldName":{name}' if named else ""
    directives = ",".join(_directive(one, suffix) for one in wanted)
    kind = field.type
    nullable = "false" if kind.required else "true"
    lists = "true" if kind.lists else "false"
    if kind.lists and kind.outer_required is not None:
        lists += f',"isListNullable":{_no(kind.outer_required)}'
    return (
        f'{{"name":{name},"directives":[{directives}],"type":"{kind.name}",'
        f'"isNullable":{nullable},"isList":{lists}}}'
    )


def _no(value: bool) -> str:  # noqa: FBT001 (the value is what is written)
    return "false" if value else "true"


def _directive(directive: Directive, suffix: str = "") -> str:
    arguments = compact(directive.arguments)
    return f'{{"name":"{directive.name}","arguments":{arguments}{suffix}}}'
