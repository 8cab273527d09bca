"""From stale plans to written files: validate, generate, compare, emit, write.

A target that cannot go on ends as an `Outcome`; the others go on without it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .compare import changes_since, drift_changes, drifted
from .emit import check_outputs, emit
from .errors import ModelgenError
from .files import write_all
from .jobs import Context, Failure, Generated, Work, generation
from .lock import Locked
from .records import Artifact, Diagnostic, JobEvent, Outcome
from .scheduler import run_all
from .state import JobMemory
from .tokens import file_digest, schema_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .hookspecs import Backend
    from .plan import Plan
    from .plugins import Plugins
    from .records import Target
    from .survey import Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to generate: `force` also what is fresh; `push_schema` sends the tree's schema first."""

    force: bool = False
    push_schema: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What came of a plan; `locked` is its new entry in the lock, if its files were written."""

    outcome: Outcome
    locked: Locked | None = None


def regenerate(
    stale: Sequence[Plan],
    survey: Survey,
    plugins: Plugins,
    options: Options,
    listen: Callable[[JobEvent], None],
) -> dict[str, Finished]:
    """Return what came of each stale plan, by its target's key.

    Raises:
        UsageError, ConfigError: an unknown backend or emitter, before anything is asked.
    """
    check_outputs((plan.target for plan in stale), plugins.emitters)
    backend = plugins.backend(survey.settings.backend, survey.settings)
    said = {plan.target.key: diagnose(plan, plugins) for plan in stale}
    finished = {
        plan.target.key: Finished(outcome=validated(plan, said[plan.target.key]))
        for plan in stale
        if _has_errors(said[plan.target.key])
    }
    sound = [plan for plan in stale if plan.target.key not in finished]
    results = _ask_backend(sound, backend, survey, options, listen)
    for plan, result in zip(sound, results, strict=True):
        done = _finish(plan, result, survey, plugins)
        outcome = replace(done.outcome, diagnostics=said[plan.target.key])
        finished[plan.target.key] = replace(done, outcome=outcome)
    return finished


def _ask_backend(
    plans: Sequence[Plan],
    backend: Backend,
    survey: Survey,
    options: Options,
    listen: Callable[[JobEvent], None],
) -> list[Generated | Failure]:
    memory = JobMemory(survey.settings.root)
    digests = {plan.target.key: plan.schema_digest for plan in plans}

    def digest(target: Target, deployed: str | None) -> str:
        return _job_digest(survey.settings.backend, target, digests[target.key], deployed)

    context = Context(
        backend_name=survey.settings.backend,
        timeout=survey.settings.timeout,
        listen=_one_at_a_time(listen),
        note=lambda target, deployed, job: memory.note(target.key, digest(target, deployed), job),
        recall=lambda target, deployed: memory.recall(target.key, digest(target, deployed)),
    )
    return run_all(
        [
            generation(
                Work(
                    target=plan.target,
                    sdl=plan.schema.text if plan.schema is not None else None,
                    push=backend.feeds_on_tree or options.push_schema or plan.target.push_schema,
                ),
                backend,
                context,
            )
            for plan in plans
        ]
    )


def _job_digest(backend: str, target: Target, tree: str, deployed: str | None) -> str:
    where = (backend, target.app_id, target.environment, target.resource)
    there = schema_digest(deployed) if deployed is not None else ""
    return file_digest("\n".join((*where, tree, there)).encode())


def _one_at_a_time(listen: Callable[[JobEvent], None]) -> Callable[[JobEvent], None]:
    lock = threading.Lock()

    def locked(event: JobEvent) -> None:
        with lock:
            listen(event)

    return locked


def _finish(plan: Plan, result: Generated | Failure, survey: Survey, plugins: Plugins) -> Finished:
    if isinstance(result, Failure):
        return Finished(outcome=_failed(plan, result))
    if drifted(plan, result):
        return Finished(outcome=_drifted(plan, result))
    root = survey.settings.root
    try:
        changes = changes_since(root, survey.lock.get(plan.target.key), result.models)
        artifacts = emit(plan.target, result.models, plugins.emitters)
        files = write_all(root, artifacts)
    except ModelgenError as error:
        return Finished(outcome=_failed(plan, _failure_after(result, error)))
    outcome = Outcome(
        target=plan.target,
        status="generated",
        reason="; ".join(plan.reasons),
        job=result.job,
        seconds=result.seconds,
        polls=result.polls,
        changes=changes,
        files=files,
    )
    return Finished(outcome=outcome, locked=_locked(plan, artifacts))


def _failure_after(result: Generated, error: ModelgenError) -> Failure:
    return Failure(error=error, job=result.job, seconds=result.seconds, polls=result.polls)


def _failed(plan: Plan, failure: Failure) -> Outcome:
    return Outcome(
        target=plan.target,
        status="failed",
        reason=failure.error.message,
        hint=failure.error.hint,
        exit_code=failure.error.exit_code,
        job=failure.job,
        seconds=failure.seconds,
        polls=failure.polls,
    )


def _drifted(plan: Plan, result: Generated) -> Outcome:
    where = f"environment {plan.target.environment!r}"
    return Outcome(
        target=plan.target,
        status="drifted",
        reason=f"{where} has another schema than {plan.target.schema}; nothing was written",
        hint="'amplify push' or '--push-schema' brings the schema there; "
        "'--backend local' generates from the working tree",
        job=result.job,
        seconds=result.seconds,
        polls=result.polls,
        changes=drift_changes(plan, result.deployed or ""),
    )


def _locked(plan: Plan, artifacts: Sequence[Artifact]) -> Locked:
    return Locked(
        schema=plan.schema_digest,
        settings=plan.settings_digest,
        outputs={artifact.path: file_digest(artifact.content) for artifact in artifacts},
    )


def validated(plan: Plan, diagnostics: tuple[Diagnostic, ...]) -> Outcome:
    """Return the outcome of linting alone."""
    invalid = _has_errors(diagnostics)
    return Outcome(
        target=plan.target,
        status="invalid" if invalid else "valid",
        reason="Amplify would refuse the schema" if invalid else "the schema is valid",
        diagnostics=diagnostics,
    )


def diagnose(plan: Plan, plugins: Plugins) -> tuple[Diagnostic, ...]:
    """Return what the validators say of a plan's schema."""
    return () if plan.schema is None else plugins.validate(plan.target, plan.schema)


def _has_errors(diagnostics: Sequence[Diagnostic]) -> bool:
    return any(diagnostic.severity == "error" for diagnostic in diagnostics)
