"""The DataStore schema: what Amplify's DataStore libraries read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from .version_hash import version_hash
from .written import with_associations

if TYPE_CHECKING:
    from .assembly import Assembly
    from .model import Association
    from .written import Parts

CODEGEN_VERSION = "3.4.4"


def datastore_document(assembly: Assembly, parts: Parts) -> dict[str, Any]:
    """Return the document of an assembly that has been checked, and of its written parts."""
    associated = partial(_association, listed=assembly.rules.primary_keys)
    models = assembly.models
    return {
        "models": {
            name: {**written, "fields": with_associations(models[name], written, associated)}
            for name, written in parts.models.items()
        },
        "enums": parts.enums,
        "nonModels": parts.non_models,
        "codegenVersion": CODEGEN_VERSION,
        "version": version_hash(assembly),
    }


def _association(association: Association, *, listed: bool) -> dict[str, Any]:
    """Return an association; older projects have the first name where others have a list."""
    written: dict[str, Any] = {"connectionType": association.kind}
    if association.associated is not None:
        written["associatedWith"] = (
            list(association.associated) if listed else association.associated[0]
        )
    if association.targets is not None and listed:
        written["targetNames"] = list(association.targets)
    elif association.targets is not None:
        written["targetName"] = association.targets[0]
    return written
