"""Generate models in a remote backend, and compare with it: `generate` and `check --remote`."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from msgspec.structs import replace

from amplify_modelgen.digests import file_digest, is_same_file
from amplify_modelgen.errors import ConfigError, ModelgenError, UsageError, plugin_errors
from amplify_modelgen.git import check_ignore
from amplify_modelgen.jobs.run_target import (
    Drifted,
    Generated,
    JobFailure,
    RemoteState,
    TargetRequest,
    TargetSession,
    fetch_remote_state,
    generate_models,
    has_drifted,
)
from amplify_modelgen.jobs.runner import run_jobs
from amplify_modelgen.plugin_manager import is_schema_backend
from amplify_modelgen.records import Outcome, Report
from amplify_modelgen.storage.checkout_state import PendingJobs
from amplify_modelgen.storage.lockfile import LOCKFILE, LockEntry
from amplify_modelgen.workspace import inputs_digest

from .changes import schema_changes
from .emit import emit
from .evaluate import (
    REMOTE_ONLY,
    Evaluation,
    GenerateOptions,
    checked_outcome,
    command_to_fix,
    compare_with_lock,
    error_outcome,
    evaluate_all,
    evaluate_models,
    fail_unpushed,
    prepare_target,
    schema_of,
    with_diagnostics,
)
from .report import build_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from amplify_modelgen.plugin import JobBackend
    from amplify_modelgen.plugin_manager import PluginManager
    from amplify_modelgen.records import Diagnostic, JobEvent, Target
    from amplify_modelgen.workspace import Workspace

_DRIFT_HINT = (
    "deploy it with 'amplify push' or '--push-schema', generate from the schema on disk with "
    "'--backend local', or accept the models with '--allow-drift'"
)


class _Prepared(Struct, frozen=True, kw_only=True):
    """A target whose models have to be requested, with its schema text and diagnostics."""

    target: Target
    sdl: str | None
    diagnostics: tuple[Diagnostic, ...]


def generate_remotely(
    workspace: Workspace,
    plugins: PluginManager,
    backend: JobBackend,
    options: GenerateOptions,
    on_event: Callable[[JobEvent], None],
) -> tuple[list[Evaluation], dict[str, LockEntry]]:
    """Have the backend generate the models of the stale targets; compare, and write nothing.

    Returns the evaluation of each selected target, and the lock entries of the generated files.

    Raises:
        UsageError: a schema would be pushed to a protected environment.
        ConfigError: git ignores the lock file.
    """
    with _closing(backend, workspace):
        evaluations: dict[str, Evaluation] = {}
        prepared: list[_Prepared] = []
        for target in workspace.selected:
            ready = _prepare(workspace, plugins, target, options)
            if isinstance(ready, Evaluation):
                evaluations[target.name] = ready
            else:
                prepared.append(ready)
        if prepared:
            _check_lockfile(workspace)
        requests = [_request(workspace, item, options) for item in prepared]
        results = _run(requests, generate_models, backend, workspace, on_event)
    locked: dict[str, LockEntry] = {}
    for item in prepared:
        result = results[item.target.name]
        evaluation = _evaluate(workspace, plugins, item, result, options)
        evaluations[item.target.name] = evaluation
        if isinstance(result, Generated):
            locked |= _lock_entries(evaluation, item, result)
    return [evaluations[target.name] for target in workspace.selected], locked


@contextmanager
def _closing(backend: JobBackend, workspace: Workspace) -> Iterator[None]:
    try:
        yield
    finally:
        with plugin_errors(f"the backend {workspace.settings.backend!r}"):
            backend.close()


def _prepare(
    workspace: Workspace, plugins: PluginManager, target: Target, options: GenerateOptions
) -> Evaluation | _Prepared:
    diagnostics, outcome = prepare_target(workspace, plugins, target)
    if outcome is not None:
        return Evaluation(outcome=outcome)
    sdl = _text(workspace, target)
    try:
        locked = compare_with_lock(workspace, target, sdl)
    except ModelgenError as error:
        return Evaluation(outcome=error_outcome(target, error))
    is_current = locked is not None and locked.status == "up-to-date"
    if locked is not None and is_current and sdl is not None and not options.force:
        return Evaluation(outcome=replace(locked, diagnostics=diagnostics))
    return _Prepared(target=target, sdl=sdl, diagnostics=diagnostics)


def _check_lockfile(workspace: Workspace) -> None:
    rule = check_ignore(workspace.settings.root, [LOCKFILE]).get(LOCKFILE)
    if rule is not None:
        raise ConfigError(
            f"git ignores {LOCKFILE} ({rule}), so a fresh clone could not check the models",
            hint=f"add '!{LOCKFILE}' below that line",
        )


def _request(workspace: Workspace, item: _Prepared, options: GenerateOptions) -> TargetRequest:
    target = item.target
    push = item.sdl is not None and (options.push_schema or target.push_schema)
    if push and target.environment in workspace.settings.protected_environments:
        raise UsageError(
            f"{target.name}: environment {target.environment!r} is protected, "
            "so no schema is pushed to it",
            hint="deploy it with 'amplify push', or select the unprotected targets with "
            "--target; 'protected-environments' lists the protected environments",
        )
    return TargetRequest(
        target=target,
        sdl=item.sdl,
        key=target.outputs[0].path,
        push=push,
        allow_drift=options.allow_drift,
    )


def _run(
    requests: Sequence[TargetRequest],
    step: Callable[[TargetSession], object],
    backend: JobBackend,
    workspace: Workspace,
    on_event: Callable[[JobEvent], None],
) -> Mapping[str, object]:
    settings = workspace.settings
    return run_jobs(requests, step, backend, settings, PendingJobs(settings.root), on_event)


def _evaluate(
    workspace: Workspace,
    plugins: PluginManager,
    item: _Prepared,
    result: object,
    options: GenerateOptions,
) -> Evaluation:
    target = item.target
    match result:
        case Generated():
            evaluation = evaluate_models(workspace, plugins, target, result.models.models, options)
        case Drifted():
            evaluation = Evaluation(outcome=_drifted_outcome(item, result.deployed))
        case JobFailure():
            evaluation = Evaluation(outcome=error_outcome(target, result.error))
        case _:
            raise TypeError(result)
    outcome = replace(evaluation.outcome, jobs=result.jobs)
    if isinstance(result, Generated) and has_drifted(result.deployed, item.sdl):
        outcome = _with_drift_warning(outcome)
    return with_diagnostics(replace(evaluation, outcome=outcome), item.diagnostics)


def _drifted_outcome(item: _Prepared, deployed: str) -> Outcome:
    target = item.target
    return Outcome(
        target=target,
        status="drifted",
        reason=f"the schema in environment {target.environment!r} differs from {target.schema}",
        hint=_DRIFT_HINT,
        changes=schema_changes(deployed, item.sdl, target.flags),
    )


def _with_drift_warning(outcome: Outcome) -> Outcome:
    """Return the outcome of accepted drift: files that `check` calls stale are not up to date."""
    target, is_same = outcome.target, outcome.status == "up-to-date"
    stale = "" if is_same else f"{outcome.reason}; "
    return replace(
        outcome,
        status="drifted" if is_same else outcome.status,
        reason=f"{stale}the models were generated from the schema in environment "
        f"{target.environment!r}, not from {target.schema}",
        hint="the files stay stale until it is deployed with 'amplify push' or '--push-schema'",
    )


def _lock_entries(
    evaluation: Evaluation, item: _Prepared, result: Generated
) -> dict[str, LockEntry]:
    """Return the lock entries of generated files.

    After accepted drift they have the digest of the deployed schema, so that they stay stale.
    """
    is_drift = has_drifted(result.deployed, item.sdl)
    sdl = result.deployed if is_drift else item.sdl
    return {
        path: LockEntry(
            inputs=inputs_digest(item.target, file.output, sdl),
            content=file_digest(path, file.content),
        )
        for path, file in evaluation.files.items()
    }


def check_remote(
    workspace: Workspace,
    plugins: PluginManager,
    options: GenerateOptions,
    on_event: Callable[[JobEvent], None],
) -> Report:
    """Compare the selected targets with the working tree and with the backend. Starts no job.

    Raises:
        UsageError: the backend has no remote state.
    """
    started = time.monotonic()
    settings = workspace.settings
    backend = plugins.backend(settings.backend, settings)
    if is_schema_backend(backend):
        raise UsageError(
            f"the backend {settings.backend!r} has no remote state to check",
            hint="pass --backend aws, or omit --remote",
        )
    job_backend = cast("JobBackend", backend)
    evaluations = evaluate_all(workspace, plugins, options)
    with _closing(job_backend, workspace):
        requests = [
            TargetRequest(
                target=target,
                sdl=_text(workspace, target),
                key=target.name,  # of a pending job, which is not looked for here
            )
            for target in workspace.selected
        ]
        states = _run(requests, fetch_remote_state, job_backend, workspace, on_event)
    outcomes = [
        _compare_remote(workspace, plugins, evaluation, states[evaluation.outcome.target.name])
        for evaluation in evaluations
    ]
    outcomes = fail_unpushed(workspace, outcomes)
    return build_report("check", workspace, outcomes, started)


def _text(workspace: Workspace, target: Target) -> str | None:
    schema = schema_of(workspace, target)
    return schema.text if schema is not None else None


def _compare_remote(
    workspace: Workspace, plugins: PluginManager, evaluation: Evaluation, state: object
) -> Outcome:
    local = checked_outcome(evaluation, workspace)
    target = local.target
    if isinstance(state, JobFailure):
        return error_outcome(target, state.error)
    if not isinstance(state, RemoteState):
        raise TypeError(state)
    item = _Prepared(target=target, sdl=_text(workspace, target), diagnostics=local.diagnostics)
    if state.deployed is not None and has_drifted(state.deployed, item.sdl):
        outcome = _drifted_outcome(item, state.deployed)
        reasons = [outcome.reason, *([local.reason] if local.status == "stale" else [])]
        return replace(outcome, reason="; ".join(reasons), files=local.files)
    if local.status not in ("up-to-date", "stale") or (
        local.status == "stale" and REMOTE_ONLY not in local.reason
    ):
        return local
    try:
        reason = _remote_difference(workspace, plugins, target, state)
    except ModelgenError as error:
        return error_outcome(target, error)
    if reason is None:
        return local
    hint = f"run '{command_to_fix(workspace, workspace.settings.backend)}' and commit"
    return replace(local, status="stale", reason=reason, hint=hint, files=())


def _remote_difference(
    workspace: Workspace, plugins: PluginManager, target: Target, state: RemoteState
) -> str | None:
    environment = f"environment {target.environment!r}"
    if state.models is None:
        return f"no models have been generated in {environment}"
    if state.models.status == "STALE":
        return f"the models in {environment} are older than its schema"
    models = replace(state.models.models, schema=state.deployed, flags=target.flags)
    for file in emit(target, models, plugins.emitters, workspace.inputs):
        content = workspace.files.read_bytes(file.path)
        if content is None or not is_same_file(file.path, content, file.content):
            return f"{file.path} differs from the models in {environment}"
    return None
