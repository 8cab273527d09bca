"""Print the models generated from schemas, offline."""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from amplify_modelgen.errors import ConfigError, Diagnostic, SchemaError, UsageError
from amplify_modelgen.modelgen import (
    generate_datastore,
    generate_introspection,
    generate_models,
    json_bytes,
    needed_documents,
)
from amplify_modelgen.records import Artifact, Output, Schema, SchemaFile
from amplify_modelgen.storage.project_files import ProjectFiles
from amplify_modelgen.text import escape
from amplify_modelgen.workspace import read_schema

from .output import print_result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_Generated = TypeVar("_Generated")
_Located = TypeVar("_Located", SchemaFile, Diagnostic)


def preview(schemas: Sequence[Path], format_name: str, output: Path | None) -> int:
    """Print the models of schema files and directories, or write them below `output`.

    `format_name` is `introspection`, `datastore` or the name of any emitter. Several files on
    stdout are each preceded by a line `==> name <==`.

    Raises:
        UsageError: an unknown format, a schema that does not exist or is not a regular file, or
            an output that is not a directory.
        ConfigError: a schema cannot be read.
        SchemaError: Amplify would refuse a schema.
    """
    if output is not None:
        _check_output(output)
    directories = _directories(schemas) if len(schemas) > 1 else [""]
    artifacts = [
        Artifact(path=f"{directory}{artifact.path}", content=artifact.content)
        for directory, path in zip(directories, schemas, strict=True)
        for artifact in _emit(read_typed_schema(path), format_name)
    ]
    if output is not None:
        for line in _write(output, artifacts):
            print_result(line)
        return 0
    for artifact in artifacts:
        if len(artifacts) > 1:
            print_result(f"==> {escape(artifact.path)} <==")
        print_result(artifact.content.decode("utf-8", "backslashreplace"))
    return 0


def _check_output(output: Path) -> None:
    parents = (output, *output.parents)
    file = next((path for path in parents if os.path.lexists(path) and not path.is_dir()), None)
    if file is not None:
        raise UsageError(
            f"--output must be a directory, but {file} is a file",
            hint="pass a directory; to write a single document, redirect with '> FILE'",
        )
    if any(part.lower() == ".git" for part in Path(os.path.realpath(output)).parts):
        raise UsageError(
            f"--output {output} is inside a .git directory", hint="choose another directory"
        )


def _directories(schemas: Sequence[Path]) -> list[str]:
    names = [f"{_name(path)}/" for path in schemas]
    for name, path in zip(names, schemas, strict=True):
        if names.count(name) > 1:
            raise UsageError(
                f"several schemas are called {name[:-1]}, such as {path}",
                hint="preview them one at a time",
            )
    return names


def _name(path: Path) -> str:
    # In an Amplify project all schemas have this name, each in the directory of its resource.
    real = Path(os.path.realpath(path))
    return real.parent.name if real.stem == "schema" else real.stem


def read_typed_schema(path: Path) -> Schema:
    """Read a schema anywhere on the disk; its files are called by the path as it was typed.

    Unlike those of a project, the path may lead through links: the user chose it.

    Raises:
        UsageError: it does not exist, or is neither a file nor a directory.
        ConfigError: it cannot be read.
        SchemaError: it is empty.
    """
    if not os.path.lexists(path):
        raise UsageError(
            f"{path} does not exist", hint="name a schema file, or a directory of *.graphql files"
        )
    if _is_special(path):
        raise UsageError(
            f"{path} is not a regular file",
            hint="write the schema to a file and pass that, or a directory of *.graphql files",
        )
    real = Path(os.path.realpath(path))
    try:
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


def _emit(schema: Schema, format_name: str) -> list[Artifact]:
    # A single document needs neither the other one nor a plugin.
    if format_name == "introspection":
        return [_document("model-introspection.json", _generate(generate_introspection, schema))]
    if format_name == "datastore":
        return [_document("schema.json", _generate(generate_datastore, schema))]
    from amplify_modelgen.pipeline.emit import resolve_paths, run_emitter
    from amplify_modelgen.plugin_manager import load_plugins

    emitters = load_plugins().emitters
    if format_name not in emitters:
        known = ", ".join(sorted({"introspection", "datastore", *emitters}))
        raise UsageError(f"unknown format {format_name!r}", hint=f"choose from: {known}")
    emitter = emitters[format_name]

    def emit(sdl: str) -> list[Artifact]:
        models = generate_models(sdl, documents=needed_documents(emitter.needs))
        output = Output(emitter=format_name, path=".")
        return resolve_paths(output, run_emitter(emitter, models, output))

    return _generate(emit, schema)


def _generate(generate: Callable[[str], _Generated], schema: Schema) -> _Generated:
    try:
        return generate(schema.text)
    except SchemaError as error:
        raise SchemaError(schema.located(error.diagnostics)) from error


def _document(name: str, document: dict[str, Any]) -> Artifact:
    return Artifact(path=name, content=json_bytes(document))


def _write(output: Path, artifacts: Sequence[Artifact]) -> Iterator[str]:
    """Write files below a directory, which is created, and yield a line for each."""
    from amplify_modelgen.storage.atomic_write import replace_file

    root, prefix = _existing_directory(output)
    with ProjectFiles(root) as files:
        for artifact in artifacts:
            path = (prefix / artifact.path).as_posix()
            old = files.read_bytes(path)
            if old != artifact.content:
                replace_file(root, path, artifact.content)
            action = "created" if old is None else "changed"
            action = "unchanged" if old == artifact.content else action
            yield f"{action} {escape(str(output / artifact.path))}"


def _existing_directory(output: Path) -> tuple[Path, PurePosixPath]:
    """Return the directory that no link is followed below, and the rest of the path.

    It is the working directory, or for an output elsewhere its nearest existing directory.
    """
    cwd, absolute = Path.cwd(), Path(os.path.abspath(output))  # noqa: PTH100 (keeps links)
    if absolute.is_relative_to(cwd):
        return cwd, PurePosixPath(absolute.relative_to(cwd).as_posix())
    existing = next(path for path in (absolute, *absolute.parents) if path.is_dir())
    return existing.resolve(), PurePosixPath(absolute.relative_to(existing).as_posix())
