"""Read schemas that are named on the command line, anywhere on the disk, and find their flags."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from amplify_modelgen.config import load_settings, open_project, working_directory
from amplify_modelgen.errors import ConfigError, Diagnostic, SchemaError, UsageError
from amplify_modelgen.records import FeatureFlags, Schema, SchemaFile, Target
from amplify_modelgen.storage.project_files import MAX_BYTES, ProjectFiles, decode_text
from amplify_modelgen.targets import SchemaOwners, resolve_parent
from amplify_modelgen.workspace import ensure_complete, load_workspace, read_schema

if TYPE_CHECKING:
    from amplify_modelgen.errors import ModelgenError
    from amplify_modelgen.workspace import Workspace

STDIN = Path("-")
_Located = TypeVar("_Located", SchemaFile, Diagnostic)


def select_files(
    workspace: Workspace, paths: list[str], stdin_filename: str | None = None
) -> Workspace:
    """Select the targets of schema files. A file without one has the flags of its project.

    The text of stdin, `-`, takes the place of the file `stdin_filename`.

    Raises:
        UsageError: a file does not exist.
    """
    cwd = working_directory()
    index = SchemaOwners(workspace.settings.root, workspace.targets)
    projects = {workspace.settings.root: index}
    selectable = {target.name for target in workspace.selected}
    selected: dict[str, Target] = {}
    schemas: dict[str, Schema | ModelgenError] = dict(workspace.schemas)
    for path in paths:
        name = stdin_filename if path == "-" else path
        if path != "-":
            owners = index.find_typed(path, cwd)
        else:  # an editor validates a file that it may not have saved yet
            owners = index.find(resolve_parent(cwd / stdin_filename)) if stdin_filename else []
        selected |= {target.name: target for target in owners if target.name in selectable}
        if not owners:
            name = name or "stdin"
            selected[name] = Target(
                app_id="",
                environment="",
                resource=name,
                name=name,
                schema=name,
                flags=find_flags(Path(name), projects),
            )
            schemas[name] = _read(path, name)
        elif path == "-":
            relative = Path(os.path.relpath(cwd / str(name), workspace.settings.root)).as_posix()
            for target in owners:
                schemas[target.name] = _with_text(workspace, target, _read(path, relative))
    return replace(workspace, selected=tuple(selected.values()), schemas=schemas)


def _read(path: str, name: str) -> Schema | SchemaError:
    """Return the schema in a file, or on stdin under a name, or why it is invalid."""
    try:
        return read_typed_schema(Path(path), name)
    except SchemaError as error:
        return error


def _with_text(
    workspace: Workspace, target: Target, typed: Schema | SchemaError
) -> Schema | ModelgenError:
    """Return the schema of a target with the text of a file that is not saved yet."""
    schema = workspace.schemas.get(target.name)
    if not isinstance(schema, Schema) or not isinstance(typed, Schema):
        return typed
    (file,) = typed.files
    others = [each for each in schema.files if each.path != file.path]
    return Schema(files=tuple(sorted((*others, file), key=lambda each: each.path)))


class _Stdin:
    """The text of stdin as the only file of a schema."""

    def read_text(self, path: str) -> str:
        content = sys.stdin.buffer.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise ConfigError(f"the schema on stdin is larger than {MAX_BYTES:,} bytes")
        return decode_text(content, path)

    def list_directory(self, _path: str) -> tuple[()]:
        return ()


def read_typed_schema(path: Path, stdin_name: str = "stdin") -> Schema:
    """Read a schema; its files are called by the path as it was typed. `-` is stdin.

    Unlike those of a project, the path may lead through links: the user chose it.

    Raises:
        UsageError: it does not exist, or is neither a file nor a directory.
        ConfigError: it cannot be read.
        SchemaError: it is empty.
    """
    if path == STDIN:
        return read_schema(_Stdin(), stdin_name)
    if not os.path.lexists(path):
        raise UsageError(
            f"{path} does not exist", hint="name a schema file, or a directory of *.graphql files"
        )
    if _is_special(path):
        raise UsageError(
            f"{path} is not a regular file",
            hint="name a schema file or a directory of *.graphql files, or pipe the text to '-'",
        )
    real = Path(os.path.realpath(path))
    try:
        ensure_complete(real.parent, real.name)
        with ProjectFiles(real.parent) as files:
            schema = read_schema(files, real.name)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error.message}", hint=error.hint) from error
    except SchemaError as error:
        diagnostics = (_as_typed(path, real, diagnostic) for diagnostic in error.diagnostics)
        raise SchemaError(tuple(diagnostics)) from error
    return Schema(files=tuple(_as_typed(path, real, file) for file in schema.files))


def _is_special(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False  # reading it fails with a message
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _as_typed(path: Path, real: Path, located: _Located) -> _Located:
    inner = PurePosixPath(located.path or real.name).relative_to(real.name)
    return replace(located, path=(path / inner).as_posix())


def find_flags(path: Path, projects: dict[Path, SchemaOwners]) -> FeatureFlags:
    """Return the feature flags of the project that a schema belongs to, else of a new project.

    `projects` has the targets of each root, which are discovered only once. The text of stdin
    belongs to the project of the working directory.

    Raises:
        ModelgenError: the configuration of the project is wrong.
    """
    real = Path(os.path.realpath(working_directory() / path))
    files, origin = open_project(None, real if real.is_dir() else real.parent)
    with files:
        if origin == "working directory":
            return FeatureFlags()
        root = files.root
        if root not in projects:
            from amplify_modelgen.plugin_manager import load_plugins

            settings = load_settings(files, origin, {}, os.environ)
            targets = load_workspace(settings, files, load_plugins(), cwd=root).targets
            projects[root] = SchemaOwners(root, targets)
    flags = projects[root].find_flags(real)
    return flags if flags is not None else FeatureFlags()
