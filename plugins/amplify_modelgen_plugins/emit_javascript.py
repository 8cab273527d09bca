"""The emitter `javascript`: what an application imports to use DataStore, with its types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen import Artifact, Emitter, hookimpl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen import Models

    from .typescript.document import Document
    from .typescript.naming import Names


def emit(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
    """Return `index.js` and `schema.js`, and beside each what TypeScript reads of it.

    Raises:
        BackendError: the models are not what Amplify makes.
        ConfigError: they hold a name that JavaScript cannot export.
    """
    from amplify_modelgen.modelgen import javascript_bytes

    from .typescript.document import read_document
    from .typescript.naming import find_names
    from .typescript.reserved import check_text
    from .typescript.text import DATASTORE, import_from, module

    document = read_document(models)
    names = find_names(document)
    schema = javascript_bytes(models.datastore)
    check_text(schema)
    return [
        module("index.js", *_index(document, names)),
        module("index.d.ts", *_index_types(document, names)),
        module("schema.js", schema),
        module(
            "schema.d.ts",
            import_from(DATASTORE, "Schema", types=True),
            "export declare const schema: Schema;",
        ),
    ]


def _index(document: Document, names: Names) -> list[str]:
    from .typescript.enums import enum_object
    from .typescript.text import DATASTORE, fit, import_from, listed

    # The ending is for Node, which guesses none.
    imports = [
        import_from(DATASTORE, names.imported("initSchema")),
        import_from("./schema.js", names.imported("schema")),
    ]
    made = f"{names.helpers['initSchema']}({names.helpers['schema']});"
    classes = [one.name for one in document.types]
    if classes:
        start = f"export const {{ {', '.join(classes)} }} ="
        broken = f"export const {listed(classes)} = {made}"
        made = fit(f"{start} {made}", f"{start}\n  {made}", broken)
    return ["\n".join(imports), *(f"{enum_object(enum)};" for enum in document.enums), made]


def _index_types(document: Document, names: Names) -> list[str]:
    from .typescript.declarations import Declarations, used_helpers
    from .typescript.enums import enum_declaration
    from .typescript.text import DATASTORE, import_from
    from .typescript.types import Properties

    properties = Properties(names=names, nominal_enums=True)
    declarations = Declarations(names=names, properties=properties)
    helpers = [names.imported(helper) for helper in used_helpers(document)]
    parts = [import_from(DATASTORE, *helpers, types=True)] if helpers else []
    parts += map(enum_declaration, document.enums)
    for one in (*document.custom_types, *document.models):
        parts += declarations.types(one)
        parts.append(f"export declare const {one.name}: {declarations.constructor(one)};")
    # Without any import or export the file would not be a module.
    return parts or ["export {};"]


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    """Bring the emitter."""
    return [
        Emitter(
            name="javascript",
            help="model classes for DataStore in JavaScript, typed",
            emit=emit,
            reads_only=True,
        )
    ]
