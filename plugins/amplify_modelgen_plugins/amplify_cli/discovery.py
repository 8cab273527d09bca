"""Find the projects of Amplify CLI below the root, and their GraphQL APIs.

Each GraphQL API in `backend/api/` of an `amplify/` directory is a target. Its models go where
Amplify CLI puts the models of the project's front end (see `MODEL_DIRECTORIES`).
"""

from __future__ import annotations

import posixpath
from collections import deque
from contextlib import suppress
from math import inf
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from amplify_modelgen.plugin import (
    ConfigError,
    Output,
    Provenance,
    Target,
    escape,
    hookimpl,
    ignored_directories,
    validate_document,
)

from .feature_flags import read_data_store, read_flags
from .json_files import read_json, read_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amplify_modelgen.plugin import DirectoryEntry, ProjectFiles, Settings

SKIPPED_DIRECTORIES = frozenset(
    (
        "Pods",
        "__pycache__",
        "bower_components",
        "build",
        "dist",
        "env",
        "node_modules",
        "site-packages",
        "vendor",
        "venv",
    )
)
"""Directories of dependencies or build results. They are skipped, as hidden ones are."""

MODEL_DIRECTORIES = {
    "javascript": ("SourceDir", "src", "models"),
    "android": (
        "ResDir",
        "app/src/main/res",
        "../java/com/amplifyframework/datastore/generated/model",
    ),
    "ios": ("", "amplify/generated/models", ""),
    "flutter": ("", "lib/models", ""),
}
"""Where `amplify codegen models` writes, relative to the directory that contains `amplify/`.

The directory that the project names under `<frontend>.config.<key>`, its default, and the path
below it. Seen in many public projects (src/models/schema.js, lib/models/ModelProvider.dart,
amplify/generated/models/AmplifyModels.swift, .../generated/model/AmplifyModelProvider.java).
`amplify codegen model-introspection` has no default directory; it requires `--output-dir`.
"""

MAX_DIRECTORIES = 10_000
"""How many directories are searched if the root is only the working directory."""

_CONFIG_DIRECTORY = ".config"
_CONFIG_NAME = "project-config.json"
_LOCAL_FILE = ".config/local-env-info.json"
_TEAM_FILE = "team-provider-info.json"
_BACKEND_FILE = "backend/backend-config.json"
_API = "backend/api"
_OUTPUT_NAME = "model-introspection.json"
_MAX_NAME_LENGTH = 255


class _FrontEndSettings(Struct, frozen=True, rename="pascal"):
    source_dir: str | None = None
    res_dir: str | None = None


class _FrontEnd(Struct, frozen=True):
    config: _FrontEndSettings | None = None


class _ProjectConfig(Struct, frozen=True):
    frontend: str | None = None
    javascript: _FrontEnd | None = None
    android: _FrontEnd | None = None


class _LocalInfo(Struct, frozen=True, rename="camel"):
    env_name: str | None = None


class _Provider(Struct, frozen=True, rename="pascal"):
    amplify_app_id: str | None = None
    region: str | None = None


class _TeamEnvironment(Struct, frozen=True):
    awscloudformation: _Provider | None = None


class _BackendConfig(Struct, frozen=True):
    api: dict[str, Any] | None = None


class _Resource(Struct, frozen=True):
    service: str | None = None


@hookimpl
def modelgen_targets(settings: Settings, files: ProjectFiles) -> list[Target]:
    """Return a target for each GraphQL API of each Amplify project below the root.

    Raises:
        ConfigError: a project file is invalid, or there are too many directories below a working
            directory that nothing marks as a root.
    """
    origins = [each.origin for each in settings.provenance if each.key == "root"]
    limit = MAX_DIRECTORIES if origins == ["working directory"] else inf
    projects = find_projects(files, limit)
    return [target for amplify in projects for target in _project_targets(settings, files, amplify)]


def find_projects(files: ProjectFiles, limit: float = inf) -> list[str]:
    """Return the paths of the `amplify/` directories of projects, sorted.

    Hidden directories, those of dependencies, links, other git repositories and what git ignores
    are skipped. Git is called only if there is a project at all.

    Raises:
        ConfigError: git fails in its own checkout, an `amplify/` directory cannot be read, or
            there are more than `limit` directories.
    """
    walk = _Walk(files)
    count = 0
    while walk.pending:
        count += 1
        if count > limit:
            raise ConfigError(
                f"more than {limit:,} directories below {escape(str(files.root))}, "
                "which is neither configured nor a git repository",
                hint="run the command in the project's directory, or pass it as --root DIR; "
                "an amplify-modelgen.toml marks a root, too",
            )
        walk.visit(walk.pending.popleft())
    walk.record_ignore_files()
    return sorted(path for path in walk.projects if _has_plain_name(path))


class _Walk:
    """A breadth-first walk, so that the first project is found before most other directories."""

    def __init__(self, files: ProjectFiles) -> None:
        self.pending = deque([""])
        self.projects: list[str] = []
        self._files = files
        self._ignored: frozenset[str] | None = None
        self._ignore_files: set[str] = set()

    def visit(self, directory: str) -> None:
        """List a directory; add its projects and its subdirectories."""
        entries = self._list(directory)
        names = {entry.name for entry in entries}
        if directory and ".git" in names:
            self._check_repository(directory, entries)
            return
        if ".gitignore" in names:
            self._ignore_files.add(posixpath.join(directory, ".gitignore"))
        for entry in entries:
            path = posixpath.join(directory, entry.name)
            if entry.kind == "link" and entry.name == "amplify":
                self._warn_about_link(path)
            if entry.kind != "directory" or _is_skipped(entry.name) or self._is_ignored(path):
                continue
            if entry.name == "amplify" and _is_project(self._files, path):
                self._add_project(path)
            else:
                self.pending.append(path)

    def record_ignore_files(self) -> None:
        """Read the files that decide whether git ignores a project, so that they are inputs."""
        parents = {parent for path in self.projects for parent in PurePosixPath(path).parents}
        paths = {str(parent / ".gitignore") for parent in parents}
        for path in sorted(paths | self._ignore_files) if self._ignored is not None else ():
            with suppress(ConfigError):  # Git itself ignores a link, too.
                self._files.read_bytes(path)

    def _list(self, directory: str) -> Sequence[DirectoryEntry]:
        try:
            return self._files.list_directory(directory)
        except ConfigError as error:
            _skip(directory or ".", error.message)
            return ()

    def _add_project(self, path: str) -> None:
        if self._ignored is None:
            self._ignored = ignored_directories(self._files.root)
            self.pending = deque(each for each in self.pending if not self._is_below_ignored(each))
        if not self._is_below_ignored(path):
            self.projects.append(path)

    def _is_ignored(self, path: str) -> bool:
        return self._ignored is not None and f"{path}/" in self._ignored

    def _is_below_ignored(self, path: str) -> bool:
        return any(self._is_ignored(str(each)) for each in (path, *PurePosixPath(path).parents))

    def _check_repository(self, directory: str, entries: Iterable[DirectoryEntry]) -> None:
        is_candidate = any(each.name == "amplify" and each.kind == "directory" for each in entries)
        if is_candidate and _is_project(self._files, f"{directory}/amplify"):
            _note_repository(f"{directory}/amplify")

    def _warn_about_link(self, path: str) -> None:
        # A link within the root needs no warning: the directory that it leads to is found.
        root = self._files.root.resolve()
        if not (root / path).resolve().is_relative_to(root):
            _skip(path, f"it is a symbolic link to a directory outside {root}")


def _is_skipped(name: str) -> bool:
    return name.startswith(".") or name in SKIPPED_DIRECTORIES


def _is_project(files: ProjectFiles, amplify: str) -> bool:
    """Return whether a directory is a project of Amplify CLI, and not one of Amplify Gen 2."""
    kinds = {entry.name: entry.kind for entry in files.list_directory(amplify)}
    if ".git" in kinds:
        _note_repository(amplify)
        return False
    if kinds.get(_CONFIG_DIRECTORY) not in ("directory", "link"):
        return False
    # A file of another kind, or a link, is refused when it is read.
    return any(
        entry.name == _CONFIG_NAME and entry.kind != "directory"
        for entry in files.list_directory(f"{amplify}/{_CONFIG_DIRECTORY}")
    )


def _skip(path: str, reason: str) -> None:
    import logging

    logging.getLogger(__name__).warning("skipping %s: %s", escape(path), escape(reason))


def _note_repository(path: str) -> None:
    # Not a warning: a project in a submodule is nothing to fix.
    import logging

    reason = "it belongs to another git repository"
    logging.getLogger(__name__).info("skipping %s: %s", escape(path), reason)


def _has_plain_name(path: str) -> bool:
    """Return whether a path can be used in messages and in the lock file; else warn."""
    if "\\" in path or escape(path) != path:
        _skip(path, "its name has a control character or a backslash")
        return False
    return True


def has_resource_name(directory: str) -> bool:
    """Return whether the directory of an API has a name that a resource can have; else warn.

    The core would refuse such a resource, and with it all targets.
    """
    if not _has_plain_name(directory):
        return False
    name = PurePosixPath(directory).name
    is_valid = name.strip() == name and escape(name) == name and len(name) <= _MAX_NAME_LENGTH
    if not is_valid:
        _skip(
            directory,
            "its name has whitespace around it, looks like a command of a CI server, "
            f"or is longer than {_MAX_NAME_LENGTH} characters",
        )
    return is_valid


def _project_targets(settings: Settings, files: ProjectFiles, amplify: str) -> list[Target]:
    schemas = _find_schemas(files, amplify)
    if not schemas:
        return []
    config_file = f"{amplify}/{_CONFIG_DIRECTORY}/{_CONFIG_NAME}"
    config = read_json(files, config_file, _ProjectConfig)
    models = _models_directory(config, config_file, amplify)
    template = _environment_target(settings, files, amplify)
    # Amplify allows one GraphQL API per project; several get a directory each.
    directories = {each: posixpath.join(models, each) for each in schemas if len(schemas) > 1}
    return [
        _resource_target(
            _with_data_store(files, replace(template, resource=resource, schema=schema)),
            f"{amplify}/{_API}/{resource}/",
            posixpath.join(directories.get(resource, models), _OUTPUT_NAME),
            config_file,
        )
        for resource, schema in schemas.items()
    ]


def _resource_target(template: Target, directory: str, output: str, config_file: str) -> Target:
    values = (
        ("resource", template.resource, directory),
        ("schema", template.schema or "", directory),
        ("outputs", output, config_file),
    )
    return replace(
        template,
        outputs=(Output(emitter="introspection", path=output),),
        provenance=(*template.provenance, *_provenance(values)),
    )


def _with_data_store(files: ProjectFiles, target: Target) -> Target:
    is_enabled, origin = read_data_store(files, posixpath.dirname(target.schema or ""))
    flags = replace(target.flags, is_data_store_enabled=is_enabled)
    return replace(target, flags=flags, provenance=(*target.provenance, origin))


def _provenance(values: Iterable[tuple[str, str | None, str]]) -> tuple[Provenance, ...]:
    return tuple(Provenance(key=k, value=v, origin=origin) for k, v, origin in values if v)


def _find_schemas(files: ProjectFiles, amplify: str) -> dict[str, str]:
    """Return the schema of each GraphQL API of a project, by resource."""
    schemas = {}
    for entry in files.list_directory(f"{amplify}/{_API}"):
        directory = f"{amplify}/{_API}/{entry.name}"
        if entry.kind == "directory":
            name = _find_schema(files, amplify, entry.name)
            if name and has_resource_name(directory):
                schemas[entry.name] = f"{directory}/{name}"
    return schemas


def _find_schema(files: ProjectFiles, amplify: str, resource: str) -> str | None:
    # The file takes precedence over the directory, as in Amplify CLI. A REST API has neither.
    entries = files.list_directory(f"{amplify}/{_API}/{resource}")
    kinds = {entry.name: entry.kind for entry in entries}
    if "schema.graphql" in kinds:
        return "schema.graphql"
    if kinds.get("schema") in ("directory", "link"):
        return "schema"
    path = f"{amplify}/{_BACKEND_FILE}"
    value = (read_json(files, path, _BackendConfig).api or {}).get(resource) or {}
    backend = validate_document(value, _Resource, file=path, path=f"api.{escape(resource)}")
    return "schema.graphql" if backend.service == "AppSync" else None


def _environment_target(settings: Settings, files: ProjectFiles, amplify: str) -> Target:
    """Return a target with what all resources of a project share."""
    team_file = f"{amplify}/{_TEAM_FILE}"
    team = _read_team(files, team_file)
    environment, origin = _choose_environment(settings, files, amplify, team)
    # Without an environment, the values that all of them share are still known.
    providers = [team[environment]] if environment in team else list(team.values())
    app_id = _shared_value(each.amplify_app_id for each in providers)
    region = _shared_value(each.region for each in providers)
    environments = tuple(sorted(team))
    flags, flags_provenance = read_flags(files, amplify, environment)
    values = (
        ("app-id", app_id, team_file),
        ("region", region, team_file),
        ("environment", environment, origin),
        ("environments", ", ".join(environments), team_file),
    )
    return Target(
        app_id=app_id or "",
        environment=environment,
        resource="",
        project=posixpath.dirname(amplify),
        region=region,
        flags=flags,
        environments=environments,
        provenance=(*_provenance(values), *flags_provenance),
    )


def _read_team(files: ProjectFiles, path: str) -> dict[str, _Provider]:
    """Return what `team-provider-info.json` says of each environment."""
    team = {}
    for name, value in read_object(files, path).items():
        if not name:
            raise ConfigError(f'{path}: "": expected the name of an environment')
        # null means the same as an empty object.
        given = {} if value is None else value
        environment = validate_document(given, _TeamEnvironment, file=path, path=escape(name))
        team[name] = environment.awscloudformation or _Provider()
    return team


def _choose_environment(
    settings: Settings, files: ProjectFiles, amplify: str, team: Iterable[str]
) -> tuple[str, str]:
    """Return the environment, empty if it is ambiguous, and its origin."""
    local_file = f"{amplify}/{_LOCAL_FILE}"
    local = read_json(files, local_file, _LocalInfo)
    if settings.environment is not None:
        origins = [each.origin for each in settings.provenance if each.key == "environment"]
        return settings.environment, origins[0] if origins else "settings"
    if local.env_name:
        return local.env_name, local_file
    names = tuple(team)
    return (names[0], f"{amplify}/{_TEAM_FILE}") if len(names) == 1 else ("", "")


def _shared_value(values: Iterable[str | None]) -> str | None:
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None


def _models_directory(config: _ProjectConfig, config_file: str, amplify: str) -> str:
    front_end = config.frontend or ""
    if front_end not in MODEL_DIRECTORIES:
        expected = f"expected one of {', '.join(MODEL_DIRECTORIES)}"
        raise ConfigError(f"{config_file}: frontend: {expected}")
    key, default, below = MODEL_DIRECTORIES[front_end]
    section = getattr(config, front_end, None)
    front_end_settings = (section.config if section else None) or _FrontEndSettings()
    configured = {
        "SourceDir": front_end_settings.source_dir,
        "ResDir": front_end_settings.res_dir,
    }.get(key)
    # Amplify CLI joins this to the project's directory: a leading slash has no meaning, and on
    # Windows people write backslashes.
    directory = (configured or default).replace("\\", "/").lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(amplify), directory, below))
