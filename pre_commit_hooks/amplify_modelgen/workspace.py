"""Read everything that a run is about, once: schemas, outputs and the lock file."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from msgspec.structs import replace

from .config import load_nested_settings, with_protected_environments
from .digests import schema_digest, text_digest
from .errors import ConfigError, Diagnostic, ModelgenError, SchemaError
from .git import is_sparse_checkout
from .outputs import choose_outputs
from .records import Schema, SchemaFile
from .sparse_checkout import find_left_out
from .storage.lockfile import LOCKFILE, LockEntry, parse_lockfile
from .storage.project_files import MAX_BYTES
from .targets import nearest_directory, resolve_targets, select_targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from .plugin_manager import PluginManager
    from .records import Output, Settings, Target
    from .storage.project_files import DirectoryEntry, ProjectFiles

SCHEMA_SUFFIX = ".graphql"


class SchemaReader(Protocol):
    """What schemas are read from: the working tree or a git revision."""

    def read_text(self, path: str) -> str | None:
        """Return the text of a file, or None if it does not exist."""

    def list_directory(self, path: str) -> tuple[DirectoryEntry, ...]:
        """Return the entries of a directory, sorted by name; empty if it does not exist."""


class Workspace(Struct, frozen=True, kw_only=True):
    """The state of the working tree that a run works on.

    `targets` are all targets, `selected` those of this run. `inputs` are the paths that no output
    may overwrite: schemas, configuration and the lock file. `schemas` holds the schema of each
    selected target that has one, or the error that it cannot be read for, by target name. `lock`
    holds the entries of the lock file by path, `locked_below` the paths of these for each
    directory on their way and for themselves.
    `left_out` has the error for each target of whose outputs a sparse checkout leaves out files.
    """

    settings: Settings
    files: ProjectFiles
    targets: tuple[Target, ...]
    selected: tuple[Target, ...]
    inputs: frozenset[str]
    schemas: Mapping[str, Schema | ModelgenError]
    lock: Mapping[str, LockEntry]
    locked_below: Mapping[str, Sequence[str]]
    left_out: Mapping[str, ModelgenError] = {}

    def schema(self, target: Target) -> Schema | None:
        """Return the schema of a target, None if only the backend has it.

        Raises:
            ModelgenError: it cannot be read.
        """
        schema = self.schemas.get(target.name)
        if isinstance(schema, ModelgenError):
            raise schema
        return schema


def load_workspace(  # noqa: PLR0913 (all that a run is given)
    settings: Settings,
    files: ProjectFiles,
    plugins: PluginManager,
    names: Sequence[str] = (),
    paths: Sequence[str] = (),
    *,
    cwd: Path,
    create: bool = False,
) -> Workspace:
    """Find all targets, select those of `names` and `paths`, and read their schemas.

    `create` gives discovered targets their first models.

    Raises:
        UsageError: no target has one of the names, or a path belongs to no target.
        ConfigError: the configuration or a project file is wrong.
    """
    nested, discovered = _discover(settings, files, plugins)
    is_sparse = is_sparse_checkout(files.root)
    chosen = [
        choose_outputs(each, files, plugins.emitters, create=create, is_sparse=is_sparse)
        for each in discovered
    ]
    targets = resolve_targets(settings, chosen, nested)
    settings = with_protected_environments(settings, nested.values())
    selected = select_targets(settings, targets, names, paths, cwd)
    schemas = _read_schemas(files, selected)
    content = files.read_bytes(LOCKFILE) or b""
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    left_out = find_left_out(files, targets, selected, names) if is_sparse else ({}, {})
    lock = parse_lockfile(text)
    return Workspace(
        settings=settings,
        files=files,
        targets=targets,
        selected=selected,
        inputs=_inputs((settings, *nested.values()), schemas.values()),
        schemas=schemas | left_out[0],
        lock=lock,
        locked_below=_index(lock),
        left_out=left_out[1],
    )


def _discover(
    settings: Settings, files: ProjectFiles, plugins: PluginManager
) -> tuple[dict[str, Settings], list[Target]]:
    """Return the nested settings, and the targets that plugins discover.

    Flags and apps depend on the environment, so targets below a configuration that names one are
    discovered for that.
    """
    discovered = plugins.targets(settings, files)
    nested = load_nested_settings(files, settings)
    for directory, own in nested.items():
        if own.environment is not None:
            found = plugins.targets(_with_environment_of(own, settings), files)
            old = [each for each in discovered if _owner(each, nested) != directory]
            discovered = [*old, *(each for each in found if _owner(each, nested) == directory)]
    return nested, discovered


def _with_environment_of(nested: Settings, settings: Settings) -> Settings:
    key = "environment"
    origins = [item for item in nested.provenance if item.key == key]
    others = [item for item in settings.provenance if item.key != key]
    return replace(settings, environment=nested.environment, provenance=(*others, *origins))


def _owner(target: Target, nested: Mapping[str, Settings]) -> str:
    return nearest_directory(target.project, nested)


def _inputs(
    all_settings: Iterable[Settings], schemas: Iterable[Schema | ModelgenError]
) -> frozenset[str]:
    paths = {file.path for schema in schemas if isinstance(schema, Schema) for file in schema.files}
    configs = (each.config_file for each in all_settings)
    return frozenset({LOCKFILE, *paths, *filter(None, configs)})


def _index(paths: Iterable[str]) -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for path in paths:
        ancestor = path
        while ancestor:
            index.setdefault(ancestor, []).append(path)
            ancestor = posixpath.dirname(ancestor)
    return index


def _read_schemas(
    files: SchemaReader, targets: Sequence[Target]
) -> dict[str, Schema | ModelgenError]:
    return {
        target.name: _schema_or_error(files, target.schema)
        for target in targets
        if target.schema is not None
    }


def _schema_or_error(files: SchemaReader, path: str) -> Schema | ModelgenError:
    try:
        return read_schema(files, path)
    except ModelgenError as error:
        return error


def read_schema(files: SchemaReader, path: str) -> Schema:
    """Return the schema in a file, or in the `*.graphql` files of a directory, sorted by path.

    Amplify CLI merges the files of a directory in the order in which its glob library finds them;
    here the order is the same on every machine. Hidden files and directories are skipped.

    Raises:
        ConfigError: it does not exist, is a link, is not UTF-8, or is larger than 20 MB.
        SchemaError: it is empty.
    """
    text = None if _is_directory(files, path) else files.read_text(path)
    if text is not None:
        schema = Schema(files=(SchemaFile(path=path, text=text),))
    else:
        schema = Schema(files=tuple(_directory_files(files, path)))
    if sum(len(file.text) for file in schema.files) > MAX_BYTES:
        raise ConfigError(f"the schema {path} is larger than {MAX_BYTES:,} bytes")
    if not any(file.text.strip() for file in schema.files):
        raise SchemaError((_empty(schema.files[0].path),))
    return schema


def _is_directory(files: SchemaReader, path: str) -> bool:
    if path in ("", "."):
        return True
    parent, name = posixpath.split(path)
    entries = files.list_directory(parent)
    return any(entry.name == name and entry.kind == "directory" for entry in entries)


def _directory_files(files: SchemaReader, path: str) -> list[SchemaFile]:
    found = sorted(schema_paths(files, path))
    texts = [(file, files.read_text(file)) for file in found]
    schema_files = [SchemaFile(path=file, text=text) for file, text in texts if text is not None]
    if schema_files:
        return schema_files
    if _is_directory(files, path):
        raise ConfigError(
            f"the schema directory {path} has no {SCHEMA_SUFFIX} file",
            hint=f"add a {SCHEMA_SUFFIX} file to it",
        )
    raise ConfigError(
        f"the schema {path} does not exist",
        hint="create it, or correct its path",
    )


def schema_paths(files: SchemaReader, directory: str) -> Iterator[str]:
    """Yield the schema files below a directory, hidden ones left out."""
    pending = ["" if directory == "." else directory]
    while pending:
        current = pending.pop()
        for entry in files.list_directory(current):
            path = f"{current}/{entry.name}" if current else entry.name
            if entry.name.startswith("."):
                continue
            if entry.kind == "directory":
                pending.append(path)
            elif entry.name.endswith(SCHEMA_SUFFIX):
                # Reading a link fails with a message that names it.
                yield path


def _empty(path: str) -> Diagnostic:
    return Diagnostic(
        message="the schema is empty",
        line=1,
        column=1,
        hint="define at least one type in it",
        path=path,
    )


def inputs_digest(target: Target, output: Output, sdl: str | None) -> str:
    """Return the digest of what an output is generated from: schema, flags, emitter, options.

    The whitespace, comments and descriptions of the schema do not count. `sdl` is None if only
    the backend has the schema.
    """
    schema = schema_digest(sdl) if sdl is not None else "-"
    return text_digest(schema, repr(target.flags), output.emitter, repr(output.options))
