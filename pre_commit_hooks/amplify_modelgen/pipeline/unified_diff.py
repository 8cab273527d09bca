"""Show changes to files as unified diffs, as `git diff` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amplify_modelgen.records import FileChange
    from amplify_modelgen.storage.project_files import ProjectFiles

    from .emit import EmittedFile

# difflib takes quadratic time for texts without anything in common.
_MAX_LINES = 50_000


def with_diffs(
    files: ProjectFiles, emitted: Sequence[EmittedFile], changes: Sequence[FileChange]
) -> tuple[FileChange, ...]:
    """Return the changes with their diffs; those that are compared with the lock have none."""
    contents = {file.path: file.content for file in emitted}
    return tuple(
        replace(change, diff=_diff(change.path, files.read_bytes(change.path), contents))
        if change.is_change or change.action == "refused"
        else change
        for change in changes
    )


def _diff(path: str, old: bytes | None, contents: dict[str, bytes]) -> str:
    from difflib import unified_diff

    before, after = _lines(old), _lines(contents.get(path))
    if len(before) + len(after) > _MAX_LINES:
        return f"{path}: {len(before):,} lines become {len(after):,}"
    start = f"a/{path}" if old is not None else "/dev/null"
    end = f"b/{path}" if path in contents else "/dev/null"
    return "\n".join(unified_diff(before, after, start, end, lineterm=""))


def _lines(content: bytes | None) -> list[str]:
    # Line endings and a byte order mark do not make a file stale.
    text = (content or b"").decode("utf-8-sig", "replace").replace("\r\n", "\n")
    return text.replace("\r", "\n").removesuffix("\n").split("\n") if text else []
