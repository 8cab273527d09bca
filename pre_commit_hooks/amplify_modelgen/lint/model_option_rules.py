"""Rules of models as a whole: the arguments of `@model`, `@mapsTo`, `@refersTo`, `@searchable`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .generated_names import mutation_names, subscription_names
from .rule import Rule
from .schema_index import Problem
from .wording import type_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .schema_index import DirectiveUse, SchemaIndex

_STORED_FIELDS = ("id", "createdAt", "updatedAt")
_SQL_ENGINES = ("mysql", "postgres")


def uses_sql(index: SchemaIndex) -> bool:
    """Whether the schema belongs to an SQL database: `input AMPLIFY { engine: ... }`."""
    engine = index.field("AMPLIFY", "engine")
    return engine is not None and engine.default in _SQL_ENGINES


def _stored_lists(index: SchemaIndex) -> Iterator[Problem]:
    """Find the fields that Amplify sets, declared as lists: inputs cannot have them."""
    for use in index.uses["model"]:
        fields = index.fields[use.owner.name]
        writes = {"create"} if index.version == 1 else {"create", "update"}
        if not writes & mutation_names(use, index.version).keys():
            continue
        names: tuple[str, ...] = _STORED_FIELDS
        kinds: tuple[str, ...] = ("model",)
        if index.version == 1:
            names, kinds = ("id", *_timestamps(use)), ("model", "interface", "union")
        for field in (fields[name] for name in names if name in fields):
            if field.type.list_depth and index.kind(field.type.name) not in kinds:
                message = f"{use.path}.{field.name} is a list, but Amplify stores one value in it"
                hint = "remove the brackets of its type, or rename the field"
                yield Problem(field.type.offset, message, hint)


def _timestamps(use: DirectiveUse) -> Iterator[str]:
    declared = use.directive.arguments.get("timestamps", {})
    if isinstance(declared, dict):
        yield from (str(declared.get(name, name)) for name in ("createdAt", "updatedAt"))


def _subscription_lists(index: SchemaIndex) -> Iterator[Problem]:
    protected = {use.owner.name for use in index.uses["auth"]}
    for use in index.uses["model"]:
        declared = use.argument("subscriptions")
        if not isinstance(declared, dict) or declared.get("level") == "public":
            continue
        for path, name in subscription_names(use, index.version):
            if len(path) == len(("subscriptions", "onCreate")) and use.owner.name in protected:
                message = f"`{path[-1]}` is not a list, which models with @auth need"
                yield use.problem(message, f'write it in brackets: {path[-1]}: ["{name}"]', *path)


def _unsearchable(index: SchemaIndex) -> Iterator[Problem]:
    protected = {use.owner.name for use in index.uses["auth"]}
    for use in index.uses["searchable"]:
        queries = use.argument("queries")
        if isinstance(queries, dict) and not queries.get("search") and use.owner.name in protected:
            message = f"@searchable of {use.path} has no query, but the model has @auth"
            yield use.problem(message, "name the query, or remove @searchable", "queries")


def _owners(index: SchemaIndex) -> Iterator[Problem]:
    for directive in ("searchable", "mapsTo", "refersTo", "key", "versioned"):
        for use in index.uses[directive]:
            name = use.owner.name
            if name not in index.models:
                message = f"{use.path} has @{directive}, but {name} is not a model"
                yield use.problem(message, f"remove @{directive}, or add @model to {name}")


def _mapped_names(index: SchemaIndex) -> Iterator[Problem]:
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


def _renamed_columns(index: SchemaIndex) -> Iterator[Problem]:
    for use in index.uses["refersTo"] if not uses_sql(index) else ():
        if use.owner.name in index.models:
            message = f"{use.path} has @refersTo, which models in an SQL database can have only"
            yield use.problem(message, "remove @refersTo, or use @mapsTo for a renamed model")


def _version_fields(index: SchemaIndex) -> Iterator[Problem]:
    for use in index.uses["versioned"]:
        name = use.directive.arguments.get("versionField", "version")
        for argument in ("versionField", "versionInput"):
            if use.directive.arguments.get(argument, "") is None:
                message = f"`{argument}` of @versioned is null"
                yield use.problem(message, "remove it, or write a name", argument)
        field = index.field(use.owner.name, str(name))
        if field and field.type.name not in ("Int", "BigInt"):
            message = f"{use.path}.{name} holds the version, but is {type_text(field.type)}"
            yield Problem(field.type.offset, message, "write Int, or use another versionField")


def _nested_lists(index: SchemaIndex) -> Iterator[Problem]:
    for definition in index.definitions:
        for field in definition.fields if definition.kind == "object" else ():
            if field.type.inner_required:
                path, kind = f"{definition.name}.{field.name}", field.type.name
                message = (
                    f"{path} is a list of lists, which is a list of {kind} in Amplify's models"
                )
                yield Problem(field.offset, message, "put the inner list into a separate type")


_TITLE = "type Post @model%s { id: ID! title: String }"

MODEL_OPTION_RULES = (
    Rule(
        id="model-stored-list",
        summary="The fields `id`, `createdAt` and `updatedAt` of a model are not lists. In"
        " transformer version 1, `timestamps` can give the last two other names.",
        wrong="type Post @model { id: ID! updatedAt: [AWSDateTime] }",
        right="type Post @model { id: ID! updatedAt: AWSDateTime }",
        find=_stored_lists,
        versions=(1, 2),
    ),
    Rule(
        id="model-subscriptions-list",
        summary="The names of subscriptions of a model with `@auth` are lists.",
        wrong='type Post @model(subscriptions: { onCreate: "newPost" })'
        " @auth(rules: [{ allow: public }]) { id: ID! }",
        right='type Post @model(subscriptions: { onCreate: ["newPost"] })'
        " @auth(rules: [{ allow: public }]) { id: ID! }",
        find=_subscription_lists,
        versions=(1, 2),
    ),
    Rule(
        id="searchable-query",
        summary="The `@searchable` of a model with `@auth` has a query.",
        wrong="type Post @model @searchable(queries: { search: null })"
        " @auth(rules: [{ allow: public }]) { id: ID! }",
        right="type Post @model @searchable @auth(rules: [{ allow: public }]) { id: ID! }",
        find=_unsearchable,
    ),
    Rule(
        id="model-directive-owner",
        summary="`@searchable`, `@mapsTo`, `@refersTo`, `@key` and `@versioned` belong to models.",
        wrong="type Post @searchable { title: String }",
        right="type Post @model @searchable { id: ID! title: String }",
        find=_owners,
        versions=(1, 2),
    ),
    Rule(
        id="versioned-field",
        summary="The field that holds the version of a `@versioned` model is an `Int`.",
        wrong="type Post @model @versioned { id: ID! version: String }",
        right="type Post @model @versioned { id: ID! version: Int! }",
        find=_version_fields,
        versions=(1,),
    ),
    Rule(
        id="maps-to-name",
        summary="The name in `@mapsTo` is neither empty nor that of another model.",
        wrong=_TITLE % ' @mapsTo(name: "Note")' + " type Note @model { id: ID! }",
        right=_TITLE % ' @mapsTo(name: "Article")',
        find=_mapped_names,
    ),
    Rule(
        id="refers-to-database",
        summary="`@refersTo` belongs to models in an SQL database.",
        wrong=_TITLE % ' @refersTo(name: "posts")',
        right='input AMPLIFY { engine: String = "mysql" } ' + _TITLE % ' @refersTo(name: "posts")',
        find=_renamed_columns,
    ),
    Rule(
        id="nested-list",
        summary="A list of lists is a list in Amplify's models: only the models for TypeScript and "
        "Python have its type.",
        wrong="type Post @model { id: ID! cells: [[Int]] }",
        right="type Post @model { id: ID! rows: [Row] } type Row { cells: [Int] }",
        find=_nested_lists,
        severity="warning",
        stage="advice",
        versions=(1, 2),
    ),
)
