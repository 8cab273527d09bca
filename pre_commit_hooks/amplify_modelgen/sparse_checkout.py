"""Find the targets of which a sparse checkout (`git sparse-checkout`) leaves out files.

Such a file is not removed: models of the rest of a schema would lack its types, and models that
are left out would be written again.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from .errors import ConfigError, LeftOutError
from .git import GitError, is_sparse_checkout, left_out_paths

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from .records import Target
    from .storage.project_files import ProjectFiles


def find_left_out(
    files: ProjectFiles, targets: Sequence[Target]
) -> tuple[dict[str, LeftOutError], dict[str, LeftOutError]]:
    """Return an error for each target of which files are missing: for inputs, and for outputs.

    Inputs are the schema, and what was looked for so far, such as `amplify/cli.json`.

    Raises:
        ConfigError: git, which lists what is left out, is missing or fails.
    """
    absent = frozenset(files.absent_paths())
    paths = {path for target in targets for path in (*_schemas(target), *_outputs(target))}
    left_out = _left_out(files.root, sorted(absent | paths))
    inputs = ((target, _first_input(target, left_out, absent)) for target in targets)
    outputs = ((target, _first_output(target, left_out)) for target in targets)
    return (
        {target.name: _error(path) for target, path in inputs if path},
        {target.name: _error(path) for target, path in outputs if path},
    )


def check_whole(root: Path, path: str) -> None:
    """Check that all files of a schema are there.

    Raises:
        LeftOutError: a sparse checkout leaves out one of them.
        ConfigError: git, which lists what is left out, is missing or fails.
    """
    left_out = _left_out(root, [path]) if is_sparse_checkout(root) else []
    if schemas := [file for file in left_out if file.endswith(".graphql")]:
        raise _error(schemas[0])


def _left_out(root: Path, paths: list[str]) -> list[str]:
    try:
        return left_out_paths(root, paths)
    except GitError as error:
        raise ConfigError(
            f"cannot list what the sparse checkout leaves out: {error.message}", hint=error.hint
        ) from error


def _schemas(target: Target) -> list[str]:
    # Where the schema file of Amplify CLI is missing, there may be a directory of schema files.
    return [target.schema, target.schema.removesuffix(".graphql")] if target.schema else []


def _outputs(target: Target) -> list[str]:
    return [output.path for output in (*target.outputs, *target.candidates)]


def _first_input(target: Target, left_out: list[str], absent: Collection[str]) -> str | None:
    def is_input(path: str) -> bool:
        is_schema = any(f"{path}/".startswith(f"{schema}/") for schema in _schemas(target))
        return is_schema or (path in absent and _concerns(path, target.project))

    return next(filter(is_input, left_out), None)


def _concerns(path: str, project: str) -> bool:
    # A file of the project, or of a directory above it, such as the lock file.
    directory = posixpath.dirname(path)
    return any(
        not upper or f"{lower}/".startswith(f"{upper}/")
        for lower, upper in ((directory, project), (project, directory))
    )


def _first_output(target: Target, left_out: list[str]) -> str | None:
    paths = frozenset(_outputs(target))
    return next((path for path in left_out if {path, posixpath.dirname(path)} & paths), None)


def _error(path: str) -> LeftOutError:
    return LeftOutError(
        f"the sparse checkout leaves out {path}",
        hint=f"git sparse-checkout add {posixpath.dirname(path) or '.'}",
    )
