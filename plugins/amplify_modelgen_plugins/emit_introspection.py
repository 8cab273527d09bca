"""The emitter `introspection`: the model introspection schema, as Amplify CLI writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen import Artifact, BackendError, Emitter, hookimpl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen import Models


def emit(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
    """Return `model-introspection.json`: four spaces of indentation, no line end at the end."""
    from amplify_modelgen.modelgen import json_bytes

    if models.introspection is None:
        raise BackendError(
            "the backend gave no model introspection schema, so 'introspection' cannot be written",
            hint="generate from the working tree with '--backend local', "
            "or use the emitter 'datastore'",
        )
    content = json_bytes(models.introspection)
    return [Artifact(path="model-introspection.json", content=content)]


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    """Bring the emitter."""
    about = "the model introspection schema as JSON"
    return [Emitter(name="introspection", help=about, emit=emit, reads_only=True)]
