"""The emitters `typescript`, model classes for DataStore, and `typescript-types`, types alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen import modelgen
from amplify_modelgen.plugin import Artifact, ConfigError, Emitter, hookimpl

from .javascript import describe
from .javascript.datastore_schema import (
    check_exports,
    check_names,
    enum_members,
    read_datastore,
)
from .javascript.modules import (
    block,
    choice,
    constructor,
    helpers,
    lazy_helpers,
    properties,
    read_only_fields,
    typescript_value,
)
from .schema_model import HEADER, has_header, nested_lists, schema_model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from amplify_modelgen.plugin import Models

    from .javascript.datastore_schema import DataStoreSchema, DataStoreType
    from .schema_model import EnumType, Field, ObjectType

_EXTENSION = "import-extension"
_EXTENSIONS = ("", ".js", ".ts")


def emit(models: Models, options: Mapping[str, object]) -> list[Artifact]:
    """Return `index.ts` and `schema.ts`.

    The option `import-extension` is the extension of `schema` in the import of `index.ts`.

    Raises:
        BackendError: the models are not Amplify's.
        SchemaError: a name cannot be used in JavaScript.
        ConfigError: the option is invalid.
    """
    extension = _extension(options)
    datastore = read_datastore(models, nested_lists(models))
    schema = modelgen.json_bytes(models.datastore or {})
    used = {"initSchema", "schema", "models", *_type_imports(datastore)}
    check_names(datastore, frozenset(used), schema, models.schema)
    index = "\n\n".join(_index(datastore, f"./schema{extension}"))
    return [
        _module("index.ts", index.encode()),
        _module("schema.ts", b"%b\n\nexport const schema: Schema = %b;" % (_SCHEMA, schema)),
    ]


_SCHEMA = b'import type { Schema } from "@aws-amplify/datastore";'


def _module(path: str, content: bytes) -> Artifact:
    return Artifact(path=path, content=b"// %b\n\n%b\n" % (HEADER.encode(), content))


def _extension(options: Mapping[str, object]) -> str:
    value = options.get(_EXTENSION, "")
    if value not in _EXTENSIONS:
        raise ConfigError(
            f"invalid {_EXTENSION!r} {value!r} for the emitter 'typescript'",
            hint=f"use one of: {', '.join(map(repr, _EXTENSIONS))}",
        )
    return str(value)


def _type_imports(schema: DataStoreSchema) -> list[str]:
    if not schema.types:
        return []
    if not schema.models:
        return ["ModelInit"]
    return [*helpers(schema), *lazy_helpers(schema.models)]


def _index(schema: DataStoreSchema, schema_module: str) -> Iterator[str]:
    types = _type_imports(schema)
    imports = [
        'import { initSchema } from "@aws-amplify/datastore";',
        f'import type {{ {", ".join(types)} }} from "@aws-amplify/datastore";' if types else "",
        f'import {{ schema }} from "{schema_module}";',
    ]
    yield "\n".join(filter(None, imports))
    for enum in schema.enums:
        yield from _enum(enum)
    yield "const models = initSchema(schema);" if types else "initSchema(schema);"
    for declared in (*schema.custom_types, *schema.models):
        yield from _types(declared)


def _enum(enum: EnumType) -> Iterator[str]:
    """Yield the object and its type, in syntax that can be erased."""
    members = [
        f'{key if key.isidentifier() else repr(key)}: "{value}",'
        for key, value in enum_members(enum)
    ]
    yield f"{block(f'export const {enum.name} =', members)} as const;"
    yield f"export type {enum.name} = (typeof {enum.name})[keyof typeof {enum.name}];"


def _types(declared: DataStoreType) -> Iterator[str]:
    """Yield the class and the types of its instances: `EagerPost`, `LazyPost`, `Post`."""
    name = declared.name
    eager = block(f"export type Eager{name} =", properties(declared, typescript_value, lazy=False))
    lazy, chosen = f"export type Lazy{name} = Eager{name}", f"Eager{name}"
    # Nothing in a custom type is loaded later: it comes with the model that holds it.
    if declared.key:
        lazy = block(f"export type Lazy{name} =", properties(declared, typescript_value, lazy=True))
        chosen = choice(name)
    if declared.metadata:
        yield block(f"export type {declared.metadata} =", [read_only_fields(declared)]) + ";"
    yield f"{eager};"
    yield f"{lazy};"
    yield f"export type {name} = {chosen};"
    yield f'export const {name} = models["{name}"] as {constructor(declared)};'


def emit_types(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
    """Return `models.ts`, which imports nothing.

    Raises:
        BackendError: the models are not Amplify's.
        SchemaError: a name cannot be used in TypeScript.
    """
    schema = schema_model(models)
    check_exports(schema.objects, schema.enums, models.schema)
    parts = [f"// {HEADER}", *map(_type_enum, schema.enums), *map(_type, schema.objects)]
    return [Artifact(path="models.ts", content="{}\n".format("\n\n".join(parts)).encode())]


def _type_enum(enum: EnumType) -> str:
    members = _block(f'{value}: "{value}",' for value in enum.values)
    name = enum.name
    return (
        f"export const {name} = {members} as const;\n\n"
        f"export type {name} = (typeof {name})[keyof typeof {name}];"
    )


def _type(declared: ObjectType) -> str:
    return f"export type {declared.name} = {_block(map(_property, declared.fields))};"


def _block(lines: Iterable[str]) -> str:
    return "\n  ".join(["{", *lines]) + "\n}"


def _property(field: Field) -> str:
    # A response has the relations that its query selects, whatever the schema requires.
    if field.required and field.kind != "model":
        return f"{field.name}: {typescript_value(field)};"
    return f"{field.name}?: {typescript_value(field)} | null;"


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    """Return both emitters."""
    return [
        Emitter(
            name="typescript",
            help="model classes for DataStore in TypeScript",
            emit=emit,
            recognizes=has_header,
            needs=frozenset({"datastore"}),
            describe=describe,
            options={
                _EXTENSION: "the extension of 'schema' in the import of 'index': "
                f"{', '.join(map(repr, _EXTENSIONS))}"
            },
            check_options=_extension,
        ),
        Emitter(
            name="typescript-types",
            help="types of the models, without DataStore",
            emit=emit_types,
            recognizes=has_header,
        ),
    ]
