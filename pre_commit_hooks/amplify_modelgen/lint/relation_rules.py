"""Rules of relations: their types, their inverses, and the `@connection` of version 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.modelgen.naming import lower_first, upper_first

from .rule import schema_rule
from .schema_index import LOOKED_UP, at_type, owner_problems, undeclared
from .wording import type_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen.modelgen.syntax import FieldDefinition

    from .schema_index import DirectiveUse, Problem, SchemaIndex


# A schema has no @connection unless transformer version 1 compiles it.
RELATIONS = ("hasOne", "hasMany", "belongsTo", "connection")
ALL_RELATIONS = (*RELATIONS, "manyToMany")
_LISTS = ("hasMany", "manyToMany")
_INVERSES = {
    "hasOne": ("belongsTo",),
    "hasMany": ("belongsTo",),
    "belongsTo": ("hasOne", "hasMany"),
}


def relations(index: SchemaIndex) -> Iterator[tuple[DirectiveUse, FieldDefinition]]:
    """Yield the relations between models, other than many-to-many ones."""
    for use, field in index.model_uses(*RELATIONS):
        if field.type.name in index.models:
            yield use, field


@schema_rule(1, 2)
def relation_owner(index: SchemaIndex) -> Iterator[Problem]:
    """Relations belong to fields of models.

    Wrong: type Post { comments: [Comment] @hasMany } type Comment @model { id: ID! }
    Right: type Post @model { comments: [Comment] @hasMany } type Comment @model { id: ID! }
    """
    yield from owner_problems(index, *ALL_RELATIONS)


@schema_rule(1, 2)
def relation_type(index: SchemaIndex) -> Iterator[Problem]:
    """A relation refers to a model.

    Wrong: type Post @model { comments: [Comment] @hasMany } type Comment { text: String }
    Right: type Post @model { comments: [Comment] } type Comment { text: String }
    """
    for use, field in index.model_uses(*ALL_RELATIONS):
        name = field.type.name
        kind = index.kind(name)
        if kind not in ("model", "unknown"):
            message = f"{use.path} has @{use.directive.name}, but {name} is not a model"
            hint = f"remove @{use.directive.name}, or use a model as type"
            if kind == "object":
                hint = f"add @model to {name}, or remove @{use.directive.name}"
            yield at_type(field, message, hint)


@schema_rule()
def relation_list(index: SchemaIndex) -> Iterator[Problem]:
    """The fields of `@hasMany` and `@manyToMany` are lists.

    Those of `@hasOne` and `@belongsTo` are not.

    Wrong: type Post @model { comments: Comment @hasMany } type Comment @model { id: ID! }
    Right: type Post @model { comments: [Comment] @hasMany } type Comment @model { id: ID! }
    """
    for use, field in index.model_uses(*ALL_RELATIONS):
        name, type_name = use.directive.name, field.type.name
        if name in _LISTS and not field.type.list_depth:
            message = f"@{name} of {use.path} refers to many models, but the field is not a list"
            yield at_type(field, message, f"write [{type_name}], or use @hasOne or @belongsTo")
        elif name not in _LISTS and field.type.list_depth:
            message = f"@{name} of {use.path} refers to one model, but the field is a list"
            yield at_type(field, message, f"write {type_name} without brackets, or use @hasMany")


@schema_rule()
def relation_repeated(index: SchemaIndex) -> Iterator[Problem]:
    """A field has one relation directive.

    Wrong: type Post @model { tag: Tag @hasOne @belongsTo } type Tag @model { post: Post @hasOne }
    Right: type Post @model { tag: Tag @belongsTo } type Tag @model { post: Post @hasOne }
    """
    first_of: dict[str, DirectiveUse] = {}
    for use, _ in index.model_uses(*ALL_RELATIONS):
        first = first_of.setdefault(use.path, use)
        if first.directive.name != use.directive.name:
            names = first.directive.name, use.directive.name
            message = f"{use.path} has both @{names[0]} and @{names[1]}"
            yield use.problem(message, "keep one relation directive on the field")


@schema_rule()
def relation_inverse(index: SchemaIndex) -> Iterator[Problem]:
    """The other model of a `@belongsTo` has the opposite relation.

    So has that of any relation with `references`.

    Wrong: type Post @model { id: ID! } type Tag @model { post: Post @belongsTo }
    Right: type Post @model { tags: [Tag] @hasMany } type Tag @model { post: Post @belongsTo }
    """
    present = {
        (use.directive.name == "belongsTo", use.owner.name, field.type.name, references)
        for use, field in index.model_uses(*RELATIONS)
        for references in ((), _references(use))
    }
    for use, field in relations(index):
        is_inverse, references = use.directive.name == "belongsTo", _references(use)
        key = (not is_inverse, field.type.name, use.owner.name, references)
        is_needed = is_inverse or use.has_argument("references")
        if is_needed and key not in present:
            other, owner = field.type.name, use.owner.name
            names = ", ".join(f'"{name}"' for name in references)
            arguments = f"(references: [{names}])" if names else ""
            inverse, kind = ("hasMany", f"[{owner}]") if is_inverse else ("belongsTo", owner)
            hint = f"add a field of type {kind} with @{inverse}{arguments} to {other}"
            yield use.problem(f"no field of {other} is the opposite of {use.path}", hint)


def _references(use: DirectiveUse) -> tuple[str, ...]:
    return tuple(name for name, _ in use.items("references"))


@schema_rule()
def relation_mixed(index: SchemaIndex) -> Iterator[Problem]:
    """Either all relations between two models have `references`, or none.

    Wrong:
        type Post @model { tags: [Tag] @hasMany(references: ["key"]) }
        type Tag @model { key: ID post: Post @belongsTo(references: ["key"]) next: Post @belongsTo }
    Right:
        type Post @model { tags: [Tag] @hasMany(references: ["key"]) }
        type Tag @model { key: ID post: Post @belongsTo(references: ["key"]) }
    """
    with_references = {
        (use.owner.name, field.type.name, inverse)
        for use, field in relations(index)
        if use.has_argument("references")
        for inverse in _INVERSES[use.directive.name]
    }
    for use, field in relations(index):
        key = (field.type.name, use.owner.name, use.directive.name)
        if key in with_references and "references" not in use.directive.arguments:
            message = f"{use.path} has no `references`, but another relation with {key[0]} has"
            yield use.problem(message, "use `references` for all relations of the two models")


@schema_rule(1)
def connection_target(index: SchemaIndex) -> Iterator[Problem]:
    """A `@connection` with `fields` finds one object by the primary key that is declared.

    `keyName` is for lists.

    Wrong:
        type Post @model { key: ID tag: Tag @connection(keyName: "byName", fields: ["key"]) }
        type Tag @model @key(name: "byName", fields: ["name"]) { id: ID! name: ID! }
    Right:
        type Post @model { key: ID tag: Tag @connection(fields: ["key"]) }
        type Tag @model @key(name: "byName", fields: ["name"]) { id: ID! name: ID! }
    """
    for use, field in relations(index):
        other, index_name = field.type.name, use.argument("keyName")
        if not use.argument("fields"):
            continue
        is_known = index.keys[other].get(str(index_name)) is not None
        if index_name and is_known and not field.type.list_depth:
            message = f"{use.path} refers to one {other}, but keyName selects an index"
            yield use.problem(message, "remove keyName, or make the field a list", "keyName")
        elif not index_name and not {*index.keys[other][""].names} <= index.fields[other].keys():
            message = f"{use.path} refers to the id of {other}, which does not declare it"
            yield use.problem(message, f"add id: ID! to {other}")


def _pairs(
    index: SchemaIndex,
) -> Iterator[tuple[DirectiveUse, FieldDefinition, FieldDefinition | None]]:
    """Yield each connection without `fields`, its field, and the other one of the same name."""
    for use, field in relations(index):
        name = use.argument("name")
        partners = (
            other
            for other in index.types[field.type.name].fields
            for directive in other.directives
            if other is not field and directive.name == "connection"
            if name and directive.arguments.get("name") == name
        )
        if use.argument("fields") is None:
            yield use, field, next(partners, None)


@schema_rule(1)
def connection_partner(index: SchemaIndex) -> Iterator[Problem]:
    """The `name` of a `@connection` is that of a field of the other model.

    One of the two fields is not a list.

    Wrong:
        type Post @model { id: ID! comments: [Comment] @connection(name: "PostComments") }
        type Comment @model { id: ID! likes: Int }
    Right:
        type Post @model { id: ID! comments: [Comment] @connection(name: "PostComments") }
        type Comment @model { id: ID! likes: Int post: Post @connection(name: "PostComments") }
    """
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


@schema_rule(1)
def connection_key_field(index: SchemaIndex) -> Iterator[Problem]:
    """A field that holds the key of a `@connection` is an `ID` or a `String`.

    Wrong:
        type Post @model { id: ID! tags: [Tag] @connection(keyField: "likes") }
        type Tag @model { id: ID! likes: Int }
    Right:
        type Post @model { id: ID! tags: [Tag] @connection(keyField: "postId") }
        type Tag @model { id: ID! postId: ID }
    """
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


@schema_rule(1)
def connection_sort_field(index: SchemaIndex) -> Iterator[Problem]:
    """The `sortField` of a `@connection` is a scalar field that the schema declares.

    Wrong:
        type Post @model { id: ID! tags: [Tag] @connection(name: "PostTags", sortField: "date") }
        type Tag @model { id: ID! likes: Int post: Post @connection(name: "PostTags") }
    Right:
        type Post @model { id: ID! tags: [Tag] @connection(name: "PostTags", sortField: "likes") }
        type Tag @model { id: ID! likes: Int post: Post @connection(name: "PostTags") }
    """
    for use, field, partner in _pairs(index):
        name, is_list = str(use.argument("sortField") or ""), field.type.list_depth
        is_pair = partner and (is_list or partner.type.list_depth)
        model = field.type.name if is_list else use.owner.name
        declared, key = index.field(model, name), index.keys[field.type.name][""]
        if not name or (is_list and not partner):
            continue
        if not is_pair and len(key.names) != LOOKED_UP:
            message = f"{use.path} has a sortField, but {field.type.name} has no sort key"
            yield use.problem(message, "remove sortField", "sortField")
        elif declared is None:
            if is_list or not is_pair:
                yield undeclared(index, use, model, name, "sortField")
        elif not is_pair and declared.type.name != key.types[1]:
            message = f"the sortField {name} is {declared.type.name}, but the key is {key.types[1]}"
            yield use.problem(message, "give both the same type", "sortField")
        elif is_pair and (
            index.kind(declared.type.name) != "scalar"
            or declared.type.name == "Boolean"
            or (is_list and declared.type.list_depth)
        ):
            message = f"the sortField {name} has the type {type_text(declared.type)}"
            yield use.problem(message, "use a field that is a scalar, but no Boolean", "sortField")
