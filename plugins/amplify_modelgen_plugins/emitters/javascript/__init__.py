"""The emitter `javascript`: the model classes of DataStore, as Amplify CLI generates them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen import modelgen
from amplify_modelgen.plugin import Artifact, Description, Emitter, hookimpl
from amplify_modelgen_plugins.emitters.schema_model import HEADER, has_header

from .datastore_schema import check_names, read_datastore
from .modules import SCHEMA_TYPES, helpers, index, index_types, lazy_helpers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen.plugin import Models

_MODULES = frozenset({"index.js", "index.d.ts", "schema.js", "schema.d.ts"})


def emit(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
    """Return `index.js` and `schema.js`, and a declaration file for each.

    Apart from the header they are the bytes that Amplify CLI writes.

    Raises:
        BackendError: the models are not Amplify's.
        SchemaError: a name cannot be used in JavaScript.
    """
    datastore = read_datastore(models)
    schema = modelgen.json_bytes(models.datastore or {})
    used = {"initSchema", "schema", *helpers(datastore), *lazy_helpers(datastore.types)}
    check_names(datastore, frozenset(used), schema, models.schema)
    return [
        _module("index.js", index(datastore).encode()),
        _module("index.d.ts", index_types(datastore).encode()),
        _module("schema.js", b"export const schema = %b;" % schema),
        _module("schema.d.ts", SCHEMA_TYPES.encode()),
    ]


def _module(path: str, content: bytes) -> Artifact:
    return Artifact(path=path, content=b"// %b\n%b" % (HEADER.encode(), content))


def recognizes(path: str, content: bytes) -> bool:
    """Return whether this emitter or Amplify CLI wrote a file."""
    from .recognition import is_amplify_module

    is_module = path.rpartition("/")[2] in _MODULES
    return is_module and (has_header(path, content) or is_amplify_module(path, content))


def describe(files: Mapping[str, bytes]) -> Description | None:
    """Return the DataStore schema in `schema.js` or `schema.ts`."""
    from .recognition import schema_document

    names = ("schema.js", "schema.ts")
    found = (content for path, content in files.items() if path.endswith(names))
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
            needs=frozenset({"datastore"}),
            describe=describe,
        )
    ]
