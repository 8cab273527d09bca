"""Projects of Amplify CLI (Gen 1): find them below the root, and their GraphQL APIs.

Each GraphQL API in `backend/api/` of an `amplify/` directory is a target. Its outputs are what
`amplify codegen models` writes for the project's front end (see `front_ends`).
"""

from __future__ import annotations

import logging
import posixpath
from math import inf
from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen.plugin import ConfigError, Target, escape, hookimpl

from .front_ends import FRONT_ENDS, INTROSPECTION, find_models, output_candidates, read_front_end
from .platform_checks import modelgen_validate
from .project_search import API, MAX_DIRECTORIES, ProjectSearch, has_plain_name, schema_name
from .project_settings import (
    BACKEND_FILE,
    flag_value,
    provenance,
    read_auth_providers,
    read_data_store,
    read_object,
    read_project,
    read_value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amplify_modelgen.plugin import ProjectFiles, Settings

    from .front_ends import FrontEnd

__all__ = ["modelgen_targets", "modelgen_validate"]

_log = logging.getLogger(__name__)


@hookimpl
def modelgen_targets(settings: Settings, files: ProjectFiles) -> list[Target]:
    """Return a target for each GraphQL API of each Amplify project below the root.

    Raises:
        ConfigError: a project file is invalid, or there are too many directories below a working
            directory that nothing marks as a root.
    """
    origins = [each.origin for each in settings.provenance if each.key == "root"]
    search = ProjectSearch(files)
    search.run(MAX_DIRECTORIES if origins == ["working directory"] else inf)
    models = find_models(files, search)
    return [
        target
        for amplify in search.projects
        for target in _project_targets(settings, files, amplify, models)
    ]


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
    project = read_project(settings, files, amplify)
    below = _subdirectories(files, amplify, schemas, front_end)
    targets = []
    for resource, schema in schemas.items():
        candidates = output_candidates(front_end, below.get(resource), own_models)
        target = replace(project, resource=resource, schema=schema, candidates=candidates)
        targets.append(_with_settings(files, amplify, target, front_end))
    return targets


def _find_schemas(files: ProjectFiles, amplify: str) -> dict[str, str]:
    """Return the schema of each GraphQL API of a project, by resource."""
    schemas = {}
    for entry in files.list_directory(f"{amplify}/{API}"):
        directory = f"{amplify}/{API}/{entry.name}"
        if entry.kind == "directory":
            name = schema_name(files, directory)
            # A REST API has no schema.
            if name is None and _is_graphql(files, amplify, entry.name):
                name = "schema.graphql"
            if name and has_plain_name(directory):
                schemas[entry.name] = f"{directory}/{name}"
    return schemas


def _is_graphql(files: ProjectFiles, amplify: str, resource: str) -> bool:
    path = f"{amplify}/{BACKEND_FILE}"
    backend = read_object(files, path)
    return read_value(backend, "api", resource, "service", shape=str, file=path) == "AppSync"


def _subdirectories(
    files: ProjectFiles, amplify: str, schemas: Iterable[str], front_end: FrontEnd
) -> dict[str, str]:
    """Return the subdirectory of each API with models in their directory, empty for that itself.

    Amplify allows one GraphQL API per project, so further schemas are usually left over from a
    renamed or deleted one. If the backend has one of the APIs, only that has models.
    """
    names = used = list(schemas)
    if len(names) > 1:
        used = [each for each in names if _is_graphql(files, amplify, each)]
    if len(used) == 1:
        return {used[0]: ""}
    if not (front_end.directory and _has_models(files, front_end)):
        return {each: each for each in names}
    _log.warning(
        "%s is not maintained: of the APIs %s, %s does not name exactly one; "
        "set 'outputs' of the target that it belongs to",
        *map(escape, (front_end.directory, ", ".join(names), f"{amplify}/{BACKEND_FILE}")),
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


def _with_settings(
    files: ProjectFiles, amplify: str, target: Target, front_end: FrontEnd
) -> Target:
    """Return a target with what differs between the APIs of a project."""
    schema = target.schema or ""
    directory = posixpath.dirname(schema)
    is_enabled, data_store_file = read_data_store(files, directory)
    providers, providers_file = read_auth_providers(files, amplify, target.resource)
    documents = [each for each in target.candidates if each.emitter == INTROSPECTION]
    values = (
        ("resource", target.resource, f"{directory}/"),
        ("schema", schema, f"{directory}/"),
        ("front-end", front_end.name, front_end.origin),
        flag_value("is_data_store_enabled", is_enabled, data_store_file),
        ("auth-providers", ", ".join(providers or ()), providers_file),
        ("outputs", target.candidates[0].path if target.candidates else "", front_end.origin),
    )
    return replace(
        target,
        # A document of that name is Amplify's, also if it is damaged.
        outputs=tuple(output for output in documents if _exists(files, output.path)),
        flags=replace(target.flags, is_data_store_enabled=is_enabled),
        auth_providers=providers,
        provenance=(*target.provenance, *provenance(values)),
    )


def _exists(files: ProjectFiles, path: str) -> bool:
    directory, name = posixpath.split(path)
    try:
        return any(entry.name == name for entry in files.list_directory(directory))
    except ConfigError:
        return False  # The directory is a candidate, too, which fails with the reason.
