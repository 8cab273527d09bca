"""Build the report of a run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen.fast_path import find_repository
from amplify_modelgen.git import addable_paths
from amplify_modelgen.records import Report, Schema

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from amplify_modelgen.records import FileChange, Outcome
    from amplify_modelgen.workspace import Workspace


def build_report(
    command: str,
    workspace: Workspace,
    outcomes: Sequence[Outcome],
    started: float,
    *,
    files: tuple[FileChange, ...] = (),
) -> Report:
    """Return the report of a run that started at `started` (of `time.monotonic`)."""
    root = workspace.settings.root
    report = Report(
        command=command,
        backend=workspace.settings.backend,
        seconds=time.monotonic() - started,
        outcomes=tuple(outcomes),
        files=files,
        root=root,
        prefix=_prefix(root),
        schemas={
            name: schema for name, schema in workspace.schemas.items() if isinstance(schema, Schema)
        },
    )
    if not report.written:
        return report
    return replace(report, git_add=tuple(addable_paths(root, report.written)))


def _prefix(root: Path) -> str:
    repository = find_repository(str(root))
    if repository is None or repository == str(root):
        return ""
    return root.relative_to(repository).as_posix()
