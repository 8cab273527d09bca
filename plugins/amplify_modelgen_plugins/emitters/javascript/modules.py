"""The four modules of `amplify codegen models`, each as it writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .declarations import (
    SCALARS,
    block,
    choice,
    constructor,
    helpers,
    lazy_helpers,
    properties,
    read_only_fields,
)

if TYPE_CHECKING:
    from amplify_modelgen_plugins.emitters.schema_model import Field

    from .datastore_schema import DataStoreEnum, DataStoreSchema, DataStoreType

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


def _enum_object(enum: DataStoreEnum) -> str:
    start = f"const {enum.name} ="
    if not enum.members:
        return f"{start} {{}};"
    return block(start, [f'"{key}": "{value}"' for key, value in enum.members], ",\n") + ";"


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


def _enum(enum: DataStoreEnum) -> str:
    if all(key.isidentifier() for key, _ in enum.members):
        return block(
            f"export enum {enum.name}", [f'{key} = "{value}"' for key, value in enum.members], ",\n"
        )
    # Amplify declares an enum with the member `1` or without a name, which TypeScript refuses.
    members = [f'readonly "{key}": "{value}";' for key, value in enum.members]
    name = enum.name
    constant = block(f"export declare const {name}:", members)
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
    item = SCALARS.get(field.type, "string") if field.kind == "scalar" else field.type
    members = f"keyof typeof {field.type}"
    if not field.many:
        return f"{item} | {members}" if field.kind == "enum" else item
    items = f"{item}[]" if field.item_required else f"({item} | null)[]"
    return f"{items} | Array<{members}>" if field.kind == "enum" else items
