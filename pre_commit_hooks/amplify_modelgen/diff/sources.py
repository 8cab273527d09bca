"""Load the two sides of `amplify-modelgen diff`: files, directories, projects, git revisions."""

from __future__ import annotations

import os
import posixpath
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from amplify_modelgen.errors import ConfigError, ModelgenError, SchemaError, UsageError
from amplify_modelgen.git import (
    GitError,
    list_tree,
    object_sizes,
    read_objects,
    repository_prefix,
    resolve_commit,
)
from amplify_modelgen.modelgen.outputs_file import read_outputs
from amplify_modelgen.records import FeatureFlags
from amplify_modelgen.sparse_checkout import ensure_complete
from amplify_modelgen.storage.project_files import MAX_BYTES, DirectoryEntry, ProjectFiles
from amplify_modelgen.workspace import SCHEMA_SUFFIX, read_schema

from .compare import compare_models
from .document import parse_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amplify_modelgen.records import Diagnostic, ModelChange, Schema, Target
    from amplify_modelgen.workspace import SchemaReader

    Documents = dict[str, dict[str, Any]]

_HINT = (
    "name a schema file or directory, the directory of a project, an introspection document, or"
    " REV: for a git revision"
)
# The directories of APIs, relative to that of a project and to `amplify/`.
_API_DIRECTORIES = ("amplify/backend/api", "backend/api")
# Packages contain schemas of other projects.
_SKIPPED_DIRECTORY = "node_modules"


class Comparison(Struct, frozen=True, kw_only=True):
    """The changes of a resource, and its new introspection document.

    `name` is empty if two schemas were named directly, the document if the resource was removed.
    """

    name: str
    changes: tuple[ModelChange, ...]
    document: dict[str, Any] = {}


class ApiResource(Struct, frozen=True, kw_only=True):
    """A schema of the project; `schema` is relative to the root."""

    name: str
    schema: str
    flags: FeatureFlags = field(default_factory=FeatureFlags)


class Project(Struct, frozen=True, kw_only=True):
    """The project in which two sides are compared.

    `cwd` is the directory that arguments are relative to. `flags` are for schemas that are not
    among the `resources`.
    """

    files: ProjectFiles
    cwd: Path
    resources: tuple[ApiResource, ...] = ()
    flags: FeatureFlags = field(default_factory=FeatureFlags)


def resources_of(targets: Iterable[Target]) -> tuple[ApiResource, ...]:
    """Return each schema of `targets` once, although it may have several environments.

    The name is that of the resource, or the path of the schema if two resources share their name.
    """
    first = {target.schema: target for target in reversed(list(targets)) if target.schema}
    names = [target.resource for target in first.values()]
    return tuple(
        ApiResource(
            name=target.resource if names.count(target.resource) == 1 else path,
            schema=path,
            flags=target.flags,
        )
        for path, target in reversed(first.items())
    )


def diff(old: str, new: str, project: Project) -> tuple[Comparison, ...]:
    """Compare `old` with `new`, resource by resource.

    Each side is a schema file, a schema directory, the directory of a project (its resources are
    compared by name), an introspection document (`*.json`), `REV:path`, or `REV:` for the path of
    the other side at that revision. A resource that only one side has is added or removed. Empty
    if `REV:` is compared with a directory, or another `REV:`, and neither has a schema.

    Raises:
        UsageError: unknown file or revision, not a document, or sides that do not match.
        SchemaError: a schema that Amplify would reject, with its file, line and column.
    """
    before, after = load_documents(old, new, project), load_documents(new, old, project)
    if not before and not after:
        named = [spec for spec in (old, new) if _parse_spec(spec, project)[1] is not None]
        if not all((project.cwd / spec).is_dir() for spec in named):
            raise UsageError(f"no schema found at {old} and {new}", hint=_HINT)
    return tuple(
        Comparison(
            name=name,
            changes=compare_models(before.get(was), after.get(now, {})),
            document=after.get(now, {}),
        )
        for name, was, now in _match_resources(before, after, old, new)
    )


def _match_resources(
    before: Documents, after: Documents, old: str, new: str
) -> Iterator[tuple[str, str, str]]:
    """Yield the name of each resource and its names on both sides."""
    if "" not in before and "" not in after:
        for name in dict.fromkeys([*after, *before]):
            yield name, name, name
    elif len(before) <= 1 and len(after) <= 1:
        yield "", next(iter(before), ""), next(iter(after), "")
    else:
        several, spec = (before, old) if len(before) > 1 else (after, new)
        raise UsageError(
            f"{spec} has {len(several)} resources, the other side is a single schema",
            hint=f"name the schema of one of them: {', '.join(several)}",
        )


def load_documents(spec: str, other: str | None, project: Project) -> Documents:
    """Return the introspection documents of a side by the names of their resources.

    `other` is the other side, which completes a `REV:` without a path. Only such a side, and the
    one that completes it, may be empty. The name is empty for a schema or document that was named
    directly.

    Raises:
        UsageError, SchemaError: as `diff`.
    """
    revision, path = _parse_spec(spec, project)
    others = _parse_spec(other, project)[1] if other else "."
    may_be_empty = path is None or others is None
    if path is None:
        path = others or "."
    with _open_source(project, revision, path) as (source, inner_path):
        documents = _load(source, inner_path, project)
        if not documents and not may_be_empty:
            raise UsageError(f"no schema found at {source.label(inner_path)}", hint=_HINT)
    return documents


def _parse_spec(spec: str, project: Project) -> tuple[str | None, str | None]:
    """Return the revision (None: the working tree) and the path from the root (None: missing)."""
    if not spec:
        raise UsageError("empty argument", hint=_HINT)
    try:
        exists = (project.cwd / spec).exists()
    except OSError as error:
        raise UsageError(f"{spec[:80]!r} is not a valid path: {error.strerror}") from error
    revision, colon, path = spec.partition(":")
    if exists or not colon or Path(spec).drive:
        return None, _path_from_root(spec, project)
    if not revision:
        raise UsageError(
            f"{spec!r} has no revision", hint="write it before the colon, such as main:"
        )
    return revision, _path_from_root(path, project) if path else None


def _path_from_root(path: str, project: Project) -> str:
    absolute = project.cwd.resolve() / path
    try:
        relative = os.path.relpath(absolute, project.files.root.resolve())
    except ValueError:  # another drive of Windows
        relative = str(absolute)
    return relative.replace(os.sep, "/")


class _Source:
    """The files of a side without those of packages; `prefix` precedes paths in messages."""

    def __init__(self, files: SchemaReader, prefix: str) -> None:
        self._files = files
        self._prefix = prefix

    def label(self, path: str) -> str:
        if path or self._prefix.endswith("/"):
            return f"{self._prefix}{path}".rstrip("/")
        return f"{self._prefix}."

    def read_text(self, path: str) -> str | None:
        return self._files.read_text(path)

    def list_directory(self, path: str) -> tuple[DirectoryEntry, ...]:
        entries = self._files.list_directory(path)
        return tuple(entry for entry in entries if entry.name != _SKIPPED_DIRECTORY)

    def directories(self, path: str) -> list[str]:
        return [entry.name for entry in self.list_directory(path) if entry.kind == "directory"]

    def is_file(self, path: str) -> bool:
        """Whether there is anything but a directory: reading it reports why it is unusable."""
        parent, name = posixpath.split(path)
        entries = self.list_directory(parent) if name else ()
        return any(entry.name == name and entry.kind != "directory" for entry in entries)

    def has_schema_files(self, path: str) -> bool:
        pending = [path]
        while pending:
            directory = pending.pop()
            for entry in self.list_directory(directory):
                if entry.name.startswith("."):
                    continue
                if entry.kind == "directory":
                    pending.append(posixpath.join(directory, entry.name))
                elif entry.name.endswith(SCHEMA_SUFFIX):
                    return True
        return False

    def read_schema(self, path: str) -> Schema:
        if isinstance(self._files, RevisionFiles):
            self._files.preload(path)
        elif isinstance(self._files, ProjectFiles):
            ensure_complete(self._files.root, path)
        return read_schema(self, path)


@contextmanager
def _open_source(
    project: Project, revision: str | None, path: str
) -> Iterator[tuple[_Source, str]]:
    """Open the files of a side; also yield `path` as they have it.

    A path outside the root is read from its own parent directory.
    """
    root = project.files.root
    base = posixpath.dirname(path) if posixpath.isabs(path) or Path(path).drive else ""
    while path == ".." or path.startswith("../"):
        base, path = posixpath.join(base, ".."), path[3:]
    if posixpath.isabs(path) or Path(path).drive:
        path = posixpath.basename(path)
    path = "" if path == "." else path
    prefix = posixpath.join(base, "")
    if revision is not None:
        yield _Source(RevisionFiles(root, revision, base), f"{revision}:{prefix}"), path
    elif base:
        with ProjectFiles((root / base).resolve()) as files:
            yield _Source(files, prefix), path
    else:
        yield _Source(project.files, ""), path


class RevisionFiles:
    """The files of a git revision, read without checking it out.

    `directory` is the one that paths are relative to, itself relative to `root`.

    Raises:
        UsageError: no git, not a repository, or an unknown revision.
    """

    def __init__(self, root: Path, revision: str, directory: str = "") -> None:
        self._root = root
        self._contents: dict[str, bytes] = {}
        with _git_errors():
            prefix = repository_prefix(root)
            commit = resolve_commit(root, revision)
        if commit is None:
            raise UsageError(
                f"git does not know the revision {revision!r}",
                hint="fetch it first: CI often clones a single commit, and names remote branches"
                " like origin/main",
            )
        self._commit = commit
        self._label = f"{revision}:{posixpath.join(directory, '')}"
        top_directory = posixpath.normpath(posixpath.join(prefix, directory))
        self._directory = "" if top_directory == "." else top_directory

    @cached_property
    def _files(self) -> dict[str, str]:
        if self._directory.split("/")[0] == ".." or posixpath.isabs(
            self._directory
        ):  # outside the repository
            return {}
        with _git_errors():
            return list_tree(self._root, self._commit, self._directory)

    @cached_property
    def _directories(self) -> dict[str, dict[str, DirectoryEntry]]:
        directories: dict[str, dict[str, DirectoryEntry]] = {}
        for path in self._files:
            parent, name = posixpath.split(path)
            entry = DirectoryEntry(name=name, kind="file")
            while entry.name not in directories.setdefault(parent, {}):
                directories[parent][entry.name] = entry
                parent, name = posixpath.split(parent)
                if not name:
                    break
                entry = DirectoryEntry(name=name, kind="directory")
        return directories

    def list_directory(self, path: str) -> tuple[DirectoryEntry, ...]:
        """Return the entries of a directory, sorted by name; empty if it does not exist.

        Links and submodules are left out.
        """
        entries = self._directories.get(path, {})
        return tuple(entries[name] for name in sorted(entries))

    def preload(self, path: str) -> None:
        """Read a file, or all schema files below a directory, with two git processes.

        Raises:
            ConfigError: they are larger than 20 MB together, or git lacks the content of a file.
        """
        start = posixpath.join(path, "") if path else ""
        below = [file for file in self._files if _is_schema_below(file, start)]
        self._read([path] if path in self._files else below, path)

    def read_text(self, path: str) -> str | None:
        """Return the text of a file, or None if it does not exist.

        Raises:
            ConfigError: it is not UTF-8 or larger than 20 MB, or git lacks its content.
        """
        if path not in self._files:
            return None
        if path not in self._contents:
            self._read([path], path)
        try:
            text = self._contents[path].decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ConfigError(
                f"{self._label}{path} is not UTF-8 text", hint="save the file as UTF-8"
            ) from None
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _read(self, paths: Sequence[str], subject: str) -> None:
        ids = {path: self._files[path] for path in paths}
        with _git_errors():
            sizes = object_sizes(self._root, ids.values())
            for path, object_id in ids.items():
                if object_id not in sizes:
                    raise ConfigError(
                        f"git does not have the content of {self._label}{path}",
                        hint="the clone is partial or damaged: check the revision out once, or"
                        " run 'git fsck'",
                    )
            if sum(sizes[object_id] for object_id in ids.values()) > MAX_BYTES:
                raise ConfigError(f"{self._label}{subject} is larger than {MAX_BYTES:,} bytes")
            contents = read_objects(self._root, ids.values())
        self._contents |= {path: contents[object_id] for path, object_id in ids.items()}


def _is_schema_below(path: str, start: str) -> bool:
    if not path.startswith(start) or not path.endswith(SCHEMA_SUFFIX):
        return False
    names = path[len(start) :].split("/")
    return not any(name.startswith(".") or name == _SKIPPED_DIRECTORY for name in names)


@contextmanager
def _git_errors() -> Iterator[None]:
    try:
        yield
    except GitError as error:
        hint = error.hint or "a git revision needs git; name files instead"
        raise UsageError(error.message, hint=hint) from error


def _load(source: _Source, path: str, project: Project) -> Documents:
    if path.endswith(".json"):
        return {"": _load_document(source, path)} if source.is_file(path) else {}
    resources = tuple(_resources_below(source, path, project))
    if not resources:
        resources = (ApiResource(name="", schema=path, flags=project.flags),)
    elif len(resources) == 1 and path in (
        resources[0].schema,
        posixpath.dirname(resources[0].schema),
    ):
        resources = (replace(resources[0], name=""),)
    located = [(resource, _find_schema(source, resource.schema)) for resource in resources]
    return {
        resource.name: _generate(source, schema, resource.flags)
        for resource, schema in located
        if schema is not None
    }


def _resources_below(source: _Source, path: str, project: Project) -> Iterator[ApiResource]:
    """Yield the known resources below `path`, and others in the API directories of Amplify.

    The latter, which a revision may have, get the flags of another API of their project.
    """
    known = [resource for resource in project.resources if _is_below(resource.schema, path)]
    yield from known
    if source.is_file(path):
        return
    for apis in (posixpath.normpath(posixpath.join(path, end)) for end in _API_DIRECTORIES):
        flags = next((r.flags for r in known if _is_below(r.schema, apis)), project.flags)
        for name in source.directories(apis):
            directory = f"{apis}/{name}"
            if not any(_is_below(resource.schema, directory) for resource in known):
                yield ApiResource(name=name, schema=f"{directory}/schema.graphql", flags=flags)


def _is_below(path: str, directory: str) -> bool:
    return directory in ("", path) or path.startswith(f"{directory}/")


def _find_schema(source: _Source, path: str) -> str | None:
    """Return the file or the directory of a schema, None if it does not exist.

    Source: Amplify CLI reads `schema.graphql`, else the directory `schema`. A schema may have
    changed from one to the other between two revisions.
    """
    parent, name = posixpath.split(path)
    file, directory = posixpath.join(parent, "schema.graphql"), posixpath.join(parent, "schema")
    if source.is_file(path):
        return path
    if source.is_file(posixpath.join(path, "schema.graphql")):
        return posixpath.join(path, "schema.graphql")
    candidates = [posixpath.join(path, "schema"), path]
    if name == "schema.graphql":
        candidates = [directory]
    elif name == "schema" and source.is_file(file):
        return file
    return next(filter(source.has_schema_files, candidates), None)


def _generate(source: _Source, path: str, flags: FeatureFlags) -> dict[str, Any]:
    from amplify_modelgen.modelgen import describe_models

    try:
        schema = source.read_schema(path)
    except SchemaError as error:
        raise SchemaError(
            tuple(replace(item, path=source.label(item.path)) for item in error.diagnostics)
        ) from error
    try:
        return describe_models(schema.text, flags)
    except SchemaError as error:
        raise SchemaError(
            tuple(_locate(source, schema, diagnostic) for diagnostic in error.diagnostics)
        ) from error


def _locate(source: _Source, schema: Schema, diagnostic: Diagnostic) -> Diagnostic:
    path, line = schema.locate(diagnostic.line)
    return replace(diagnostic, path=source.label(path), line=line)


def _load_document(source: _Source, path: str) -> dict[str, Any]:
    label = source.label(path)
    try:
        document = read_outputs(source.read_text(path) or "")
    except SchemaError as error:
        raise UsageError(f"{label}: {error.diagnostics[0].message}") from error
    try:
        parse_document(document)
    except ModelgenError as error:
        raise UsageError(f"{label}: {error.message}", hint=error.hint) from error
    return document
