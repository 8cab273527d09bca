"""The types of models and custom types, which the emitters `javascript` and `typescript` share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from amplify_modelgen_plugins.emitters.schema_model import Field

    from .datastore_schema import DataStoreSchema, DataStoreType

# All other scalars are strings.
SCALARS = {"Boolean": "boolean", "Int": "number", "Float": "number", "AWSTimestamp": "number"}


def helpers(schema: DataStoreSchema) -> list[str]:
    """Return the types of DataStore that every version has and the declarations need."""
    identifiers = dict.fromkeys(str(model.identifier) for model in schema.models)
    new = ["__modelMeta__", *identifiers] if schema.has_identifiers and schema.models else []
    return ["ModelInit", "MutableModel", *new]


def lazy_helpers(types: Iterable[DataStoreType]) -> list[str]:
    """Return the types that came with DataStore 4, whose relations of `types` are loaded late."""
    relations = dict.fromkeys(
        "AsyncCollection" if field.many else "AsyncItem"
        for declared in types
        for field in declared.fields
        if field.kind == "model"
    )
    return ["LazyLoading", "LazyLoadingDisabled", *relations]


def properties(
    declared: DataStoreType, value: Callable[[Field], str], *, lazy: bool
) -> Iterator[str]:
    """Yield the properties of a type; `value` returns the type of a field's value.

    With `lazy` the fields that refer to models are promises.
    """
    if declared.identifier:
        yield f"readonly [__modelMeta__]: {{\n    {_NEXT.join(_meta(declared))}\n  }};"
    for field in declared.fields:
        if lazy and field.kind == "model":
            yield f"readonly {field.name}: {_promise(field)};"
        elif field.required:
            yield f"readonly {field.name}: {value(field)};"
        else:
            yield f"readonly {field.name}?: {value(field)} | null;"


_NEXT = "\n    "


def _meta(model: DataStoreType) -> Iterator[str]:
    names = ", ".join(f"'{name}'" for name in model.key)
    key = f"[{names}]" if model.identifier == "CompositeIdentifier" else names
    yield f"identifier: {model.identifier}<{model.name}, {key}>;"
    if model.read_only:
        yield read_only_fields(model)


def read_only_fields(model: DataStoreType) -> str:
    """Return the property that lists the fields that only the backend sets."""
    names = " | ".join(f"'{name}'" for name in model.read_only)
    return f"readOnlyFields: {names};"


def typescript_value(field: Field) -> str:
    """Return the type of a field's value; a list of lists is one, as in the schema."""
    item = SCALARS.get(field.type, "string") if field.kind == "scalar" else field.type
    for required in field.levels:
        item = f"{item}[]" if required else f"({item} | null)[]"
    return item


def _promise(field: Field) -> str:
    if field.many:
        return f"AsyncCollection<{field.type}>"
    return f"AsyncItem<{field.type}{'' if field.required else ' | undefined'}>"


def block(start: str, lines: Iterable[str], separator: str = "\n") -> str:
    """Return lines in braces after `start`; without lines an empty one, as Amplify does."""
    body = f"{separator}  ".join(lines)
    return f"{start} {{\n  {body}\n}}"


def choice(name: str) -> str:
    """Return the type of instances: as this version of DataStore loads relations."""
    return f"LazyLoading extends LazyLoadingDisabled ? Eager{name} : Lazy{name}"


def constructor(declared: DataStoreType) -> str:
    """Return the type of a class: how instances are created and copied."""
    name = declared.name
    arguments = f"{name}, {declared.metadata}" if declared.metadata else name
    created = f"(new (init: ModelInit<{arguments}>) => {name})"
    if not declared.key:
        return created
    draft = f"MutableModel<{arguments}>"
    mutator = f"(draft: {draft}) => {draft} | void"
    return block(f"{created} &", [f"copyOf(source: {name}, mutator: {mutator}): {name};"])
