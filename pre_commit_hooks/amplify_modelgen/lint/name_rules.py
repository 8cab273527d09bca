"""The names that the transformer generates, and the rules of these and of reserved names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.modelgen.naming import lower_first, pluralize, upper_first

from .many_to_many_rules import PAIR, join_models, join_query_name
from .rule import schema_rule
from .schema_index import ROOTS, Path, Problem
from .wording import listed, with_article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .schema_index import DirectiveUse, SchemaIndex


class GeneratedOperation(Struct, frozen=True, gc=False):
    """A field of a root type, and what it is for.

    `offset` and `path` are the place of its name, or of the definition that it is generated from.
    """

    root: str
    name: str
    source: str
    offset: int
    path: Path = ()


@lru_cache(maxsize=1)
def operations(index: SchemaIndex) -> tuple[GeneratedOperation, ...]:
    """Return the declared fields of the root types, then the generated ones."""
    declared = (
        GeneratedOperation(root, field.name, f"{root}.{field.name}", field.offset)
        for root in dict.fromkeys(index.roots.values())
        for definition in index.definitions
        if definition.name == root
        for field in definition.fields
    )
    return (*declared, *_generated_operations(index))


def _generated_operations(index: SchemaIndex) -> Iterator[GeneratedOperation]:
    for use in index.uses["model"]:
        if use.owner.name in index.models:
            yield from _model_operations(index, use)
    root = index.roots["query"]
    for use, _ in index.model_uses("index"):
        query = use.directive.arguments.get("queryField", "")
        if query is not None:
            source, name = f"the index of {use.path}", str(query) or use.default_query_name
            yield GeneratedOperation(root, name, source, use.directive.offset, ("queryField",))
    for use in index.uses["searchable"]:
        queries, path = use.argument("queries"), ("queries", "search")
        name = f"search{_plural(index, use.owner.name)}"
        if isinstance(queries, dict):
            name = str(queries.get("search") or "")
        if name:
            source = f"the @searchable of {use.path}"
            yield GeneratedOperation(root, name, source, use.directive.offset, path)
    yield from _join_operations(index)


def _plural(index: SchemaIndex, model: str) -> str:
    """Return the plural of a model, as names of queries have it."""
    has_suffix = index.version == 1 and not index.flags.improve_pluralization
    return upper_first(f"{model}s" if has_suffix else pluralize(model))


def _model_operations(index: SchemaIndex, use: DirectiveUse) -> Iterator[GeneratedOperation]:
    model = use.owner
    source = f"the model {model.name}"
    queries = {"get": f"get{upper_first(model.name)}", "list": f"list{_plural(index, model.name)}"}
    for kind, argument, names in (
        ("query", "queries", _names(use, "queries", queries, index.version)),
        ("mutation", "mutations", mutation_names(use, index.version)),
    ):
        declared = use.argument(argument)
        for key, name in names.items():
            is_declared = isinstance(declared, dict) and key in declared
            path: Path = (argument, key) if is_declared else ()
            offset = use.directive.offset if path else model.offset
            yield GeneratedOperation(index.roots[kind], name, source, offset, path)
    for path, name in subscription_names(use, index.version):
        offset = use.directive.offset if path else model.offset
        yield GeneratedOperation(index.roots["subscription"], name, source, offset, path)


def _names(
    use: DirectiveUse, argument: str, defaults: dict[str, str], version: int
) -> dict[str, str]:
    """Return the names of operations; null and an empty name disable an operation.

    In version 1 a mapping without the operation does so, too.
    """
    declared = use.directive.arguments.get(argument, {**defaults})
    if not isinstance(declared, dict):
        return {}
    otherwise = defaults if version != 1 else {}
    names = {key: declared.get(key, otherwise.get(key)) for key in defaults}
    return {key: str(name) for key, name in names.items() if name}


def _mutations(model: str) -> dict[str, str]:
    return {key: f"{key}{upper_first(model)}" for key in ("create", "update", "delete")}


def mutation_names(use: DirectiveUse, version: int) -> dict[str, str]:
    """Return the names of the mutations of a model, by `create`, `update` and `delete`."""
    return _names(use, "mutations", _mutations(use.owner.name), version)


def has_subscriptions(use: DirectiveUse) -> bool:
    """Whether a model has subscriptions, if it has mutations or names them."""
    declared = use.directive.arguments.get("subscriptions", {})
    return isinstance(declared, dict) and declared.get("level") != "off"


def subscription_names(use: DirectiveUse, version: int) -> Iterator[tuple[Path, str]]:
    """Yield the names of the subscriptions of a model, with their places if they are declared."""
    declared = use.directive.arguments.get("subscriptions", {})
    if not has_subscriptions(use) or not isinstance(declared, dict):
        return
    keys = [f"on{upper_first(mutation)}" for mutation in mutation_names(use, version)]
    if version == 1:
        # Declared names disable the other subscriptions, and need no mutation.
        declared = {
            key: names
            for key, names in declared.items()
            if key != "level" and names not in (None, "")
        }
        keys = [key for key in declared if declared[key] != []] if declared else keys
    for key in keys:
        value = declared.get(key, [])
        if isinstance(value, list):
            for position, name in enumerate(value):
                yield ("subscriptions", key, position), str(name or "")
        elif value:
            yield ("subscriptions", key), str(value)
        if value == []:
            yield (), f"{key}{upper_first(use.owner.name)}"


def _join_operations(index: SchemaIndex) -> Iterator[GeneratedOperation]:
    for name, members in join_models(index).items():
        # Other relations are refused for themselves.
        if len(members) != PAIR or name in index.types:
            continue
        offset, path = members[0].use.directive.offset, ("relationName",)
        prefix, mutations = lower_first(pluralize(name)), _mutations(name).values()
        names = {
            "query": [
                f"get{upper_first(name)}",
                f"list{upper_first(prefix)}",
                *(join_query_name(index, prefix, member.use.owner.name) for member in members),
            ],
            "mutation": [*mutations],
            "subscription": [f"on{upper_first(mutation)}" for mutation in mutations],
        }
        for kind, entries in names.items():
            root, source = index.roots[kind], f"the join model {name}"
            for entry in dict.fromkeys(entries):
                yield GeneratedOperation(root, entry, source, offset, path)


_NAME = re.compile("[A-Za-z_][0-9A-Za-z_]*")
_NAME_HINT = "use letters, digits and underscores, and begin with no digit"
# The resources of a model or a directive that Amplify creates.
_RESOURCES = {
    "GraphQLAPI": "model",
    "FunctionDirectiveStack": "function",
    "HttpStack": "http",
    "PredictionsDirectiveStack": "predictions",
    "SearchableStack": "searchable",
}

# Every object of JavaScript has these properties, which the transformer finds instead.
_OBJECT_PROPERTIES = (
    *("__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "__proto__"),
    *("constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable"),
    *("toLocaleString", "toString", "valueOf"),
)


@schema_rule(1, 2)
def operation_collision(index: SchemaIndex) -> Iterator[Problem]:
    """No two queries, mutations or subscriptions have the same name.

    Only transformer version 1 accepts it for two of one model.

    Wrong:
        type Post @model(queries: { get: "read" }) { id: ID! }
        type Note @model(queries: { get: "read" }) { id: ID! }
    Right: type Post @model { id: ID! } type Note @model { id: ID! }
    """
    first_of: dict[tuple[str, str], GeneratedOperation] = {}
    found: dict[tuple[int, tuple[str | int, ...], str, str], list[str]] = {}
    for operation in operations(index):
        first = first_of.setdefault((operation.root, operation.name), operation)
        # Version 1 adds the operations of a model at once.
        is_same = index.version == 1 and first.source == operation.source
        if first is not operation and operation.name and not is_same:
            place = operation.offset, operation.path, operation.source, first.source
            found.setdefault(place, []).append(operation.name)
    for (offset, path, source, other), names in found.items():
        message = f"{other} and {source} would have operations with the same name: {listed(names)}"
        hint = "rename one of the two, or give its operations other names in the directive"
        yield Problem(offset, message, hint, path)


@schema_rule(1, 2)
def reserved_name(index: SchemaIndex) -> Iterator[Problem]:
    """No model has the name of a root type.

    In transformer version 2 it does not have that of a resource of Amplify either.

    Wrong: type Subscription @model { id: ID! }
    Right: type Membership @model { id: ID! }
    """
    roots = {*index.roots.values()}
    blocks = [entry for entry in index.definitions if entry.kind == "schema"]
    if index.version == 1 and blocks:
        roots = {field.type.name for block in blocks for field in block.fields}
    for model in index.models.values():
        reason = _reason(index, model.name, roots)
        is_root = model.name in ROOTS.values() and index.version != 1
        if is_root and not index.keys[model.name][""].declared:
            reason = "is a root type of the API"
        if model.name in _OBJECT_PROPERTIES:
            reason = "is a property of every JavaScript object"
        if reason:
            message = f"a model cannot have the name {model.name}, which {reason}"
            yield Problem(model.offset, message, "rename the model")
    for name, members in join_models(index).items():
        reason = _reason(index, name, roots)
        if reason:
            message = f"a join model cannot have the name {name}, which {reason}"
            yield members[0].use.problem(message, "rename the relation", "relationName")


def _reason(index: SchemaIndex, name: str, roots: set[str]) -> str:
    if name in roots:
        return "is a root type of the API"
    is_resource = index.version != 1 and index.uses[_RESOURCES.get(name, "")]
    return "Amplify uses for one of its resources" if is_resource else ""


@schema_rule(1, 2)
def root_type(index: SchemaIndex) -> Iterator[Problem]:
    """`Query`, `Mutation` and `Subscription` are object types.

    Only transformer version 1 accepts an interface or input, if models add no operation to it.

    Wrong: type Post @model { id: ID! } enum Query { ALL NONE }
    Right: type Post @model { id: ID! } enum Filter { ALL NONE }
    """
    if index.version != 1 and not index.models and not index.uses["conversation"]:
        return
    for operation, root in index.roots.items():
        definition = index.types.get(root)
        if definition is None or definition.kind == "object":
            continue
        # Without mutations, models add no subscriptions.
        adds = has_subscriptions if operation == "subscription" else bool
        is_used = index.version != 1 or any(map(adds, index.uses["model"]))
        if is_used or definition.kind not in ("interface", "input"):
            message = f"{root} is {with_article(definition.kind)}, but must be an object type"
            yield Problem(definition.offset, message, "rename the type")


@schema_rule()
def operation_name(index: SchemaIndex) -> Iterator[Problem]:
    """Queries, mutations and subscriptions have names that GraphQL can write.

    Wrong: type Post @model(subscriptions: { onCreate: ["post-created"] }) { id: ID! }
    Right: type Post @model(subscriptions: { onCreate: ["postCreated"] }) { id: ID! }
    """
    for operation in operations(index):
        if not _NAME.fullmatch(operation.name):
            message = f"{operation.name!r} is not a name for a query, mutation or subscription"
            yield Problem(operation.offset, message, _NAME_HINT, operation.path)


@schema_rule()
def timestamp_name(index: SchemaIndex) -> Iterator[Problem]:
    """The timestamps of a model have names that GraphQL can write.

    Wrong: type Post @model(timestamps: { createdAt: "created-at" }) { id: ID! }
    Right: type Post @model(timestamps: { createdAt: "created" }) { id: ID! }
    """
    for use in index.uses["model"]:
        timestamps = use.argument("timestamps")
        for key, name in timestamps.items() if isinstance(timestamps, dict) else ():
            if isinstance(name, str) and not _NAME.fullmatch(name):
                message = f"{name!r} is not a name for a field"
                yield use.problem(message, _NAME_HINT, "timestamps", key)
