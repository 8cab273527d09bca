"""The validator: what Amplify would reject or ignore in a schema, found by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen.plugin import Diagnostic, hookimpl

if TYPE_CHECKING:
    from amplify_modelgen.plugin import Schema, Target


@hookimpl
def modelgen_validate(target: Target, schema: Schema) -> list[Diagnostic]:
    """Return the problems of a schema, each at its place in the file that it is in."""
    # Imported lazily: a run in which nothing has changed needs no engine.
    from amplify_modelgen.modelgen import find_problems

    return [_locate(diagnostic, schema) for diagnostic in find_problems(schema.text, target.flags)]


def _locate(diagnostic: Diagnostic, schema: Schema) -> Diagnostic:
    path, line = schema.locate(diagnostic.line)
    return replace(diagnostic, path=path, line=line)
