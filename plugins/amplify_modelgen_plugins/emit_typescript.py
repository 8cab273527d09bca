"""The emitter `typescript`: what an application imports to use DataStore, in TypeScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen import Artifact, ConfigError, Emitter, hookimpl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen import Models

    from .typescript.document import Document
    from .typescript.naming import Names

_EXTENSION = "import-extension"
_EXTENSIONS = ("", ".js", ".ts")


def emit(models: Models, options: Mapping[str, object]) -> list[Artifact]:
    """Return `index.ts` and `schema.ts`.

    The option `import-extension` is what the one's name ends in where the other imports it.

    Raises:
        BackendError: the models are not what Amplify makes.
        ConfigError: they hold a name that JavaScript cannot export, or the option is wrong.
    """
    from amplify_modelgen.modelgen import json_bytes

    from .typescript.document import read_document
    from .typescript.naming import find_names
    from .typescript.reserved import check_text
    from .typescript.text import DATASTORE, import_from, module

    extension = _extension(options)
    document = read_document(models)
    schema = json_bytes(models.datastore)
    check_text(schema)
    return [
        module("index.ts", *_index(document, find_names(document), f"./schema{extension}")),
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
            f"the emitter 'typescript' cannot use {value!r} as {_EXTENSION!r}",
            hint=f"use one of: {', '.join(map(repr, _EXTENSIONS))}",
        )
    return str(value)


def _index(document: Document, names: Names, schema: str) -> list[str]:
    from .typescript.declarations import Declarations, used_helpers
    from .typescript.enums import enum_constant
    from .typescript.types import Properties

    properties = Properties(names=names, nominal_enums=False)
    declarations = Declarations(names=names, properties=properties)
    models = names.helpers["models"]
    parts = [_imports(names, used_helpers(document), schema), *map(enum_constant, document.enums)]
    made = f"{names.helpers['initSchema']}({names.helpers['schema']});"
    parts.append(f"const {models} = {made}" if document.types else made)
    for one in (*document.custom_types, *document.models):
        class_type = declarations.constructor(one)
        parts += declarations.types(one)
        parts.append(f'export const {one.name} = {models}["{one.name}"] as {class_type};')
    return parts


def _imports(names: Names, types: tuple[str, ...], schema: str) -> str:
    from .typescript.text import DATASTORE, import_from

    helpers = [names.imported(helper) for helper in types]
    imports = [
        import_from(DATASTORE, names.imported("initSchema")),
        *([import_from(DATASTORE, *helpers, types=True)] if helpers else []),
        import_from(schema, names.imported("schema")),
    ]
    return "\n".join(imports)


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    """Bring the emitter."""
    return [
        Emitter(
            name="typescript",
            help="model classes for DataStore in TypeScript",
            emit=emit,
            options={
                _EXTENSION: f"how 'index' names 'schema': {', '.join(map(repr, _EXTENSIONS))}"
            },
            check=_extension,
            reads_only=True,
        )
    ]
