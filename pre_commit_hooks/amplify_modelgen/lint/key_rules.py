"""Rules of `@primaryKey` and `@index`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .rule import schema_rule
from .schema_index import NUMBERS, at_type, is_required, owner_problems, stored_names, undeclared
from .wording import type_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen.modelgen.syntax import FieldDefinition

    from .schema_index import DirectiveUse, Problem, SchemaIndex

_KEYS = ("primaryKey", "index")
_INDEX_NAME = re.compile(r"[A-Za-z0-9_.-]{3,255}")


@schema_rule()
def key_owner(index: SchemaIndex) -> Iterator[Problem]:
    """`@primaryKey` and `@index` belong to fields of models.

    Wrong: type Post @model { id: ID! place: Place } type Place { code: ID! @primaryKey }
    Right: type Post @model { id: ID! place: Place } type Place { code: ID! }
    """
    yield from owner_problems(index, *_KEYS)


@schema_rule(1, 2)
def key_repeated(index: SchemaIndex) -> Iterator[Problem]:
    """A model has one `@primaryKey`, or one `@key` without a name.

    The other fields of the key are its `sortKeyFields`.

    Wrong: type Post @model { blog: ID! @primaryKey number: Int! @primaryKey }
    Right: type Post @model { blog: ID! @primaryKey(sortKeyFields: ["number"]) number: Int! }
    """
    first_of: dict[str, DirectiveUse] = {}
    for use in index.primary_keys():
        first = first_of.setdefault(use.owner.name, use)
        if first is not use:
            hint = "remove one, or join their fields in one key; a @key with a name is an index"
            yield use.problem(f"{use.owner.name} has several primary keys", hint)


@schema_rule()
def key_sort_field(index: SchemaIndex) -> Iterator[Problem]:
    """A sort key is another field that the schema declares in the model.

    Wrong: type A @model { b: ID! @primaryKey(sortKeyFields: ["createdAt"]) }
    Right: type A @model { b: ID! @primaryKey(sortKeyFields: ["createdAt"]) createdAt: String! }
    """
    for use, field in index.model_uses(*_KEYS):
        for name, path in use.items("sortKeyFields"):
            if name not in index.fields[use.owner.name]:
                yield undeclared(index, use, use.owner.name, name, *path)
            elif name == field.name:
                message = f"{use.path} is both the partition key and a sort key of one key"
                yield use.problem(message, f"remove {name} from sortKeyFields", *path)


@schema_rule(1)
def key_field(index: SchemaIndex) -> Iterator[Problem]:
    """`@key` names one field at least, and only fields that the schema declares.

    Wrong: type Post @model @key(fields: ["slug"]) { id: ID! }
    Right: type Post @model @key(fields: ["slug"]) { slug: ID! }
    """
    for use in (*index.primary_keys(), *index.indexes()):
        for name, path in use.items("fields"):
            if name not in index.fields[use.owner.name]:
                yield undeclared(index, use, use.owner.name, name, *path)
        if not use.argument("fields"):
            yield use.problem("the key has no fields", "name the fields, or remove it", "fields")


@schema_rule(1)
def key_query_field(index: SchemaIndex) -> Iterator[Problem]:
    """A `@key` without a name has no `queryField`.

    Wrong: type A @model @key(fields: ["b"], queryField: "aByB") { b: ID! }
    Right: type A @model @key(name: "byB", fields: ["b"], queryField: "aByB") { id: ID! b: ID! }
    """
    for use in index.primary_keys():
        if use.argument("queryField"):
            message = f"the primary key of {use.path} has a queryField"
            hint = f"remove queryField: the query get{use.path} finds objects by the primary key"
            yield use.problem(message, hint, "queryField")


@schema_rule(1)
def key_local_index(index: SchemaIndex) -> Iterator[Problem]:
    """A `@key` with a name begins with the first field of a primary key of several fields only.

    Wrong: type A @model @key(fields: ["a"]) @key(name: "n", fields: ["a", "b"]) { a: ID! b: ID! }
    Right: type A @model @key(fields: ["a"]) @key(name: "n", fields: ["b", "a"]) { a: ID! b: ID! }
    """
    for use in index.indexes():
        key = index.keys[use.owner.name][""]
        if len(key.names) == 1 and key.declared and use.key_names[:1] == [*key.names]:
            message = f"the key {use.index_name} begins with the primary key of {use.path}"
            hint = "add a second field to the primary key, or begin with another field"
            yield use.problem(message, hint, "fields")


def _key_fields(index: SchemaIndex, use: DirectiveUse) -> Iterator[FieldDefinition]:
    """Yield the fields of a primary key or an index, each once."""
    fields = index.fields[use.owner.name]
    for name in dict.fromkeys(use.key_names):
        if name in fields:
            yield fields[name]


@schema_rule(1, 2)
def key_nullable(index: SchemaIndex) -> Iterator[Problem]:
    """No field of a primary key (`@primaryKey`, `@key` without a name) may be null.

    Wrong: type Post @model { slug: String @primaryKey }
    Right: type Post @model { slug: String! @primaryKey }
    """
    for use in index.primary_keys():
        for field in _key_fields(index, use):
            # Version 2 accepts no list at all, which is another rule.
            is_list = field.type.list_depth and index.version != 1
            if not is_required(field.type) and not is_list:
                message = f"{use.owner.name}.{field.name} is in the primary key, but may be null"
                yield at_type(field, message, f"write {field.type.name}!")


@schema_rule(1, 2)
def key_type(index: SchemaIndex) -> Iterator[Problem]:
    """The fields of primary keys and indexes are enums or scalars other than `Boolean`.

    The scalars are those of GraphQL and AWS. Transformer version 1 accepts lists.

    Wrong: type Post @model { id: ID! draft: Boolean @index(name: "byDraft") }
    Right: type Post @model { id: ID! status: String @index(name: "byStatus") }
    """
    for use in (*index.primary_keys(), *index.indexes()):
        for field in _key_fields(index, use):
            is_list = field.type.list_depth and index.version != 1
            if is_list or field.type.name == "Boolean" or not index.is_scalar(field.type):
                path, text = f"{use.owner.name}.{field.name}", type_text(field.type)
                message = f"{path} is in a key, which cannot have the type {text}"
                hint = "use an enum, or a scalar of GraphQL or AWS other than Boolean"
                yield at_type(field, message, hint)


@schema_rule()
def index_name(index: SchemaIndex) -> Iterator[Problem]:
    """The name of an index has 3 to 255 letters, digits, `_`, `-` and `.`.

    Wrong: type Post @model { id: ID! title: String @index(name: "by title") }
    Right: type Post @model { id: ID! title: String @index(name: "byTitle") }
    """
    for use, _ in index.model_uses("index"):
        name = use.directive.arguments.get("name", "")
        if name is None or (name != "" and not _INDEX_NAME.fullmatch(str(name))):
            message = f"{'null' if name is None else name!r} is not a valid name of an index"
            hint = "use 3 to 255 letters, digits, underscores, hyphens and periods"
            yield use.problem(message, hint, "name")


@schema_rule(1, 2)
def index_repeated(index: SchemaIndex) -> Iterator[Problem]:
    """The indexes of a model (`@index`, `@key` with a name) have different names.

    Wrong: type Post @model { title: ID @index(name: "byText") body: ID @index(name: "byText") }
    Right: type Post @model { title: ID @index(name: "byTitle") body: ID @index(name: "byBody") }
    """
    first_of: dict[tuple[str, str], DirectiveUse] = {}
    for use in index.indexes():
        name = use.index_name
        first = first_of.setdefault((use.owner.name, name), use)
        if first is not use:
            message = f"{use.owner.name} has another index with the name {name}, on {first.path}"
            yield use.problem(message, "give each index of the model its own name", "name")


@schema_rule()
def index_primary(index: SchemaIndex) -> Iterator[Problem]:
    """The field of a `@primaryKey` without sort keys has no `@index`.

    Wrong: type Post @model { slug: ID! @primaryKey @index(name: "bySlug") }
    Right: type Post @model { slug: ID! @primaryKey }
    """
    keys = {use.path: use for use, _ in index.model_uses("primaryKey")}
    for use, _ in index.model_uses("index"):
        if use.path in keys and not keys[use.path].items("sortKeyFields"):
            message = f"{use.path} has an index, but the primary key finds the same objects"
            yield use.problem(message, "remove @index, or add sortKeyFields to @primaryKey")


@schema_rule()
def index_number_id(index: SchemaIndex) -> Iterator[Problem]:
    """An `id` that has an index and no `@primaryKey` is not a number.

    Wrong: type Post @model { id: Int! @index(name: "byId") title: String }
    Right: type Post @model { id: ID! @index(name: "byId") title: String }
    """
    for use, _ in index.model_uses("index"):
        model, names = use.owner.name, use.key_names
        key = index.keys[model][""]
        if not key.declared and "id" in stored_names(names) and key.types[0] in NUMBERS:
            message = f"{model}.id is stored as a text, but the index of {use.path} has a number"
            yield use.problem(message, "add @primaryKey to id, or make it an ID")
