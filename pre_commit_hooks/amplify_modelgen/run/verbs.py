"""The verbs that follow the way of the data: generate, check, validate.

plan -> validate -> generate -> compare -> emit -> write -> report: each stage is a function from
the last stage's value to the next one's (`regenerate` has those in the middle). `check`, which
runs on every commit, does not load what only the other stages need.
"""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen.errors import ModelgenError
from amplify_modelgen.files.lock import NAME as LOCK
from amplify_modelgen.files.lock import Locked, lock_text, output_digests
from amplify_modelgen.records import Artifact, FileChange, JobEvent, Outcome, RunReport

from .gone import gone_keys
from .outcomes import fresh, stale, unplanned, validated, vanished
from .plan import Plan, plan_target

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from amplify_modelgen.files.transaction import Transaction
    from amplify_modelgen.plugins import Plugins

    from .regenerate import Finished, Options
    from .survey import Survey


def generate(
    survey: Survey, plugins: Plugins, options: Options, listen: Callable[[JobEvent], None]
) -> RunReport:
    """Regenerate the stale ones of the chosen targets, write their files and the lock."""
    from amplify_modelgen.files.transaction import Transaction

    from .regenerate import Finished, ask, finish, stage

    began = time.monotonic()
    plans, lost = _plans(survey)
    plans = [_insisted(plan, force=options.force) for plan in plans]
    # A wrong name is an error even where nothing is stale and no backend is asked.
    plugins.backend(survey.settings.backend, survey.settings)
    gone = gone_keys(survey)
    wanted = [plan for plan in plans if not plan.fresh]
    finished = {plan.target.key: Finished(outcome=fresh(plan)) for plan in plans if plan.fresh}
    # Files are made while other jobs still run, and are put on the disk together.
    for asked in ask(wanted, survey, plugins, options, listen) if wanted else ():
        finished[asked.plan.target.key] = finish(asked, survey, plugins)
    with closing(Transaction(survey.settings.root)) as transaction:
        for key in [plan.target.key for plan in plans]:
            finished[key] = stage(finished[key], survey, transaction)
        lock = _stage_lock(survey, gone, finished, transaction)
        transaction.commit()
    outcomes = [finished[plan.target.key].outcome for plan in plans]
    report = _report("generate", survey, [*outcomes, *lost], began, lock)
    return replace(report, gone=gone)


def check(survey: Survey, plugins: Plugins) -> RunReport:
    """Say which of the chosen targets are stale, from the lock alone. Writes nothing."""
    from .emit import check_new_outputs

    began = time.monotonic()
    plans, lost = _plans(survey)
    check_new_outputs(plans, survey.lock, plugins)
    outcomes = [fresh(plan) if plan.fresh else stale(plan) for plan in plans]
    gone = [vanished(key) for key in gone_keys(survey)]
    return _report("check", survey, [*outcomes, *lost, *gone], began)


def check_remote(survey: Survey, plugins: Plugins, listen: Callable[[JobEvent], None]) -> RunReport:
    """Say as well where the backend disagrees with the working tree. Starts and writes nothing."""
    from .inspection import inspect

    began = time.monotonic()
    plans, lost = _plans(survey)
    gone = [vanished(key) for key in gone_keys(survey)]
    outcomes = inspect(plans, survey, plugins, listen)
    return _report("check", survey, [*outcomes, *lost, *gone], began)


def validate(survey: Survey, plugins: Plugins) -> RunReport:
    """Lint the schemas of the chosen targets. Writes nothing and asks no backend."""
    from .regenerate import diagnose

    began = time.monotonic()
    plans, lost = _plans(survey)
    outcomes = [validated(plan, diagnose(plan, plugins)) for plan in plans]
    return _report("validate", survey, [*outcomes, *lost], began)


def _plans(survey: Survey) -> tuple[list[Plan], list[Outcome]]:
    """Return the plans of the chosen targets, and the outcomes of those that cannot have one."""
    plans, lost = [], []
    for target in survey.chosen:
        try:
            plans.append(plan_target(survey.settings.root, target, survey.lock))
        except ModelgenError as error:
            lost.append(unplanned(target, error))
    return plans, lost


def _insisted(plan: Plan, *, force: bool) -> Plan:
    """Give a fresh plan a reason to be generated all the same, where there is one."""
    if plan.fresh and force:
        return replace(plan, reasons=("it was forced",))
    if plan.fresh and plan.schema is None:
        return replace(plan, reasons=("only the backend knows its schema",))
    return plan


def _stage_lock(
    survey: Survey,
    gone: Collection[str],
    finished: Mapping[str, Finished],
    transaction: Transaction,
) -> tuple[FileChange, ...]:
    kept = {key: locked for key, locked in survey.lock.items() if key not in gone}
    fresh = {key: each.locked for key, each in finished.items() if each.locked is not None}
    if not fresh and kept == survey.lock:
        return ()
    text = lock_text(kept | fresh).encode()
    # Whatever it was before the run: another branch may have been checked out meanwhile.
    lock = [Artifact(path=LOCK, content=text)]
    changes = transaction.stage(lock, _orphans(survey, kept | fresh))
    return tuple(change for change in changes if change.action != "unchanged")


def _orphans(survey: Survey, locked: Mapping[str, Locked]) -> dict[str, str]:
    """Return the outputs, with their digests, of targets that are gone and of no other target."""
    wanted = output_digests(locked)
    return {
        path: digest
        for key, each in survey.lock.items()
        if key not in locked
        for path, digest in each.outputs.items()
        if path not in wanted
    }


def _report(
    verb: str,
    survey: Survey,
    outcomes: Sequence[Outcome],
    began: float,
    files: tuple[FileChange, ...] = (),
) -> RunReport:
    return RunReport(
        verb=verb,
        backend=survey.settings.backend,
        seconds=time.monotonic() - began,
        outcomes=tuple(outcomes),
        files=files,
        root=survey.settings.root,
    )
