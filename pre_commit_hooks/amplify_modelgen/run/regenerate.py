"""From stale plans to files that wait to be written: validate, generate, compare, emit, stage.

A target that cannot go on ends as an `Outcome`; the others go on without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from amplify_modelgen.errors import ModelgenError, UsageError
from amplify_modelgen.files.lock import Locked
from amplify_modelgen.jobs.asking import ask_backend
from amplify_modelgen.jobs.life import generation
from amplify_modelgen.jobs.work import Drift, Failure, Generated, Work
from amplify_modelgen.records import Artifact, Diagnostic, JobEvent, Outcome
from amplify_modelgen.tokens import file_digest, schema_digest

from .compare import changes_since
from .emit import check_outputs, emit
from .outcomes import drifted, failed, has_errors, of_another_schema, unwritten, validated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from amplify_modelgen.files.transaction import Transaction
    from amplify_modelgen.hookspecs import Backend
    from amplify_modelgen.plugins import Plugins

    from .plan import Plan
    from .survey import Survey


class Options(Struct, frozen=True, kw_only=True):
    """How to generate.

    `force` takes what is fresh as well, `push_schema` sends the working tree's schema first, and
    `allow_drift` writes the models of the backend's schema where it is another one.
    """

    force: bool = False
    push_schema: bool = False
    allow_drift: bool = False


class Asked(Struct, frozen=True, kw_only=True):
    """A stale plan, what the validators said of it, and what came back from the backend.

    `result` is None where the schema was refused, so that no backend was asked.
    """

    plan: Plan
    diagnostics: tuple[Diagnostic, ...]
    result: Generated | Drift | Failure | None = None


class Finished(Struct, frozen=True, kw_only=True):
    """What came of a plan: its files, and its new entry in the lock if they are to be written."""

    outcome: Outcome
    artifacts: tuple[Artifact, ...] = ()
    locked: Locked | None = None


def ask(
    stale: Sequence[Plan],
    survey: Survey,
    plugins: Plugins,
    options: Options,
    listen: Callable[[JobEvent], None],
) -> Iterator[Asked]:
    """Validate the schemas of stale plans, and have the backend make models of the sound ones.

    Yields each plan when it is known what came of it, the refused ones first.

    Raises:
        UsageError, ConfigError: an unknown backend or emitter, or a push to a protected
            environment: before anything is asked.
    """
    check_outputs((plan.target for plan in stale), plugins.emitters)
    backend = plugins.backend(survey.settings.backend, survey.settings)
    pushed = _to_push(stale, backend, survey, options)
    checked = {
        plan.target.key: Asked(plan=plan, diagnostics=diagnose(plan, plugins)) for plan in stale
    }
    refused = {key: each for key, each in checked.items() if has_errors(each.diagnostics)}
    yield from refused.values()
    sound = [each.plan for key, each in checked.items() if key not in refused]
    work = [_work(plan, push=plan in pushed, options=options) for plan in sound]
    for each, result in ask_backend(generation, work, backend, survey, listen):
        yield replace(checked[each.target.key], result=result)


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


def finish(asked: Asked, survey: Survey, plugins: Plugins) -> Finished:
    """Make the files of a target that has got models; say why of one that has not."""
    plan, result = asked.plan, asked.result
    match result:
        case None:
            done = Finished(outcome=validated(plan, asked.diagnostics))
        case Failure():
            done = Finished(outcome=failed(plan, result))
        case Drift():
            done = Finished(outcome=drifted(plan, result))
        case Generated():
            done = _emitted(plan, result, survey, plugins)
    return replace(done, outcome=replace(done.outcome, diagnostics=asked.diagnostics))


def _emitted(plan: Plan, result: Generated, survey: Survey, plugins: Plugins) -> Finished:
    before = survey.lock.get(plan.target.key)
    try:
        artifacts = emit(plan.target, result.models, plugins.emitters)
        changes = changes_since(survey.settings.root, before, result.models, artifacts)
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
    )
    locked = _locked(plan, result, artifacts)
    if locked.schema != plan.schema_digest:
        outcome = of_another_schema(plan, outcome)
    return Finished(outcome=outcome, artifacts=artifacts, locked=locked)


def stage(finished: Finished, survey: Survey, transaction: Transaction) -> Finished:
    """Put the files of a target beside their places; say why where that cannot be done."""
    outcome = finished.outcome
    if finished.locked is None:
        return finished
    before = survey.lock.get(outcome.target.key)
    try:
        obsolete = before.outputs if before is not None else {}
        files = transaction.stage(finished.artifacts, obsolete)
    except ModelgenError as error:
        return Finished(outcome=unwritten(outcome, error))
    return replace(finished, outcome=replace(outcome, files=files))


def _failure_after(result: Generated, error: ModelgenError) -> Failure:
    return Failure(error=error, job=result.job, seconds=result.seconds, polls=result.polls)


def _locked(plan: Plan, result: Generated, artifacts: Sequence[Artifact]) -> Locked:
    # Models of another schema than the tree's, which drift was allowed for, stay stale.
    known = plan.schema is not None and result.deployed is not None
    return Locked(
        schema=schema_digest(result.deployed or "") if known else plan.schema_digest,
        settings=plan.settings_digest,
        outputs={artifact.path: file_digest(artifact.content) for artifact in artifacts},
    )


def diagnose(plan: Plan, plugins: Plugins) -> tuple[Diagnostic, ...]:
    """Return what the validators say of a plan's schema."""
    return () if plan.schema is None else plugins.validate(plan.target, plan.schema)
