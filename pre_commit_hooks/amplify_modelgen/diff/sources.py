"""Load the two sides of `amplify-modelgen diff`: files, directories, projects, git revisions."""

from __future__ import annotations

import os
import posixpath
from contextlib import contextmanager
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from amplify_modelgen.errors import ModelgenError, SchemaError, UsageError
from amplify_modelgen.git import (
    GitError,
    list_tree,
    read_objects,
    repository_prefix,
    resolve_commit,
)
from amplify_modelgen.modelgen.documents import read_outputs
from amplify_modelgen.records import FeatureFlags
from amplify_modelgen.storage.project_files import (
    MAX_BYTES,
    DirectoryEntry,
    ProjectFiles,
    decode_text,
)
from amplify_modelgen.workspace import ensure_complete, read_schema, schema_paths

from .compare import compare_models
from .document import parse_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from amplify_modelgen.records import ModelChange, Schema, Target

    Documents = dict[str, dict[str, Any]]

_HINT = (
    "name a schema file or directory, the directory of a project, an introspection document, or"
    " REV: for a git revision"
)
# The directories of APIs, relative to that of a project and to `amplify/`.
_API_DIRECTORIES = ("amplify/backend/api", "backend/api")


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
    flags: FeatureFlags = FeatureFlags()


class Project(Struct, frozen=True, kw_only=True):
    """The project in which two sides are compared.

    `cwd` is the directory that arguments are relative to. Schemas that are not among the
    `resources` have the flags of a new project.
    """

    files: ProjectFiles
    cwd: Path
    resources: tuple[ApiResource, ...] = ()


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
    if "" in before or "" in after:
        before, after = _only_schema(before, old), _only_schema(after, new)
    return tuple(
        Comparison(
            name=name,
            changes=compare_models(before.get(name), after.get(name, {})),
            document=after.get(name, {}),
        )
        for name in dict.fromkeys([*after, *before])
    )


def _only_schema(documents: Documents, spec: str) -> Documents:
    """Return the documents of a side without names, because the other side has a single schema."""
    if len(documents) > 1:
        raise UsageError(
            f"{spec} has {len(documents)} resources, the other side is a single schema",
            hint=f"name the schema of one of them: {', '.join(documents)}",
        )
    return {"": next(iter(documents.values()))} if documents else {}


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
    revision, colon, path = spec.partition(":")
    if not revision:
        raise UsageError(f"{spec!r} has neither a path nor a revision", hint=_HINT)
    # Not pathlib: it raises for a path that is too long.
    if not colon or os.path.exists(project.cwd / spec) or Path(spec).drive:  # noqa: PTH110
        return None, _path_from_root(spec, project)
    return revision, _path_from_root(path, project) if path else None


def _path_from_root(path: str, project: Project) -> str:
    absolute = project.cwd.resolve() / path
    try:
        relative = os.path.relpath(absolute, project.files.root.resolve())
    except ValueError:  # another drive of Windows
        relative = str(absolute)
    return relative.replace(os.sep, "/")


class _Source(Struct, frozen=True):
    """The files of a side.

    Paths are relative to `base`. In messages they are relative to the root, after the `revision`.
    """

    files: ProjectFiles | RevisionFiles
    base: str
    revision: str | None = None

    def label(self, path: str) -> str:
        prefix = f"{self.revision}:" if self.revision else ""
        return prefix + posixpath.normpath(posixpath.join(self.base, path))

    def is_file(self, path: str) -> bool:
        """Whether there is anything but a directory: reading it reports why it is unusable."""
        parent, name = posixpath.split(path)
        entries = self.files.list_directory(parent) if name else ()
        return any(entry.name == name and entry.kind != "directory" for entry in entries)

    def read_schema(self, path: str) -> Schema:
        if isinstance(self.files, RevisionFiles):
            self.files.preload(path)
        else:
            ensure_complete(self.files.root, path)
        return read_schema(self.files, path)


@contextmanager
def _open_source(
    project: Project, revision: str | None, path: str
) -> Iterator[tuple[_Source, str]]:
    """Open the files of a side; also yield `path` as they have it.

    A path outside the root is read from its own parent directory.
    """
    root, base = project.files.root, ""
    while path == ".." or path.startswith("../"):
        base, path = posixpath.join(base, ".."), path[3:]
    if posixpath.isabs(path) or Path(path).drive:
        base, path = posixpath.split(path)
    path = "" if path == "." else path
    if revision is not None:
        yield _Source(RevisionFiles(root, revision, base), base, revision), path
    elif base:
        with ProjectFiles((root / base).resolve()) as files:
            yield _Source(files, base), path
    else:
        yield _Source(project.files, base), path


class RevisionFiles:
    """The files of a git revision, read without checking it out.

    `directory` is the one that paths are relative to, itself relative to `root`.

    Raises:
        UsageError: no git, not a repository, or an unknown revision.
    """

    def __init__(self, root: Path, revision: str, directory: str = "") -> None:
        self._root = root
        self._label = f"{revision}:{posixpath.join(directory, '')}"
        self._contents: dict[str, bytes] = {}
        with _git_errors():
            top = posixpath.normpath(posixpath.join(repository_prefix(root), directory))
            commit = resolve_commit(root, revision)
            if commit is None:
                raise UsageError(
                    f"git does not know the revision {revision!r}",
                    hint="fetch it first: CI often clones a single commit, and names remote"
                    " branches like origin/main",
                )
            is_outside = top.split("/")[0] in ("..", "")  # of the repository
            directory = "" if top == "." else top
            self._files = {} if is_outside else list_tree(root, commit, directory)

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
        """Read a file, or all schema files below a directory, with one git process.

        Raises:
            UsageError: they are larger than 20 MB together, or git lacks the content of a file.
        """
        paths = [path] if path in self._files else list(schema_paths(self, path))
        ids = [self._files[each] for each in paths]
        with _git_errors(f"cannot read {self._label}{path}: "):
            contents = read_objects(self._root, ids, MAX_BYTES)
        for each in paths:
            if self._files[each] not in contents:
                raise UsageError(
                    f"git does not have the content of {self._label}{each}",
                    hint="the clone is partial or damaged: check the revision out once, or"
                    " run 'git fsck'",
                )
            self._contents[each] = contents[self._files[each]]

    def read_text(self, path: str) -> str | None:
        """Return the text of a file, or None if it does not exist.

        Raises:
            UsageError: as `preload`.
            ConfigError: it is not UTF-8.
        """
        if path not in self._files:
            return None
        if path not in self._contents:
            self.preload(path)
        return decode_text(self._contents[path], f"{self._label}{path}")


@contextmanager
def _git_errors(subject: str = "") -> Iterator[None]:
    try:
        yield
    except GitError as error:
        hint = error.hint or "a git revision needs git; name files instead"
        raise UsageError(f"{subject}{error.message}", hint=hint) from error


def _load(source: _Source, path: str, project: Project) -> Documents:
    if path.endswith(".json"):
        return {"": _load_document(source, path)} if source.is_file(path) else {}
    resources = [*_resources_below(source, path, project)] or [ApiResource(name="", schema=path)]
    first = resources[0].schema
    is_single = len(resources) == 1 and path in (first, posixpath.dirname(first))
    located = [(resource, _find_schema(source, resource.schema)) for resource in resources]
    return {
        "" if is_single else resource.name: _generate(source, schema, resource.flags)
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
        flags = next((r.flags for r in known if _is_below(r.schema, apis)), FeatureFlags())
        for entry in source.files.list_directory(apis):
            schema = f"{apis}/{entry.name}/schema.graphql"
            is_known = any(_is_below(r.schema, posixpath.dirname(schema)) for r in known)
            if entry.kind == "directory" and not is_known:
                yield ApiResource(name=entry.name, schema=schema, flags=flags)


def _is_below(path: str, directory: str) -> bool:
    return directory in ("", path) or path.startswith(f"{directory}/")


def _find_schema(source: _Source, path: str) -> str | None:
    """Return the file or the directory of a schema, None if it does not exist.

    Source: Amplify CLI reads `schema.graphql`, else the directory `schema`. A schema may have
    changed from one to the other between two revisions.
    """
    parent, name = posixpath.split(path)
    parents = [path, parent] if name in ("schema.graphql", "schema") else [path]
    files = [path, *(posixpath.join(each, "schema.graphql") for each in parents)]
    directories = [*(posixpath.join(each, "schema") for each in parents), path]
    existing = (each for each in directories if any(schema_paths(source.files, each)))
    return next(chain(filter(source.is_file, files), existing), None)


def _generate(source: _Source, path: str, flags: FeatureFlags) -> dict[str, Any]:
    from amplify_modelgen.modelgen import describe_models

    schema = None
    try:
        schema = source.read_schema(path)
        return describe_models(schema.text, flags)
    except SchemaError as error:
        found = schema.located(error.diagnostics) if schema else error.diagnostics
        raise SchemaError(
            tuple(replace(item, path=source.label(item.path)) for item in found)
        ) from error


def _load_document(source: _Source, path: str) -> dict[str, Any]:
    label = source.label(path)
    try:
        document = read_outputs(source.files.read_text(path) or "")
    except SchemaError as error:
        raise UsageError(f"{label}: {error.diagnostics[0].message}") from error
    try:
        parse_document(document)
    except ModelgenError as error:
        raise UsageError(f"{label}: {error.message}", hint=error.hint) from error
    return document
