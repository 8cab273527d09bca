"""Evaluate a target: validate its schema, emit its models, and compare with the working tree."""

from __future__ import annotations

import os
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from msgspec.structs import replace

from amplify_modelgen.errors import (
    LeftOutError,
    ModelgenError,
    SchemaError,
    plugin_errors,
    plugin_traceback,
)
from amplify_modelgen.git import changed_paths, check_ignore, git_command
from amplify_modelgen.host import pushed_revision, rerun_command
from amplify_modelgen.plugin_manager import is_schema_backend
from amplify_modelgen.records import FileChange, Models, Outcome, Schema

from .changes import compare_models_on_disk
from .emit import EmittedFile, check_outputs, emit, needs_of
from .plan import keep_comments, lock_changes, plan_changes, with_diffs
from .report import suppress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from amplify_modelgen.plugin import SchemaBackend
    from amplify_modelgen.plugin_manager import PluginManager
    from amplify_modelgen.records import Diagnostic, Target
    from amplify_modelgen.workspace import Workspace

REMOTE_ONLY = "its schema exists only in the backend"
_STATES = {
    "created": ("is missing", "are missing"),
    "changed": ("differs", "differ"),
    "removed": ("is obsolete", "are obsolete"),
}


class GenerateOptions(Struct, frozen=True, kw_only=True):
    """Options of `generate`.

    `force` regenerates also what the lock file says is up to date. `push_schema` deploys the
    schema on disk first. `allow_drift` accepts the backend's models even if its schema differs.
    `overwrite` replaces files that no generator wrote. `diff` adds unified diffs to the changes.
    """

    force: bool = False
    push_schema: bool = False
    allow_drift: bool = False
    overwrite: bool = False
    diff: bool = False


class Evaluation(Struct, frozen=True, kw_only=True):
    """The outcome of a target, and the files that its models give, by path.

    `locked` are the files that agree with their line in the lock file.
    """

    outcome: Outcome
    files: Mapping[str, EmittedFile] = {}
    locked: frozenset[str] = frozenset()


def evaluate_all(
    workspace: Workspace, plugins: PluginManager, options: GenerateOptions
) -> list[Evaluation]:
    """Regenerate the models of all selected targets from their schemas on disk, and compare.

    Files that agree with their line in the lock file are unchanged, unless forced.

    Raises:
        UsageError: the backend or an emitter is unknown.
        ConfigError: an option of an output is invalid.
    """
    check_outputs(workspace.selected, plugins.emitters)
    backend = _schema_backend(workspace, plugins)
    evaluations = [
        _evaluate_locally(workspace, plugins, backend, target, options)
        for target in workspace.selected
    ]
    return mark_ignored(workspace, evaluations)


def _schema_backend(workspace: Workspace, plugins: PluginManager) -> SchemaBackend:
    """Return the backend of the settings if it works offline, else the embedded one."""
    backend = plugins.backend(workspace.settings.backend, workspace.settings)
    if not is_schema_backend(backend):
        backend = plugins.backend("local", workspace.settings)
    return cast("SchemaBackend", backend)


def _evaluate_locally(
    workspace: Workspace,
    plugins: PluginManager,
    backend: SchemaBackend,
    target: Target,
    options: GenerateOptions,
) -> Evaluation:
    diagnostics, outcome = prepare_target(workspace, plugins, target)
    if outcome is not None:
        return Evaluation(outcome=outcome)
    schema = schema_of(workspace, target)
    try:
        if schema is None:
            return Evaluation(outcome=_remote_only_outcome(workspace, target))
        models = _generate(workspace, plugins, backend, target, schema)
        changes = [] if options.force else lock_changes(workspace, target, schema.text)
        locked = frozenset(c.path for c in chain.from_iterable(changes) if not c.is_change)
        evaluation = evaluate_models(workspace, plugins, target, models, options, locked=locked)
    except ModelgenError as error:
        return Evaluation(outcome=error_outcome(target, error, schema))
    return with_diagnostics(evaluation, diagnostics)


def evaluate_models(  # noqa: PLR0913 (what the comparison depends on)
    workspace: Workspace,
    plugins: PluginManager,
    target: Target,
    models: Models,
    options: GenerateOptions,
    *,
    locked: frozenset[str] = frozenset(),
) -> Evaluation:
    """Emit the models of a target, and compare the files with the working tree.

    The files in `locked` agree with the lock file and are unchanged.
    """
    try:
        files = emit(target, models, plugins.emitters, workspace.inputs)
        changes = plan_changes(
            workspace, files, plugins.emitters, locked=locked, overwrite=options.overwrite
        )
        files = keep_comments(workspace.files, files, changes, plugins.emitters)
        if options.diff:
            changes = with_diffs(workspace.files, files, changes)
    except ModelgenError as error:
        schema = schema_of(workspace, target)
        if schema is not None and schema.text != models.schema:
            schema = None  # the backend's text is in none of the files
        return Evaluation(outcome=error_outcome(target, error, schema))
    refused = [change for change in changes if change.action == "refused"]
    if refused:
        return Evaluation(outcome=_conflict_outcome(target, refused, changes))
    if not any(change.is_change for change in changes):
        outcome = Outcome(
            target=target, status="up-to-date", reason="files and schema agree", files=changes
        )
    else:
        model_changes, explanation = compare_models_on_disk(
            workspace, target, files, changes, models=models, emitters=plugins.emitters
        )
        outcome = Outcome(
            target=target,
            status="stale",
            reason="; ".join(filter(None, (_stale_reason(changes), explanation))),
            changes=model_changes,
            files=changes,
        )
    return Evaluation(outcome=outcome, files={file.path: file for file in files}, locked=locked)


def compare_with_lock(workspace: Workspace, target: Target, sdl: str | None) -> Outcome | None:
    """Compare the files of a target with the lock file alone.

    Returns None if an output has no line that was written for the same inputs.
    """
    by_output = lock_changes(workspace, target, sdl)
    if not all(by_output):
        return None
    by_path = {change.path: change for change in chain.from_iterable(by_output)}
    changes = tuple(change for _, change in sorted(by_path.items()))
    reason = _stale_reason(changes)
    return Outcome(
        target=target,
        status="stale" if reason else "up-to-date",
        reason=reason or "files, schema and lock agree",
        files=changes,
    )


def prepare_target(
    workspace: Workspace, plugins: PluginManager, target: Target
) -> tuple[tuple[Diagnostic, ...], Outcome | None]:
    """Validate the schema of a target.

    Returns the diagnostics, and the outcome if there are no models to generate.
    """
    diagnostics, outcome = _validate_schema(workspace, plugins, target)
    if outcome is None and target.name in workspace.left_out:
        outcome = error_outcome(target, workspace.left_out[target.name])
    if outcome is None and not target.outputs:
        outcome = Outcome(
            target=target,
            status="valid",
            reason="the schema is valid; there are no models to maintain",
            diagnostics=diagnostics,
        )
    return diagnostics, outcome


def _validate_schema(
    workspace: Workspace, plugins: PluginManager, target: Target
) -> tuple[tuple[Diagnostic, ...], Outcome | None]:
    """Return the diagnostics of the schema of a target, and the outcome if there are errors."""
    schema = workspace.schemas.get(target.name)
    if schema is None:
        return (), None
    try:
        if isinstance(schema, ModelgenError):
            raise schema
        needs = needs_of(target, plugins.emitters)
        found = plugins.validate(target, schema, needs, workspace.files)
        diagnostics = suppress(found, schema, workspace.settings)
    except ModelgenError as error:
        return (), error_outcome(target, error)
    is_invalid = any(diagnostic.severity == "error" for diagnostic in diagnostics)
    return diagnostics, _invalid_outcome(target, diagnostics) if is_invalid else None


def validated_outcome(workspace: Workspace, plugins: PluginManager, target: Target) -> Outcome:
    """Return the outcome of `validate`: a schema is valid if its models can be emitted."""
    diagnostics, outcome = _validate_schema(workspace, plugins, target)
    if outcome is not None:
        return outcome
    schema = schema_of(workspace, target)
    if schema is None:
        return Outcome(target=target, status="skipped", reason="it has no schema on disk")
    outcome = Outcome(target=target, status="valid", reason="the schema is valid")
    if target.outputs:
        try:
            backend = _schema_backend(workspace, plugins)
            models = _generate(workspace, plugins, backend, target, schema)
            emit(target, models, plugins.emitters, workspace.inputs)
        except ModelgenError as error:
            outcome = error_outcome(target, error, schema)
    return replace(outcome, diagnostics=(*diagnostics, *outcome.diagnostics))


def _generate(
    workspace: Workspace,
    plugins: PluginManager,
    backend: SchemaBackend,
    target: Target,
    schema: Schema,
) -> Models:
    with plugin_errors(f"{target.name}: the backend {workspace.settings.backend!r}"):
        return backend.generate(target, schema.text, needs_of(target, plugins.emitters))


def with_diagnostics(evaluation: Evaluation, diagnostics: tuple[Diagnostic, ...]) -> Evaluation:
    """Return an evaluation that also has the diagnostics of the validation."""
    outcome = evaluation.outcome
    return replace(
        evaluation, outcome=replace(outcome, diagnostics=(*diagnostics, *outcome.diagnostics))
    )


def schema_of(workspace: Workspace, target: Target) -> Schema | None:
    """Return the schema of a target, None if there is none on disk, or it cannot be read."""
    schema = workspace.schemas.get(target.name)
    return schema if isinstance(schema, Schema) else None


def _stale_reason(changes: Sequence[FileChange]) -> str:
    """Return what is wrong with the files of a stale target."""
    parts = []
    for action, (singular, plural) in _STATES.items():
        found = [change for change in changes if change.action == action]
        if len(found) > 1:
            parts.append(f"{len(found)} files {plural} ({found[0].path}, ...)")
        elif found:
            detail = f" ({found[0].detail})" if found[0].detail else ""
            parts.append(f"{found[0].path} {singular}{detail}")
    return "; ".join(parts)


def _invalid_outcome(target: Target, diagnostics: tuple[Diagnostic, ...]) -> Outcome:
    """Return the outcome of a target whose schema, or another file of the project, has errors."""
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]
    schema = target.schema or ""
    is_elsewhere = any(item.path and not item.path.startswith(schema) for item in errors)
    subject = "the project" if is_elsewhere else "the schema"
    return Outcome(
        target=target,
        status="invalid",
        reason=f"{subject} has {len(errors)} error{'s' * (len(errors) != 1)}",
        diagnostics=diagnostics,
    )


def error_outcome(target: Target, error: ModelgenError, schema: Schema | None = None) -> Outcome:
    """Return the outcome of a target that an error stopped.

    `schema` is the one whose text the diagnostics of a `SchemaError` are about.
    """
    if isinstance(error, SchemaError):
        is_about_text = schema is not None and not any(item.path for item in error.diagnostics)
        located = schema.located(error.diagnostics) if schema and is_about_text else None
        return _invalid_outcome(target, located or error.diagnostics)
    return Outcome(
        target=target,
        status="skipped" if isinstance(error, LeftOutError) else "failed",
        reason=error.message,
        hint=error.hint,
        exit_code=error.exit_code,
        traceback=plugin_traceback(error),
    )


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
    hint = outcome.hint or f"run '{command_to_fix(workspace)}' and commit"
    return replace(outcome, hint=hint, files=files)


def command_to_fix(workspace: Workspace, backend: str | None = None) -> str:
    """Return the command that regenerates, with the options of this one that it needs.

    A root below the working directory is relative to it: on a CI server its path means nothing to
    the reader. `backend` is for `--backend`, if it was not given.
    """
    options: list[str] = []
    for item in workspace.settings.provenance:
        if item.origin == "--root":
            root, cwd = Path(item.value), Path.cwd()
            value = root.relative_to(cwd).as_posix() if root.is_relative_to(cwd) else item.value
            options += ("--root", value)
        elif item.origin == "--environment":
            options += ("--environment", item.value)
        elif item.origin == "--backend":
            backend = backend or item.value
    return rerun_command(backend, os.environ, options)


def _remote_only_outcome(workspace: Workspace, target: Target) -> Outcome:
    locked = compare_with_lock(workspace, target, None)
    if locked is not None and locked.status == "up-to-date":
        return locked
    reason = locked.reason if locked else "not generated yet"
    return Outcome(
        target=target,
        status="stale",
        reason=f"{reason}; {REMOTE_ONLY}",
        hint=f"run '{command_to_fix(workspace, 'aws')}', or set 'schema' of the target",
        files=locked.files if locked else (),
    )


def _conflict_outcome(
    target: Target, refused: Sequence[FileChange], changes: tuple[FileChange, ...]
) -> Outcome:
    described = "; ".join(f"{change.path} ({change.detail})" for change in refused)
    hint = "move the file, give the output another path, or pass '--overwrite'"
    if all("in case only" in change.detail for change in refused):
        hint = "rename the existing file or the type in the schema, or change the output's path"
    return Outcome(
        target=target,
        status="failed",
        reason=f"would overwrite {described}",
        hint=hint,
        files=changes,
    )


def mark_ignored(workspace: Workspace, evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    """Mark the changes to files that git ignores: they are build products, not to be committed."""
    changes = (change for evaluation in evaluations for change in evaluation.outcome.files)
    paths = sorted({change.path for change in changes if change.is_change})
    ignored = check_ignore(workspace.settings.root, paths)
    return [_with_ignored(evaluation, ignored) for evaluation in evaluations]


def _with_ignored(evaluation: Evaluation, ignored: Mapping[str, str]) -> Evaluation:
    files = tuple(
        replace(change, is_ignored=True, detail=f"ignored by {ignored[change.path]}")
        if change.path in ignored and change.is_change
        else change
        for change in evaluation.outcome.files
    )
    return replace(evaluation, outcome=replace(evaluation.outcome, files=files))


def fail_unpushed(workspace: Workspace, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Mark the targets as stale whose files are right on disk, but not in the pushed commit."""
    revision = pushed_revision(os.environ)
    if revision is None:
        return list(outcomes)
    root = workspace.settings.root
    changed = frozenset(changed_paths(root, revision))
    return [_check_pushed(root, outcome, changed) for outcome in outcomes]


def _check_pushed(root: Path, outcome: Outcome, changed: frozenset[str]) -> Outcome:
    paths = sorted(
        file.path for file in outcome.files if file.path in changed and not file.is_ignored
    )
    if outcome.status != "up-to-date" or not paths:
        return outcome
    return replace(
        outcome,
        status="stale",
        reason=f"the commit to be pushed has another version of {', '.join(paths)}",
        hint=f"commit and push again: {git_command(root, 'add', *paths)}",
    )
