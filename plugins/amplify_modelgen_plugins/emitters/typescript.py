"""The emitter `typescript`: model classes for DataStore in TypeScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Artifact, ConfigError, Emitter, hookimpl

from .javascript import describe
from .schema_model import HEADER, has_header, json_bytes, nested_lists

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from amplify_modelgen.plugin import Models

    from .javascript.datastore_schema import DataStoreEnum, DataStoreSchema, DataStoreType

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
    from .javascript.datastore_schema import read_datastore
    from .javascript.names import check_keys, check_names

    extension = _extension(options)
    datastore = read_datastore(models, nested_lists(models))
    schema = json_bytes(models.datastore or {})
    used = {"initSchema", "schema", "models", *_type_imports(datastore)}
    check_names(datastore, frozenset(used), models.schema)
    check_keys(schema)
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
    from .javascript.declarations import helpers, lazy_helpers

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
        yield _class(declared)


def _enum(enum: DataStoreEnum) -> Iterator[str]:
    """Yield the object and its type, in syntax that can be erased."""
    from .javascript.declarations import block

    members = [
        f'{key if key.isidentifier() else repr(key)}: "{value}",' for key, value in enum.members
    ]
    yield f"{block(f'export const {enum.name} =', members)} as const;"
    yield f"export type {enum.name} = (typeof {enum.name})[keyof typeof {enum.name}];"


def _types(declared: DataStoreType) -> Iterator[str]:
    """Yield the types of the instances: `EagerPost`, `LazyPost`, and `Post`, one of them."""
    from .javascript.declarations import (
        block,
        choice,
        properties,
        read_only_fields,
        typescript_value,
    )

    name = declared.name
    eager = block(f"export type Eager{name} =", properties(declared, typescript_value, lazy=False))
    if not declared.key:
        # Nothing in a custom type is loaded later: it comes with the model that holds it.
        yield f"{eager};"
        yield f"export type Lazy{name} = Eager{name};"
        yield f"export type {name} = Eager{name};"
        return
    lazy = block(f"export type Lazy{name} =", properties(declared, typescript_value, lazy=True))
    if declared.metadata:
        yield block(f"export type {declared.metadata} =", [read_only_fields(declared)]) + ";"
    yield f"{eager};"
    yield f"{lazy};"
    yield f"export type {name} = {choice(name)};"


def _class(declared: DataStoreType) -> str:
    from .javascript.declarations import constructor

    return f'export const {declared.name} = models["{declared.name}"] as {constructor(declared)};'


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    """Return the emitter."""
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
        )
    ]
