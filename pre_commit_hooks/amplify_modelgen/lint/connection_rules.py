"""Rules of `@connection`, in transformer version 1, that relations of version 2 do not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.modelgen.naming import lower_first, upper_first
from amplify_modelgen.modelgen.syntax import find_directive

from .model_keys import at_type, index_key, primary_key
from .relation_rules import relations
from .rule import Rule
from .wording import did_you_mean, type_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen.modelgen.syntax import FieldDefinition

    from .schema_index import DirectiveUse, Problem, SchemaIndex

_KEYED = 2


def _targets(index: SchemaIndex) -> Iterator[Problem]:
    """Find connections by `fields` to a key that the other model does not have."""
    for use, field in relations(index):
        other, index_name = field.type.name, use.argument("keyName")
        if not use.argument("fields"):
            continue
        is_known = index_key(index, other, str(index_name)) is not None
        if index_name and is_known and not field.type.list_depth:
            message = f"{use.path} refers to one {other}, but keyName selects an index"
            yield use.problem(message, "remove keyName, or make the field a list", "keyName")
        elif not index_name and any(
            name not in index.fields[other] for name in primary_key(index, other).names
        ):
            message = f"{use.path} refers to the id of {other}, which does not declare it"
            yield use.problem(message, f"add id: ID! to {other}")


def _partner(
    index: SchemaIndex, use: DirectiveUse, field: FieldDefinition
) -> FieldDefinition | None:
    """Return the other field with the same `name` of a connection, None if it has no partner."""
    name = use.argument("name")
    for other in index.types[field.type.name].fields if name else ():
        directive = find_directive(other.directives, "connection")
        if other is not field and directive and directive.arguments.get("name") == name:
            return other
    return None


def _pairs(
    index: SchemaIndex,
) -> Iterator[tuple[DirectiveUse, FieldDefinition, FieldDefinition | None]]:
    """Yield each connection without `fields`, its field and its partner."""
    for use, field in relations(index):
        if use.argument("fields") is None:
            yield use, field, _partner(index, use, field)


def _partners(index: SchemaIndex) -> Iterator[Problem]:
    for use, field, partner in _pairs(index):
        name, other = use.argument("name"), field.type.name
        if name and partner is None:
            message = f"{use.path}: no other field of {other} has @connection with the name {name}"
            hint = f'add a field of type {use.owner.name} with @connection(name: "{name}")'
            yield use.problem(message, f"{hint} to {other}, or remove the name", "name")
        elif partner and partner.type.list_depth and field.type.list_depth:
            message = f"{use.path} and {other}.{partner.name} are both lists"
            hint = "connect both to a third model: version 1 has no many-to-many relations"
            yield at_type(field, message, hint)


def _key_fields(index: SchemaIndex) -> Iterator[Problem]:
    for use, field, partner in _pairs(index):
        is_many = field.type.list_depth
        model = field.type.name if is_many else use.owner.name
        owner, relation = use.owner.name, field.name
        if is_many and partner:
            owner, relation = model, partner.name
        default = lower_first(owner) + upper_first(relation) + "Id"
        name = str(use.argument("keyField") or default)
        declared = index.field(model, name)
        if declared and (declared.type.name not in ("ID", "String") or declared.type.list_depth):
            path = f"{model}.{name}"
            message = f"{path} holds the key of {use.path}, but is {type_text(declared.type)}"
            yield at_type(declared, message, "write ID, or use another keyField")


def _sort_fields(index: SchemaIndex) -> Iterator[Problem]:
    for use, field, partner in _pairs(index):
        name = str(use.argument("sortField") or "")
        if name and field.type.list_depth and partner:
            yield from _index_sort_field(index, use, field.type.name, name)
        elif name and partner and partner.type.list_depth:
            declared = index.field(use.owner.name, name)
            if declared and not _is_sortable(index, declared):
                yield _unsortable(use, declared)
        elif name and not field.type.list_depth:
            yield from _object_sort_field(index, use, field.type.name, name)


def _is_sortable(index: SchemaIndex, field: FieldDefinition) -> bool:
    return index.kind(field.type.name) == "scalar" and field.type.name != "Boolean"


def _unsortable(use: DirectiveUse, field: FieldDefinition) -> Problem:
    message = f"the sortField {field.name} has the type {type_text(field.type)}"
    return use.problem(message, "use a field that is a scalar, but no Boolean", "sortField")


def _undeclared(index: SchemaIndex, use: DirectiveUse, model: str, name: str) -> Problem:
    message = f"the sortField {name} is not a field of {model}"
    hint = did_you_mean(name, index.fields[model], f"declare {name} in {model}")
    return use.problem(message, hint, "sortField")


def _index_sort_field(
    index: SchemaIndex, use: DirectiveUse, model: str, name: str
) -> Iterator[Problem]:
    declared = index.field(model, name)
    if declared is None:
        yield _undeclared(index, use, model, name)
    elif declared.type.list_depth or not _is_sortable(index, declared):
        yield _unsortable(use, declared)


def _object_sort_field(
    index: SchemaIndex, use: DirectiveUse, other: str, name: str
) -> Iterator[Problem]:
    declared, key = index.field(use.owner.name, name), primary_key(index, other)
    if len(key.names) != _KEYED:
        message = f"{use.path} has a sortField, but the primary key of {other} has no sort key"
        yield use.problem(message, "remove sortField", "sortField")
    elif declared is None:
        yield _undeclared(index, use, use.owner.name, name)
    elif declared.type.name != key.types[1]:
        message = f"the sortField {name} is {declared.type.name}, but the key is {key.types[1]}"
        yield use.problem(message, "give both the same type", "sortField")


_PAIR = (
    'type Post @model { id: ID! comments: [Comment] @connection(name: "PostComments"%s) }'
    " type Comment @model { id: ID! likes: Int%s }"
)
_POST = ' post: Post @connection(name: "PostComments")'
_KEYED_POST = (
    "type Post @model { coverId: ID cover: Image @connection(%s) }"
    ' type Image @model @key(name: "byName", fields: ["name"]) { id: ID! name: ID! }'
)

CONNECTION_RULES = (
    Rule(
        id="connection-target",
        summary="A `@connection` with `fields` finds one object by its primary key, which the"
        " schema declares, and `keyName` is for lists.",
        wrong=_KEYED_POST % 'keyName: "byName", fields: ["coverId"]',
        right=_KEYED_POST % 'fields: ["coverId"]',
        find=_targets,
        versions=(1,),
    ),
    Rule(
        id="connection-partner",
        summary="The `name` of a `@connection` is that of a field of the other model, and one of"
        " the two fields is not a list.",
        wrong=_PAIR % ("", ""),
        right=_PAIR % ("", _POST),
        find=_partners,
        versions=(1,),
    ),
    Rule(
        id="connection-key-field",
        summary="A field that holds the key of a `@connection` is an `ID` or a `String`.",
        wrong=_PAIR % (', keyField: "likes"', _POST),
        right=_PAIR % (', keyField: "postId"', _POST),
        find=_key_fields,
        versions=(1,),
    ),
    Rule(
        id="connection-sort-field",
        summary="The `sortField` of a `@connection` is a scalar field that the schema declares.",
        wrong=_PAIR % (', sortField: "date"', _POST),
        right=_PAIR % (', sortField: "likes"', _POST),
        find=_sort_fields,
        versions=(1,),
    ),
)
