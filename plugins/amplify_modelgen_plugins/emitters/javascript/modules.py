"""The four modules of `amplify codegen models`, and the declarations that `typescript` shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .datastore_schema import enum_members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from amplify_modelgen_plugins.emitters.schema_model import EnumType, Field

    from .datastore_schema import DataStoreSchema, DataStoreType

# All other scalars are strings.
_SCALARS = {"Boolean": "boolean", "Int": "number", "Float": "number", "AWSTimestamp": "number"}

_INDEX = """\
// @ts-check
import { initSchema } from '@aws-amplify/datastore';
import { schema } from './schema';"""

_INDEX_TYPES = """\
import {{ {helpers} }} from "@aws-amplify/datastore";
// @ts-ignore
import {{ {lazy_helpers} }} from "@aws-amplify/datastore";"""

SCHEMA_TYPES = """\
import { Schema } from '@aws-amplify/datastore';

export declare const schema: Schema;"""


def index(schema: DataStoreSchema) -> str:
    """Return `index.js`: the enums, and the classes that DataStore creates."""
    classes = [declared.name for declared in schema.types]
    enums = [enum.name for enum in schema.enums]
    exports = [*classes[: len(schema.models)], *enums, *classes[len(schema.models) :]]
    parts = [
        _INDEX,
        "\n\n".join(map(_enum_object, schema.enums)),
        f"const {{ {', '.join(classes)} }} = initSchema(schema);" if classes else "",
        block("export", exports, ",\n") + ";",
    ]
    return "\n\n".join(parts)


def _enum_object(enum: EnumType) -> str:
    start = f"const {enum.name} ="
    if not enum.values:
        return f"{start} {{}};"
    return block(start, [f'"{key}": "{value}"' for key, value in enum_members(enum)], ",\n") + ";"


def index_types(schema: DataStoreSchema) -> str:
    """Return `index.d.ts`: the types of what `index.js` exports."""
    imports = _INDEX_TYPES.format(
        helpers=", ".join(helpers(schema)), lazy_helpers=", ".join(lazy_helpers(schema.types))
    )
    parts = [
        imports,
        "\n\n".join(map(_enum, schema.enums)),
        "\n\n".join(map(_type, schema.custom_types)),
        "\n\n".join(map(_type, schema.models)),
    ]
    # Amplify leaves lines empty for missing parts, here for each part, there for each model.
    if not schema.has_identifiers:
        parts.insert(-1, "\n\n".join(map(_metadata, schema.models)))
        parts = [part for part in parts if part]
    return "\n\n".join(parts)


def _enum(enum: EnumType) -> str:
    name, members = enum.name, enum_members(enum)
    if all(key.isidentifier() for key, _ in members):
        return block(f"export enum {name}", [f'{key} = "{value}"' for key, value in members], ",\n")
    # Amplify declares an enum with the member `1` or without a name, which TypeScript refuses.
    lines = [f'readonly "{key}": "{value}";' for key, value in members]
    constant = block(f"export declare const {name}:", lines)
    return f"{constant};\n\nexport declare type {name} = (typeof {name})[keyof typeof {name}];"


def _metadata(model: DataStoreType) -> str:
    return block(f"type {model.metadata} =", [read_only_fields(model)]) if model.metadata else ""


def _type(declared: DataStoreType) -> str:
    name = declared.name
    parts = [
        block(f"type Eager{name} =", properties(declared, _value, lazy=False)),
        block(f"type Lazy{name} =", properties(declared, _value, lazy=True)),
        f"export declare type {name} = {choice(name)}",
        f"export declare const {name}: {constructor(declared)}",
    ]
    return "\n\n".join(parts)


def _value(field: Field) -> str:
    """Return the type of a field; an enum is also given by the names of its members."""
    value = typescript_value(field)
    if field.kind != "enum":
        return value
    members = f"keyof typeof {field.type}"
    return f"{value} | Array<{members}>" if field.many else f"{value} | {members}"


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
        yield f"readonly [__modelMeta__]: {{\n    {_meta(declared)}\n  }};"
    for field in declared.fields:
        if lazy and field.kind == "model":
            yield f"readonly {field.name}: {_promise(field)};"
        elif field.required:
            yield f"readonly {field.name}: {value(field)};"
        else:
            yield f"readonly {field.name}?: {value(field)} | null;"


def _meta(model: DataStoreType) -> str:
    names = ", ".join(f"'{name}'" for name in model.key)
    key = f"[{names}]" if model.identifier == "CompositeIdentifier" else names
    lines = [f"identifier: {model.identifier}<{model.name}, {key}>;"]
    return "\n    ".join([*lines, read_only_fields(model)] if model.read_only else lines)


def read_only_fields(model: DataStoreType) -> str:
    """Return the property that lists the fields that only the backend sets."""
    names = " | ".join(f"'{name}'" for name in model.read_only)
    return f"readOnlyFields: {names};"


def typescript_value(field: Field) -> str:
    """Return the type of a field's value; a list of lists is one, as in the schema."""
    item = _SCALARS.get(field.type, "string") if field.kind == "scalar" else field.type
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
