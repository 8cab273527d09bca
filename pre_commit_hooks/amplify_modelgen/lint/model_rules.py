"""Rules of models as a whole: the arguments of `@model`, `@mapsTo`, `@refersTo`, `@searchable`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .name_rules import mutation_names, subscription_names
from .rule import schema_rule
from .schema_index import Problem, at_type, owner_problems
from .wording import type_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .schema_index import DirectiveUse, SchemaIndex

_SQL_ENGINES = ("mysql", "postgres")


def uses_sql(index: SchemaIndex) -> bool:
    """Whether the schema belongs to an SQL database: `input AMPLIFY { engine: ... }`."""
    engine = index.field("AMPLIFY", "engine")
    return engine is not None and engine.default in _SQL_ENGINES


@schema_rule(1, 2)
def model_stored_list(index: SchemaIndex) -> Iterator[Problem]:
    """The fields `id`, `createdAt` and `updatedAt` of a model are not lists.

    In transformer version 1, `timestamps` can give the last two other names.

    Wrong: type Post @model { id: ID! updatedAt: [AWSDateTime] }
    Right: type Post @model { id: ID! updatedAt: AWSDateTime }
    """
    for use in index.uses["model"]:
        fields = index.fields[use.owner.name]
        writes = {"create"} if index.version == 1 else {"create", "update"}
        if not writes & mutation_names(use, index.version).keys():
            continue
        names, kinds = ["id", "createdAt", "updatedAt"], {"model"}
        if index.version == 1:
            names, kinds = ["id", *_timestamps(use)], {"model", "interface", "union"}
        for field in (fields[name] for name in names if name in fields):
            if field.type.list_depth and index.kind(field.type.name) not in kinds:
                message = f"{use.path}.{field.name} is a list, but Amplify stores one value in it"
                hint = "remove the brackets of its type, or rename the field"
                yield at_type(field, message, hint)


def _timestamps(use: DirectiveUse) -> Iterator[str]:
    declared = use.directive.arguments.get("timestamps", {})
    if isinstance(declared, dict):
        yield from (str(declared.get(name, name)) for name in ("createdAt", "updatedAt"))


@schema_rule(1, 2)
def model_subscriptions_list(index: SchemaIndex) -> Iterator[Problem]:
    """The names of subscriptions of a model with `@auth` are lists.

    Wrong:
        type Post @model(subscriptions: { onCreate: "newPost" }) @auth(rules: [{ allow: owner }]) {
          id: ID!
        }
    Right: type Post @model @auth(rules: [{ allow: owner }]) { id: ID! }
    """
    protected = {use.owner.name for use in index.uses["auth"]}
    for use in index.uses["model"]:
        declared = use.argument("subscriptions")
        is_checked = isinstance(declared, dict) and declared.get("level") != "public"
        for path, name in subscription_names(use, index.version) if is_checked else ():
            if len(path) == len(("subscriptions", "onCreate")) and use.owner.name in protected:
                message = f"`{path[-1]}` is not a list, which models with @auth need"
                yield use.problem(message, f'write it in brackets: {path[-1]}: ["{name}"]', *path)


@schema_rule()
def searchable_query(index: SchemaIndex) -> Iterator[Problem]:
    """The `@searchable` of a model with `@auth` has a query.

    Wrong:
        type Post @model @searchable(queries: { search: null }) @auth(rules: [{ allow: owner }]) {
          id: ID!
        }
    Right: type Post @model @searchable @auth(rules: [{ allow: public }]) { id: ID! }
    """
    protected = {use.owner.name for use in index.uses["auth"]}
    for use in index.uses["searchable"]:
        queries = use.argument("queries")
        if isinstance(queries, dict) and not queries.get("search") and use.owner.name in protected:
            message = f"@searchable of {use.path} has no query, but the model has @auth"
            yield use.problem(message, "name the query, or remove @searchable", "queries")


@schema_rule(1, 2)
def model_directive_owner(index: SchemaIndex) -> Iterator[Problem]:
    """`@searchable`, `@mapsTo`, `@refersTo`, `@key` and `@versioned` belong to models.

    Wrong: type Post @searchable { title: String }
    Right: type Post @model @searchable { id: ID! title: String }
    """
    yield from owner_problems(index, "searchable", "mapsTo", "refersTo", "key", "versioned")


@schema_rule()
def maps_to_name(index: SchemaIndex) -> Iterator[Problem]:
    """The name in `@mapsTo` is neither empty nor that of another model.

    Wrong:
        type Post @model @mapsTo(name: "Note") { id: ID! title: String }
        type Note @model { id: ID! }
    Right: type Post @model @mapsTo(name: "Article") { id: ID! title: String }
    """
    taken = {name: f"the model {name}" for name in index.models}
    for use in index.uses["mapsTo"]:
        name = use.argument("name")
        if name == "":
            yield use.problem("`name` of @mapsTo is empty", "write the former name", "name")
        elif isinstance(name, str) and name in taken:
            message = f"@mapsTo of {use.path} gives the name {name}, which {taken[name]} has"
            hint = "write the name that the model had when it was first pushed, or remove @mapsTo"
            yield use.problem(message, hint, "name")
        else:
            taken[str(name)] = f"@mapsTo of {use.path}"


@schema_rule()
def refers_to_database(index: SchemaIndex) -> Iterator[Problem]:
    """`@refersTo` belongs to models in an SQL database.

    Wrong: type Post @model @refersTo(name: "posts") { id: ID! title: String }
    Right:
        input AMPLIFY { engine: String = "mysql" }
        type Post @model @refersTo(name: "posts") { id: ID! title: String }
    """
    for use in index.uses["refersTo"] if not uses_sql(index) else ():
        if use.owner.name in index.models:
            message = f"{use.path} has @refersTo, which models in an SQL database can have only"
            yield use.problem(message, "remove @refersTo, or use @mapsTo for a renamed model")


@schema_rule(1)
def versioned_field(index: SchemaIndex) -> Iterator[Problem]:
    """The field that holds the version of a `@versioned` model is an `Int`.

    Wrong: type Post @model @versioned { id: ID! version: String }
    Right: type Post @model @versioned { id: ID! version: Int! }
    """
    for use in index.uses["versioned"]:
        name = use.directive.arguments.get("versionField", "version")
        for argument in ("versionField", "versionInput"):
            if use.directive.arguments.get(argument, "") is None:
                message = f"`{argument}` of @versioned is null"
                yield use.problem(message, "remove it, or write a name", argument)
        field = index.field(use.owner.name, str(name))
        if field and field.type.name not in ("Int", "BigInt"):
            message = f"{use.path}.{name} holds the version, but is {type_text(field.type)}"
            yield at_type(field, message, "write Int, or use another versionField")


@schema_rule(1, 2, stage="advice")
def nested_list(index: SchemaIndex) -> Iterator[Problem]:
    """A list of lists is a list in Amplify's models.

    Only the models for TypeScript and Python have its type.

    Wrong: type Post @model { id: ID! cells: [[Int]] }
    Right: type Post @model { id: ID! rows: [Row] } type Row { cells: [Int] }
    """
    for definition in index.definitions:
        for field in definition.fields if definition.kind == "object" else ():
            if field.type.inner_required:
                path, kind = f"{definition.name}.{field.name}", field.type.name
                message = f"{path} is a list of lists, but a list of {kind} in Amplify's models"
                yield Problem(field.offset, message, "put the inner list into a separate type")
