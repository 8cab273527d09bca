"""Settings of a run: find the root, read the configuration, apply variables and flags.

A flag wins over an environment variable, a variable over the file, the file over the default.
"""

from __future__ import annotations

import logging
import os
import posixpath
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import replace

from .errors import ConfigError, UsageError
from .input_validation import (
    JSON_SCHEMAS,
    Name,
    Region,
    RelativePath,
    Seconds,
    quote,
    validate_document,
)
from .records import FeatureFlags, Output, Provenance, Settings, Target
from .storage.project_files import ProjectFiles
from .text import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_Table = dict[str, Any]

CONFIG_FILE = "amplify-modelgen.toml"
SHARED_CONFIG_FILE = "pyproject.toml"
_logger = logging.getLogger(__name__)
_RUN_SETTINGS = ("backend", "timeout", "accepted-changes", "ignored-rules")

VARIABLES = {
    "backend": "AMPLIFY_MODELGEN_BACKEND",
    "environment": "AMPLIFY_MODELGEN_ENVIRONMENT",
    "timeout": "AMPLIFY_MODELGEN_TIMEOUT",
}
"""The environment variable of each setting that has one."""


def _about(text: str) -> Meta:
    return Meta(description=text)


class OutputTable(Struct, frozen=True, kw_only=True):
    """An emitter, the path of its files, and its options."""

    emitter: Name
    path: RelativePath


_Option: Any = str | bool | int | float | tuple[str | bool | int | float, ...]
_Outputs = Annotated[tuple[OutputTable, ...], Meta(min_length=1)] | None
_Names = tuple[str, ...] | None


class TargetTable(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """An API, its environment, its schema and its outputs."""

    app_id: Annotated[Name | None, _about("The id of the Amplify app.")] = None
    environment: Annotated[Name | None, _about("The environment of the backend.")] = None
    resource: Annotated[Name, _about("The name of the API in the backend.")]
    region: Annotated[Region | None, _about("The AWS region of the app.")] = None
    profile: Annotated[Name | None, _about("The AWS profile to use.")] = None
    schema: Annotated[RelativePath | None, _about("A file, or a directory of schemas.")] = None
    source: Annotated[RelativePath | None, _about("amplify_outputs.json of Amplify Gen 2.")] = None
    outputs: Annotated[_Outputs, _about("The emitters, each with the path of its files.")] = None
    push_schema: Annotated[bool, _about("Deploy the schema before AWS generates models.")] = False
    flags: Annotated[FeatureFlags, _about("Feature flags, instead of cli.json.")] = FeatureFlags()

    def __post_init__(self) -> None:
        """Check what the types do not say; msgspec adds the place to the message."""
        if self.schema is not None and self.source is not None:
            raise ValueError("expected schema or source, found both")
        version = self.flags.transformer_version
        if version not in (1, 2):
            raise ValueError(f"flags.transformer-version: expected 1 or 2, found {quote(version)}")


class IgnoreTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a command ignores."""

    ignore: _Names = None


class DefaultsTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What applies to all discovered targets."""

    outputs: _Outputs = None


class ConfigTable(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """The configuration of amplify-modelgen."""

    backend: Annotated[Name | None, _about("local (default), aws, or a plugin's backend.")] = None
    environment: Annotated[Name | None, _about("That of targets that set none.")] = None
    timeout: Annotated[Seconds | None, _about("How long to wait for a job, in seconds.")] = None
    protected_environments: Annotated[_Names, _about("No schema is ever pushed to these.")] = None
    diff: Annotated[IgnoreTable, _about("ignore: changes as RULE:SUBJECT.")] = IgnoreTable()
    lint: Annotated[IgnoreTable, _about("ignore: ids of the linter's rules.")] = IgnoreTable()
    defaults: Annotated[DefaultsTable, _about("For all discovered targets.")] = DefaultsTable()
    target: Annotated[tuple[TargetTable, ...], _about("APIs, if they are not discovered.")] = ()


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
        names = (CONFIG_FILE, SHARED_CONFIG_FILE, ".git")
        marks = [name for name in names if os.path.lexists(directory / name)]
        if marks:
            # The table is read through the object that is returned, so that it is opened once.
            files = ProjectFiles(directory)
            for mark in marks:
                if mark != SHARED_CONFIG_FILE or _read_table(files, mark) is not None:
                    return files, mark
            files.close()
    return ProjectFiles(start), "working directory"


def load_settings(
    files: ProjectFiles,
    origin: str,
    options: Mapping[str, Any],
    environ: Mapping[str, str],
    directory: str = "",
) -> Settings:
    """Return the settings of a run; `provenance` says where each value came from.

    `files` and `origin` are what `open_project` returned. `options` are those of the command line:
    `config`, the path of the only configuration to read, and the settings of `VARIABLES`. None or
    an empty variable counts as absent. The configuration is the one in `directory`, and its paths
    are relative to that.

    Raises:
        ConfigError: the configuration file is wrong; the message names file and key.
        UsageError: a flag or a variable is wrong.
    """
    config_file, values = _read_config(files, directory, options.get("config"))
    file = config_file or ""
    table = validate_document(values, ConfigTable, file=file)
    chosen: dict[str, tuple[Any, str]] = {
        "root": (files.root, origin),
        **{key: _choose(key, options, environ, table, file) for key in VARIABLES},
        "protected-environments": (table.protected_environments, file),
        "accepted-changes": (table.diff.ignore, file),
        "ignored-rules": (table.lint.ignore, file),
    }
    given = {key: value for key, (value, _) in chosen.items() if value is not None}
    defaults = values.get("defaults", {})
    settings = Settings(
        config_file=config_file,
        targets=tuple(
            _target(each, values["target"][index], directory, file, f"target[{index}]")
            for index, each in enumerate(table.target)
        ),
        default_outputs=_outputs(table.defaults, defaults, "", file, "defaults"),
        **{key.replace("-", "_"): value for key, value in given.items()},
    )
    shown = {key: _format(getattr(settings, key.replace("-", "_"))) for key in chosen}
    provenance = (
        Provenance(key=key, value=shown[key], origin=origin if key in given else "default")
        for key, (_, origin) in chosen.items()
    )
    return replace(settings, provenance=tuple(provenance))


def load_nested_settings(files: ProjectFiles, settings: Settings) -> dict[str, Settings]:
    """Return the settings of the directories below the root that have a configuration.

    Only directories that have been listed count: those that the search for projects visits. The
    environment of the command line or of a variable wins over that of a nested configuration.

    Raises:
        ConfigError: a configuration is wrong.
    """
    is_given = _origins(settings)["environment"] in ("--environment", VARIABLES["environment"])
    options = {"environment": settings.environment} if is_given else {}
    listed = {*files.find_listed(CONFIG_FILE), *files.find_listed(SHARED_CONFIG_FILE)} - {""}
    found = {
        directory: load_settings(files, "nested", options, {}, directory)
        for directory in sorted(listed)
    }
    nested = {directory: own for directory, own in found.items() if own.config_file is not None}
    for own in nested.values():
        ignored = [key for key in _RUN_SETTINGS if _origins(own)[key] == own.config_file]
        for key in ignored:
            message = "%s: %s is ignored: it is a setting of the whole run"
            _logger.warning(message, escape(own.config_file or ""), key)
    return nested


def _origins(settings: Settings) -> dict[str, str]:
    return {item.key: item.origin for item in settings.provenance}


def with_protected_environments(settings: Settings, nested: Iterable[Settings]) -> Settings:
    """Return the settings with the protected environments of all configurations."""
    names = dict.fromkeys(settings.protected_environments)
    for each in nested:
        if _origins(each)["protected-environments"] == each.config_file:
            names |= dict.fromkeys(each.protected_environments)
    return replace(settings, protected_environments=tuple(names))


def _read_config(
    files: ProjectFiles, directory: str, option: Path | None
) -> tuple[str | None, _Table]:
    """Return the path of the configuration below the root, None without one, and its content."""
    if option is not None:
        path = os.path.relpath(os.path.abspath(option), files.root).replace(os.sep, "/")  # noqa: PTH100 (links are refused when it is read)
        if path.split("/")[0] == "..":
            raise UsageError(f"--config: {quote(str(option))} is not below the root {files.root}")
        table = _read_table(files, path)
        if table is None:
            raise UsageError(f"--config: {quote(str(option))} does not exist, or has no table")
        return path, table
    paths = [posixpath.join(directory, name) for name in (CONFIG_FILE, SHARED_CONFIG_FILE)]
    tables = [(path, _read_table(files, path)) for path in paths]
    found = [(path, table) for path, table in tables if table is not None]
    if len(found) > 1:
        raise ConfigError(
            f"both {paths[0]} and a table in {paths[1]} exist", hint="keep one of them"
        )
    return found[0] if found else (None, {})


def _read_table(files: ProjectFiles, path: str) -> _Table | None:
    """Return the configuration in a file, or None."""
    text = files.read_text(path)
    if text is None or posixpath.basename(path) != SHARED_CONFIG_FILE:
        return None if text is None else _parse(path, text)
    # Skip parsing if the file does not mention this project, as most do not.
    tool = _parse(path, text).get("tool") if "amplify-modelgen" in text else None
    table = tool.get("amplify-modelgen") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{path}: tool.amplify-modelgen: expected a table")
    return table


@lru_cache(maxsize=2)  # The search for the root and the settings need the same document.
def _parse(file: str, text: str) -> _Table:
    import tomli

    try:
        return tomli.loads(text)
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "nested too deeply"
        raise ConfigError(f"{file} is not TOML: {reason[:1].lower()}{reason[1:]}") from error


def _choose(
    key: str, options: Mapping[str, Any], environ: Mapping[str, str], table: ConfigTable, file: str
) -> tuple[str | float | None, str]:
    """Return the value of a setting, None for the default, and its origin."""
    kind, plain = (Seconds, float) if key == "timeout" else (Name, str)
    flag, variable = options.get(key), VARIABLES[key]
    if flag is None and not environ.get(variable):
        configured = getattr(table, key)
        return configured and plain(configured), file
    given, origin = (environ[variable], variable) if flag is None else (flag, f"--{key}")
    try:
        return plain(kind(given)), origin
    except ValueError as error:
        raise UsageError(f"{origin}: {error}") from error


def _format(value: object) -> str:
    """Return a value as people write it, None as an empty string."""
    if isinstance(value, list | tuple):
        return ", ".join(map(_format, value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)


def _target(table: TargetTable, values: _Table, directory: str, file: str, path: str) -> Target:
    """Return a configured target, without a name; what the table leaves out is empty.

    The paths of a configuration in `directory` are relative to that.
    """
    schema = table.schema or table.source
    flags = {f"flags.{key}": value for key, value in values.get("flags", {}).items()}
    shown = {key: values[key] for key in TargetTable.__struct_encode_fields__ if key in values}
    shown |= {"outputs": [output.path for output in table.outputs or ()], **flags}
    return Target(
        app_id=str(table.app_id or ""),
        environment=str(table.environment or ""),
        resource=str(table.resource),
        project=directory,
        region=table.region and str(table.region),
        profile=table.profile and str(table.profile),
        schema=schema and posixpath.join(directory, str(schema)),
        outputs=_outputs(table, values, directory, file, path),
        push_schema=table.push_schema,
        flags=table.flags,
        provenance=tuple(
            Provenance(key=key, value=_format(value), origin=file)
            for key, value in shown.items()
            if key != "flags" and value not in ("", [])
        ),
    )


def _outputs(
    table: TargetTable | DefaultsTable, values: _Table, directory: str, file: str, path: str
) -> tuple[Output, ...]:
    """Return the outputs of a table; what is in `values` only are options of the emitter."""
    return tuple(
        Output(
            emitter=str(output.emitter),
            path=posixpath.join(directory, str(output.path)),
            options=_options(values["outputs"][index], file, f"{path}.outputs[{index}]"),
        )
        for index, output in enumerate(table.outputs or ())
    )


def _options(values: _Table, file: str, path: str) -> tuple[tuple[str, object], ...]:
    return tuple(
        (key, validate_document(value, _Option, file=file, path=f"{path}.{quote(key)[1:-1]}"))
        for key, value in sorted(values.items())
        if key not in OutputTable.__struct_encode_fields__
    )


FLAG_KEYS = dict(
    zip(FeatureFlags.__struct_fields__, FeatureFlags.__struct_encode_fields__, strict=True)
)
"""The keys of `flags` by the field of `FeatureFlags`."""


def render_schema() -> str:
    """Return the JSON schema of the configuration, for editors."""
    import json

    import msgspec

    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "amplify-modelgen",
        **msgspec.json.schema(ConfigTable, schema_hook=lambda kind: JSON_SCHEMAS[kind]),
    }
    return json.dumps(schema, indent=2)
