"""Search the working tree for the projects of Amplify CLI."""

from __future__ import annotations

import logging
import posixpath
from collections import deque
from contextlib import suppress
from itertools import accumulate
from typing import TYPE_CHECKING

from amplify_modelgen.plugin import ConfigError, escape, ignored_directories

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amplify_modelgen.plugin import DirectoryEntry, ProjectFiles

_log = logging.getLogger(__name__)

CONFIG_FILE = ".config/project-config.json"
API = "backend/api"

_SKIPPED = """
Pods __pycache__ bower_components build dist env node_modules site-packages vendor venv
"""
SKIPPED_DIRECTORIES = frozenset(_SKIPPED.split())
"""Directories of dependencies or build results. They are skipped, as hidden ones are."""

MAX_DIRECTORIES = 10_000
"""How many directories are searched if the root is only the working directory."""

# Not a warning: a project in a submodule is nothing to fix.
_OTHER_REPOSITORY = "skipping %s: it belongs to another git repository"


class ProjectSearch:
    """Searches breadth-first, so that the first project is found before most other directories.

    `projects` are the paths of the `amplify/` directories. A project has a
    `.config/project-config.json` or a schema of an API; directories of Amplify Gen 2 have neither.
    Hidden directories, those of dependencies, links, other git repositories and what git ignores
    are skipped. Git is called only if there is a project at all.
    """

    def __init__(self, files: ProjectFiles) -> None:
        self.projects: list[str] = []
        self._files = files
        self._pending = deque([""])
        self._ignored: frozenset[str] | None = None
        self._ignore_files: set[str] = set()

    def run(self, limit: float) -> None:
        """Find the projects below the root, sorted.

        Raises:
            ConfigError: git fails in its own checkout, an `amplify/` directory cannot be read, or
                there are more than `limit` directories.
        """
        count = 0
        while self._pending:
            count += 1
            if count > limit:
                raise ConfigError(
                    f"more than {limit:,} directories below {escape(str(self._files.root))}, "
                    "which is neither configured nor a git repository",
                    hint="run the command in the project's directory, or pass it as --root DIR; "
                    "an amplify-modelgen.toml marks a root, too",
                )
            self._visit(self._pending.popleft())
        self._record_ignore_files()
        self.projects = sorted(filter(has_plain_name, self.projects))

    def is_ignored(self, path: str) -> bool:
        """Return whether git ignores a directory; known only once a project is found."""
        if not self._ignored:
            return False
        return any(
            f"{each}/" in self._ignored for each in accumulate(path.split("/"), posixpath.join)
        )

    def _visit(self, directory: str) -> None:
        """List a directory; add its projects and its subdirectories."""
        entries = self._list(directory)
        kinds = {entry.name: entry.kind for entry in entries}
        if directory and ".git" in kinds:
            is_directory = kinds.get("amplify") == "directory"
            if is_directory and _is_project(self._files, f"{directory}/amplify"):
                _log.info(_OTHER_REPOSITORY, escape(f"{directory}/amplify"))
            return
        if ".gitignore" in kinds:
            self._ignore_files.add(posixpath.join(directory, ".gitignore"))
        for entry in entries:
            path = posixpath.join(directory, entry.name)
            if entry.kind == "link" and entry.name == "amplify":
                self._warn_about_link(path)
            if entry.kind != "directory" or _is_skipped(entry.name) or self.is_ignored(path):
                continue
            if entry.name == "amplify" and _is_project(self._files, path):
                self._add_project(path)
            else:
                self._pending.append(path)

    def _list(self, directory: str) -> Sequence[DirectoryEntry]:
        try:
            return self._files.list_directory(directory)
        except ConfigError as error:
            _skip(directory or ".", error.message)
            return ()

    def _add_project(self, path: str) -> None:
        if self._ignored is None:
            self._ignored = ignored_directories(self._files.root)
            self._pending = deque(each for each in self._pending if not self.is_ignored(each))
        if not self.is_ignored(path):
            self.projects.append(path)

    def _record_ignore_files(self) -> None:
        """Read the files that decide whether git ignores a project, so that they are inputs."""
        if self._ignored is None:
            return
        for project in self.projects:
            parents = accumulate(project.split("/")[:-1], posixpath.join, initial="")
            self._ignore_files |= {posixpath.join(parent, ".gitignore") for parent in parents}
        for path in sorted(self._ignore_files):
            with suppress(ConfigError):  # Git itself ignores a link, too.
                self._files.read_bytes(path)

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
        _log.info(_OTHER_REPOSITORY, escape(amplify))
        return False
    directory, _, name = CONFIG_FILE.partition("/")
    # A file of another kind, or a link, is refused when it is read.
    has_config = kinds.get(directory) in ("directory", "link") and any(
        entry.name == name and entry.kind != "directory"
        for entry in files.list_directory(f"{amplify}/{directory}")
    )
    # Some teams ignore `.config`.
    return has_config or (kinds.get("backend") == "directory" and _has_schema(files, amplify))


def _has_schema(files: ProjectFiles, amplify: str) -> bool:
    return any(
        schema_name(files, f"{amplify}/{API}/{entry.name}") is not None
        for entry in files.list_directory(f"{amplify}/{API}")
        if entry.kind == "directory"
    )


def schema_name(files: ProjectFiles, directory: str) -> str | None:
    """Return the name of the schema in the directory of an API; None if it has none.

    The file takes precedence over the directory, as in Amplify CLI.
    """
    kinds = {entry.name: entry.kind for entry in files.list_directory(directory)}
    if "schema.graphql" in kinds:
        return "schema.graphql"
    return "schema" if kinds.get("schema") in ("directory", "link") else None


def has_plain_name(path: str) -> bool:
    """Return whether a path, and its last name, can be used in messages and files; else warn."""
    name = posixpath.basename(path)
    is_plain = escape(path) == path and escape(name) == name == name.strip()
    if is_plain and "\\" not in path and path[0] != "~" and path[1:2] != ":":
        return True
    _skip(
        path,
        "its name has a control character, a backslash, a command of a CI server or whitespace "
        "around it, or begins like a home directory or a drive",
    )
    return False


def _skip(path: str, reason: str) -> None:
    _log.warning("skipping %s: %s", escape(path), escape(reason))
