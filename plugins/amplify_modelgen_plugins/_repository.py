"""Where a report's files are in their repository, as code hosts want to have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from amplify_modelgen import RunReport


def repository_path(run: RunReport, path: str) -> str:
    """Return a path of the report relative to the repository that the project is in.

    Outside of a repository it stays relative to the project's root.
    """
    prefix = _prefix(run.root) if run.root is not None else ""
    return f"{prefix}/{path}" if prefix else path


def _prefix(root: Path) -> str:
    for folder in (root, *root.parents):
        if (folder / ".git").exists():
            inside = root.relative_to(folder).as_posix()
            return "" if inside == "." else inside
    return ""
