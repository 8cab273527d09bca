"""From stale plans to written files: validate, generate, compare, emit, write.

A target that cannot go on ends as an `Outcome`; the others go on without it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .asking import ask_backend
from .compare import changes_since
from .emit import check_outputs, emit
from .errors import ModelgenError, UsageError
from .files import write_all
from .jobs import generation
from .lock import Locked
from .outcomes import drifted, failed, has_errors, validated
from .records import Artifact, Diagnostic, JobEvent, Outcome
from .tokens import file_digest
from .work import Drift, Failure, Generated, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .hookspecs import Backend
    from .plan import Plan
    from .plugins import Plugins
    from .survey import Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to generate.

    `force` takes what is fresh as well, `push_schema` sends the working tree's schema first, and
    `allow_drift` writes the models of the backend's schema where it is another one.
    """

    force: bool = False
    push_schema: bool = False
    allow_drift: bool = False


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
    pushed = _to_push(stale, backend, survey, options)
    said = {plan.target.key: diagnose(plan, plugins) for plan in stale}
    finished = {
        plan.target.key: Finished(outcome=validated(plan, said[plan.target.key]))
        for plan in stale
        if has_errors(said[plan.target.key])
    }
    sound = [plan for plan in stale if plan.target.key not in finished]
    work = [_work(plan, push=plan in pushed, options=options) for plan in sound]
    results = ask_backend(generation, work, backend, survey, listen)
    for plan, result in zip(sound, results, strict=True):
        done = _finish(plan, result, survey, plugins)
        outcome = replace(done.outcome, diagnostics=said[plan.target.key])
        finished[plan.target.key] = replace(done, outcome=outcome)
    return finished


def _to_push(
    stale: Sequence[Plan], backend: Backend, survey: Survey, options: Options
) -> list[Plan]:
    """Return the plans whose schemas go to the backend first; a protected one is an error."""
    if backend.feeds_on_tree:
        return list(stale)
    pushed = [plan for plan in stale if options.push_schema or plan.target.push_schema]
    for plan in pushed:
        if plan.target.environment in survey.settings.protected_environments:
            raise UsageError(
                f"{plan.target.name}: environment {plan.target.environment!r} is protected, "
                "so no schema is pushed there",
                hint="deploy it with 'amplify push', or name the unprotected targets with "
                "--target; 'protected-environments' lists the protected ones",
            )
    return pushed


def _work(plan: Plan, *, push: bool, options: Options) -> Work:
    return Work(
        target=plan.target,
        sdl=plan.schema.text if plan.schema is not None else None,
        push=push,
        allow_drift=options.allow_drift,
    )


def _finish(
    plan: Plan, result: Generated | Drift | Failure, survey: Survey, plugins: Plugins
) -> Finished:
    match result:
        case Failure():
            return Finished(outcome=failed(plan, result))
        case Drift():
            return Finished(outcome=drifted(plan, result))
        case Generated():
            return _written(plan, result, survey, plugins)


def _written(plan: Plan, result: Generated, survey: Survey, plugins: Plugins) -> Finished:
    root = survey.settings.root
    try:
        changes = changes_since(root, survey.lock.get(plan.target.key), result.models)
        artifacts = emit(plan.target, result.models, plugins.emitters)
        files = write_all(root, artifacts)
    except ModelgenError as error:
        return Finished(outcome=failed(plan, _failure_after(result, error)))
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


def _locked(plan: Plan, artifacts: Sequence[Artifact]) -> Locked:
    return Locked(
        schema=plan.schema_digest,
        settings=plan.settings_digest,
        outputs={artifact.path: file_digest(artifact.content) for artifact in artifacts},
    )


def diagnose(plan: Plan, plugins: Plugins) -> tuple[Diagnostic, ...]:
    """Return what the validators say of a plan's schema."""
    return () if plan.schema is None else plugins.validate(plan.target, plan.schema)
