"""Evaluate a target: validate its schema, emit its models, and compare with the working tree."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

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
from amplify_modelgen.host import rerun_command
from amplify_modelgen.records import FileChange, Models, Outcome, Schema

from .changes import compare_models_on_disk
from .emit import EmittedFile, emit, needs_of
from .plan import keep_comments, lock_changes, locked_paths, plan_changes
from .suppress import suppress
from .unified_diff import with_diffs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from amplify_modelgen.plugin import SchemaBackend
    from amplify_modelgen.plugin_manager import PluginManager
    from amplify_modelgen.records import Diagnostic, Target
    from amplify_modelgen.workspace import Workspace

REMOTE_ONLY = "its schema exists only in the backend"


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


def evaluate_locally(
    workspace: Workspace,
    plugins: PluginManager,
    backend: SchemaBackend,
    target: Target,
    options: GenerateOptions,
) -> Evaluation:
    """Regenerate the models of a target from its schema on disk, and compare.

    Files that agree with their line in the lock file are unchanged, unless forced.
    """
    try:
        diagnostics = validate_target(workspace, plugins, target)
        if has_errors(diagnostics):
            return Evaluation(outcome=invalid_outcome(target, diagnostics))
        workspace.check_outputs(target)
        schema = workspace.schema(target)
        if not target.outputs:
            return Evaluation(outcome=validated_outcome(target, diagnostics))
        if schema is None:
            return Evaluation(outcome=_remote_only_outcome(workspace, target))
        models = _generate(workspace, plugins, backend, target, schema)
        locked = frozenset() if options.force else locked_paths(workspace, target, schema.text)
        evaluation = evaluate_models(workspace, plugins, target, models, options, locked=locked)
    except ModelgenError as error:
        return Evaluation(outcome=error_outcome(target, error, _schema(workspace, target)))
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
        schema = _schema(workspace, target)
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
        stale = compare_models_on_disk(
            workspace, target, files, changes, models=models, emitters=plugins.emitters
        )
        outcome = Outcome(
            target=target,
            status="stale",
            reason="; ".join(filter(None, (stale_reason(changes), stale.reason))),
            changes=stale.changes,
            files=changes,
        )
    return Evaluation(outcome=outcome, files={file.path: file for file in files}, locked=locked)


def evaluate_lock(workspace: Workspace, target: Target, sdl: str | None) -> Evaluation | None:
    """Compare the files of a target with the lock file; None if it has no line for an output."""
    changes = lock_changes(workspace, target, sdl)
    if changes is None:
        return None
    is_stale = any(change.is_change for change in changes)
    outcome = Outcome(
        target=target,
        status="stale" if is_stale else "up-to-date",
        reason=stale_reason(changes) if is_stale else "files, schema and lock agree",
        files=changes,
    )
    return Evaluation(outcome=outcome)


def validate_target(
    workspace: Workspace, plugins: PluginManager, target: Target
) -> tuple[Diagnostic, ...]:
    """Return the diagnostics of a target's schema.

    Raises:
        ModelgenError: the schema cannot be read, or a plugin failed.
    """
    try:
        schema = workspace.schema(target)
    except SchemaError as error:
        return error.diagnostics
    if schema is None:
        return ()
    needs = needs_of(target, plugins.emitters)
    diagnostics = plugins.validate(target, schema, needs, workspace.files)
    return suppress(diagnostics, schema, workspace.settings)


def emitting_error(
    workspace: Workspace, plugins: PluginManager, backend: SchemaBackend, target: Target
) -> Outcome | None:
    """Return the outcome of a valid target whose models cannot be emitted, otherwise None."""
    schema = _schema(workspace, target)
    if schema is None or not target.outputs:
        return None
    try:
        models = _generate(workspace, plugins, backend, target, schema)
        emit(target, models, plugins.emitters, workspace.inputs)
    except ModelgenError as error:
        return error_outcome(target, error, schema)
    return None


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


def _schema(workspace: Workspace, target: Target) -> Schema | None:
    schema = workspace.schemas.get(target.name)
    return schema if isinstance(schema, Schema) else None


def has_errors(diagnostics: Sequence[Diagnostic]) -> bool:
    """Whether there are errors, so that no models can be generated."""
    return any(diagnostic.severity == "error" for diagnostic in diagnostics)


def stale_reason(changes: Sequence[FileChange]) -> str:
    """Return what is wrong with the files of a stale target."""
    words = {"created": "missing", "changed": "differ", "removed": "obsolete"}
    groups: dict[str, list[FileChange]] = {}
    for change in changes:
        if change.is_change:
            groups.setdefault(words[change.action], []).append(change)
    return "; ".join(_counted(word, group) for word, group in groups.items())


def _counted(word: str, changes: Sequence[FileChange]) -> str:
    plural, singular = ("differ", "differs") if word == "differ" else (f"are {word}", f"is {word}")
    first = changes[0]
    if len(changes) > 1:
        return f"{len(changes)} files {plural} ({first.path}, ...)"
    return f"{first.path} {singular}" + (f" ({first.detail})" if first.detail else "")


def invalid_outcome(target: Target, diagnostics: tuple[Diagnostic, ...]) -> Outcome:
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
        return invalid_outcome(target, located or error.diagnostics)
    return Outcome(
        target=target,
        status="skipped" if isinstance(error, LeftOutError) else "failed",
        reason=error.message,
        hint=error.hint,
        exit_code=error.exit_code,
        traceback=plugin_traceback(error),
    )


def validated_outcome(target: Target, diagnostics: tuple[Diagnostic, ...]) -> Outcome:
    """Return the outcome of a target that has no outputs."""
    return Outcome(
        target=target,
        status="valid",
        reason="the schema is valid; there are no models to maintain",
        diagnostics=diagnostics,
    )


def command_to_fix(workspace: Workspace, backend_option: str | None) -> str:
    """Return the command that regenerates, with the root and the environment of this one.

    A root below the working directory is relative to it: on a CI server its path means nothing to
    the reader.
    """
    options: list[str] = []
    for item in workspace.settings.provenance:
        if item.key == "root" and item.origin == "--root":
            root, cwd = Path(item.value), Path.cwd()
            value = root.relative_to(cwd).as_posix() if root.is_relative_to(cwd) else item.value
            options += ("--root", value)
        elif item.key == "environment" and item.origin == "--environment":
            options += ("--environment", item.value)
    return rerun_command(backend_option, os.environ, options)


def _remote_only_outcome(workspace: Workspace, target: Target) -> Outcome:
    evaluation = evaluate_lock(workspace, target, None)
    if evaluation is not None and evaluation.outcome.status == "up-to-date":
        return evaluation.outcome
    reason = evaluation.outcome.reason if evaluation is not None else "not generated yet"
    return Outcome(
        target=target,
        status="stale",
        reason=f"{reason}; {REMOTE_ONLY}",
        hint=f"run '{command_to_fix(workspace, 'aws')}', or set 'schema' of the target",
        files=evaluation.outcome.files if evaluation is not None else (),
    )


def _conflict_outcome(
    target: Target,
    refused: Sequence[FileChange],
    changes: tuple[FileChange, ...],
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
    paths = [
        change.path
        for evaluation in evaluations
        for change in evaluation.outcome.files
        if change.is_change
    ]
    ignored = check_ignore(workspace.settings.root, sorted(set(paths))) if paths else {}
    if not ignored:
        return list(evaluations)
    return [_with_ignored(evaluation, ignored) for evaluation in evaluations]


def _with_ignored(evaluation: Evaluation, ignored: Mapping[str, str]) -> Evaluation:
    files = tuple(
        replace(change, is_ignored=True, detail=f"ignored by {ignored[change.path]}")
        if change.path in ignored and change.is_change
        else change
        for change in evaluation.outcome.files
    )
    return replace(evaluation, outcome=replace(evaluation.outcome, files=files))


def fail_unpushed(
    workspace: Workspace, outcomes: Sequence[Outcome], revision: str | None
) -> list[Outcome]:
    """Mark the targets as stale whose files are right on disk, but not in the pushed commit.

    `revision` is the commit that git is about to push, None in any other case.
    """
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
