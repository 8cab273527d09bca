"""Reading a target's schema from the working tree, the way Amplify CLI does.

A schema is a file, or a folder of `**/*.graphql`. Amplify CLI takes a folder's files in the order
in which its glob library finds them; here the order is that of their paths, on every machine.
Files and folders whose names begin with a dot do not count: editors keep their own things there.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen.config import checks
from amplify_modelgen.errors import ConfigError, Problem, SchemaError
from amplify_modelgen.records import Schema, SchemaFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from amplify_modelgen.records import Target

SUFFIX = ".graphql"


def read_schema(root: Path, target: Target) -> Schema:
    """Return the target's schema as the working tree has it: UTF-8, line ends as line feeds.

    Raises:
        ConfigError: it is missing, unreadable, not UTF-8, larger than 20 MB, or outside the root.
        SchemaError: it is there, and empty.
    """
    if target.schema is None:
        raise ConfigError(
            f"{target.name} has no schema in the working tree",
            hint="set 'schema' for the target; without it only the backend knows the schema",
        )
    files = tuple(_read(root, path) for path in schema_paths(root, target.schema))
    schema = Schema(files=files)
    _check_size(schema, target.schema)
    return schema


def located(error: SchemaError, schema: Schema) -> SchemaError:
    """Return the error with the files of the schema before the places in their texts."""
    return SchemaError(tuple(_in_file(problem, schema) for problem in error.problems))


def _in_file(problem: Problem, schema: Schema) -> Problem:
    path, line = schema.locate(problem.line)
    return replace(problem, path=path, line=line)


def schema_folders(root: Path, target: Target) -> tuple[str, ...]:
    """Return the folders, ending in a slash, whose files the target's schema is made of.

    There are none where the schema is a file; what is wrong with it is not said here.
    """
    schema = target.schema
    try:
        if schema is None or not (root / schema).is_dir():
            return ()
        return tuple(f"{folder}/" for folder, _ in _walk(root, schema, ()))
    except (ConfigError, OSError):
        return ()


def schema_paths(root: Path, schema: str) -> tuple[str, ...]:
    """Return the files of a schema, relative to the root: itself, or those of the folder.

    Raises:
        ConfigError: it is missing, outside the root, or a folder without files.
    """
    _check_place(root, schema)
    place = root / schema
    try:
        place.lstat()
        is_folder = place.is_dir()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ConfigError(
            f"the schema {schema} does not exist",
            hint="create it, or correct 'schema' of the target",
        ) from error
    except OSError as error:
        raise ConfigError(
            f"cannot read {schema}: {(error.strerror or str(error)).lower()}",
            hint="check the permissions of its folder",
        ) from error
    if not is_folder:
        return (schema,)
    paths = sorted(path for _, files in _walk(root, schema, ()) for path in files)
    if not paths:
        raise ConfigError(
            f"the schema folder {schema} has no {SUFFIX} file",
            hint=f"put at least one {SUFFIX} file there",
        )
    for path in paths:
        _check_place(root, path)
    return tuple(paths)


def _walk(root: Path, folder: str, above: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    _check_place(root, folder)
    real = os.path.realpath(root / folder)
    if real in above:
        raise ConfigError(
            f"the schema folder {folder} is a symbolic link to a folder that it is in",
            hint="remove the link",
        )
    entries = [entry for entry in _entries(root, folder) if not entry.name.startswith(".")]
    before = "" if folder == "." else f"{folder}/"
    folders = [before + entry.name for entry in entries if entry.is_dir()]
    files = [before + entry.name for entry in entries if not entry.is_dir()]
    yield folder, [path for path in files if path.endswith(SUFFIX)]
    for inner in folders:
        yield from _walk(root, inner, (*above, real))


def _entries(root: Path, folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(root / folder) as entries:
            return list(entries)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"cannot read the schema folder {folder}: {reason}") from error


def _read(root: Path, path: str) -> SchemaFile:
    return SchemaFile(path=path, text=checks.read_text(root / path, path))


def _check_place(root: Path, path: str) -> None:
    try:
        checks.path_below(root, path)
    except ValueError as error:
        raise ConfigError(
            f"the schema {checks.shown(path)} cannot be used: {error}",
            hint="keep schemas, and what their symbolic links point to, below the root, "
            "and rename what is not UTF-8 or has control characters",
        ) from error


def _check_size(schema: Schema, path: str) -> None:
    if sum(len(file.text) for file in schema.files) > checks.MOST_BYTES:
        raise ConfigError(f"the schema {path} is larger than {checks.MOST_BYTES:,} bytes")
    if not any(file.text.strip() for file in schema.files):
        problem = Problem(
            message="the schema is empty",
            line=1,
            column=1,
            hint="define at least one type in it",
            path=schema.files[0].path,
        )
        raise SchemaError((problem,))
