"""The DataStore schema: what Amplify's DataStore libraries read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from .version_hash import version_hash
from .written import written_enum, written_fields, written_model

if TYPE_CHECKING:
    from .assembly import Assembly
    from .model import Association

CODEGEN_VERSION = "3.4.4"


def datastore_document(assembly: Assembly) -> dict[str, Any]:
    """Return the document of an assembly that has been checked."""
    roles = assembly.roles
    written_association = partial(_association, listed=assembly.rules.primary_keys)
    return {
        "models": {
            one.name: written_model(one, roles, written_association)
            for one in assembly.models.values()
        },
        "enums": {one.name: written_enum(one) for one in assembly.types.enums},
        "nonModels": {
            one.name: {"name": one.name, "fields": written_fields(one.fields.values(), roles)}
            for one in assembly.non_models
        },
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
