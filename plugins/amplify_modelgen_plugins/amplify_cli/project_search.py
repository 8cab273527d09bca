"""Search the working tree for the projects of Amplify CLI."""

from __future__ import annotations

import posixpath
from collections import deque
from contextlib import suppress
from math import inf
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.plugin import ConfigError, escape, ignored_directories

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amplify_modelgen.plugin import DirectoryEntry, ProjectFiles

CONFIG_FILE = ".config/project-config.json"
API = "backend/api"

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

MAX_DIRECTORIES = 10_000
"""How many directories are searched if the root is only the working directory."""


class Search(Struct, frozen=True, kw_only=True):
    """The `amplify/` directories of projects, sorted, and the directories that git ignores."""

    projects: list[str]
    ignored: frozenset[str]

    def is_ignored(self, path: str) -> bool:
        """Return whether git ignores a directory; known only if there is a project."""
        return _is_below(path, self.ignored)


def find_projects(files: ProjectFiles, limit: float = inf) -> Search:
    """Return the projects below the root.

    A project has a `.config/project-config.json` or a schema of an API. Directories of Amplify Gen
    2 have neither.
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
    projects = sorted(path for path in walk.projects if has_plain_name(path))
    return Search(projects=projects, ignored=walk.ignored or frozenset())


class _Walk:
    """A breadth-first walk, so that the first project is found before most other directories."""

    def __init__(self, files: ProjectFiles) -> None:
        self.pending = deque([""])
        self.projects: list[str] = []
        self._files = files
        self.ignored: frozenset[str] | None = None
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
        for path in sorted(paths | self._ignore_files) if self.ignored is not None else ():
            with suppress(ConfigError):  # Git itself ignores a link, too.
                self._files.read_bytes(path)

    def _list(self, directory: str) -> Sequence[DirectoryEntry]:
        try:
            return self._files.list_directory(directory)
        except ConfigError as error:
            skip(directory or ".", error.message)
            return ()

    def _add_project(self, path: str) -> None:
        if self.ignored is None:
            self.ignored = ignored_directories(self._files.root)
            self.pending = deque(each for each in self.pending if not self._is_below_ignored(each))
        if not self._is_below_ignored(path):
            self.projects.append(path)

    def _is_ignored(self, path: str) -> bool:
        return self.ignored is not None and f"{path}/" in self.ignored

    def _is_below_ignored(self, path: str) -> bool:
        return self.ignored is not None and _is_below(path, self.ignored)

    def _check_repository(self, directory: str, entries: Iterable[DirectoryEntry]) -> None:
        is_candidate = any(each.name == "amplify" and each.kind == "directory" for each in entries)
        if is_candidate and _is_project(self._files, f"{directory}/amplify"):
            _note_repository(f"{directory}/amplify")

    def _warn_about_link(self, path: str) -> None:
        # A link within the root needs no warning: the directory that it leads to is found.
        root = self._files.root.resolve()
        if not (root / path).resolve().is_relative_to(root):
            skip(path, f"it is a symbolic link to a directory outside {root}")


def _is_below(path: str, directories: frozenset[str]) -> bool:
    return any(f"{each}/" in directories for each in (path, *PurePosixPath(path).parents))


def _is_skipped(name: str) -> bool:
    return name.startswith(".") or name in SKIPPED_DIRECTORIES


def _is_project(files: ProjectFiles, amplify: str) -> bool:
    """Return whether a directory is a project of Amplify CLI, and not one of Amplify Gen 2."""
    kinds = {entry.name: entry.kind for entry in files.list_directory(amplify)}
    if ".git" in kinds:
        _note_repository(amplify)
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


def skip(path: str, reason: str) -> None:
    """Warn that a path is skipped."""
    import logging

    logging.getLogger(__name__).warning("skipping %s: %s", escape(path), escape(reason))


def _note_repository(path: str) -> None:
    # Not a warning: a project in a submodule is nothing to fix.
    import logging

    reason = "it belongs to another git repository"
    logging.getLogger(__name__).info("skipping %s: %s", escape(path), reason)


def has_plain_name(path: str) -> bool:
    """Return whether a path can be used in messages and in the lock file; else warn."""
    if "\\" in path or escape(path) != path:
        skip(path, "its name has a control character, a backslash or a command of a CI server")
        return False
    if path.startswith("~") or path[1:2] == ":":
        skip(path, "its name begins like a home directory or a drive")
        return False
    return True
