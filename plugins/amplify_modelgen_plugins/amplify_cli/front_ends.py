"""Front ends of Amplify projects: what `amplify codegen models` writes for them, and where."""

from __future__ import annotations

import logging
import posixpath
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.plugin import ConfigError, Output, escape

from .project_search import CONFIG_FILE
from .project_settings import read_object, read_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amplify_modelgen.plugin import ProjectFiles

    from .project_search import ProjectSearch

_log = logging.getLogger(__name__)

INTROSPECTION = "introspection"


class ModelsPlace(Struct, frozen=True, kw_only=True):
    """The emitter of a front end, and its directory relative to the one with `amplify/`.

    That is `below` in the directory that the project names under `<front end>.config.<key>`, or in
    `default`. `files` are in each directory of models: Amplify CLI has `--output-dir`. `markers`
    are patterns of files of such a project.
    """

    emitter: str
    files: frozenset[str]
    markers: tuple[str, ...]
    key: str = ""
    default: str
    below: str = ""


# In this order: a Flutter project may have the files of all others, and an app for a phone a
# package.json of its tools.
FRONT_ENDS = {
    "flutter": ModelsPlace(
        emitter="dart",
        files=frozenset({"ModelProvider.dart"}),
        markers=("pubspec.yaml",),
        default="lib/models",
    ),
    "ios": ModelsPlace(
        emitter="swift",
        files=frozenset({"AmplifyModels.swift"}),
        markers=("*.xcodeproj", "*.xcworkspace", "Podfile"),
        default="amplify/generated/models",
    ),
    "android": ModelsPlace(
        emitter="java",
        files=frozenset({"AmplifyModelProvider.java"}),
        markers=("build.gradle", "build.gradle.kts"),
        key="ResDir",
        default="app/src/main/res",
        below="../java/com/amplifyframework/datastore/generated/model",
    ),
    "javascript": ModelsPlace(
        emitter="javascript",
        files=frozenset({"index.js", "index.d.ts", "schema.js", "schema.d.ts"}),
        markers=("package.json",),
        key="SourceDir",
        default="src",
        below="models",
    ),
}
"""Where Amplify CLI writes models. Seen in many public projects (src/models/schema.js, ...)."""

FURTHER_OUTPUTS = {
    INTROSPECTION: "model-introspection.json",
    "datastore": "schema.json",
    "python": "models.py",
    "mermaid": "models.md",
}
"""Single files that are maintained if they are already there, beside the models."""


class FrontEnd(Struct, frozen=True, kw_only=True):
    """The front end of a project: its name, origin, and models directory; empty if unknown."""

    name: str
    origin: str
    directory: str = ""


def read_front_end(files: ProjectFiles, amplify: str) -> FrontEnd:
    """Return the front end that a project names; if it does not, guess from its files.

    Raises:
        ConfigError: the project's configuration is invalid.
    """
    path, home, configured = f"{amplify}/{CONFIG_FILE}", posixpath.dirname(amplify), None
    if files.read_bytes(path) is None:
        name, marker = _guess(files, home)
        origin = f"{posixpath.join(home, marker)} ({path} is missing)"
        if not name:
            return FrontEnd(name=name, origin=origin)
    else:
        config = read_object(files, path)
        name, origin = read_value(config, "frontend", shape=str, file=path) or "", path
        if name not in FRONT_ENDS:
            raise ConfigError(f"{path}: frontend: expected one of {', '.join(FRONT_ENDS)}")
        configured = read_value(config, name, "config", FRONT_ENDS[name].key, shape=str, file=path)
    place = FRONT_ENDS[name]
    # Amplify CLI joins this to the project's directory: a leading slash has no meaning, and on
    # Windows people write backslashes.
    below = (configured or place.default).replace("\\", "/").lstrip("/")
    directory = posixpath.normpath(posixpath.join(home, below, place.below))
    if directory.startswith("../"):
        _log.warning(
            "%s: %s leads out of the root, so only configured outputs are maintained",
            escape(path),
            f"{name}.config.{place.key}",
        )
        directory = ""
    return FrontEnd(name=name, origin=origin, directory=directory)


def _guess(files: ProjectFiles, home: str) -> tuple[str, str]:
    names = [entry.name for entry in files.list_directory(home, all_names=True)]
    for front_end, place in FRONT_ENDS.items():
        for name in names:
            if any(fnmatchcase(name, marker) for marker in place.markers):
                return front_end, name
    return "", ""


def output_candidates(
    front_end: FrontEnd, below: str | None, other_directories: Sequence[str]
) -> tuple[Output, ...]:
    """Return the outputs that a project without configuration may have.

    The first is the one of the front end. `below` is the directory for one of several APIs, empty
    for the only one, None for one without models. `other_directories` are those of the project that
    have models.
    """
    if below is None or not front_end.directory:
        return ()
    emitter = FRONT_ENDS[front_end.name].emitter
    directories = [posixpath.join(front_end.directory, below) if below else front_end.directory]
    if not below:
        directories += [each for each in other_directories if each != front_end.directory]
    further = [
        Output(emitter=name, path=posixpath.join(directory, file))
        for directory in directories
        for name, file in FURTHER_OUTPUTS.items()
    ]
    return (*(Output(emitter=emitter, path=directory) for directory in directories), *further)


def find_models(files: ProjectFiles, search: ProjectSearch) -> dict[tuple[str, str], list[str]]:
    """Return the directories that have models, as their names say, by project and front end.

    The root itself is left out: no output can be there. The names of the directories are as found.
    """
    homes = {posixpath.dirname(amplify) for amplify in search.projects}
    found: dict[tuple[str, str], list[str]] = {}
    for front_end, place in FRONT_ENDS.items():
        for directory in filter(None, files.find_listed(min(place.files))):
            names = {entry.name for entry in files.list_directory(directory)}
            home = _nearest(directory, homes)
            is_found = names >= place.files and not search.is_ignored(directory)
            if home is not None and is_found:
                found.setdefault((home, front_end), []).append(directory)
    return found


def _nearest(directory: str, homes: set[str]) -> str | None:
    while directory and directory not in homes:
        directory = posixpath.dirname(directory)
    return directory if directory in homes else None
