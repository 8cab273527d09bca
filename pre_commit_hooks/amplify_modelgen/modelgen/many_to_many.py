"""Many-to-many relations: each becomes a join model and two one-to-many relations to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from .model import added_field, id_field, make_model
from .problems import RefusalError
from .tree import Definition, Directive, Field, Type
from .type_system import first_directive
from .values import truthy
from .words import camel_case, lower_first, upper_first

if TYPE_CHECKING:
    from .model import Model
    from .problems import Finding
    from .rules import Rules
    from .tree import Value

_NOT_IN_NAMES = r"^[^_A-Za-z]+|[^_0-9A-Za-z]"
_PAIR = 2


class Member(Struct, frozen=True):
    """One of the two fields of a many-to-many relation."""

    model: Model
    field: Field
    directive: Directive


def join_models(models: dict[str, Model], rules: Rules, findings: list[Finding]) -> None:
    """Replace the many-to-many fields of the models and append the join models."""
    for name, members in _relations(models, findings).items():
        if len(members) == _PAIR:
            try:
                models[name] = _join_model(name, members, rules, findings)
                for member in members:
                    _lead_to(member, name)
            except RefusalError as refusal:
                findings.append(refusal.finding)
        else:
            findings.extend(_wrong_number(member, members) for member in members)


def _relations(models: dict[str, Model], findings: list[Finding]) -> dict[str, list[Member]]:
    relations: dict[str, list[Member]] = {}
    for model in models.values():
        for field in model.fields.values():
            directive = first_directive(field.directives, "manyToMany")
            if directive:
                try:
                    name = _join_name(directive)
                except RefusalError as refusal:
                    findings.append(refusal.finding)
                else:
                    relations.setdefault(name, []).append(Member(model, field, directive))
    return relations


def _join_name(directive: Directive) -> str:
    name = directive.arguments.get("relationName")
    if not isinstance(name, str):
        message = "@manyToMany has no relationName"
        raise RefusalError(directive.at, message, 'write @manyToMany(relationName: "PostTags")')
    return re.sub(_NOT_IN_NAMES, "", upper_first(name))


def _wrong_number(member: Member, members: list[Member]) -> Finding:
    name = members[0].directive.arguments["relationName"]
    places = ", ".join(f"{one.model.name}.{one.field.name}" for one in members)
    message = f"the relation {name} connects two fields, but {len(members)} name it: {places}"
    return RefusalError(member.directive.at, message, "give it to exactly two fields").finding


def _join_model(name: str, members: list[Member], rules: Rules, findings: list[Finding]) -> Model:
    keys = [_key_fields(member, rules) for member in members]
    fields = [id_field(), *keys[0], *keys[1]]
    fields += [_belonging(one.model, key) for one, key in zip(members, keys, strict=True)]
    definition = Definition(
        "object",
        name,
        members[0].directive.at,
        (Directive("model", 0, {}), *_auth(members)),
        tuple({field.name: field for field in fields}.values()),
    )
    model = make_model(definition, rules, findings)
    model.hidden = tuple(
        field
        for place, field in enumerate(fields)
        if any(later.name == field.name for later in fields[place + 1 :])
    )
    return model


def _key_fields(member: Member, rules: Rules) -> tuple[Field, ...]:
    """Return the fields of the join model that hold a member's key, the first with an index.

    The first is an ID whatever the key's type; the sort keys keep their types, and their names
    are appended as they are.
    """
    model = member.model
    prefix = lower_first(model.name)
    name = prefix + upper_first(model.primary_key.field)
    if not rules.primary_keys:
        name = f"{camel_case(model.name)}ID"
    copies = [_sort_copy(member, prefix, one) for one in _sort_fields(member)]
    sort_fields: list[Value] = [field.name for field in copies]
    index: dict[str, Value] = {"name": f"by{model.name}", "sortKeyFields": sort_fields}
    return (added_field(name, "ID", Directive("index", 0, index)), *copies)


def _sort_fields(member: Member) -> list[str]:
    """Return the sort keys of a member's model, as its first key attribute without a name says.

    That attribute may be written in the schema, beside or instead of the primary key.
    """
    written = [one.arguments for one in member.model.directives if one.name == "key"]
    for key in (*written, *member.model.keys):
        if not truthy(key.get("name")):
            fields = key.get("fields")
            if isinstance(fields, list):
                return [str(name) for name in fields[1:]]
            message = f"the @key of {member.model.name} has no list of fields"
            raise RefusalError(member.directive.at, message, "use @primaryKey instead")
    return []


def _sort_copy(member: Member, prefix: str, name: str) -> Field:
    field = member.model.fields.get(name)
    if field is None:
        message = f"the sort key {name} is no field of {member.model.name}"
        raise RefusalError(member.directive.at, message, f"declare {name}")
    return Field(prefix + name, 0, replace(field.type, required=False, outer_required=None))


def _belonging(model: Model, key: tuple[Field, ...]) -> Field:
    held: list[Value] = [field.name for field in key]
    directive = Directive("belongsTo", 0, {"fields": held})
    return Field(
        camel_case(model.name),
        0,
        Type(model.name, 0, required=True, outer_required=True),
        (directive,),
    )


def _auth(members: list[Member]) -> list[Directive]:
    """Return the auth directives of both models, equal ones once."""
    distinct: dict[str, Directive] = {}
    for member in members:
        for directive in member.model.directives:
            if directive.name == "auth":
                distinct.setdefault(repr(directive.arguments), directive)
    return list(distinct.values())


def _lead_to(member: Member, join_model: str) -> None:
    """Make a many-to-many field one that has many join models."""
    model, field, old = member.model, member.field, member.directive
    key: list[Value] = [model.primary_key.field, *_sort_fields(member)]
    arguments: dict[str, Value] = {"indexName": f"by{model.name}", "fields": key}
    new = Directive("hasMany", old.at, arguments)
    replacement = replace(
        field,
        type=replace(field.type, name=join_model),
        directives=(*(one for one in field.directives if one is not old), new),
    )
    model.fields[field.name] = replacement
    model.components = tuple(replacement if one is field else one for one in model.components)
