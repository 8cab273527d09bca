"""What a run can say of a target: one function for each way that its work can end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen.errors import ModelgenError, SchemaError
from amplify_modelgen.faults import fault_behind
from amplify_modelgen.records import Diagnostic, Outcome, Target

from .compare import drift_changes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amplify_modelgen.jobs.work import Drift, Failure

    from .plan import Plan


def fresh(plan: Plan) -> Outcome:
    """Return the outcome of a target for which nothing has to be done."""
    return Outcome(
        target=plan.target, status="up-to-date", reason="schema, settings and outputs are as locked"
    )


def stale(plan: Plan) -> Outcome:
    """Return the outcome of a target that was only checked, and is stale."""
    return Outcome(
        target=plan.target,
        status="stale",
        reason="; ".join(plan.reasons),
        hint="run 'amplify-modelgen generate' and commit what it writes",
    )


def unplanned(target: Target, error: ModelgenError) -> Outcome:
    """Return the outcome of a target whose schema or files cannot be read."""
    problems = error.problems if isinstance(error, SchemaError) else ()
    return Outcome(
        target=target,
        status="invalid" if problems else "failed",
        reason="Amplify would refuse the schema" if problems else error.message,
        hint=None if problems else error.hint,
        exit_code=error.exit_code,
        diagnostics=tuple(
            Diagnostic(
                severity=problem.severity,
                message=problem.message,
                path=problem.path or target.schema or "",
                line=problem.line,
                column=problem.column,
                hint=problem.hint,
            )
            for problem in problems
        ),
    )


def vanished(key: str) -> Outcome:
    """Return the outcome of a target that the lock names and nobody knows any more."""
    return Outcome(
        target=Target(app_id="", environment="", resource=key, name=key, key=key),
        status="stale",
        reason="the lock names it, and there is no such target any more",
        hint="run 'amplify-modelgen generate' to take it out of the lock, and commit that",
    )


def validated(plan: Plan, diagnostics: tuple[Diagnostic, ...]) -> Outcome:
    """Return the outcome of linting alone."""
    invalid = has_errors(diagnostics)
    return Outcome(
        target=plan.target,
        status="invalid" if invalid else "valid",
        reason="Amplify would refuse the schema" if invalid else "the schema is valid",
        diagnostics=diagnostics,
    )


def failed(plan: Plan, failure: Failure) -> Outcome:
    """Return the outcome of work that failed."""
    return Outcome(
        target=plan.target,
        status="failed",
        reason=failure.error.message,
        hint=failure.error.hint,
        exit_code=failure.error.exit_code,
        job=failure.job,
        seconds=failure.seconds,
        polls=failure.polls,
        fault=fault_behind(failure.error),
    )


def unwritten(outcome: Outcome, error: ModelgenError) -> Outcome:
    """Return the outcome of a target whose files were made and cannot be written."""
    return replace(
        outcome,
        status="failed",
        reason=error.message,
        hint=error.hint,
        exit_code=error.exit_code,
        changes=(),
    )


def drifted(plan: Plan, result: Drift) -> Outcome:
    """Return the outcome of a target whose environment has another schema; nothing was made."""
    where = f"environment {plan.target.environment!r}"
    return Outcome(
        target=plan.target,
        status="drifted",
        reason=f"{where} has another schema than {plan.target.schema}",
        hint="'amplify push' or '--push-schema' brings the schema there, '--backend local' "
        "generates from the working tree, '--allow-drift' takes the models as they are",
        seconds=result.seconds,
        changes=drift_changes(plan, result.deployed),
    )


def of_another_schema(plan: Plan, outcome: Outcome) -> Outcome:
    """Return the outcome of models that were made although the environment has another schema."""
    return replace(
        outcome,
        reason=f"{outcome.reason}; the models are of another schema than {plan.target.schema}, "
        f"the one of environment {plan.target.environment!r}",
        hint="they stay stale: bring the schema there with 'amplify push' or '--push-schema', "
        "then run 'amplify-modelgen generate' again",
    )


def has_errors(diagnostics: Sequence[Diagnostic]) -> bool:
    """Whether a schema has to be mended before anything can be made of it."""
    return any(diagnostic.severity == "error" for diagnostic in diagnostics)
