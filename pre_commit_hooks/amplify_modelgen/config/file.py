"""Where the root is, and the one file there that holds the configuration."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from amplify_modelgen.errors import ConfigError, UsageError

from . import checks
from .tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OWN_FILE = "amplify-modelgen.toml"
SHARED_FILE = "pyproject.toml"
CONFIGURATION_FILES = (SHARED_FILE, OWN_FILE)
TABLE = "tool.amplify-modelgen"


class Configuration(Struct, frozen=True, kw_only=True):
    """The configuration table (empty, of no file, if there is none) and the files looked into."""

    table: Table
    inputs: tuple[str, ...]


def find_root(given: Path | None, cwd: Path) -> tuple[Path, str]:
    """Return the root, absolute, and what made it the root.

    That is `given`; else the nearest folder, from `cwd` upwards, with a configuration or with
    git's `.git` (a folder, or a file in worktrees and submodules); else `cwd`.

    Raises:
        UsageError: `given` is no folder.
        ConfigError: a file that might hold the configuration cannot be read.
    """
    if given is not None:
        if not (cwd / given).is_dir():
            raise UsageError(f"--root: {checks.shown(str(given))} is not a folder")
        return (cwd / given).resolve(), "--root"
    start = cwd.resolve()
    for folder in (start, *start.parents):
        for mark in _marks(folder):
            return folder, mark
    return start, "working directory"


def _marks(folder: Path) -> Iterator[str]:
    if os.path.lexists(folder / OWN_FILE):
        yield OWN_FILE
    if _mentions_us(folder) and _shared_table(folder) is not None:
        yield SHARED_FILE
    if os.path.lexists(folder / ".git"):
        yield ".git"


def read_configuration(root: Path) -> Configuration:
    """Return the configuration at `root`.

    Raises:
        ConfigError: there are two, or the file is not TOML of UTF-8 text.
    """
    inputs = tuple(name for name in CONFIGURATION_FILES if os.path.lexists(root / name))
    shared = _shared_table(root) if _mentions_us(root) else None
    if OWN_FILE not in inputs:
        table = Table("", "", {}) if shared is None else Table(SHARED_FILE, "", shared)
        return Configuration(table=table, inputs=inputs)
    if shared is not None:
        raise ConfigError(
            f"{OWN_FILE} and [{TABLE}] in {SHARED_FILE} are both there",
            hint="keep one of them",
        )
    own = _parse(OWN_FILE, checks.read_text(root / OWN_FILE, OWN_FILE))
    return Configuration(table=Table(OWN_FILE, "", own), inputs=inputs)


def _mentions_us(folder: Path) -> bool:
    # Most projects have a pyproject.toml that is not about us; it need not be parsed then.
    shared = folder / SHARED_FILE
    return os.path.lexists(shared) and "amplify-modelgen" in checks.read_text(shared, SHARED_FILE)


def _shared_table(folder: Path) -> dict[str, Any] | None:
    document = _parse(SHARED_FILE, checks.read_text(folder / SHARED_FILE, SHARED_FILE))
    tool = document.get("tool", {})
    table = tool.get("amplify-modelgen") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{SHARED_FILE}: {TABLE}: expected a table")
    return table


def _parse(file: str, text: str) -> dict[str, Any]:
    import tomli

    try:
        return tomli.loads(text)
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "it is nested too deeply"
        raise ConfigError(f"{file} is not TOML: {reason[:1].lower()}{reason[1:]}") from error
