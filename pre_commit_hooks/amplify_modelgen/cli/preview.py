"""Print the models generated from schemas, offline."""

from __future__ import annotations

import os
import sys
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from amplify_modelgen.errors import SchemaError, UsageError
from amplify_modelgen.modelgen import (
    generate_datastore,
    generate_introspection,
    generate_models,
    json_bytes,
    needed_documents,
)
from amplify_modelgen.records import Artifact, Output, Target
from amplify_modelgen.storage.project_files import ProjectFiles
from amplify_modelgen.text import escape

from .output import print_result
from .typed_schemas import STDIN, find_flags, read_typed_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amplify_modelgen.records import FeatureFlags, Schema
    from amplify_modelgen.targets import SchemaOwners

_DOCUMENTS = {"introspection": generate_introspection, "datastore": generate_datastore}
_NAMES = {"introspection": "model-introspection.json", "datastore": "schema.json"}


def parse_options(options: Sequence[str]) -> tuple[tuple[str, object], ...]:
    """Return the options `NAME=VALUE` of an emitter, sorted by name.

    Raises:
        UsageError: one has no `=`, or a name is given twice.
    """
    values: dict[str, object] = {}
    for option in options:
        name, equals, value = option.partition("=")
        if not (name and equals) or name in values:
            raise UsageError(
                f"--option {option!r} is not NAME=VALUE, or is given twice",
                hint="for example --format python --option style=pydantic",
            )
        values[name] = value
    return tuple(sorted(values.items()))


def preview(schemas: Sequence[Path], output: Output, directory: Path | None) -> int:
    """Print an output of schema files and directories, or write it below `directory`.

    The emitter of the output may also be `introspection` or `datastore`, the documents of Amplify.
    Several files on stdout are each preceded by a line `==> name <==`. What a terminal would
    interpret is escaped there.

    Raises:
        UsageError: an unknown format or option, a schema that does not exist or is not a regular
            file, or an output that is not a directory.
        ConfigError: a schema, or the configuration of its project, cannot be read.
        SchemaError: Amplify would refuse a schema.
    """
    if directory is not None:
        _check_output(directory)
    prefixes = _prefixes(schemas) if len(schemas) > 1 else [""]
    projects: dict[Path, SchemaOwners] = {}
    artifacts = [
        Artifact(path=f"{prefix}{artifact.path}", content=artifact.content)
        for prefix, path in zip(prefixes, schemas, strict=True)
        for artifact in _generate(path, output, projects)
    ]
    if directory is not None:
        for line in _write(directory, artifacts):
            print_result(line)
        return 0
    for artifact in artifacts:
        if len(artifacts) > 1:
            print_result(f"==> {escape(artifact.path)} <==")
        text = artifact.content.decode("utf-8", "backslashreplace")
        print_result("\n".join(map(escape, text.split("\n"))) if sys.stdout.isatty() else text)
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


def _prefixes(schemas: Sequence[Path]) -> list[str]:
    names = [f"{_name(path)}/" for path in schemas]
    for name, path in zip(names, schemas, strict=True):
        if names.count(name) > 1:
            raise UsageError(
                f"several schemas are called {name[:-1]}, such as {path}",
                hint="preview them one at a time",
            )
    return names


def _name(path: Path) -> str:
    if path == STDIN:
        return "stdin"
    # In an Amplify project all schemas have this name, each in the directory of its resource.
    real = Path(os.path.realpath(path))
    return real.parent.name if real.stem == "schema" else real.stem


def _generate(path: Path, output: Output, projects: dict[Path, SchemaOwners]) -> Sequence[Artifact]:
    schema, flags = read_typed_schema(path), find_flags(path, projects)
    try:
        return _emit(schema, flags, output)
    except SchemaError as error:
        raise SchemaError(schema.located(error.diagnostics)) from error


def _emit(schema: Schema, flags: FeatureFlags, output: Output) -> Sequence[Artifact]:
    name = output.emitter
    # A document needs no plugin.
    if name in _DOCUMENTS and not output.options:
        generate = _DOCUMENTS[name]
        return [Artifact(path=_NAMES[name], content=json_bytes(generate(schema.text, flags)))]
    from amplify_modelgen.pipeline.emit import check_outputs, resolve_paths, run_emitter
    from amplify_modelgen.plugin_manager import load_plugins

    emitters = load_plugins().emitters
    if name not in emitters:
        known = ", ".join(sorted({*_DOCUMENTS, *emitters}))
        raise UsageError(f"unknown format {name!r}", hint=f"choose from: {known}")
    check_outputs(
        [Target(app_id="", environment="", resource="", name="--option", outputs=(output,))],
        emitters,
    )
    documents = needed_documents(emitters[name].needs)
    models = generate_models(schema.text, flags, documents)
    return resolve_paths(output, run_emitter(emitters[name], models, output))


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
