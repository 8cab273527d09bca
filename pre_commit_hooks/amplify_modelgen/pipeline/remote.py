"""Generate models in a remote backend, and compare with it: `generate` and `check --remote`."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from amplify_modelgen.digests import file_digest, is_same_file
from amplify_modelgen.errors import ConfigError, ModelgenError, UsageError, plugin_errors
from amplify_modelgen.git import check_ignore
from amplify_modelgen.jobs.run_target import (
    JobFailure,
    RemoteState,
    TargetRequest,
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
    from collections.abc import Callable, Iterator

    from amplify_modelgen.plugin import JobBackend
    from amplify_modelgen.plugin_manager import PluginManager
    from amplify_modelgen.records import Diagnostic, JobEvent, Target
    from amplify_modelgen.workspace import Workspace

_DRIFT_HINT = (
    "deploy it with 'amplify push' or '--push-schema', generate from the schema on disk with "
    "'--backend local', or accept the models with '--allow-drift'"
)


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
    evaluations: dict[str, Evaluation] = {}
    diagnostics: dict[str, tuple[Diagnostic, ...]] = {}
    requests: list[TargetRequest] = []
    with _closing(backend, workspace):
        for target in workspace.selected:
            found, outcome = prepare_target(workspace, plugins, target)
            diagnostics[target.name] = () if outcome else found
            outcome = outcome or _locked_outcome(workspace, target, options)
            if outcome is not None:
                evaluations[target.name] = Evaluation(outcome=outcome)
            else:
                requests.append(_request(workspace, target, options))
        if requests:
            _check_lockfile(workspace)
        pending = PendingJobs(workspace.settings.root)
        results = run_jobs(
            requests, generate_models, backend, workspace.settings, pending, on_event
        )
    locked: dict[str, LockEntry] = {}
    for request in requests:
        name = request.target.name
        result = results[name]
        evaluations[name] = _evaluate(workspace, plugins, request, result, options)
        if isinstance(result, RemoteState) and result.models is not None:
            locked |= _lock_entries(evaluations[name], request, result.deployed)
    return [
        with_diagnostics(evaluations[target.name], diagnostics[target.name])
        for target in workspace.selected
    ], locked


@contextmanager
def _closing(backend: JobBackend, workspace: Workspace) -> Iterator[None]:
    try:
        yield
    finally:
        with plugin_errors(f"the backend {workspace.settings.backend!r}"):
            backend.close()


def _locked_outcome(
    workspace: Workspace, target: Target, options: GenerateOptions
) -> Outcome | None:
    """Return the outcome of a target that is up to date with the lock file."""
    sdl = _text(workspace, target)
    try:
        outcome = compare_with_lock(workspace, target, sdl)
    except ModelgenError as error:
        return error_outcome(target, error)
    if outcome is None or outcome.status != "up-to-date" or sdl is None or options.force:
        return None
    return outcome


def _check_lockfile(workspace: Workspace) -> None:
    rule = check_ignore(workspace.settings.root, [LOCKFILE]).get(LOCKFILE)
    if rule is not None:
        raise ConfigError(
            f"git ignores {LOCKFILE} ({rule}), so a fresh clone could not check the models",
            hint=f"add '!{LOCKFILE}' below that line",
        )


def _request(workspace: Workspace, target: Target, options: GenerateOptions) -> TargetRequest:
    sdl = _text(workspace, target)
    push = sdl is not None and (options.push_schema or target.push_schema)
    if push and target.environment in workspace.settings.protected_environments:
        raise UsageError(
            f"{target.name}: environment {target.environment!r} is protected, "
            "so no schema is pushed to it",
            hint="deploy it with 'amplify push', or select the unprotected targets with "
            "--target; 'protected-environments' lists the protected environments",
        )
    return TargetRequest(
        target=target,
        sdl=sdl,
        key=target.outputs[0].path,
        push=push,
        allow_drift=options.allow_drift,
    )


def _evaluate(
    workspace: Workspace,
    plugins: PluginManager,
    request: TargetRequest,
    result: RemoteState | JobFailure,
    options: GenerateOptions,
) -> Evaluation:
    target = request.target
    if isinstance(result, JobFailure):
        evaluation = Evaluation(outcome=error_outcome(target, result.error))
    elif result.models is None:
        evaluation = Evaluation(outcome=_drifted_outcome(request, result.deployed or ""))
    else:
        evaluation = evaluate_models(workspace, plugins, target, result.models.models, options)
        if has_drifted(result.deployed, request.sdl):
            evaluation = replace(evaluation, outcome=_with_drift_warning(evaluation.outcome))
    return replace(evaluation, outcome=replace(evaluation.outcome, jobs=result.jobs))


def _drifted_outcome(request: TargetRequest, deployed: str) -> Outcome:
    target = request.target
    return Outcome(
        target=target,
        status="drifted",
        reason=f"the schema in environment {target.environment!r} differs from {target.schema}",
        hint=_DRIFT_HINT,
        changes=schema_changes(deployed, request.sdl, target.flags),
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
    evaluation: Evaluation, request: TargetRequest, deployed: str | None
) -> dict[str, LockEntry]:
    """Return the lock entries of generated files.

    After accepted drift they have the digest of the deployed schema, so that they stay stale.
    """
    sdl = deployed if has_drifted(deployed, request.sdl) else request.sdl
    return {
        path: LockEntry(
            inputs=inputs_digest(request.target, file.output, sdl),
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
    evaluations = evaluate_all(workspace, plugins, options)
    requests = [
        # The key is that of a pending job, which is not looked for here.
        TargetRequest(target=target, sdl=_text(workspace, target), key=target.name)
        for target in workspace.selected
    ]
    job_backend = cast("JobBackend", backend)
    with _closing(job_backend, workspace):
        pending = PendingJobs(settings.root)
        states = run_jobs(requests, fetch_remote_state, job_backend, settings, pending, on_event)
    outcomes = [
        _compare_remote(workspace, plugins, evaluation, request, states[request.target.name])
        for evaluation, request in zip(evaluations, requests, strict=True)
    ]
    outcomes = fail_unpushed(workspace, outcomes)
    return build_report("check", workspace, outcomes, started)


def _text(workspace: Workspace, target: Target) -> str | None:
    schema = schema_of(workspace, target)
    return schema.text if schema is not None else None


def _compare_remote(
    workspace: Workspace,
    plugins: PluginManager,
    evaluation: Evaluation,
    request: TargetRequest,
    state: RemoteState | JobFailure,
) -> Outcome:
    local, target = checked_outcome(evaluation, workspace), request.target
    if isinstance(state, JobFailure):
        return error_outcome(target, state.error)
    if state.deployed is not None and has_drifted(state.deployed, request.sdl):
        outcome = _drifted_outcome(request, state.deployed)
        reasons = [outcome.reason, *([local.reason] if local.status == "stale" else [])]
        return replace(outcome, reason="; ".join(reasons), files=local.files)
    is_remote_only = local.status == "stale" and REMOTE_ONLY in local.reason
    if local.status != "up-to-date" and not is_remote_only:
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
