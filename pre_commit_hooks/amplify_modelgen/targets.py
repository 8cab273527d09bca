"""Targets of a run: match configured to discovered ones, name, validate and select them."""

from __future__ import annotations

import os
import posixpath
from collections import Counter, defaultdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from .config import CONFIG_FILE, FLAG_KEYS, SHARED_CONFIG_FILE
from .errors import ConfigError, UsageError
from .git import typed_path
from .input_validation import Name, Region, RelativePath, quote, suggest
from .records import Provenance
from .storage.lockfile import LOCKFILE
from .text import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from .records import FeatureFlags, Output, Settings, Target

# These belong to an environment.
_ENVIRONMENT_KEYS = ("app-id", "environment", "region")


def resolve_targets(
    settings: Settings,
    discovered: Sequence[Target],
    nested: Mapping[str, Settings] | None = None,
) -> tuple[Target, ...]:
    """Return the configured targets, then the discovered ones that none of them replaces.

    A configured target replaces the discovered one of the same schema, or of the same app,
    environment and resource, and takes from it the values that it leaves out. Each target gets a
    unique name. `nested` has the settings of directories with a configuration: a discovered target
    belongs to the nearest one above its project.

    Raises:
        ConfigError: a target is invalid, or two targets or outputs collide.
    """
    for target in discovered:
        _validate_target(target)
    all_settings = {"": settings, **(nested or {})}
    groups = defaultdict(list)
    for target in discovered:
        groups[nearest_directory(target.project, all_settings)].append(target)
    matched = [
        _match(each, groups[directory], discovered) for directory, each in all_settings.items()
    ]
    configured = [target for targets, _ in matched for target in targets]
    remaining = [target for _, targets in matched for target in targets]
    for each in all_settings.values():
        used = [item for item in [*configured, *remaining] if item.environment == each.environment]
        origins = [item.origin for item in each.provenance if item.key == "environment"]
        _check_environment(escape("".join(origins[:1])), each.environment, used)
    targets = _with_names([*configured, *remaining])
    _validate_together(targets, {each.config_file for each in all_settings.values()})
    return targets


def nearest_directory(path: str, directories: Collection[str]) -> str:
    """Return the nearest of the directories that is `path` or above it; the root is empty."""
    while path and path not in directories:
        path = posixpath.dirname(path)
    return path


def _match(
    settings: Settings, discovered: Sequence[Target], everywhere: Sequence[Target]
) -> tuple[list[Target], list[Target]]:
    """Return the configured targets, and the discovered ones that none of them replaces.

    `discovered` are those that the configuration applies to.
    """
    configured, replaced = [], set()
    for target in settings.targets:
        match = _find_discovered(target, discovered)
        origin = f"{_origin(target, 'environment')}: environment"
        _check_environment(origin, target.environment, _candidates(target, match, everywhere))
        if match is None:
            _check_unmatched(target, discovered, everywhere)
        configured.append(_fill_defaults(target, match, settings))
        replaced.add(id(match))
    remaining = [
        _with_default_outputs(target, settings)
        for target in discovered
        if id(target) not in replaced
    ]
    return configured, remaining


def _with_default_outputs(target: Target, settings: Settings) -> Target:
    if not settings.default_outputs:
        return target
    outputs = tuple(
        replace(output, path=posixpath.join(target.project, output.path))
        for output in settings.default_outputs
    )
    origin = Provenance(
        key="outputs",
        value=", ".join(output.path for output in outputs),
        origin=f"[defaults] in {settings.config_file}",
    )
    others = (item for item in target.provenance if item.key != "outputs")
    return replace(target, outputs=outputs, provenance=(*others, origin))


def _find_discovered(configured: Target, discovered: Sequence[Target]) -> Target | None:
    """Return the discovered target that a configured one replaces, if any.

    That is the one of the same schema, else the one of the same app, environment and resource. A
    value that the configuration leaves out matches any.
    """
    schema = configured.schema
    matching = [target for target in discovered if schema is not None and target.schema == schema]
    matching = matching or [target for target in discovered if _is_match(configured, target)]
    if len(matching) > 1:
        choices = ", ".join(escape(target.schema or _target_id(target)) for target in matching)
        raise ConfigError(
            f"target {_target_id(configured)} matches several discovered targets: {choices}",
            hint="set 'schema' of the target to disambiguate",
        )
    return matching[0] if matching else None


def _is_match(configured: Target, discovered: Target) -> bool:
    if configured.schema is not None and not configured.app_id:
        return False  # A target with its own schema must name the app.
    if configured.resource != discovered.resource:
        return False
    known = {discovered.environment, *discovered.environments} - {""}
    is_same_app = not discovered.app_id or configured.app_id in ("", discovered.app_id)
    return is_same_app and (not known or configured.environment in ("", *known))


def _check_unmatched(
    configured: Target, discovered: Sequence[Target], everywhere: Sequence[Target]
) -> None:
    """Check a target that replaces none of the discovered ones that its configuration applies to.

    Raises:
        ConfigError: it has no outputs, or its resource is probably misspelled, or that of another
            configuration.
    """
    value, known = configured.resource, {target.resource: target for target in everywhere}
    is_known = configured.schema is not None or configured.app_id
    if not is_known and all(target.resource != value for target in discovered):
        from difflib import get_close_matches

        for name in get_close_matches(value, sorted(known), n=1):
            schema = known[name].schema
            raise ConfigError(
                f"{_origin(configured, 'resource')}: resource: no API that this configuration "
                f"applies to is called {quote(value)}",
                hint=f"did you mean '{name}'{f' ({escape(schema)})' if schema else ''}? If not, "
                "set 'schema' or 'app-id' of the target",
            )
    if not configured.outputs:
        raise ConfigError(
            f"target {_target_id(configured)} has no outputs",
            hint='add outputs = [{ emitter = "introspection", path = "..." }] to it',
        )


def _candidates(configured: Target, match: Target | None, found: Iterable[Target]) -> list[Target]:
    """Return the discovered targets whose environments a configured one has to choose from."""
    same = [target for target in found if target.resource == configured.resource]
    found = [match] if match else same if configured.schema is None else []
    return [target for target in found if configured.app_id in ("", target.app_id)]


def _check_environment(origin: str, name: str | None, targets: Sequence[Target]) -> None:
    """Raise if the environments of all the targets are known, and none is called `name`."""
    known = {other for target in targets for other in target.environments}
    if name and known and name not in known and all(target.environments for target in targets):
        hint = suggest(name, known, "environments")
        raise ConfigError(f"{origin}: no environment is called {quote(name)}", hint=hint)


def _fill_defaults(target: Target, match: Target | None, settings: Settings) -> Target:
    """Return a configured target with the values of the run and of the target that it replaces."""
    if not target.environment and settings.environment is not None:
        origins = (item for item in settings.provenance if item.key == "environment")
        provenance = (*target.provenance, *origins)
        target = replace(target, environment=settings.environment, provenance=provenance)
    if match is None:
        return target
    match = _with_default_outputs(match, settings)
    given = {item.key for item in target.provenance}
    is_same = target.environment in ("", match.environment)
    if not is_same:
        given.update(_ENVIRONMENT_KEYS)
    flags = {
        name: getattr(target.flags, name)
        for name, key in FLAG_KEYS.items()
        if f"flags.{key}" in given
    }
    inherited = (item for item in match.provenance if item.key not in given)
    return replace(
        target,
        app_id=target.app_id or (match.app_id if is_same else ""),
        environment=target.environment or match.environment,
        project=match.project,
        region=target.region or (match.region if is_same else None),
        schema=target.schema or match.schema,
        outputs=target.outputs or match.outputs,
        flags=replace(match.flags, **flags),
        auth_providers=match.auth_providers,
        environments=match.environments,
        provenance=(*target.provenance, *inherited),
    )


def _target_id(target: Target, prefix: str = "") -> str:
    """Return `prefix/resource@environment`, without the parts that are empty."""
    before = f"{prefix}/" if prefix else ""
    after = f"@{target.environment}" if target.environment else ""
    return f"{before}{target.resource}{after}"


def _with_names(targets: Sequence[Target]) -> tuple[Target, ...]:
    """Return the targets with names, each with the shortest prefix that makes it unique."""
    prefixes: tuple[Callable[[Target], str], ...] = (
        lambda target: target.app_id,
        lambda target: target.project,
        lambda target: posixpath.dirname(target.schema or ""),
        lambda target: target.schema or "",
    )
    names = [_target_id(target) for target in targets]
    for prefix in prefixes:
        counts = Counter(names)
        names = [
            _target_id(target, prefix(target)) if counts[name] > 1 else name
            for target, name in zip(targets, names, strict=True)
        ]
    for name, count in Counter(names).items():
        if count > 1:
            raise ConfigError(
                f"duplicate target {escape(name)}",
                hint="give one of them another app-id, environment, resource or schema",
            )
    return tuple(replace(target, name=name) for target, name in zip(targets, names, strict=True))


def _validate_target(target: Target) -> None:
    """Validate a discovered target as the configuration is validated.

    Raises:
        ConfigError: a name or a path is invalid; the message says where it came from.
    """
    outputs = (*target.outputs, *target.candidates)
    values: list[tuple[str, str | None, Callable[[str], str]]] = [
        ("resource", target.resource, Name),
        ("app-id", target.app_id or None, Name),
        ("environment", target.environment or None, Name),
        *(("environments", name, Name) for name in target.environments),
        ("region", target.region, Region),
        ("profile", target.profile, Name),
        ("project", target.project or None, RelativePath),
        ("schema", target.schema, RelativePath),
        *(("outputs", output.emitter, Name) for output in outputs),
        *(("outputs", output.path, RelativePath) for output in outputs),
    ]
    for key, value, check in values:
        if value is not None:
            _validate_value(target, key, value, check)


def _validate_value(target: Target, key: str, value: str, check: Callable[[str], str]) -> None:
    try:
        normalized = check(value)
    except ValueError as error:
        raise ConfigError(f"{_origin(target, key)}: {key}: {error}") from error
    if normalized != value:
        expected = f"expected '{escape(normalized)}', found {quote(value)}"
        raise ConfigError(f"{_origin(target, key)}: {key}: {expected}")


def _origin(target: Target, key: str) -> str:
    origins = [item.origin for item in target.provenance if item.key == key]
    return escape(origins[0]) if origins else f"target {quote(_target_id(target))}"


def _validate_together(targets: Sequence[Target], config_files: Iterable[str | None]) -> None:
    """Validate what involves several targets, or files that a run depends on.

    Raises:
        ConfigError: two outputs have the same path, or an output would overwrite a schema, a
            configuration or the lock file.
    """
    reserved = {
        LOCKFILE: "the lock file",
        CONFIG_FILE: "the configuration",
        SHARED_CONFIG_FILE: "the configuration",
        **{_normalize(file): "the configuration" for file in config_files if file},
        **{
            _normalize(each.schema): f"the schema of {each.name}" for each in targets if each.schema
        },
    }
    for target in targets:
        for output in target.outputs:
            _reserve(reserved, target, output)


def _reserve(reserved: dict[str, str], target: Target, output: Output) -> None:
    # Emitters that write a directory may share it; a path with a suffix is a file.
    path = _normalize(output.path)
    is_file = "." in path.rsplit("/", 1)[-1].strip(".")
    key = path if is_file else f"{output.emitter}: {path}"
    owner = reserved.get(path) or reserved.get(key)
    if owner is not None:
        raise ConfigError(
            f"target {target.name} would overwrite {owner} ({output.path})",
            hint="set another path for the output",
        )
    reserved[key] = f"an output of {target.name}"


def _normalize(path: str) -> str:
    # Case- and normalization-insensitive file systems treat these paths as equal.
    if path.isascii():
        return path.casefold()
    from unicodedata import normalize

    return normalize("NFC", path).casefold()


def select_targets(
    settings: Settings,
    targets: Sequence[Target],
    names: Sequence[str],
    paths: Sequence[str],
    cwd: Path,
) -> tuple[Target, ...]:
    """Return the targets with one of the names whose schema one of the paths belongs to.

    No names select all targets, and so do no paths. A path belongs to a schema if it is that
    file, a directory above it, or below it; it is absolute or relative to `cwd`. A deleted file
    counts like any other if it belongs to a schema.

    Raises:
        UsageError: a name is unknown, or a path neither exists nor belongs to a schema.
    """
    known = {target.name for target in targets}
    for name in names:
        if name not in known:
            hint = suggest(name, known, "targets")
            raise UsageError(f"unknown target {quote(name)}", hint=hint)
    wanted = set(names) or known
    selected = tuple(target for target in targets if target.name in wanted)
    if paths:
        index = SchemaOwners(settings.root, targets)
        touched = {target.name for path in paths for target in index.find_typed(path, cwd)}
        selected = tuple(target for target in selected if target.name in touched)
    return selected


class SchemaOwners:
    """Finds the targets that an absolute path belongs to, whose parent has no links.

    A path belongs to a schema if it is that file, a directory above it, or below it.
    """

    def __init__(self, root: Path, targets: Iterable[Target]) -> None:
        self._at: defaultdict[Path, list[Target]] = defaultdict(list)
        self._below: defaultdict[Path, list[Target]] = defaultdict(list)
        self._projects: defaultdict[Path, list[Target]] = defaultdict(list)
        for target in targets:
            if target.schema is not None:
                schema = resolve_parent(root / target.schema)
                self._at[schema].append(target)
                self._projects[root / target.project].append(target)
                for parent in schema.parents:
                    self._below[parent].append(target)

    def find(self, path: Path) -> list[Target]:
        """Return the targets of a path."""
        above = (self._at.get(each, ()) for each in (path, *path.parents))
        return [*self._below.get(path, ()), *chain.from_iterable(above)]

    def find_typed(self, argument: str, cwd: Path) -> list[Target]:
        """Return the targets of a path that was typed in `cwd`.

        Raises:
            UsageError: it is empty, or neither exists nor belongs to a schema.
        """
        if not argument:
            raise UsageError("empty FILE argument", hint="omit FILE to select all targets")
        path = resolve_parent(cwd / argument)
        found = self.find(path)
        if not found and not os.path.lexists(path):
            schemas = [typed_path(cwd, str(schema)) for schema in self._at]
            hint = suggest(argument, schemas, "schemas")
            raise UsageError(f"file {quote(argument)} does not exist", hint=hint)
        return found

    def find_flags(self, path: Path) -> FeatureFlags | None:
        """Return the feature flags for the schema at a path; None if they differ.

        A schema that no target has, such as a draft, belongs to the project that it is below.
        """
        around = (path, *path.parents)
        project = next((self._projects[each] for each in around if each in self._projects), ())
        flags = {target.flags for target in self.find(path) or project}
        return flags.pop() if len(flags) == 1 else None


def resolve_parent(path: Path) -> Path:
    """Resolve the links on the way to a path, which may not exist, or be a link itself."""
    return Path(os.path.realpath(path.parent)) / path.name
