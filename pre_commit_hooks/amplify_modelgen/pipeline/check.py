"""Compare and validate without writing anything: `check` and `validate`."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from amplify_modelgen.errors import ModelgenError
from amplify_modelgen.host import pushed_revision
from amplify_modelgen.plugin_manager import is_schema_backend
from amplify_modelgen.records import Outcome

from .emit import check_outputs
from .evaluate import (
    Evaluation,
    GenerateOptions,
    command_to_fix,
    emitting_error,
    error_outcome,
    evaluate_locally,
    fail_unpushed,
    has_errors,
    invalid_outcome,
    mark_ignored,
    validate_target,
)
from .report import build_report

if TYPE_CHECKING:
    from amplify_modelgen.plugin import SchemaBackend
    from amplify_modelgen.plugin_manager import PluginManager
    from amplify_modelgen.records import Report, Target
    from amplify_modelgen.workspace import Workspace

LOCAL = "local"
_NO_OPTIONS = GenerateOptions()


def check(
    workspace: Workspace, plugins: PluginManager, options: GenerateOptions = _NO_OPTIONS
) -> Report:
    """Compare the files of the selected targets with what their schemas give. Offline.

    With `force`, files that agree with the lock file are regenerated and compared as well.

    Raises:
        UsageError: the backend or an emitter is unknown.
        ConfigError: an option of an output is invalid.
    """
    started = time.monotonic()
    evaluations = evaluate_all(workspace, plugins, options)
    outcomes = [checked_outcome(item, workspace) for item in evaluations]
    outcomes = fail_unpushed(workspace, outcomes, pushed_revision(os.environ))
    return build_report("check", workspace, outcomes, started)


def evaluate_all(
    workspace: Workspace, plugins: PluginManager, options: GenerateOptions
) -> list[Evaluation]:
    """Regenerate the models of all selected targets offline, and compare."""
    check_outputs(workspace.selected, plugins.emitters)
    backend = schema_backend(workspace, plugins)
    evaluations = [
        evaluate_locally(workspace, plugins, backend, target, options)
        for target in workspace.selected
    ]
    return mark_ignored(workspace, evaluations)


def schema_backend(workspace: Workspace, plugins: PluginManager) -> SchemaBackend:
    """Return the backend of the settings if it works offline, else the embedded one."""
    backend = plugins.backend(workspace.settings.backend, workspace.settings)
    if not is_schema_backend(backend):
        backend = plugins.backend(LOCAL, workspace.settings)
    return cast("SchemaBackend", backend)


def checked_outcome(evaluation: Evaluation, workspace: Workspace) -> Outcome:
    """Return the outcome of `check`: ignored files do not count, and a hint says what to run."""
    outcome = evaluation.outcome
    if outcome.status != "stale":
        return outcome
    files = tuple(
        replace(file, action="ignored") if file.is_ignored else file for file in outcome.files
    )
    if outcome.files and not any(file.is_change for file in files):
        ignored = "; ".join(
            f"{file.path} is {file.detail}, not checked" for file in files if file.is_ignored
        )
        return replace(outcome, status="up-to-date", reason=ignored, files=files, changes=())
    command = command_to_fix(workspace, _backend_option(workspace))
    hint = outcome.hint or f"run '{command}' and commit"
    return replace(outcome, hint=hint, files=files)


def _backend_option(workspace: Workspace) -> str | None:
    provenance = workspace.settings.provenance
    origins = [item.origin for item in provenance if item.key == "backend"]
    return workspace.settings.backend if "--backend" in origins else None


def validate(workspace: Workspace, plugins: PluginManager) -> Report:
    """Validate the schemas of the selected targets, also by emitting their models. Offline.

    Raises:
        UsageError: the backend or an emitter is unknown.
        ConfigError: an option of an output is invalid.
    """
    started = time.monotonic()
    check_outputs(workspace.selected, plugins.emitters)
    outcomes = [_validated(workspace, plugins, target) for target in workspace.selected]
    return build_report("validate", workspace, outcomes, started)


def _validated(workspace: Workspace, plugins: PluginManager, target: Target) -> Outcome:
    try:
        diagnostics = validate_target(workspace, plugins, target)
    except ModelgenError as error:
        return error_outcome(target, error)
    if has_errors(diagnostics):
        return invalid_outcome(target, diagnostics)
    if target.schema is None:
        return Outcome(target=target, status="skipped", reason="it has no schema on disk")
    backend = schema_backend(workspace, plugins)
    outcome = emitting_error(workspace, plugins, backend, target) or Outcome(
        target=target, status="valid", reason="the schema is valid"
    )
    return replace(outcome, diagnostics=(*diagnostics, *outcome.diagnostics))
