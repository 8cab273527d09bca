"""The linter: what Amplify would refuse or ignore in a schema, from the engine itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen import Diagnostic, hookimpl

if TYPE_CHECKING:
    from amplify_modelgen import Schema, Target


@hookimpl
def modelgen_validate(target: Target, schema: Schema) -> list[Diagnostic]:
    """Return every problem of the schema, at its place in the file that it is in."""
    from amplify_modelgen.modelgen import find_problems

    diagnostics = []
    for problem in find_problems(schema.text, target.flags):
        path, line = schema.locate(problem.line)
        diagnostics.append(
            Diagnostic(
                severity=problem.severity,
                message=problem.message,
                path=path,
                line=line,
                column=problem.column,
                hint=problem.hint,
            )
        )
    return diagnostics
