"""Rules of the names that the transformer generates or reserves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .generated_names import ROOTS, GeneratedOperation, has_subscriptions, operations, root_types
from .many_to_many_rules import join_models
from .model_keys import primary_key
from .rule import Rule
from .schema_index import Problem
from .wording import listed, with_article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .schema_index import SchemaIndex

_NAME = re.compile("[A-Za-z_][0-9A-Za-z_]*")
_NAME_HINT = "use letters, digits and underscores, and begin with no digit"
_STACKS = {
    "FunctionDirectiveStack": "function",
    "HttpStack": "http",
    "PredictionsDirectiveStack": "predictions",
    "SearchableStack": "searchable",
}
_API = "GraphQLAPI"

# Every object of JavaScript has these properties, which the transformer finds instead.
_OBJECT_PROPERTIES = (
    *("__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "__proto__"),
    *("constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable"),
    *("toLocaleString", "toString", "valueOf"),
)


def _collisions(index: SchemaIndex) -> Iterator[Problem]:
    """Find operations with the same name; one problem for each two things that collide."""
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
        which, that = ("the names", "those") if len(names) > 1 else ("the name", "that")
        both = f"{source} twice" if source == other else f"{other} and of {source}"
        message = f"{which} {listed(names)} would be {that} of {both}"
        hint = "rename one of the two, or give its operations other names in the directive"
        yield Problem(offset, message, hint, path)


def _reserved(index: SchemaIndex) -> Iterator[Problem]:
    roots = {*root_types(index).values()}
    blocks = [entry for entry in index.definitions if entry.kind == "schema"]
    if index.version == 1 and blocks:
        roots = {field.type.name for block in blocks for field in block.fields}
    for model in index.models.values():
        reason = _reason(index, model.name, roots)
        is_root = model.name in ROOTS.values() and index.version != 1
        if is_root and not primary_key(index, model.name).declared:
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
    if index.version == 1:
        return ""
    if name == _API or (name in _STACKS and index.uses[_STACKS[name]]):
        return "Amplify uses for one of its resources"
    return ""


def _root_kinds(index: SchemaIndex) -> Iterator[Problem]:
    if index.version != 1 and not index.models and not index.uses["conversation"]:
        return
    for operation, root in root_types(index).items():
        definition = index.types.get(root)
        if definition is None or definition.kind == "object":
            continue
        is_used = index.version != 1 or _adds_operations(index, operation)
        if is_used or definition.kind not in ("interface", "input"):
            message = f"{root} is {with_article(definition.kind)}, but must be an object type"
            yield Problem(definition.offset, message, "rename the type")


def _adds_operations(index: SchemaIndex, operation: str) -> bool:
    uses = index.uses["model"]
    return any(map(has_subscriptions, uses)) if operation == "subscription" else bool(uses)


def _operation_names(index: SchemaIndex) -> Iterator[Problem]:
    for operation in operations(index):
        if not _NAME.fullmatch(operation.name):
            message = f"{operation.name!r} is not a name for a query, mutation or subscription"
            yield Problem(operation.offset, message, _NAME_HINT, operation.path)


def _timestamp_names(index: SchemaIndex) -> Iterator[Problem]:
    for use in index.uses["model"]:
        timestamps = use.argument("timestamps")
        for key, name in timestamps.items() if isinstance(timestamps, dict) else ():
            if isinstance(name, str) and not _NAME.fullmatch(name):
                message = f"{name!r} is not a name for a field"
                yield use.problem(message, _NAME_HINT, "timestamps", key)


NAME_RULES = (
    Rule(
        id="operation-collision",
        summary="No two queries, mutations or subscriptions have the same name. Only transformer"
        " version 1 accepts it for two of one model.",
        wrong='type Post @model(queries: { get: "read" }) { id: ID! }'
        ' type Note @model(queries: { get: "read" }) { id: ID! }',
        right="type Post @model { id: ID! } type Note @model { id: ID! }",
        find=_collisions,
        versions=(1, 2),
    ),
    Rule(
        id="reserved-name",
        summary="No model has the name of a root type or, in transformer version 2, of a resource"
        " that Amplify creates.",
        wrong="type Subscription @model { id: ID! }",
        right="type Membership @model { id: ID! }",
        find=_reserved,
        versions=(1, 2),
    ),
    Rule(
        id="root-type",
        summary="`Query`, `Mutation` and `Subscription` are object types. Only transformer version"
        " 1 accepts an interface or input, if models add no operation to it.",
        wrong="type Post @model { id: ID! } enum Query { ALL NONE }",
        right="type Post @model { id: ID! } enum Filter { ALL NONE }",
        find=_root_kinds,
        versions=(1, 2),
    ),
    Rule(
        id="operation-name",
        summary="Queries, mutations and subscriptions have names that GraphQL can write.",
        wrong='type Post @model(subscriptions: { onCreate: ["post-created"] }) { id: ID! }',
        right='type Post @model(subscriptions: { onCreate: ["postCreated"] }) { id: ID! }',
        find=_operation_names,
    ),
    Rule(
        id="timestamp-name",
        summary="The timestamps of a model have names that GraphQL can write.",
        wrong='type Post @model(timestamps: { createdAt: "created-at" }) { id: ID! }',
        right='type Post @model(timestamps: { createdAt: "created" }) { id: ID! }',
        find=_timestamp_names,
    ),
)
