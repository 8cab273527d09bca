"""Run the pipeline: `generate`, `check` and `validate`.

The models come from the schema on disk (a schema backend) or from a remote service (a job
backend). A target that fails keeps all its files; the others go on.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from amplify_modelgen.digests import is_same_file
from amplify_modelgen.errors import ModelgenError, UsageError
from amplify_modelgen.plugin_manager import is_schema_backend
from amplify_modelgen.records import FileChange, Outcome, Report
from amplify_modelgen.storage.atomic_write import remove_file, replace_file
from amplify_modelgen.storage.lockfile import LOCKFILE, LockEntry, render_lockfile
from amplify_modelgen.targets import nearest_directory

from .emit import check_outputs
from .evaluate import (
    Evaluation,
    GenerateOptions,
    checked_outcome,
    evaluate_all,
    fail_unpushed,
    mark_ignored,
    validated_outcome,
)
from .report import build_report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from amplify_modelgen.plugin import JobBackend
    from amplify_modelgen.plugin_manager import PluginManager
    from amplify_modelgen.records import JobEvent
    from amplify_modelgen.workspace import Workspace

_NO_OPTIONS = GenerateOptions()


def generate(
    workspace: Workspace,
    plugins: PluginManager,
    options: GenerateOptions,
    on_event: Callable[[JobEvent], None],
) -> Report:
    """Regenerate the selected targets, and write the files that changed.

    Raises:
        UsageError: the backend or an emitter is unknown, or the backend cannot push a schema, or
            not to a protected environment.
        ConfigError: an option of an output is invalid.
    """
    started = time.monotonic()
    backend = plugins.backend(workspace.settings.backend, workspace.settings)
    locked: dict[str, LockEntry] = {}
    if not is_schema_backend(backend):
        from .remote import generate_remotely

        check_outputs(workspace.selected, plugins.emitters)
        job_backend = cast("JobBackend", backend)
        evaluations, locked = generate_remotely(workspace, plugins, job_backend, options, on_event)
        evaluations = mark_ignored(workspace, evaluations)
    elif options.push_schema:
        raise UsageError(
            f"the backend {workspace.settings.backend!r} deploys no schema",
            hint="pass --backend aws, or omit --push-schema",
        )
    else:
        evaluations = evaluate_all(workspace, plugins, options)
    outcomes = [write_target(workspace.settings.root, item) for item in evaluations]
    files = _update_lockfile(workspace, evaluations, outcomes, locked)
    return build_report("generate", workspace, outcomes, started, files=files)


def check(
    workspace: Workspace, plugins: PluginManager, options: GenerateOptions = _NO_OPTIONS
) -> Report:
    """Compare the files of the selected targets with what their schemas give. Offline.

    With `force`, files that agree with the lock file are regenerated and compared as well. Raises
    as `generate`.
    """
    started = time.monotonic()
    evaluations = evaluate_all(workspace, plugins, options)
    outcomes = [checked_outcome(item, workspace) for item in evaluations]
    return build_report("check", workspace, fail_unpushed(workspace, outcomes), started)


def validate(workspace: Workspace, plugins: PluginManager) -> Report:
    """Validate the schemas of the selected targets, also by emitting their models. Offline.

    Raises as `generate`.
    """
    started = time.monotonic()
    check_outputs(workspace.selected, plugins.emitters)
    outcomes = [validated_outcome(workspace, plugins, each) for each in workspace.selected]
    return build_report("validate", workspace, outcomes, started)


def write_target(root: Path, evaluation: Evaluation) -> Outcome:
    """Write the changed files of a stale target; return its outcome."""
    outcome = evaluation.outcome
    if outcome.status != "stale" or not evaluation.files:
        return outcome
    written: list[FileChange] = []
    try:
        for change in outcome.files:
            if change.action in ("created", "changed"):
                replace_file(root, change.path, evaluation.files[change.path].content)
            elif change.action == "removed":
                remove_file(root, change.path)
            written.append(change)
    except ModelgenError as error:
        return replace(
            outcome,
            status="failed",
            reason=error.message,
            hint=error.hint,
            exit_code=error.exit_code,
            files=tuple(written),
        )
    return replace(outcome, status="generated")


def _update_lockfile(
    workspace: Workspace,
    evaluations: Sequence[Evaluation],
    outcomes: Sequence[Outcome],
    locked: Mapping[str, LockEntry],
) -> tuple[FileChange, ...]:
    """Write the lock file if it changed; remove it if no entries are left.

    `locked` are the entries of what a remote backend generated in this run. An entry is dropped
    if its file was regenerated from the schema on disk, or if it belongs to no target.
    """
    written = {
        evaluation.outcome.target.name: evaluation
        for evaluation, outcome in zip(evaluations, outcomes, strict=True)
        if outcome.status in ("generated", "up-to-date")
    }
    dropped = {path for item in written.values() for path in item.files.keys() - item.locked}
    outputs = {output.path for target in workspace.targets for output in target.outputs}
    entries = {
        path: entry
        for path, entry in workspace.lock.items()
        if path not in dropped and nearest_directory(path, outputs)
    }
    entries |= {path: entry for path, entry in locked.items() if path in dropped}
    return _write_lockfile(workspace, entries)


def _write_lockfile(
    workspace: Workspace, entries: Mapping[str, LockEntry]
) -> tuple[FileChange, ...]:
    root, old = workspace.settings.root, workspace.files.read_bytes(LOCKFILE)
    if not entries:
        if old is None:
            return ()
        remove_file(root, LOCKFILE)
        return (FileChange(path=LOCKFILE, action="removed"),)
    new = render_lockfile(entries).encode()
    if old is not None and is_same_file(LOCKFILE, old, new):
        return ()
    replace_file(root, LOCKFILE, new)
    return (FileChange(path=LOCKFILE, action="created" if old is None else "changed"),)
