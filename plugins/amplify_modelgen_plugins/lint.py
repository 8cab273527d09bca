"""The validator: what Amplify would reject or ignore in a schema, found by the linter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.plugin import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amplify_modelgen.plugin import Diagnostic, Schema, Target


@hookimpl
def modelgen_validate(
    target: Target, schema: Schema, needs: frozenset[str]
) -> Sequence[Diagnostic]:
    """Return the problems of a schema, each at its place in the file that it is in."""
    # Imported lazily: a run in which nothing has changed needs no engine.
    from amplify_modelgen.lint import lint_schema
    from amplify_modelgen.modelgen import needed_documents

    return schema.located(lint_schema(schema.text, target.flags, documents=needed_documents(needs)))
