"""What of a run's files `git add` would take, in the words that somebody here types."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_GIT_SECONDS = 10.0


def stageable(paths: Sequence[str], root: Path | None) -> list[str]:
    """Return those of the paths below `root` that `git add` takes, as they are typed here.

    Git refuses them all for one that it ignores, that is gone and was never known to it, or that
    lies behind a symbolic link or in a submodule. Where there is no git, nothing can be staged.
    Without a root nobody knows where the files are: all paths are returned as they are.
    """
    if root is None:
        return [_typed(path) for path in paths]
    here = [_from_here(path, root) for path in paths]
    known = _known(here) if here else frozenset()
    return [_typed(path) for path in here if path in known]


def _from_here(path: str, root: Path) -> str:
    with suppress(OSError, ValueError):
        return Path(os.path.relpath(root / path)).as_posix()
    return path


def _typed(path: str) -> str:
    # What would be an option, or magic of a pathspec.
    return f"./{path}" if path.startswith(("-", ":")) else path


def _known(paths: Sequence[str]) -> frozenset[str]:
    import subprocess

    command = ("git", "--literal-pathspecs", "ls-files", "-z", "--cached", "--others")
    try:
        answer = subprocess.run(  # noqa: S603 (fixed words and paths after --, no shell)
            (*command, "--exclude-standard", "--", *paths),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return frozenset()
    return frozenset(os.fsdecode(answer.stdout).split("\0"))
