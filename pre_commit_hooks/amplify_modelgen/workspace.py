"""Read everything that a run is about, once: schemas, outputs and the lock file."""

from __future__ import annotations

import logging
import posixpath
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from msgspec.structs import replace

from .config import load_nested_settings, with_protected_environments
from .digests import first_side, schema_digest, text_digest
from .errors import ConfigError, Diagnostic, LeftOutError, ModelgenError, SchemaError
from .git import GitError, git_command, is_sparse_checkout, left_out_paths
from .records import Provenance, Schema, SchemaFile
from .storage.lockfile import LOCKFILE, LockEntry, parse_lockfile
from .storage.project_files import MAX_BYTES
from .targets import nearest_directory, resolve_targets, select_targets
from .text import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from .plugin import Emitter
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
    left_out = _find_left_out(files, targets, selected, names) if is_sparse else ({}, {})
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


def choose_outputs(
    target: Target,
    files: ProjectFiles,
    emitters: Mapping[str, Emitter],
    *,
    create: bool,
    is_sparse: bool = False,
) -> Target:
    """Return a target with those of its candidates that are there, or that are to be created, too.

    The output of the front end (the first candidate) is where its files are: in its own directory,
    else in the only other one that has some. If they are nowhere, it is created if DataStore is
    enabled or `create` is true; in a sparse checkout only if `create` is true, because they may be
    somewhere that is left out. The others are only maintained.

    Raises:
        PluginError: an emitter failed.
    """
    if not target.candidates:
        return target
    first = target.candidates[0]
    present = [each for each in target.candidates if _is_present(each, files, emitters)]
    places = [each for each in present if each.emitter == first.emitter]
    chosen = [first] if first in places else places if len(places) == 1 else []
    if places and not chosen:
        _warn_about_choice(target, places)
        target = replace(target, candidates=())  # There are models: none need to be created.
    if not places and (create or (target.flags.is_data_store_enabled and not is_sparse)):
        chosen = [first]
    further = (each for each in present if each.emitter != first.emitter)
    outputs = tuple(dict.fromkeys((*chosen, *target.outputs, *further)))
    return replace(target, outputs=outputs, provenance=_provenance(target, outputs))


def _warn_about_choice(target: Target, places: list[Output]) -> None:
    logging.getLogger(__name__).warning(
        "%s: the models are in several directories (%s) and not maintained; "
        "set 'outputs' of the target",
        escape(target.schema or target.resource),
        escape(", ".join(place.path for place in places)),
    )


def _provenance(target: Target, outputs: tuple[Output, ...]) -> tuple[Provenance, ...]:
    """Return the provenance of a target with the chosen outputs."""
    is_usual = outputs[:1] == target.candidates[:1]
    value = ", ".join(output.path for output in outputs) or "none"
    return tuple(
        Provenance(key="outputs", value=value, origin=item.origin if is_usual else "found there")
        if item.key == "outputs"
        else item
        for item in target.provenance
    )


def _is_present(output: Output, files: ProjectFiles, emitters: Mapping[str, Emitter]) -> bool:
    emitter = emitters.get(output.emitter)
    if emitter is None:
        return False
    try:
        paths = _existing_files(output.path, files)
    except ConfigError:
        return True  # It cannot be read; the target will fail with the reason.
    return any(_is_recognized(path, output, files, emitter) for path in paths)


def _existing_files(path: str, files: ProjectFiles) -> list[str]:
    """Return the file at a path, or those in the directory there; a link counts as a file."""
    parent, name = posixpath.split(path)
    kinds = {entry.name: entry.kind for entry in files.list_directory(parent)}
    if kinds.get(name) != "directory":
        return [path] if name in kinds else []
    entries = files.list_directory(path, all_names=True)
    return [posixpath.join(path, entry.name) for entry in entries if entry.kind == "file"]


def _is_recognized(path: str, output: Output, files: ProjectFiles, emitter: Emitter) -> bool:
    try:
        content = first_side(files.read_bytes(path) or b"")
    except ConfigError:
        return path == output.path  # Other files of the directory do not matter.
    return emitter.recognizes(path, content)


def _find_left_out(
    files: ProjectFiles, targets: Sequence[Target], selected: Sequence[Target], names: Sequence[str]
) -> tuple[dict[str, ModelgenError], dict[str, ModelgenError]]:
    """Return errors for files that a sparse checkout leaves out: inputs and outputs, by target.

    Inputs are the schema, and files that were not found, such as `amplify/cli.json`. Models of the
    rest of a schema would lack its types, and models that are left out would be written again.
    Targets that were named fail, others are skipped.

    Raises:
        ConfigError: git, which lists what is left out, is missing or fails.
    """
    kind = ConfigError if names else LeftOutError
    absent = frozenset(files.absent_paths())
    paths = {path for target in selected for path in (*_schemas(target), *_outputs(target))}
    left_out = _left_out(files.root, sorted(absent | paths))
    below = _index(left_out)
    schemas = {path for target in targets for path in _schemas(target)}
    projects = {target.project for target in targets}
    sought = [p for p in left_out if p in absent and not nearest_directory(p, schemas)]
    inputs, outputs = {}, {}
    for target in selected:
        own = [path for schema in _schemas(target) for path in below.get(schema, ())]
        own += [path for path in sought if _is_input(path, target, projects)]
        written = [
            path
            for output in _outputs(target)
            for path in below.get(output, ())
            if output in (path, posixpath.dirname(path))
        ]
        if own:
            inputs[target.name] = _left_out_error(files.root, own[0], kind)
        if written:
            outputs[target.name] = _left_out_error(files.root, written[0], kind)
    return inputs, outputs


def ensure_complete(root: Path, path: str) -> None:
    """Ensure that all files of a schema exist.

    Raises:
        LeftOutError: a sparse checkout leaves out one of them.
        ConfigError: git, which lists what is left out, is missing or fails.
    """
    left_out = _left_out(root, [path]) if is_sparse_checkout(root) else []
    if schemas := [file for file in left_out if file.endswith(SCHEMA_SUFFIX)]:
        raise _left_out_error(root, schemas[0], LeftOutError)


def _left_out(root: Path, paths: list[str]) -> list[str]:
    try:
        return left_out_paths(root, paths)
    except GitError as error:
        raise ConfigError(
            f"cannot list what the sparse checkout leaves out: {error.message}", hint=error.hint
        ) from error


def _left_out_error(root: Path, path: str, kind: type[ModelgenError]) -> ModelgenError:
    hint = git_command(root, "sparse-checkout add", posixpath.dirname(path))
    return kind(f"the sparse checkout leaves out {path}", hint=hint)


def _schemas(target: Target) -> list[str]:
    # Where the schema file of Amplify CLI is missing, there may be a directory of schema files.
    return [target.schema, target.schema.removesuffix(SCHEMA_SUFFIX)] if target.schema else []


def _outputs(target: Target) -> list[str]:
    return [output.path for output in (*target.outputs, *target.candidates)]


def _is_input(path: str, target: Target, projects: set[str]) -> bool:
    # A file of the project, or of a directory above it, such as the lock file; and not of another.
    directory = posixpath.dirname(path)
    is_above = nearest_directory(target.project, (directory,)) == directory
    return is_above or nearest_directory(path, projects) == target.project


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
    schemas: dict[str, Schema | ModelgenError] = {}
    for target in targets:
        if target.schema is not None:
            try:
                schemas[target.name] = read_schema(files, target.schema)
            except ModelgenError as error:
                schemas[target.name] = error
    return schemas


def read_schema(files: SchemaReader, path: str) -> Schema:
    """Return the schema in a file, or in the `*.graphql` files of a directory, sorted by path.

    Amplify CLI merges the files of a directory in the order in which its glob library finds them;
    here the order is the same on every machine. Hidden files and `node_modules` are skipped.

    Raises:
        ConfigError: it does not exist, is a link, is not UTF-8, or is larger than 20 MB.
        SchemaError: it is empty.
    """
    paths = sorted(schema_paths(files, path)) if _is_directory(files, path) else [path]
    texts = [(file, files.read_text(file)) for file in paths]
    found = [SchemaFile(path=file, text=text) for file, text in texts if text is not None]
    if not found:
        hint = f"create a {SCHEMA_SUFFIX} file there, or correct the path"
        raise ConfigError(f"no schema found at {path}", hint=hint)
    if sum(len(file.text) for file in found) > MAX_BYTES:
        raise ConfigError(f"the schema {path} is larger than {MAX_BYTES:,} bytes")
    if not any(file.text.strip() for file in found):
        hint = "define at least one type in it"
        message, first = "the schema is empty", found[0].path
        raise SchemaError((Diagnostic(message=message, line=1, column=1, hint=hint, path=first),))
    return Schema(files=tuple(found))


def _is_directory(files: SchemaReader, path: str) -> bool:
    if path in ("", "."):
        return True
    parent, name = posixpath.split(path)
    entries = files.list_directory(parent)
    return any(entry.name == name and entry.kind == "directory" for entry in entries)


def schema_paths(files: SchemaReader, directory: str) -> Iterator[str]:
    """Yield the schema files below a directory, without hidden ones and those of packages."""
    pending = ["" if directory == "." else directory]
    while pending:
        current = pending.pop()
        for entry in files.list_directory(current):
            path = f"{current}/{entry.name}" if current else entry.name
            if entry.name.startswith(".") or entry.name == "node_modules":
                continue
            if entry.kind == "directory":
                pending.append(path)
            elif entry.name.endswith(SCHEMA_SUFFIX):
                # Reading a link fails with a message that names it.
                yield path


def inputs_digest(target: Target, output: Output, sdl: str | None) -> str:
    """Return the digest of what an output is generated from: schema, flags, emitter, options.

    The whitespace, comments and descriptions of the schema do not count. `sdl` is None if only
    the backend has the schema.
    """
    schema = schema_digest(sdl) if sdl is not None else "-"
    return text_digest(schema, repr(target.flags), output.emitter, repr(output.options))
