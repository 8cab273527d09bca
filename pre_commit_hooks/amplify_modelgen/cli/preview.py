"""Printing the models that schemas would give, offline."""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from amplify_modelgen.errors import ConfigError, Problem, SchemaError, UsageError
from amplify_modelgen.modelgen import (
    generate_datastore,
    generate_introspection,
    generate_models,
    json_bytes,
)
from amplify_modelgen.records import Artifact, Output, Schema, SchemaFile, Target
from amplify_modelgen.targets.schemas import located, read_schema

from .console import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_Made = TypeVar("_Made")
_Placed = TypeVar("_Placed", SchemaFile, Problem)


def preview(schemas: Sequence[Path], form: str, output: Path | None) -> int:
    """Print (or write below the folder `output`) the models of schema files and folders.

    `form` is `introspection`, `datastore` or the name of any emitter. Several texts on stdout
    have a line `==> name <==` before each. Returns the exit code: 1 if a schema is refused.

    Raises:
        UsageError: an unknown form, a schema that is not there or is no file, or an output that
            is one.
        ConfigError: a schema that cannot be read.
    """
    _check_output(output)
    folders = _folders(schemas) if len(schemas) > 1 else [""]
    made = [
        Artifact(path=f"{folder}{artifact.path}", content=artifact.content)
        for folder, path in zip(folders, schemas, strict=True)
        for artifact in _emitted(_schema(path), form)
    ]
    if output is not None:
        from amplify_modelgen.files.transaction import write_all

        for change in write_all(output, made):
            say(f"{change.action} {output / change.path}")
        return 0
    for artifact in made:
        if len(made) > 1:
            say(f"==> {artifact.path} <==")
        say(artifact.content.decode("utf-8", "backslashreplace"))
    return 0


def _check_output(output: Path | None) -> None:
    places = (output, *output.parents) if output is not None else ()
    file = next((each for each in places if os.path.lexists(each) and not each.is_dir()), None)
    if file is not None:
        raise UsageError(
            f"--output {output} is to be a folder, and {file} is a file",
            hint="name a folder; into a file, a single document goes with '> FILE' in its place",
        )


def _folders(schemas: Sequence[Path]) -> list[str]:
    folders = [f"{_name(path)}/" for path in schemas]
    for folder, path in zip(folders, schemas, strict=True):
        if folders.count(folder) > 1:
            raise UsageError(
                f"two schemas would be called {folder[:-1]}, and one of them is {path}",
                hint="preview them one after the other",
            )
    return folders


def _name(path: Path) -> str:
    # In an Amplify project every schema is called so, in the folder of its resource.
    real = Path(os.path.realpath(path))
    return real.parent.name if real.stem == "schema" else real.stem


def _schema(path: Path) -> Schema:
    """Read a schema; its files, and all that is wrong with them, go by the path that was typed."""
    if not os.path.lexists(path):
        raise UsageError(
            f"there is no schema {path}", hint="name a schema file, or a folder of *.graphql files"
        )
    if _is_stream(path):
        raise UsageError(
            f"{path} is a pipe or a device, and no schema can be read from one",
            hint="write the schema into a file, and name that, or a folder of *.graphql files",
        )
    where, here = Path(os.path.realpath(path)), Path(os.path.realpath("."))
    if where == here or here in where.parents:
        return _read(here, where)
    try:
        files = _read(where.parent, where).files
    except ConfigError as error:
        raise ConfigError(f"{path}: {error.message}", hint=error.hint) from error
    except SchemaError as error:
        raise SchemaError(tuple(_typed(path, where, each) for each in error.problems)) from error
    return Schema(files=tuple(_typed(path, where, each) for each in files))


def _is_stream(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False  # What is wrong with it is said where it is read.
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _read(root: Path, where: Path) -> Schema:
    relative = where.relative_to(root).as_posix()
    return read_schema(
        root, Target(app_id="", environment="", resource=where.name, schema=relative)
    )


def _typed(path: Path, where: Path, placed: _Placed) -> _Placed:
    """Return something whose path is relative to the folder of `where` with the path as typed."""
    inner = PurePosixPath(placed.path or where.name).relative_to(where.name)
    return replace(placed, path=(path / inner).as_posix())


def _emitted(schema: Schema, form: str) -> list[Artifact]:
    # One document needs neither the other one nor an emitter, and so no plugin.
    if form == "introspection":
        return [_document("model-introspection.json", _made(generate_introspection, schema))]
    if form == "datastore":
        return [_document("schema.json", _made(generate_datastore, schema))]
    from amplify_modelgen.plugins import load_plugins
    from amplify_modelgen.run.emit import run_emitter

    emitters = load_plugins().emitters
    if form not in emitters:
        known = ", ".join(sorted({"introspection", "datastore", *emitters}))
        raise UsageError(f"there is no format {form!r}", hint=f"choose one of: {known}")
    models = _made(generate_models, schema)
    return run_emitter(emitters[form], models, Output(emitter=form, path="."))


def _made(generate: Callable[[str], _Made], schema: Schema) -> _Made:
    try:
        return generate(schema.text)
    except SchemaError as error:
        raise located(error, schema) from error


def _document(name: str, document: dict[str, Any]) -> Artifact:
    return Artifact(path=name, content=json_bytes(document))
