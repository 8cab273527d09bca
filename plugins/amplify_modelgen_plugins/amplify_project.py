"""Understands the projects of Amplify CLI (Gen 1) in a working tree, with no configuration.

An `amplify/` folder has one target for each GraphQL API in `backend/api/`. Its models go where
Amplify CLI puts the models of the project's front end (see `_MODEL_FOLDERS`).
"""

from __future__ import annotations

import os
import posixpath
from math import inf
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from amplify_modelgen import LookedAt, Output, Source, Target, hookimpl

from ._amplify_files import read_document
from ._amplify_flags import flag_files, read_flags
from ._amplify_tree import MOST_FOLDERS, PROJECT_FILE, find_projects, has_resource_name, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from amplify_modelgen import Settings

    from ._amplify_files import Document

# Where `amplify codegen models` writes, relative to the folder that `amplify/` is in: the folder
# that the project names under `<frontend>.config.<key>`, or the default, and what is below it.
# Seen in many public projects (src/models/schema.js, lib/models/ModelProvider.dart,
# amplify/generated/models/AmplifyModels.swift, .../generated/model/AmplifyModelProvider.java).
# model-introspection.json has no such place of its own: `amplify codegen model-introspection`
# wants `--output-dir`.
_MODEL_FOLDERS = {
    "javascript": ("SourceDir", "src", "models"),
    "android": (
        "ResDir",
        "app/src/main/res",
        "../java/com/amplifyframework/datastore/generated/model",
    ),
    "ios": ("", "amplify/generated/models", ""),
    "flutter": ("", "lib/models", ""),
}
_API = "backend/api"
_BACKEND_FILE = "backend/backend-config.json"
_LOCAL_FILE = ".config/local-env-info.json"
_TEAM_FILE = "team-provider-info.json"
_FILE = "model-introspection.json"


class _Place(Struct, frozen=True, kw_only=True):
    """The environment of a project: what its targets have of it, and where that was read."""

    environment: str
    environments: tuple[str, ...]
    app_id: str
    region: str | None
    sources: tuple[Source, ...]


@hookimpl
def modelgen_targets(settings: Settings) -> list[Target | LookedAt]:
    """Return a target for each GraphQL API of each Amplify project below the root.

    Besides, it says where it looked: a project, or an API, may come there.

    Raises:
        ConfigError: a project file is broken or of the wrong shape, or there is too much to
            look through below a working directory that nothing marks as a root.
    """
    tree = find_projects(settings.root, most=_most_folders(settings))
    apis = (path for amplify in tree.projects for path in _places_of_apis(settings.root, amplify))
    looked_at = {*tree.looked_at, *apis}
    targets = [
        replace(target, inputs=tuple(sorted({*target.inputs, *looked_at})))
        for amplify in tree.projects
        for target in _targets(settings, amplify)
    ]
    return [*targets, LookedAt(paths=tuple(sorted(looked_at)))]


def _places_of_apis(root: Path, amplify: str) -> list[str]:
    places = (f"{amplify}/{_API}/{each}/" for each in _resources(root, amplify))
    return [f"{amplify}/{_BACKEND_FILE}", f"{amplify}/{_API}/", *places]


def _most_folders(settings: Settings) -> float:
    origins = [each.origin for each in settings.sources if each.key == "root"]
    return MOST_FOLDERS if origins == ["working directory"] else inf


def _targets(settings: Settings, amplify: str) -> list[Target]:
    schemas = _schemas(settings.root, amplify)
    if not schemas:
        return []
    config = read_document(settings.root, f"{amplify}/{PROJECT_FILE}")
    template = _template(settings, amplify, schemas)
    folder = _model_folder(config, amplify)
    # Amplify allows one GraphQL API per project; should there be more, each has its own folder.
    folders = {each: posixpath.join(folder, each) for each in schemas if len(schemas) > 1}
    return [
        _target(
            replace(template, resource=resource, schema=schema),
            f"{amplify}/{_API}/{resource}/",
            folders.get(resource, folder),
            config.file,
        )
        for resource, schema in schemas.items()
    ]


def _template(settings: Settings, amplify: str, resources: Iterable[str]) -> Target:
    place = _place(settings, amplify)
    flags, of_flags = read_flags(settings.root, flag_files(amplify, place.environment))
    return Target(
        app_id=place.app_id,
        environment=place.environment,
        resource="",
        region=place.region,
        flags=flags,
        environments=place.environments,
        sources=(*place.sources, *of_flags),
        inputs=_inputs(amplify, place.environment, resources),
    )


def _target(template: Target, place: str, folder: str, config: str) -> Target:
    output = Output(emitter="introspection", path=posixpath.join(folder, _FILE))
    sources = (
        Source(key="resource", value=template.resource, origin=place),
        Source(key="schema", value=template.schema or "", origin=place),
        Source(key="outputs", value=output.path, origin=config),
    )
    return replace(
        template,
        key=place.rstrip("/"),
        outputs=(output,),
        sources=(*template.sources, *sources),
    )


def _schemas(root: Path, amplify: str) -> dict[str, str]:
    api = f"{amplify}/{_API}"
    schemas = {each: _schema(root, amplify, each) for each in _resources(root, amplify)}
    return {
        resource: f"{api}/{resource}/{name}"
        for resource, name in schemas.items()
        if name and has_resource_name(f"{api}/{resource}")
    }


def _resources(root: Path, amplify: str) -> list[str]:
    try:
        with os.scandir(root / amplify / _API) as entries:
            return sorted(each.name for each in entries if each.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise unreadable(f"{amplify}/{_API}", error) from error


def _schema(root: Path, amplify: str, resource: str) -> str | None:
    # The file goes before the folder, as in Amplify CLI. A REST API has neither.
    folder = f"{amplify}/{_API}/{resource}"
    try:
        if _is_there(root, f"{folder}/schema.graphql"):
            return "schema.graphql"
        if _is_there(root, f"{folder}/schema") and (root / folder / "schema").is_dir():
            return "schema"
    except OSError as error:
        raise unreadable(folder, error) from error
    backend = read_document(root, f"{amplify}/{_BACKEND_FILE}")
    service = backend.child("api").child(resource).get("service", str)
    return "schema.graphql" if service == "AppSync" else None


def _is_there(root: Path, path: str) -> bool:
    # Like os.path.lexists, which also answers False where nobody can know.
    try:
        (root / path).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _inputs(amplify: str, environment: str, resources: Iterable[str]) -> tuple[str, ...]:
    files = (PROJECT_FILE, _LOCAL_FILE, _TEAM_FILE, _BACKEND_FILE, f"{_API}/")
    folders = (f"{_API}/{resource}/" for resource in resources)
    return (
        *(f"{amplify}/{name}" for name in (*files, *folders)),
        *flag_files(amplify, environment),
    )


def _place(settings: Settings, amplify: str) -> _Place:
    local = read_document(settings.root, f"{amplify}/{_LOCAL_FILE}")
    team = read_document(settings.root, f"{amplify}/{_TEAM_FILE}")
    if "" in team.values:
        raise team.error('""', "expected the name of an environment")
    environment, origin = _environment(settings, local, team)
    # Where it is not known which environment is meant, what all of them share is still known.
    names = [environment] if environment in team.values else list(team.values)
    providers = [team.child(name).child("awscloudformation") for name in names]
    app_id, region = _shared(providers, "AmplifyAppId"), _shared(providers, "Region")
    found = (
        ("app-id", app_id, team.file),
        ("region", region, team.file),
        ("environment", environment, origin),
        ("environments", ", ".join(sorted(team.values)), team.file),
    )
    return _Place(
        environment=environment,
        environments=tuple(sorted(team.values)),
        app_id=app_id or "",
        region=region,
        sources=tuple(Source(key=k, value=v, origin=o) for k, v, o in found if v),
    )


def _environment(settings: Settings, local: Document, team: Document) -> tuple[str, str]:
    if settings.environment is not None:
        origins = [each.origin for each in settings.sources if each.key == "environment"]
        return settings.environment, origins[0] if origins else "settings"
    checked_out = local.get("envName", str)
    if checked_out:
        return checked_out, local.file
    return (next(iter(team.values)), team.file) if len(team.values) == 1 else ("", "")


def _shared(providers: Iterable[Document], key: str) -> str | None:
    values = {provider.get(key, str) for provider in providers}
    return values.pop() if len(values) == 1 else None


def _model_folder(config: Document, amplify: str) -> str:
    frontend = config.get("frontend", str) or ""
    if frontend not in _MODEL_FOLDERS:
        raise config.error("frontend", f"expected one of {', '.join(_MODEL_FOLDERS)}")
    key, default, below = _MODEL_FOLDERS[frontend]
    named = config.child(frontend).child("config").get(key, str) if key else None
    # Amplify CLI joins this to the project's folder: a slash in front means nothing to it, and
    # on Windows people write backslashes.
    folder = (named or default).replace("\\", "/").lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(amplify), folder, below))
