"""Find the targets of which a sparse checkout (`git sparse-checkout`) leaves out files.

Such a file is not removed: models of the rest of a schema would lack its types, and models that
are left out would be written again.
"""

from __future__ import annotations

import posixpath
from itertools import chain
from typing import TYPE_CHECKING

from .errors import ConfigError, LeftOutError, ModelgenError
from .git import GitError, git_command, is_sparse_checkout, left_out_paths
from .targets import nearest_directory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .records import Target
    from .storage.project_files import ProjectFiles


def find_left_out(
    files: ProjectFiles, targets: Sequence[Target], selected: Sequence[Target], names: Sequence[str]
) -> tuple[dict[str, ModelgenError], dict[str, ModelgenError]]:
    """Return an error for each selected target with missing files: for inputs, and for outputs.

    Inputs are the schema, and files that were not found, such as `amplify/cli.json`. Targets that
    were named fail, others are skipped.

    Raises:
        ConfigError: git, which lists what is left out, is missing or fails.
    """
    kind = ConfigError if names else LeftOutError
    absent = frozenset(files.absent_paths())
    paths = {path for target in selected for path in (*_schemas(target), *_outputs(target))}
    left_out = _left_out(files.root, sorted(absent | paths))
    schemas = {path for target in targets for path in _schemas(target)}
    sought = [p for p in left_out if p in absent and not nearest_directory(p, schemas)]
    inputs = ((each, _first_input(each, left_out, sought, targets)) for each in selected)
    outputs = ((each, _first_output(each, left_out)) for each in selected)
    return (
        {target.name: _error(files.root, path, kind) for target, path in inputs if path},
        {target.name: _error(files.root, path, kind) for target, path in outputs if path},
    )


def ensure_complete(root: Path, path: str) -> None:
    """Ensure that all files of a schema exist.

    Raises:
        LeftOutError: a sparse checkout leaves out one of them.
        ConfigError: git, which lists what is left out, is missing or fails.
    """
    left_out = _left_out(root, [path]) if is_sparse_checkout(root) else []
    if schemas := [file for file in left_out if file.endswith(".graphql")]:
        raise _error(root, schemas[0])


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


def _first_input(
    target: Target, left_out: list[str], sought: list[str], targets: Sequence[Target]
) -> str | None:
    own = (path for path in left_out if nearest_directory(path, _schemas(target)))
    shared = (path for path in sought if _affects(path, target, targets))
    return next(chain(own, shared), None)


def _affects(path: str, target: Target, targets: Sequence[Target]) -> bool:
    # A file of the project, or of a directory above it, such as the lock file; and not of another.
    directory, project = posixpath.dirname(path), target.project
    is_above = nearest_directory(project, (directory,)) == directory
    return is_above or nearest_directory(path, {each.project for each in targets}) == project


def _first_output(target: Target, left_out: list[str]) -> str | None:
    paths = frozenset(_outputs(target))
    return next((path for path in left_out if {path, posixpath.dirname(path)} & paths), None)


def _error(root: Path, path: str, kind: type[ModelgenError] = LeftOutError) -> ModelgenError:
    hint = git_command(root, "sparse-checkout add", posixpath.dirname(path))
    return kind(f"the sparse checkout leaves out {path}", hint=hint)
