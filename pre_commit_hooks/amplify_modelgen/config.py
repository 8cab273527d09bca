"""Settings of a run: find the root, read the configuration, apply variables and flags.

A flag wins over an environment variable, a variable over the file, the file over the default.
"""

from __future__ import annotations

import os
import posixpath
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct, defstruct, field
from msgspec.structs import asdict, replace

from .errors import ConfigError, UsageError
from .input_validation import (
    Name,
    Region,
    RelativePath,
    Seconds,
    check_name,
    check_timeout,
    quote,
    validate_document,
)
from .records import FeatureFlags, Output, Provenance, Settings, Target
from .storage.project_files import ProjectFiles
from .text import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_T = TypeVar("_T")
_Table = dict[str, Any]

CONFIG_FILE = "amplify-modelgen.toml"
SHARED_CONFIG_FILE = "pyproject.toml"
_SHARED_TABLE = "tool.amplify-modelgen"

VARIABLES = {
    "backend": "AMPLIFY_MODELGEN_BACKEND",
    "environment": "AMPLIFY_MODELGEN_ENVIRONMENT",
    "timeout": "AMPLIFY_MODELGEN_TIMEOUT",
}
"""The environment variable of each setting that has one."""


class Overrides(Struct, frozen=True, kw_only=True):
    """The options of the command line, None if absent. `timeout` is in seconds.

    `config` is a path below the root: the configuration is then that file alone.
    """

    root: Path | None = None
    config: Path | None = None
    backend: str | None = None
    environment: str | None = None
    timeout: float | None = None


FlagsTable = defstruct(
    "FlagsTable",
    [(name, type(value), value) for name, value in asdict(FeatureFlags()).items()],
    frozen=True,
    kw_only=True,
    rename="kebab",
    forbid_unknown_fields=True,
)


class OutputTable(Struct, frozen=True, kw_only=True):
    """An emitter, the path of its files, and its options."""

    emitter: Name
    path: RelativePath


class TargetTable(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """An API, its environment, its schema and its outputs."""

    app_id: Name | None = None
    environment: Name | None = None
    resource: Name
    region: Region | None = None
    profile: Name | None = None
    schema: RelativePath | None = None
    source: RelativePath | None = None
    outputs: list[_Table] | None = None
    push_schema: bool = False
    flags: _Table = field(default_factory=dict)


class DiffTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of `diff`."""

    ignore: list[Name] | None = None


class LintTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of the linter."""

    ignore: list[Name] | None = None


class DefaultsTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What applies to all discovered targets."""

    outputs: list[_Table] | None = None


class ConfigTable(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """The configuration of amplify-modelgen."""

    backend: Name | None = None
    environment: Name | None = None
    timeout: Seconds | None = None
    protected_environments: list[Name] | None = None
    diff: DiffTable = field(default_factory=DiffTable)
    lint: LintTable = field(default_factory=LintTable)
    defaults: DefaultsTable = field(default_factory=DefaultsTable)
    target: list[TargetTable] = field(default_factory=list)


def working_directory() -> Path:
    """Return the working directory.

    Raises:
        UsageError: it has been removed.
    """
    try:
        return Path.cwd()
    except OSError as error:
        raise UsageError("the working directory does not exist any more") from error


def open_project(root_option: Path | None, cwd: Path) -> tuple[ProjectFiles, str]:
    """Find the root of the project; return its files and what made it the root.

    The root is `root_option`; else the nearest directory, from `cwd` upwards, with a configuration
    or with `.git` (a directory, or a file in worktrees and submodules); else `cwd`.

    Raises:
        UsageError: `root_option` is not a directory.
        ConfigError: a file that may hold the configuration cannot be read.
    """
    if root_option is not None:
        if not (cwd / root_option).is_dir():
            raise UsageError(f"--root: {quote(str(root_option))} is not a directory")
        return ProjectFiles((cwd / root_option).resolve()), "--root"
    start = cwd.resolve()
    for directory in (start, *start.parents):
        found = _open_root(directory)
        if found is not None:
            return found
    return ProjectFiles(start), "working directory"


def _open_root(directory: Path) -> tuple[ProjectFiles, str] | None:
    if os.path.lexists(directory / CONFIG_FILE):
        return ProjectFiles(directory), CONFIG_FILE
    is_repository = os.path.lexists(directory / ".git")
    if not os.path.lexists(directory / SHARED_CONFIG_FILE):
        return (ProjectFiles(directory), ".git") if is_repository else None
    # The file is read through the object that is returned, so that it is opened once.
    files = ProjectFiles(directory)
    try:
        has_table = _read_shared_table(files) is not None
    except ConfigError:
        files.close()
        raise
    if has_table or is_repository:
        return files, SHARED_CONFIG_FILE if has_table else ".git"
    files.close()
    return None


def load_settings(
    files: ProjectFiles,
    origin: str,
    overrides: Overrides,
    environ: Mapping[str, str],
    directory: str = "",
) -> Settings:
    """Return the settings of a run; `provenance` says where each value came from.

    `files` and `origin` are what `open_project` returned. An empty variable counts as absent. The
    configuration is the one in `directory`, and its paths are relative to that.

    Raises:
        ConfigError: the configuration file is wrong; the message names file and key.
        UsageError: a flag or a variable is wrong.
    """
    config_file, values = _read_config(files, directory, overrides.config)
    file = config_file or ""
    table = validate_document(values, ConfigTable, file=file)
    settings: dict[str, tuple[object, str]] = {
        "root": (files.root, origin),
        "backend": _choose("backend", overrides.backend, environ, table.backend, file),
        "environment": _choose(
            "environment", overrides.environment, environ, table.environment, file
        ),
        "timeout": _choose_timeout(overrides.timeout, environ, table.timeout, file),
        "protected-environments": (_strings(table.protected_environments), file),
        "accepted-changes": (_strings(table.diff.ignore), file),
        "ignored-rules": (_strings(table.lint.ignore), file),
    }
    chosen: dict[str, Any] = {
        key.replace("-", "_"): value for key, (value, _) in settings.items() if value is not None
    }
    defaults = Settings(root=files.root)
    targets = [
        _target(each, values["target"][index], file, f"target[{index}]")
        for index, each in enumerate(table.target)
    ]
    return Settings(
        config_file=config_file,
        targets=tuple(_below(directory, target) for target in targets),
        default_outputs=_outputs(table.defaults.outputs, file, "defaults.outputs"),
        provenance=tuple(_provenance(key, *value, defaults) for key, value in settings.items()),
        **chosen,
    )


def load_nested_settings(files: ProjectFiles, settings: Settings) -> dict[str, Settings]:
    """Return the settings of the directories below the root that have a configuration.

    Only directories that have been listed count: those that the search for projects visits. The
    environment of the command line or of a variable wins over that of a nested configuration.

    Raises:
        ConfigError: a configuration is wrong.
    """
    origins = {item.key: item.origin for item in settings.provenance}
    is_given = origins.get("environment") in ("--environment", VARIABLES["environment"])
    overrides = Overrides(environment=settings.environment if is_given else None)
    listed = {*files.find_listed(CONFIG_FILE), *files.find_listed(SHARED_CONFIG_FILE)} - {""}
    nested = {}
    for directory in sorted(listed):
        own = load_settings(files, "nested", overrides, {}, directory)
        if own.config_file is not None:
            _warn_about_run_settings(own)
            nested[directory] = own
    return nested


_RUN_SETTINGS = ("backend", "timeout", "accepted-changes", "ignored-rules")


def _warn_about_run_settings(nested: Settings) -> None:
    import logging

    for item in nested.provenance:
        if item.key in _RUN_SETTINGS and item.origin == nested.config_file:
            message = "%s: %s is ignored: it is a setting of the whole run"
            logging.getLogger(__name__).warning(message, escape(item.origin), item.key)


def with_protected_environments(settings: Settings, nested: Iterable[Settings]) -> Settings:
    """Return the settings with the protected environments of all configurations."""
    names = [
        name
        for each in nested
        for item in each.provenance
        if item.key == "protected-environments" and item.origin == each.config_file
        for name in each.protected_environments
    ]
    protected = dict.fromkeys((*settings.protected_environments, *names))
    return replace(settings, protected_environments=tuple(protected))


def _below(directory: str, target: Target) -> Target:
    """Return a target with the paths of a configuration in `directory` relative to the root."""
    if not directory:
        return target
    outputs = (
        replace(output, path=posixpath.join(directory, output.path)) for output in target.outputs
    )
    schema = target.schema and posixpath.join(directory, target.schema)
    return replace(target, project=directory, schema=schema, outputs=tuple(outputs))


def _read_config(
    files: ProjectFiles, directory: str, option: Path | None
) -> tuple[str | None, _Table]:
    if option is not None:
        return _read_named_config(files, option)
    own, shared_file = (
        posixpath.join(directory, name) for name in (CONFIG_FILE, SHARED_CONFIG_FILE)
    )
    text = files.read_text(own)
    shared = _read_shared_table(files, shared_file)
    if text is None:
        return (None, {}) if shared is None else (shared_file, shared)
    if shared is not None:
        raise ConfigError(
            f"both {own} and [{_SHARED_TABLE}] in {shared_file} exist", hint="keep one of them"
        )
    return own, _parse(own, text)


def _read_named_config(files: ProjectFiles, option: Path) -> tuple[str, _Table]:
    path = os.path.relpath(os.path.abspath(option), files.root).replace(os.sep, "/")  # noqa: PTH100 (links are refused when it is read)
    if path.split("/")[0] == "..":
        raise UsageError(f"--config: {quote(str(option))} is not below the root {files.root}")
    text = files.read_text(path)
    if text is None:
        raise UsageError(f"--config: {quote(str(option))} does not exist")
    if posixpath.basename(path) == SHARED_CONFIG_FILE:
        return path, _read_shared_table(files, path) or {}
    return path, _parse(path, text)


def _read_shared_table(files: ProjectFiles, path: str = SHARED_CONFIG_FILE) -> _Table | None:
    text = files.read_text(path)
    # Skip parsing if the file does not mention this project, as most do not.
    if text is None or "amplify-modelgen" not in text:
        return None
    tool = _parse(path, text).get("tool", {})
    table = tool.get("amplify-modelgen") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{path}: {_SHARED_TABLE}: expected a table")
    return table


@lru_cache(maxsize=2)  # The search for the root and the settings need the same document.
def _parse(file: str, text: str) -> _Table:
    import tomli

    try:
        return tomli.loads(text)
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "nested too deeply"
        raise ConfigError(f"{file} is not TOML: {reason[:1].lower()}{reason[1:]}") from error


def _strings(values: list[Name] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(map(str, values))


def _choose(
    key: str, flag: str | None, environ: Mapping[str, str], configured: Name | None, file: str
) -> tuple[str | None, str]:
    """Return the value of a setting, None for the default, and its origin."""
    variable = VARIABLES[key]
    if flag is not None:
        return _check_usage(f"--{key}", check_name, flag), f"--{key}"
    if environ.get(variable):
        return _check_usage(variable, check_name, environ[variable]), variable
    return (None if configured is None else str(configured)), file


def _choose_timeout(
    flag: float | None, environ: Mapping[str, str], configured: Seconds | None, file: str
) -> tuple[float | None, str]:
    variable = VARIABLES["timeout"]
    if flag is not None:
        return _check_usage("--timeout", check_timeout, flag), "--timeout"
    if environ.get(variable):
        return _check_usage(variable, _parse_seconds, environ[variable]), variable
    return (None if configured is None else float(configured)), file


def _parse_seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"expected a number of seconds, found {quote(text)}") from None
    return check_timeout(value)


def _check_usage(origin: str, check: Callable[[Any], _T], value: object) -> _T:
    try:
        return check(value)
    except ValueError as error:
        raise UsageError(f"{origin}: {error}") from error


def _provenance(key: str, value: object, origin: str, defaults: Settings) -> Provenance:
    if value is None:
        default = getattr(defaults, key.replace("-", "_"))
        return Provenance(key=key, value=_format(default), origin="default")
    return Provenance(key=key, value=_format(value), origin=origin)


def _format(value: object) -> str:
    """Return a value as people write it, None as an empty string."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(_format, value))
    return str(value)


def _target(table: TargetTable, values: _Table, file: str, path: str) -> Target:
    """Return a configured target, without a name; what the table leaves out is empty."""
    if table.schema is not None and table.source is not None:
        raise ConfigError(
            f"{file}: {path}: both schema and source are set", hint="keep one of them"
        )
    schema = table.schema or table.source
    outputs = _outputs(table.outputs, file, f"{path}.outputs")
    return Target(
        app_id=str(table.app_id or ""),
        environment=str(table.environment or ""),
        resource=str(table.resource),
        region=None if table.region is None else str(table.region),
        profile=None if table.profile is None else str(table.profile),
        schema=None if schema is None else str(schema),
        outputs=outputs,
        push_schema=table.push_schema,
        flags=_flags(table.flags, file, f"{path}.flags"),
        provenance=_target_provenance(values, outputs, file),
    )


def _target_provenance(
    values: _Table, outputs: tuple[Output, ...], file: str
) -> tuple[Provenance, ...]:
    given = {key: values[key] for key in TARGET_KEYS if key in values}
    given["outputs"] = ", ".join(output.path for output in outputs)
    flags = {f"flags.{key}": value for key, value in given.pop("flags", {}).items()}
    return tuple(
        Provenance(key=key, value=_format(value), origin=file)
        for key, value in {**given, **flags}.items()
        if value != ""
    )


def _flags(table: _Table, file: str, path: str) -> FeatureFlags:
    given = validate_document(table, FlagsTable, file=file, path=path)
    flags = FeatureFlags(**asdict(given))
    if flags.transformer_version not in (1, 2):
        expected = f"expected 1 or 2, found {quote(flags.transformer_version)}"
        raise ConfigError(f"{file}: {path}.transformer-version: {expected}")
    return flags


def _outputs(tables: list[_Table] | None, file: str, path: str) -> tuple[Output, ...]:
    if tables is not None and not tables:
        raise ConfigError(f"{file}: {path}: expected at least one output, found an empty list")
    return tuple(
        _output(table, file, f"{path}[{index}]") for index, table in enumerate(tables or ())
    )


def _output(table: _Table, file: str, path: str) -> Output:
    output = validate_document(table, OutputTable, file=file, path=path)
    return Output(
        emitter=str(output.emitter),
        path=str(output.path),
        options=tuple(
            (key, _option(table[key], file, f"{path}.{quote(key)[1:-1]}"))
            for key in sorted(table.keys() - set(OUTPUT_KEYS))
        ),
    )


def _option(value: object, file: str, path: str) -> object:
    if isinstance(value, list):
        return tuple(_option(each, file, f"{path}[{index}]") for index, each in enumerate(value))
    if isinstance(value, str | bool | int | float):
        return value
    expected = "expected a string, a number, a boolean or a list of these"
    raise ConfigError(f"{file}: {path}: {expected}")


def _keys(table: type[Struct]) -> dict[str, str]:
    names = zip(table.__struct_fields__, table.__struct_encode_fields__, strict=True)
    return dict(names)


TARGET_KEYS = tuple(_keys(TargetTable).values())
OUTPUT_KEYS = tuple(_keys(OutputTable).values())

FLAG_KEYS = _keys(FlagsTable)
"""The keys of `flags` by the field of `FeatureFlags`."""
