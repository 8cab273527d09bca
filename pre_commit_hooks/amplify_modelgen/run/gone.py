"""Which targets of the lock are gone, so that their models have to go as well."""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from amplify_modelgen.errors import ConfigError
from amplify_modelgen.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from .survey import Survey


def gone_keys(survey: Survey) -> tuple[str, ...]:
    """Return the keys that the lock names and no target has any more, sorted.

    A run that is limited to other targets has none: it is not to touch their files.

    Raises:
        ConfigError: a folder that such a target may still be in cannot be read.
    """
    if survey.limited:
        return ()
    keys = sorted(survey.lock.keys() - {target.key for target in survey.targets})
    for key in keys:
        _check_readable(survey.settings.root, key)
    return tuple(keys)


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
