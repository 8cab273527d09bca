"""Making models of a deployed schema, as the job of the service does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen import BackendError, SchemaError

if TYPE_CHECKING:
    from amplify_modelgen import FeatureFlags, Models

_SHOWN_PROBLEMS = 10


def make_models(sdl: str, flags: FeatureFlags) -> Models:
    """Return the models of a schema.

    Raises:
        BackendError: the schema is refused; the message is what a job fails with, in one line.
    """
    from amplify_modelgen.modelgen import generate_models

    try:
        return generate_models(sdl, flags)
    except SchemaError as error:
        raise BackendError(_told(error)) from error


def _told(error: SchemaError) -> str:
    shown = [f"{it.line}:{it.column}: {it.message}" for it in error.problems[:_SHOWN_PROBLEMS]]
    hidden = len(error.problems) - len(shown)
    return "; ".join([*shown, f"and {hidden} more"] if hidden else shown)
