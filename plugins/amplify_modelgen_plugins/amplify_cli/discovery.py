"""Find the projects of Amplify CLI below the root, and their GraphQL APIs.

Each GraphQL API in `backend/api/` of an `amplify/` directory is a target. Its outputs are what
`amplify codegen models` writes for the project's front end (see `front_ends`).
"""

from __future__ import annotations

import posixpath
from math import inf
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from amplify_modelgen.plugin import (
    ConfigError,
    Provenance,
    Target,
    escape,
    hookimpl,
    validate_document,
)

from .auth_providers import read_auth_providers
from .feature_flags import read_data_store, read_flags
from .front_ends import FRONT_ENDS, INTROSPECTION, find_models, output_candidates, read_front_end
from .json_files import read_json, read_object
from .project_search import (
    API,
    MAX_DIRECTORIES,
    find_projects,
    has_plain_name,
    schema_name,
    skip,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amplify_modelgen.plugin import Output, ProjectFiles, Settings

    from .front_ends import FrontEnd

_LOCAL_FILE = ".config/local-env-info.json"
_TEAM_FILE = "team-provider-info.json"
_BACKEND_FILE = "backend/backend-config.json"
_APPSYNC = "AppSync"
_MAX_NAME_LENGTH = 255


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
    search = find_projects(files, limit)
    models = find_models(files, search)
    return [
        target
        for amplify in search.projects
        for target in _project_targets(settings, files, amplify, models)
    ]


def has_resource_name(directory: str) -> bool:
    """Return whether the directory of an API has a name that a resource can have; else warn.

    The core would refuse such a resource, and with it all targets.
    """
    if not has_plain_name(directory):
        return False
    name = PurePosixPath(directory).name
    is_valid = name.strip() == name and escape(name) == name and len(name) <= _MAX_NAME_LENGTH
    if not is_valid:
        skip(
            directory,
            "its name has whitespace around it, looks like a command of a CI server, "
            f"or is longer than {_MAX_NAME_LENGTH} characters",
        )
    return is_valid


def _project_targets(
    settings: Settings,
    files: ProjectFiles,
    amplify: str,
    models: Mapping[tuple[str, str], Sequence[str]],
) -> list[Target]:
    schemas = _find_schemas(files, amplify)
    if not schemas:
        return []
    front_end = read_front_end(files, amplify)
    found = models.get((posixpath.dirname(amplify), front_end.name), ())
    own_models = [each for each in found if has_plain_name(each)]
    template = _environment_target(settings, files, amplify)
    below = _subdirectories(files, amplify, schemas, front_end)
    targets = []
    for resource, schema in schemas.items():
        target = _resource_target(template, resource, schema, front_end)
        target = _with_auth_providers(files, amplify, _with_data_store(files, target))
        candidates = output_candidates(front_end, below.get(resource), own_models)
        targets.append(_with_outputs(files, target, candidates, front_end))
    return targets


def _subdirectories(
    files: ProjectFiles, amplify: str, schemas: Iterable[str], front_end: FrontEnd
) -> dict[str, str]:
    """Return the subdirectory of each API with models in their directory, empty for that itself.

    Amplify allows one GraphQL API per project, so further schemas are usually left over from a
    renamed or deleted one. If the backend has one of the APIs, only that has models.
    """
    names = used = list(schemas)
    if len(names) > 1:
        used = [each for each in names if _service(files, amplify, each) == _APPSYNC]
    if len(used) == 1:
        return {used[0]: ""}
    if not (front_end.directory and _has_models(files, front_end)):
        return {each: each for each in names}
    import logging

    logging.getLogger(__name__).warning(
        "%s is not maintained: of the APIs %s, %s does not name exactly one; "
        "set 'outputs' of the target that it belongs to",
        *map(escape, (front_end.directory, ", ".join(names), f"{amplify}/{_BACKEND_FILE}")),
    )
    # A second copy of the models is not created beside them.
    return {each: each for each in names if _has_models(files, front_end, each)}


def _has_models(files: ProjectFiles, front_end: FrontEnd, below: str = "") -> bool:
    directory = posixpath.join(front_end.directory, below).rstrip("/")
    try:
        names = {each.name for each in files.list_directory(directory, all_names=True)}
    except ConfigError:
        return True  # It cannot be read; the target of an output there fails with the reason.
    return names >= FRONT_ENDS[front_end.name].files


def _resource_target(template: Target, resource: str, schema: str, front_end: FrontEnd) -> Target:
    directory = f"{posixpath.dirname(schema)}/"
    values = (
        ("resource", resource, directory),
        ("schema", schema, directory),
        ("front-end", front_end.name, front_end.origin),
    )
    provenance = (*template.provenance, *_provenance(values))
    return replace(template, resource=resource, schema=schema, provenance=provenance)


def _with_outputs(
    files: ProjectFiles, target: Target, candidates: tuple[Output, ...], front_end: FrontEnd
) -> Target:
    if not candidates:
        return target
    value = (("outputs", candidates[0].path, front_end.origin),)
    target = replace(target, provenance=(*target.provenance, *_provenance(value)))
    documents = [each for each in candidates if each.emitter == INTROSPECTION]
    # A document of that name is Amplify's, also if it is damaged.
    existing = tuple(output for output in documents if _exists(files, output.path))
    return replace(target, outputs=existing, candidates=candidates)


def _exists(files: ProjectFiles, path: str) -> bool:
    directory, name = posixpath.split(path)
    try:
        return any(entry.name == name for entry in files.list_directory(directory))
    except ConfigError:
        return False  # The directory is a candidate, too, which fails with the reason.


def _with_data_store(files: ProjectFiles, target: Target) -> Target:
    is_enabled, origin = read_data_store(files, posixpath.dirname(target.schema or ""))
    flags = replace(target.flags, is_data_store_enabled=is_enabled)
    return replace(target, flags=flags, provenance=(*target.provenance, origin))


def _with_auth_providers(files: ProjectFiles, amplify: str, target: Target) -> Target:
    providers, path = read_auth_providers(files, amplify, target.resource)
    provenance = _provenance([("auth-providers", ", ".join(providers or ()), path)])
    return replace(target, auth_providers=providers, provenance=(*target.provenance, *provenance))


def _provenance(values: Iterable[tuple[str, str | None, str]]) -> tuple[Provenance, ...]:
    return tuple(Provenance(key=k, value=v, origin=origin) for k, v, origin in values if v)


def _find_schemas(files: ProjectFiles, amplify: str) -> dict[str, str]:
    """Return the schema of each GraphQL API of a project, by resource."""
    schemas = {}
    for entry in files.list_directory(f"{amplify}/{API}"):
        directory = f"{amplify}/{API}/{entry.name}"
        if entry.kind == "directory":
            name = _find_schema(files, amplify, entry.name)
            if name and has_resource_name(directory):
                schemas[entry.name] = f"{directory}/{name}"
    return schemas


def _find_schema(files: ProjectFiles, amplify: str, resource: str) -> str | None:
    # A REST API has no schema.
    name = schema_name(files, f"{amplify}/{API}/{resource}")
    if name is not None:
        return name
    return "schema.graphql" if _service(files, amplify, resource) == _APPSYNC else None


def _service(files: ProjectFiles, amplify: str, resource: str) -> str | None:
    path = f"{amplify}/{_BACKEND_FILE}"
    value = (read_json(files, path, _BackendConfig).api or {}).get(resource) or {}
    return validate_document(value, _Resource, file=path, path=f"api.{escape(resource)}").service


def _environment_target(settings: Settings, files: ProjectFiles, amplify: str) -> Target:
    """Return a target with what all resources of a project share."""
    team_file = f"{amplify}/{_TEAM_FILE}"
    team = _read_team(files, team_file)
    local = read_json(files, f"{amplify}/{_LOCAL_FILE}", _LocalInfo).env_name
    environment, origin = _choose_environment(settings, amplify, local, team)
    # Without an environment, the values that all of them share are still known.
    providers = [team[environment]] if environment in team else list(team.values())
    app_id = _shared_value(each.amplify_app_id for each in providers)
    region = _shared_value(each.region for each in providers)
    # The one that is checked out may not be in the file of the team yet.
    environments = tuple(sorted({*team, *filter(None, [local])})) if team else ()
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
    settings: Settings, amplify: str, local: str | None, team: Iterable[str]
) -> tuple[str, str]:
    """Return the environment, empty if it is ambiguous, and its origin."""
    if settings.environment is not None:
        origins = [each.origin for each in settings.provenance if each.key == "environment"]
        return settings.environment, origins[0] if origins else "settings"
    if local:
        return local, f"{amplify}/{_LOCAL_FILE}"
    names = tuple(team)
    return (names[0], f"{amplify}/{_TEAM_FILE}") if len(names) == 1 else ("", "")


def _shared_value(values: Iterable[str | None]) -> str | None:
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None
