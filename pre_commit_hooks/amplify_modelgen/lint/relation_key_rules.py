"""Rules of the keys of relations: `fields`, `references` and `indexName`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.modelgen.naming import lower_first, upper_first

from .relation_rules import RELATIONS, relations
from .rule import schema_rule
from .schema_index import LOOKED_UP, NUMBERS, at_type, is_required, stored_names, undeclared
from .wording import did_you_mean, listed, type_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen.modelgen.syntax import FieldDefinition

    from .schema_index import DirectiveUse, ModelKey, Problem, SchemaIndex

_TEXTS = ("ID", "String")


@schema_rule()
def relation_arguments(index: SchemaIndex) -> Iterator[Problem]:
    """A relation has `references`, or `fields` and `indexName`, but not both.

    Wrong:
        type Post @model { id: ID! tags: [Tag] @hasMany(fields: ["id"], references: ["postId"]) }
        type Tag @model { postId: ID post: Post @belongsTo(references: ["postId"]) }
    Right:
        type Post @model { id: ID! tags: [Tag] @hasMany(references: ["postId"]) }
        type Tag @model { postId: ID post: Post @belongsTo(references: ["postId"]) }
    """
    for use, _ in index.model_uses(*RELATIONS):
        for argument in ("fields", "indexName"):
            if use.has_argument("references") and use.has_argument(argument):
                message = f"{use.path} has both `{argument}` and `references`"
                yield use.problem(message, "remove one of the two", argument)


@schema_rule(1, 2)
def relation_empty(index: SchemaIndex) -> Iterator[Problem]:
    """`fields` and `references` name one field at least.

    Wrong: type Post @model { tags: [Tag] @hasMany(fields: []) } type Tag @model { id: ID! }
    Right: type Post @model { tags: [Tag] @hasMany } type Tag @model { id: ID! }
    """
    for use, _ in index.model_uses(*RELATIONS):
        for argument in ("fields", "references"):
            if use.argument(argument) == []:
                message = f"`{argument}` of {use.path} is an empty list"
                yield use.problem(message, "name the fields, or remove the argument", argument)


def _key_arguments(
    index: SchemaIndex,
) -> Iterator[tuple[DirectiveUse, FieldDefinition, str, str]]:
    """Yield each relation, its field, its argument that names fields, and their model."""
    for use, field in relations(index):
        owner, other = use.owner.name, field.type.name
        yield use, field, "fields", owner
        yield use, field, "references", owner if use.directive.name == "belongsTo" else other


@schema_rule(1, 2)
def relation_field(index: SchemaIndex) -> Iterator[Problem]:
    """`fields` names fields of the same model.

    `references` names fields of the model with the `@belongsTo`.

    Wrong: type Post @model { tag: Tag @hasOne(fields: ["tagId"]) } type Tag @model { id: ID! }
    Right:
        type Post @model { tagId: ID tag: Tag @hasOne(fields: ["tagId"]) }
        type Tag @model { id: ID! }
    """
    for use, _, argument, model in _key_arguments(index):
        for name, path in use.items(argument):
            if name not in index.fields[model]:
                yield undeclared(index, use, model, name, *path)


@schema_rule(1, 2)
def relation_index(index: SchemaIndex) -> Iterator[Problem]:
    """`indexName` is the name of an `@index` of the other model, `keyName` that of a `@key`.

    Wrong:
        type Post @model { id: ID! comments: [Comment] @hasMany(indexName: "byPost") }
        type Comment @model { postId: ID @index(name: "byPostId") }
    Right:
        type Post @model { id: ID! comments: [Comment] @hasMany(indexName: "byPost") }
        type Comment @model { postId: ID @index(name: "byPost") }
    """
    for use, field in relations(index):
        argument = _index_argument(use)
        name, other = use.argument(argument), field.type.name
        # A `@connection` without `fields` has no use for a `keyName`.
        is_ignored = argument == "keyName" and use.argument("fields") is None
        if not name or is_ignored or use.has_argument("references"):
            continue
        if not index.keys[other].get(str(name)):
            message = f"{use.path}: {other} has no index with the name {name}"
            names = [entry.index_name for entry in index.indexes() if entry.owner.name == other]
            otherwise = f'add @index(name: "{name}") to a field of {other}'
            if argument == "keyName":
                otherwise = f'add @key(name: "{name}", fields: [...]) to {other}'
            yield use.problem(message, did_you_mean(str(name), names, otherwise), argument)


def _index_argument(use: DirectiveUse) -> str:
    return "keyName" if use.directive.name == "connection" else "indexName"


def _key(index: SchemaIndex, use: DirectiveUse, field: FieldDefinition) -> ModelKey | None:
    """Return the key that the `fields` or `references` of a relation have the values of."""
    owner, other = use.owner.name, field.type.name
    if use.has_argument("references"):
        return index.keys[other if use.directive.name == "belongsTo" else owner][""]
    name = use.argument(_index_argument(use))
    return index.keys[other].get(str(name)) if name else index.keys[other][""]


@schema_rule(1, 2)
def relation_key_size(index: SchemaIndex) -> Iterator[Problem]:
    """`fields` names the first field of the other key only, or as many fields as it has.

    `references` always names as many.

    Wrong:
        type Post @model { coverId: ID size: Int cover: Image @hasOne(fields: ["coverId", "size"]) }
        type Image @model { id: ID! }
    Right:
        type Post @model { coverId: ID size: Int cover: Image @hasOne(fields: ["coverId"]) }
        type Image @model { id: ID! }
    """
    for use, field in relations(index):
        is_reference = use.has_argument("references")
        argument = "references" if is_reference else "fields"
        names, key = use.items(argument), _key(index, use, field)
        if not names or key is None or len(names) == len(key.names):
            continue
        if use.directive.name != "belongsTo" if is_reference else len(names) > 1:
            message = f"`{argument}` of {use.path} does not fit the key: {listed(key.names)}"
            yield use.problem(message, "name one field for each field of the key", argument)


@schema_rule(1, 2)
def relation_key_type(index: SchemaIndex) -> Iterator[Problem]:
    """The fields of a relation are scalars or enums, with the types of the key.

    Only transformer version 2 accepts lists, in `fields`.

    Wrong:
        type Post @model { coverId: Int cover: Image @hasOne(fields: ["coverId"]) }
        type Image @model { id: ID! }
    Right:
        type Post @model { coverId: ID cover: Image @hasOne(fields: ["coverId"]) }
        type Image @model { id: ID! }
    """
    for use, field, argument, model in _key_arguments(index):
        key = _key(index, use, field)
        is_reference = argument == "references"
        names = use.items(argument)
        expected = key.types if key and (is_reference or len(names) in (1, len(key.types))) else ()
        if is_reference and key is not None and not key.declared:
            expected = ("ID",)
        for position, (name, path) in enumerate(names):
            entry = index.fields[model].get(name)
            if entry is None:
                continue
            reference, other = entry.type, expected[position] if position < len(expected) else ""
            is_text = is_reference and reference.name in _TEXTS and other in _TEXTS
            is_list = reference.list_depth and (is_reference or index.version == 1)
            if not index.is_scalar(reference) or is_list:
                message = f"{use.path}: {model}.{name} has the type {type_text(reference)}"
                yield use.problem(message, "name fields that are scalars or enums", *path)
            elif other and reference.name != other and not is_text:
                message = f"{use.path}: {model}.{name} is {reference.name}, but the key is {other}"
                yield use.problem(message, f"give both the same type, such as {other}", *path)


@schema_rule()
def relation_key_scalar(index: SchemaIndex) -> Iterator[Problem]:
    """The fields that hold the key of a `@hasOne` or `@belongsTo` are scalars.

    Wrong:
        type Post @model { state: State @hasOne }
        type State @model { name: Name! @primaryKey }
        enum Name { DRAFT PUBLISHED }
    Right: type Post @model { state: State @hasOne } type State @model { name: String! @primaryKey }
    """
    first_fields: dict[tuple[str, str], FieldDefinition] = {}
    uses = sorted(index.model_uses("hasOne", "hasMany"), key=lambda each: each[1].offset)
    for use, field in uses:
        first_fields.setdefault((use.owner.name, field.type.name), field)
    for use, field in relations(index):
        names = _own_key_names(index, use, field, first_fields)
        key = index.keys[field.type.name][""]
        has_fields = len(names) > 1 or bool(use.items("fields") or use.items("references"))
        for name, type_name in zip(names[:LOOKED_UP], key.types, strict=False):
            if len(key.types) > LOOKED_UP and name != names[0]:
                break  # several sort keys are joined to one text
            own = index.fields[use.owner.name].get(name)
            copied = type_name if key.declared or has_fields else "ID"
            found = own.type.name if own else copied
            if index.kind(found) not in ("scalar", "unknown"):
                message = f"{use.path} has the key field {name}, whose type {found} is not a scalar"
                yield at_type(field, message, f"use a scalar, such as String, instead of {found}")


def _own_key_names(
    index: SchemaIndex,
    use: DirectiveUse,
    field: FieldDefinition,
    first_fields: dict[tuple[str, str], FieldDefinition],
) -> list[str]:
    """Return the names of the fields, declared or not, that hold the key of the other model."""
    is_inverse = use.directive.name == "belongsTo"
    argument = "references" if is_inverse and use.has_argument("references") else "fields"
    names = [name for name, _ in use.items(argument)]
    if names or use.directive.name == "hasMany" or use.has_argument("references"):
        return names if use.directive.name != "hasMany" else []
    model, relation = use.owner.name, field
    if is_inverse:
        inverse = first_fields.get((field.type.name, model))
        if inverse and inverse.type.list_depth:
            model, relation = field.type.name, inverse
    prefix = lower_first(model) + upper_first(relation.name)
    return [prefix + upper_first(name) for name in index.keys[field.type.name][""].names]


@schema_rule()
def relation_foreign_key_type(index: SchemaIndex) -> Iterator[Problem]:
    """A field in an index that holds the key of a `@hasMany` has the type of the key.

    Wrong:
        type Post @model { comments: [Comment] @hasMany }
        type Comment @model { postCommentsId: Int @index(name: "byPost") }
    Right:
        type Post @model { comments: [Comment] @hasMany }
        type Comment @model { postCommentsId: ID @index(name: "byPost") }
    """
    for use, field in relations(index):
        arguments = ("fields", "indexName", "references")
        if use.directive.name != "hasMany" or any(use.has_argument(name) for name in arguments):
            continue
        key, other = index.keys[use.owner.name][""], field.type.name
        used = {name for entry in index.keys[other].values() for name in stored_names(entry.names)}
        prefix = lower_first(use.owner.name) + upper_first(field.name)
        for name, type_name in zip(stored_names(key.names), key.types, strict=False):
            foreign = index.fields[other].get(prefix + upper_first(name))
            expected = type_name if key.declared else "ID"
            if foreign is None or foreign.name not in used:
                continue
            if (foreign.type.name in NUMBERS) != (expected in NUMBERS):
                message = f"{other}.{foreign.name} holds the key of {use.path}, a {expected}"
                yield at_type(foreign, message, f"write {expected}, or rename the field")


@schema_rule()
def relation_null_sort_fields(index: SchemaIndex) -> Iterator[Problem]:
    """A model that `@hasOne` or `@belongsTo` refers to has no `sortKeyFields: null`.

    Wrong:
        type Post @model { cover: Image @hasOne }
        type Image @model { name: ID! @primaryKey(sortKeyFields: null) }
    Right: type Post @model { cover: Image @hasOne } type Image @model { name: ID! @primaryKey }
    """
    referred = {
        field.type.name: use.path
        for use, field in relations(index)
        if use.directive.name != "hasMany" and not use.has_argument("fields")
    }
    for use, _ in index.model_uses("primaryKey"):
        path = referred.get(use.owner.name)
        if path and use.directive.arguments.get("sortKeyFields", "") is None:
            message = f"the sortKeyFields of {use.path}, which {path} refers to, are null"
            yield use.problem(message, "remove the argument", "sortKeyFields")


@schema_rule()
def relation_required(index: SchemaIndex) -> Iterator[Problem]:
    """A relation with `references` may be null.

    Wrong:
        type Post @model { comments: [Comment] @hasMany(references: ["postId"]) }
        type Comment @model { postId: ID post: Post! @belongsTo(references: ["postId"]) }
    Right:
        type Post @model { comments: [Comment] @hasMany(references: ["postId"]) }
        type Comment @model { postId: ID post: Post @belongsTo(references: ["postId"]) }
    """
    for use, field in relations(index):
        if use.has_argument("references") and (field.type.required or is_required(field.type)):
            message = f"{use.path} has `references`, but is required"
            yield at_type(field, message, "remove the exclamation mark from the type")


@schema_rule()
def relation_index_name(index: SchemaIndex) -> Iterator[Problem]:
    """No index has the name that a relation with `references` gives to its own index.

    Wrong:
        type A @model { bs: [B] @hasMany(references: ["k"]) }
        type B @model { k: ID @index(name: "gsi-A.bs") a: A @belongsTo(references: ["k"]) }
    Right:
        type A @model { bs: [B] @hasMany(references: ["k"]) }
        type B @model { k: ID @index(name: "byA") a: A @belongsTo(references: ["k"]) }
    """
    added = {
        (field.type.name, f"gsi-{use.path}"): use.path
        for use, field in relations(index)
        if use.has_argument("references") and use.directive.name != "belongsTo"
    }
    for use, _ in index.model_uses("index"):
        path = added.get((use.owner.name, str(use.argument("name"))))
        if path:
            message = f"the index of {use.path} has the name of the index that {path} adds"
            yield use.problem(message, "rename the index", "name")
