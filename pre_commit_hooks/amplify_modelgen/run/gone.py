"""Which targets of the lock are gone, so that their models have to go as well."""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from amplify_modelgen.errors import ConfigError
from amplify_modelgen.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .survey import Survey

_GIT_SECONDS = 60.0
# Git sets these for its hooks, and they would win over the folder that we name.
_OTHER_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")


def gone_keys(survey: Survey) -> tuple[str, ...]:
    """Return the keys that the lock names and no target has any more, sorted.

    A run that is limited to other targets has none: it is not to touch their files. Nor is one
    gone that a sparse checkout leaves out of the working tree.

    Raises:
        ConfigError: a folder that such a target may still be in cannot be read.
    """
    if survey.limited:
        return ()
    keys = sorted(survey.lock.keys() - {target.key for target in survey.targets})
    for key in keys:
        _check_readable(survey.settings.root, key)
    skipped = _skipped(survey.settings.root, keys) if keys else ()
    return tuple(key for key in keys if not any(path.startswith(f"{key}/") for path in skipped))


def _check_readable(root: Path, key: str) -> None:
    """Refuse to take for deleted what is only hidden: a discovered target's key is its folder."""
    path = PurePosixPath(key)
    for folder in (*reversed(path.parents), path):
        try:
            with os.scandir(root / folder):
                pass
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return
        except OSError as error:
            raise ConfigError(
                f"cannot read {printable(str(folder))}: {(error.strerror or str(error)).lower()}",
                hint=f"the lock names the target {printable(key)} there: "
                "make the folder readable for the user who runs this",
            ) from error


def _skipped(root: Path, keys: Sequence[str]) -> list[str]:
    """Return the files below the keys that are in git's index and not to be in the working tree.

    There are none where git cannot say.
    """
    # Loaded here, because most runs have no target that is gone.
    import subprocess

    command = ("git", "--literal-pathspecs", "ls-files", "-t", "-z", "--", *keys)
    environ = {key: value for key, value in os.environ.items() if key not in _OTHER_REPOSITORY}
    try:
        answer = subprocess.run(  # noqa: S603 (no shell; keys come after "--", taken literally)
            command,
            cwd=root,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return []
    files = os.fsdecode(answer.stdout).split("\0")
    return [file.removeprefix("S ") for file in files if file.startswith("S ")]
