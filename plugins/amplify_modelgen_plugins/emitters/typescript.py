"""The emitter `typescript`: model classes for DataStore in TypeScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Artifact, ConfigError, Emitter, hookimpl

from .schema_model import has_header, json_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen.plugin import Models

    from .javascript.datastore_types import DataStoreSchema, ModuleNames

_EXTENSION = "import-extension"
_EXTENSIONS = ("", ".js", ".ts")


def emit(models: Models, options: Mapping[str, object]) -> list[Artifact]:
    """Return `index.ts` and `schema.ts`.

    The option `import-extension` is the extension of `schema` in the import of `index.ts`.

    Raises:
        BackendError: the models are not Amplify's.
        ConfigError: a name cannot be used in JavaScript, or the option is invalid.
    """
    from .javascript.datastore_types import check_keys, module_names, read_datastore
    from .javascript.declarations import DATASTORE, import_from, module

    extension = _extension(options)
    datastore = read_datastore(models)
    schema = json_bytes(models.datastore or {})
    check_keys(schema)
    return [
        module("index.ts", *_index(datastore, module_names(datastore), f"./schema{extension}")),
        module(
            "schema.ts",
            import_from(DATASTORE, "Schema", types=True),
            b"export const schema: Schema = %b;" % schema,
        ),
    ]


def _extension(options: Mapping[str, object]) -> str:
    value = options.get(_EXTENSION, "")
    if value not in _EXTENSIONS:
        raise ConfigError(
            f"invalid {_EXTENSION!r} {value!r} for the emitter 'typescript'",
            hint=f"use one of: {', '.join(map(repr, _EXTENSIONS))}",
        )
    return str(value)


def _index(datastore: DataStoreSchema, names: ModuleNames, schema: str) -> list[str]:
    from .javascript.declarations import (
        DATASTORE,
        Declarations,
        enum_constant,
        import_from,
        used_helpers,
    )

    declarations = Declarations(names=names, nominal_enums=False)
    models = names.helpers["models"]
    types = [names.imported(helper) for helper in used_helpers(datastore)]
    imports = [
        import_from(DATASTORE, names.imported("initSchema")),
        *([import_from(DATASTORE, *types, types=True)] if types else []),
        import_from(schema, names.imported("schema")),
    ]
    call = f"{names.helpers['initSchema']}({names.helpers['schema']});"
    parts = ["\n".join(imports), *map(enum_constant, datastore.enums)]
    parts.append(f"const {models} = {call}" if datastore.types else call)
    for declared in (*datastore.custom_types, *datastore.models):
        name, constructor = declared.name, declarations.constructor(declared)
        parts += declarations.types(declared)
        parts.append(f'export const {name} = {models}["{name}"] as {constructor};')
    return parts


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    """Return the emitter."""
    return [
        Emitter(
            name="typescript",
            help="model classes for DataStore in TypeScript",
            emit=emit,
            recognizes=has_header,
            needs=frozenset({"introspection", "datastore"}),
            options={
                _EXTENSION: "the extension of 'schema' in the import of 'index': "
                f"{', '.join(map(repr, _EXTENSIONS))}"
            },
            check_options=_extension,
        )
    ]
