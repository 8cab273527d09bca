"""Comparing targets with what the backend has: `check --remote`. Starts and writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen.errors import ModelgenError, UsageError
from amplify_modelgen.files.paths import read_below
from amplify_modelgen.jobs.asking import ask_backend
from amplify_modelgen.jobs.life import inspection
from amplify_modelgen.jobs.work import Drift, Failure, Inspected, Work
from amplify_modelgen.tokens import same_file

from .compare import drifted
from .emit import check_outputs, emit
from .outcomes import drifted as drifted_outcome
from .outcomes import failed, fresh, stale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from amplify_modelgen.plugins import Plugins
    from amplify_modelgen.records import JobEvent, Outcome

    from .plan import Plan
    from .survey import Survey


def inspect(
    plans: Sequence[Plan],
    survey: Survey,
    plugins: Plugins,
    listen: Callable[[JobEvent], None],
) -> list[Outcome]:
    """Return the outcome of each plan: where lock, tree and backend disagree.

    Raises:
        UsageError: the backend has nothing of its own to compare with.
    """
    check_outputs((plan.target for plan in plans), plugins.emitters)
    backend = plugins.backend(survey.settings.backend, survey.settings)
    if backend.feeds_on_tree:
        raise UsageError(
            f"the backend {survey.settings.backend!r} has only what the working tree gives it, "
            "so there is nothing remote to check",
            hint="name another with --backend, or leave --remote out",
        )
    work = [Work(target=plan.target, sdl=_sdl(plan)) for plan in plans]
    asked = ask_backend(inspection, work, backend, survey, listen)
    results = {each.target.key: result for each, result in asked}
    return [_outcome(plan, results[plan.target.key], survey, plugins) for plan in plans]


def _sdl(plan: Plan) -> str | None:
    return plan.schema.text if plan.schema is not None else None


def _outcome(plan: Plan, result: Inspected | Failure, survey: Survey, plugins: Plugins) -> Outcome:
    if isinstance(result, Failure):
        return failed(plan, result)
    if drifted(result.deployed, _sdl(plan)):
        outcome = drifted_outcome(plan, Drift(deployed=result.deployed, seconds=0.0))
        return replace(outcome, reason="; ".join((outcome.reason, *plan.reasons)))
    try:
        reasons = (*plan.reasons, *_disagreements(plan, result, survey, plugins))
    except ModelgenError as error:
        return failed(plan, Failure(error=error))
    return stale(replace(plan, reasons=reasons)) if reasons else fresh(plan)


def _disagreements(
    plan: Plan, result: Inspected, survey: Survey, plugins: Plugins
) -> Iterator[str]:
    where = f"environment {plan.target.environment!r}"
    if result.models is None:
        yield f"no models have been made in {where}"
        return
    if result.models.status == "STALE":
        yield f"the models in {where} are older than its schema"
        return
    for artifact in emit(plan.target, result.models, plugins.emitters):
        content = read_below(survey.settings.root, artifact.path)
        if content is not None and not same_file(content, artifact.content):
            yield f"{artifact.path} differs from the models in {where}"
