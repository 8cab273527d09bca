"""The emitter `javascript`: typed model classes for DataStore, as Amplify CLI generates them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Artifact, Description, Emitter, hookimpl
from amplify_modelgen_plugins.emitters.schema_model import has_header, json_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen.plugin import Models

    from .datastore_types import DataStoreSchema, ModuleNames

_MODULES = frozenset({"index.js", "index.d.ts", "schema.js", "schema.d.ts"})


def emit(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
    """Return `index.js` and `schema.js`, and a declaration file for each.

    Raises:
        BackendError: the models are not Amplify's.
        ConfigError: a name cannot be used in JavaScript.
    """
    from .datastore_types import check_keys, module_names, read_datastore
    from .declarations import DATASTORE, import_from, module

    datastore = read_datastore(models)
    names = module_names(datastore)
    schema = json_bytes(models.datastore or {})
    check_keys(schema)
    return [
        module("index.js", *_index(datastore, names)),
        module("index.d.ts", *_index_types(datastore, names)),
        module("schema.js", b"export const schema = %b;" % schema),
        module(
            "schema.d.ts",
            import_from(DATASTORE, "Schema", types=True),
            "export declare const schema: Schema;",
        ),
    ]


def _index(datastore: DataStoreSchema, names: ModuleNames) -> list[str]:
    from .declarations import DATASTORE, enum_object, fit, import_from, listed

    imports = [
        import_from(DATASTORE, names.imported("initSchema")),
        # With its extension, which Node requires.
        import_from("./schema.js", names.imported("schema")),
    ]
    call = f"{names.helpers['initSchema']}({names.helpers['schema']});"
    classes = [declared.name for declared in datastore.types]
    if classes:
        start = f"export const {{ {', '.join(classes)} }} ="
        call = fit(
            f"{start} {call}", f"{start}\n  {call}", f"export const {listed(classes)} = {call}"
        )
    return ["\n".join(imports), *(f"{enum_object(enum)};" for enum in datastore.enums), call]


def _index_types(datastore: DataStoreSchema, names: ModuleNames) -> list[str]:
    from .declarations import (
        DATASTORE,
        Declarations,
        enum_declaration,
        import_from,
        used_helpers,
    )

    declarations = Declarations(names=names, nominal_enums=True)
    helpers = [names.imported(helper) for helper in used_helpers(datastore)]
    parts = [import_from(DATASTORE, *helpers, types=True)] if helpers else []
    parts += map(enum_declaration, datastore.enums)
    for declared in (*datastore.custom_types, *datastore.models):
        parts += declarations.types(declared)
        constructor = declarations.constructor(declared)
        parts.append(f"export declare const {declared.name}: {constructor};")
    # Without any import or export the file would not be a module.
    return parts or ["export {};"]


def recognizes(path: str, content: bytes) -> bool:
    """Return whether this emitter or Amplify CLI wrote a file."""
    from .recognition import is_amplify_module

    is_module = path.rpartition("/")[2] in _MODULES
    return is_module and (has_header(path, content) or is_amplify_module(path, content))


def describe(files: Mapping[str, bytes]) -> Description | None:
    """Return the DataStore schema in `schema.js`."""
    from .recognition import schema_document

    found = (content for path, content in files.items() if path.endswith("schema.js"))
    document = schema_document(next(found, b""))
    return Description(document=document) if document is not None else None


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    """Return the emitter."""
    return [
        Emitter(
            name="javascript",
            help="model classes for DataStore in JavaScript, with types",
            emit=emit,
            recognizes=recognizes,
            needs=frozenset({"introspection", "datastore"}),
            describe=describe,
        )
    ]
