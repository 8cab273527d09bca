"""The emitter `datastore`: the DataStore schema as JSON, the object of Amplify's `schema.js`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen import Artifact, Emitter, hookimpl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen import Models


def emit(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
    """Return `schema.json`: four spaces of indentation, no line end at the end."""
    from amplify_modelgen.modelgen import json_bytes

    return [Artifact(path="schema.json", content=json_bytes(models.datastore))]


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    """Bring the emitter."""
    about = "the DataStore schema as JSON"
    return [Emitter(name="datastore", help=about, emit=emit, reads_only=True)]
