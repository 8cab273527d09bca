"""The emitters `introspection` and `datastore`: the documents of Amplify as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amplify_modelgen import modelgen
from amplify_modelgen.plugin import Artifact, BackendError, Description, Emitter, hookimpl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen.plugin import Models


def emit_introspection(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
    """Return `model-introspection.json`, byte for byte as Amplify CLI writes it.

    Raises:
        BackendError: the backend has no model introspection schema.
    """
    return _artifacts("model-introspection.json", models.introspection, "introspection")


def emit_datastore(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
    """Return `schema.json`, the object of Amplify's `schema.js`, formatted alike.

    Raises:
        BackendError: the backend has no DataStore schema.
    """
    return _artifacts("schema.json", models.datastore, "datastore")


def _artifacts(path: str, document: dict[str, Any] | None, emitter: str) -> list[Artifact]:
    if document is None:
        kind = {"introspection": "model introspection", "datastore": "DataStore"}[emitter]
        raise BackendError(
            f"the backend has no {kind} schema, which the emitter {emitter!r} needs",
            hint="generate from the schema on disk with '--backend local', or use another emitter",
        )
    return [Artifact(path=path, content=modelgen.json_bytes(document))]


def is_introspection(_path: str, content: bytes) -> bool:
    """Return whether a file is a model introspection schema, whose version is a number."""
    return isinstance(_document_version(content), int)


def is_datastore(_path: str, content: bytes) -> bool:
    """Return whether a file is a DataStore schema, whose version is a digest."""
    return isinstance(_document_version(content), str)


def describe(files: Mapping[str, bytes]) -> Description | None:
    """Return the document in the only file."""
    document = next(map(_document, files.values()), None)
    return Description(document=document) if document is not None else None


def _document_version(content: bytes) -> object:
    version = (_document(content) or {}).get("version")
    return None if isinstance(version, bool) else version


def _document(content: bytes) -> dict[str, Any] | None:
    """Return a document of Amplify; None if the content is not one."""
    # Not msgspec's, which rejects the lone surrogates that Amplify writes.
    import json

    try:
        document: Any = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    sections = ("models", "enums", "nonModels")
    is_document = isinstance(document, dict) and all(
        isinstance(document.get(section), dict) for section in sections
    )
    return document if is_document else None


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    """Return both emitters."""
    return [
        Emitter(
            name="introspection",
            help="the model introspection schema as JSON",
            emit=emit_introspection,
            recognizes=is_introspection,
            needs=frozenset({"introspection"}),
            describe=describe,
        ),
        Emitter(
            name="datastore",
            help="the DataStore schema as JSON",
            emit=emit_datastore,
            recognizes=is_datastore,
            needs=frozenset({"datastore"}),
            describe=describe,
        ),
    ]
