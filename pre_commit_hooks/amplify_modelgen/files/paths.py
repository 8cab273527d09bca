"""Files below the root: nothing else is ever read or written."""

from __future__ import annotations

import os
from pathlib import Path

from amplify_modelgen.errors import ConfigError


def safe_path(root: Path, relative: str) -> Path:
    """Return the absolute path of a file below the root, symlinks followed.

    Raises:
        ConfigError: it is outside the root, or a folder.
    """
    path = Path(os.path.realpath(root / relative))
    if not path.is_relative_to(os.path.realpath(root)):
        raise ConfigError(
            f"{relative} is outside the root {root}",
            hint="give outputs a path below the root, without symbolic links that leave it",
        )
    if os.path.isdir(path):  # noqa: PTH112 (pathlib raises where a folder cannot be searched)
        raise ConfigError(
            f"{relative} is a folder, and a file of that name has to be written",
            hint="remove the folder, or give the output another path",
        )
    return path


def read_if_there(path: Path) -> bytes | None:
    """Return a file's bytes, or None if there is no such file."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def read_below(root: Path, relative: str) -> bytes | None:
    """Return the bytes of a file below the root, or None if there is no such file.

    Raises:
        ConfigError: it is outside the root, a folder, or cannot be read.
    """
    try:
        return read_if_there(safe_path(root, relative))
    except OSError as error:
        raise ConfigError(
            f"{relative} cannot be read: {error.strerror or error}",
            hint="check the permissions of the file and its folder",
        ) from error
