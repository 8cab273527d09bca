"""Replace many-to-many relations by join models with two one-to-many relations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from .diagnostics import SchemaRuleError
from .javascript import js_truthy
from .model import ID_FIELD, build_model, implicit_field
from .naming import camel_case, lower_first, upper_first
from .syntax import Definition, Directive, FieldDefinition, TypeReference, find_directive

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .diagnostics import Diagnostics
    from .documents import GeneratorOptions
    from .model import ModelType
    from .syntax import Value

_INVALID_IN_NAMES = r"^[^_A-Za-z]+|[^_0-9A-Za-z]"
_PAIR = 2


class ManyToManyField(Struct, frozen=True):
    """One of the two fields of a many-to-many relation."""

    model: ModelType
    field: FieldDefinition
    directive: Directive


def build_all_models(
    definitions: Iterable[Definition], options: GeneratorOptions, diagnostics: Diagnostics
) -> dict[str, ModelType]:
    """Build the declared models, followed by the join models of their many-to-many relations."""
    models = {entry.name: build_model(entry, options, diagnostics) for entry in definitions}
    diagnostics.rule = "generator-many-to-many"
    for name, members in _relations(models, diagnostics).items():
        if len(members) == _PAIR:
            with diagnostics:
                models[name] = _build_join_model(name, members, options, diagnostics)
                for member in members:
                    _replace_field(member, name)
        else:
            relation = members[0].directive.arguments["relationName"]
            message = f"the relation {relation} must connect two fields, but {len(members)} use it"
            for member in members:
                hint = "use the name for exactly two fields"
                diagnostics.error(member.directive.offset, message, hint)
    return models


def _relations(
    models: dict[str, ModelType], diagnostics: Diagnostics
) -> dict[str, list[ManyToManyField]]:
    """Return the many-to-many fields by the name of their join model."""
    relations: dict[str, list[ManyToManyField]] = {}
    for model in models.values():
        for field in model.fields.values():
            directive = find_directive(field.directives, "manyToMany")
            name = directive.arguments.get("relationName") if directive else None
            if directive and isinstance(name, str):
                member = ManyToManyField(model, field, directive)
                relations.setdefault(join_model_name(name), []).append(member)
            elif directive:
                hint = 'write @manyToMany(relationName: "PostTags")'
                diagnostics.error(directive.offset, "@manyToMany has no relationName", hint)
    return relations


def join_model_name(relation: str) -> str:
    """Return the name of the join model of a relation: `post-tags` becomes `Posttags`."""
    return re.sub(_INVALID_IN_NAMES, "", upper_first(relation))


def _build_join_model(
    name: str, members: list[ManyToManyField], options: GeneratorOptions, diagnostics: Diagnostics
) -> ModelType:
    keys = [_key_fields(member, options) for member in members]
    # Those of both models, without duplicates.
    auth = {
        repr(directive.arguments): directive
        for member in members
        for directive in member.model.directives
        if directive.name == "auth"
    }
    fields = [ID_FIELD, *keys[0], *keys[1]]
    fields += [_belongs_to(entry.model, key) for entry, key in zip(members, keys, strict=True)]
    named = {field.name: field for field in fields}
    definition = Definition(
        "object",
        name,
        members[0].directive.offset,
        (Directive("model", 0, {}), *auth.values()),
        tuple(named.values()),
    )
    model = build_model(definition, options, diagnostics)
    model.hidden = tuple(field for field in fields if named[field.name] is not field)
    return model


def _key_fields(member: ManyToManyField, options: GeneratorOptions) -> tuple[FieldDefinition, ...]:
    """Return the fields of the join model that hold a member's key, the first with an index.

    The first is an ID, whatever the type of the key. The sort keys keep their types, and their
    names are appended unchanged.
    """
    model = member.model
    prefix = lower_first(model.name)
    name = prefix + upper_first(model.primary_key.field)
    if not options.full_primary_keys:
        name = f"{camel_case(model.name)}ID"
    copies = [_copy_sort_field(member, prefix, entry) for entry in _sort_fields(member)]
    sort_fields: list[Value] = [field.name for field in copies]
    index: dict[str, Value] = {"name": f"by{model.name}", "sortKeyFields": sort_fields}
    return (implicit_field(name, "ID", Directive("index", 0, index)), *copies)


def _sort_fields(member: ManyToManyField) -> list[str]:
    """Return the sort keys of a member's model: those of its first key attribute without a name.

    That may be a `@key` of the schema, with or instead of the primary key.
    """
    legacy_keys = [entry.arguments for entry in member.model.directives if entry.name == "key"]
    for key in (*legacy_keys, *member.model.keys):
        if not js_truthy(key.get("name")):
            fields = key.get("fields")
            if isinstance(fields, list):
                return [str(name) for name in fields[1:]]
            message = f"the @key of {member.model.name} has no list of fields"
            raise SchemaRuleError(member.directive.offset, message, "use @primaryKey instead")
    return []


def _copy_sort_field(member: ManyToManyField, prefix: str, name: str) -> FieldDefinition:
    field = member.model.fields.get(name)
    if field is None:
        message = f"sort key {name} is not a field of {member.model.name}"
        raise SchemaRuleError(member.directive.offset, message, f"declare {name}")
    reference = replace(field.type, required=False, outer_required=None)
    return FieldDefinition(prefix + name, 0, reference)


def _belongs_to(model: ModelType, key: tuple[FieldDefinition, ...]) -> FieldDefinition:
    names: list[Value] = [field.name for field in key]
    directive = Directive("belongsTo", 0, {"fields": names})
    reference = TypeReference(model.name, 0, required=True, outer_required=True)
    return FieldDefinition(camel_case(model.name), 0, reference, (directive,))


def _replace_field(member: ManyToManyField, join_model: str) -> None:
    """Replace the directive of a many-to-many field by a `@hasMany` of the join model."""
    model, field, old = member.model, member.field, member.directive
    key: list[Value] = [model.primary_key.field, *_sort_fields(member)]
    arguments: dict[str, Value] = {"indexName": f"by{model.name}", "fields": key}
    new = Directive("hasMany", old.offset, arguments)
    replacement = replace(
        field,
        type=replace(field.type, name=join_model),
        directives=(*(entry for entry in field.directives if entry is not old), new),
    )
    model.fields[field.name] = replacement
    model.key_fields = tuple(replacement if entry is field else entry for entry in model.key_fields)
