"""The settings of a run: from the configuration file, environment variables and flags.

A flag wins over a variable, a variable over the file, the file over the default.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from amplify_modelgen.errors import UsageError
from amplify_modelgen.records import Settings, Source

from . import checks
from .file import find_root, read_configuration
from .tables import as_text, positive
from .targets import TARGET_KEYS, configured_target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .tables import Table

_T = TypeVar("_T")
_Chosen = tuple[_T | None, str]  # a value, or None for the default, and where it came from

KEYS = (
    "backend",
    "environment",
    "timeout",
    "protected-environments",
    "requests-per-second",
    "target",
)
"""The keys at the top of the configuration, `TARGET_KEYS` those of each target in it."""

VARIABLES = {
    "backend": "AMPLIFY_MODELGEN_BACKEND",
    "environment": "AMPLIFY_MODELGEN_ENVIRONMENT",
    "timeout": "AMPLIFY_MODELGEN_TIMEOUT",
}

LONGEST_TIMEOUT = 86_400.0
"""The largest `timeout`, in seconds: a day."""

MOST_REQUESTS = 1000.0
"""The largest `requests-per-second`."""

__all__ = [
    "KEYS",
    "LONGEST_TIMEOUT",
    "MOST_REQUESTS",
    "TARGET_KEYS",
    "VARIABLES",
    "Overrides",
    "load_settings",
]


class Overrides(Struct, frozen=True, kw_only=True):
    """What the command line says, and None where it says nothing. `timeout` is in seconds."""

    root: Path | None = None
    backend: str | None = None
    environment: str | None = None
    timeout: float | None = None


def load_settings(
    overrides: Overrides,
    *,
    environ: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Settings:
    """Return the settings of a run; the origin of every value is in their `sources`.

    `environ` and `cwd` stand for the process's own. An empty variable counts as absent.

    Raises:
        ConfigError: the configuration file is wrong; the message names file and key.
        UsageError: a flag or a variable is.
    """
    root, origin = find_root(overrides.root, cwd or _working_directory())
    configuration = read_configuration(root)
    table = configuration.table
    table.allow(KEYS)
    outside = os.environ if environ is None else environ
    defaults = Settings(root=root)
    chosen: dict[str, _Chosen[Any]] = {
        "root": (root, origin),
        "backend": _text("backend", overrides.backend, outside, table),
        "environment": _text("environment", overrides.environment, outside, table),
        "timeout": _timeout(overrides.timeout, outside, table),
        "protected-environments": (table.texts("protected-environments"), table.file),
        "requests-per-second": (table.number("requests-per-second", MOST_REQUESTS), table.file),
    }
    return replace(
        defaults,
        config_file=table.file or None,
        targets=tuple(configured_target(each, root) for each in table.tables("target")),
        sources=tuple(_source(key, *value, defaults) for key, value in chosen.items()),
        inputs=configuration.inputs,
        **{_field(key): value for key, (value, _) in chosen.items() if value is not None},
    )


def _working_directory() -> Path:
    try:
        return Path.cwd()
    except OSError as error:
        raise UsageError("the working directory does not exist any more") from error


def _field(key: str) -> str:
    return key.replace("-", "_")


def _source(key: str, value: object, origin: str, defaults: Settings) -> Source:
    if value is None:
        return Source(key=key, value=as_text(getattr(defaults, _field(key))), origin="default")
    return Source(key=key, value=as_text(value), origin=origin)


def _text(key: str, flag: str | None, environ: Mapping[str, str], table: Table) -> _Chosen[str]:
    written = table.text(key)
    variable = VARIABLES[key]
    if flag is not None:
        return _usage(f"--{key}", lambda: checks.name(flag)), f"--{key}"
    if environ.get(variable):
        return _usage(variable, lambda: checks.name(environ[variable])), variable
    return written, table.file


def _timeout(flag: float | None, environ: Mapping[str, str], table: Table) -> _Chosen[float]:
    written = table.number("timeout", LONGEST_TIMEOUT)
    variable = VARIABLES["timeout"]
    if flag is not None:
        return _usage("--timeout", lambda: positive(flag, LONGEST_TIMEOUT)), "--timeout"
    if environ.get(variable):
        return _usage(variable, lambda: _seconds(environ[variable])), variable
    return written, table.file


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"expected a number of seconds, not {checks.shown(text)}") from None
    return positive(value, LONGEST_TIMEOUT)


def _usage(origin: str, check: Callable[[], _T]) -> _T:
    try:
        return check()
    except ValueError as error:
        raise UsageError(f"{origin}: {error}") from error
