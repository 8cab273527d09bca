"""The backend `local`: this project's own generator, offline and without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.plugin import hookimpl

if TYPE_CHECKING:
    from amplify_modelgen.plugin import Models, SchemaBackend, Settings, Target


class LocalBackend:
    """Generates models from the schema on disk; it has no state."""

    def generate(self, target: Target, sdl: str, needs: frozenset[str]) -> Models:
        """Return the needed parts of the models of `sdl` under the target's feature flags.

        Raises:
            SchemaError: Amplify would refuse the schema for one of these parts.
        """
        from amplify_modelgen.modelgen import generate_models, needed_documents

        return generate_models(sdl, target.flags, needed_documents(needs))


@hookimpl
def modelgen_backend(name: str, settings: Settings) -> SchemaBackend | None:
    """Return the backend if it is called `local`."""
    del settings
    return LocalBackend() if name == "local" else None
