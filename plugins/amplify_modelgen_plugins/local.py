"""This project's own generator and linter, offline and without an account.

They are the backend `local`, and the validator of schemas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen.plugin import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amplify_modelgen.plugin import (
        Diagnostic,
        Models,
        Schema,
        SchemaBackend,
        Settings,
        Target,
    )

_VERSION_FLAGS = ("flags.transformer-version", "flags.use-experimental-pipelined-transformer")


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


@hookimpl
def modelgen_validate(
    target: Target, schema: Schema, needs: frozenset[str]
) -> Sequence[Diagnostic]:
    """Return the problems of a schema, each at its place in the file that it is in."""
    # Imported lazily: a run in which nothing has changed needs no engine.
    from amplify_modelgen.lint import lint_schema
    from amplify_modelgen.modelgen import needed_documents

    documents = needed_documents(needs)
    diagnostics = lint_schema(schema.text, target.flags, target.auth_providers, documents)
    return schema.located(_with_origin(diagnostic, target) for diagnostic in diagnostics)


def _with_origin(diagnostic: Diagnostic, target: Target) -> Diagnostic:
    """Say where the feature flags are set, if a diagnostic is about the transformer version."""
    if diagnostic.rule not in ("transformer-version", "legacy-directive", "newer-directive"):
        return diagnostic
    found = (item.origin for item in target.provenance if item.key in _VERSION_FLAGS)
    origins = [origin for origin in dict.fromkeys(found) if origin != "default"]
    origin = f"the flags are set in {' and '.join(origins)}"
    if not origins and target.provenance:
        file = f"{target.project}/amplify/cli.json".lstrip("/")
        origin = (
            f"{file} does not set these flags, and Amplify CLI then uses version 1; if a file "
            "cli.ENV.json sets them, select its environment in the configuration"
        )
    return replace(diagnostic, hint=f"{diagnostic.hint} ({origin})")
