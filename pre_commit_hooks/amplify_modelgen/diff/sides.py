"""The two sides of `amplify-modelgen diff`: files, folders, projects, documents, revisions."""

from __future__ import annotations

import json
import os
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from amplify_modelgen.errors import ModelgenError, SchemaError, UsageError
from amplify_modelgen.records import FeatureFlags, Schema, SchemaFile

from .compare import compare_models
from .projects import Resource, resources_in, resources_of, schema_files
from .reading import read_document
from .trees import Revision, Tree, WorkingTree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen.records import ModelChange

    Documents = dict[str, dict[str, Any]]


__all__ = ["Comparison", "Project", "Resource", "diff", "load_side", "resources_of"]

_HINT = (
    "name a schema file or folder, a project's folder, an introspection document, or REV: for a"
    " git revision"
)


class Comparison(Struct, frozen=True, kw_only=True):
    """What changed in one resource; `name` is empty where two schemas were named themselves."""

    name: str
    changes: tuple[ModelChange, ...]


class Project(Struct, frozen=True, kw_only=True):
    """What is known beside the two words that were typed.

    `here` is the folder that typed paths are relative to, by default the root. `flags` are for
    schemas of which `resources` knows nothing.
    """

    root: Path
    here: Path | None = None
    resources: tuple[Resource, ...] = ()
    flags: FeatureFlags = field(default_factory=FeatureFlags)


class _Place(Struct, frozen=True, kw_only=True):
    """A typed word, understood: no revision is the working tree, no path is the other side's."""

    revision: str | None
    path: str | None


def diff(old: str, new: str, project: Project) -> tuple[Comparison, ...]:
    """Compare `old` with `new`, resource by resource, and return what changed in each.

    Each side is a schema file, a schema folder, a project's folder (its resources are compared
    by name), an introspection document (`*.json`), `REV:path`, or `REV:` for what the other side
    is at that revision. A resource that only one side has is all added, or all removed.

    Raises:
        UsageError: no such file or revision, not a document, or sides that do not match.
        SchemaError: a schema that Amplify would refuse, with its file, line and column.
    """
    before, after = load_side(old, new, project), load_side(new, old, project)
    if not before and not after:
        raise UsageError(f"there is no schema at {old} and {new}", hint=_HINT)
    return tuple(
        Comparison(name=name, changes=compare_models(before.get(was), after.get(now, {})))
        for name, was, now in _paired(before, after, old, new)
    )


def load_side(spec: str, other: str | None, project: Project) -> Documents:
    """Return the introspection documents of one side by name; `other` completes a bare `REV:`.

    The name is empty for a schema or document that was named itself. A bare `REV:` may find
    nothing, since the schema may be newer; anything else that finds nothing is a `UsageError`.
    Raises what `diff` raises.
    """
    place = _understand(spec, project)
    root = project.root
    tree: Tree = Revision(root, place.revision) if place.revision else WorkingTree(root)
    path = place.path or (_understand(other, project).path if other else None) or "."
    documents = _documents(tree, path, project)
    if not documents and place.path is not None:
        raise UsageError(f"there is no schema at {tree.shown(path)}", hint=_HINT)
    return documents


def _understand(spec: str, project: Project) -> _Place:
    if not spec:
        raise UsageError("an empty word names no schema", hint=_HINT)
    revision, colon, path = spec.partition(":")
    if _exists(spec, project) or not colon or Path(spec).drive:
        return _Place(revision=None, path=_from_root(spec, project))
    if not revision:
        raise UsageError(
            f"{spec!r} names no revision", hint="write it before the colon, as in main:"
        )
    return _Place(revision=revision, path=_from_root(path, project) if path else None)


def _from_root(path: str, project: Project) -> str:
    absolute = _here(project).resolve() / path
    try:
        relative = os.path.relpath(absolute, project.root.resolve())
    except ValueError:  # another drive of Windows
        relative = str(absolute)
    return relative.replace(os.sep, "/")


def _exists(spec: str, project: Project) -> bool:
    try:
        return (_here(project) / spec).exists()
    except OSError as error:
        raise UsageError(f"{spec[:80]!r} cannot be a path: {error.strerror}") from error


def _here(project: Project) -> Path:
    return project.here or project.root


def _documents(tree: Tree, path: str, project: Project) -> Documents:
    if path.endswith(".json"):
        return {"": _introspection(tree, path)} if tree.is_file(path) else {}
    inside = tuple(resources_in(tree, path, project.resources, project.flags))
    if not inside:
        inside = (Resource(name="", schema=path, flags=project.flags),)
    elif len(inside) == 1 and path in (inside[0].schema, posixpath.dirname(inside[0].schema)):
        inside = (Resource(name="", schema=inside[0].schema, flags=inside[0].flags),)
    located = ((resource, schema_files(tree, resource.schema)) for resource in inside)
    return {
        resource.name: _models(tree, files, resource.flags) for resource, files in located if files
    }


def _models(tree: Tree, paths: tuple[str, ...], flags: FeatureFlags) -> dict[str, Any]:
    from amplify_modelgen.modelgen import generate_introspection
    from amplify_modelgen.targets.schemas import located

    texts = zip(paths, tree.read(paths), strict=True)
    schema = Schema(files=tuple(SchemaFile(path=tree.shown(p), text=text) for p, text in texts))
    try:
        return generate_introspection(schema.text, flags)
    except SchemaError as error:
        raise located(error, schema) from error


def _introspection(tree: Tree, path: str) -> dict[str, Any]:
    shown = tree.shown(path)
    try:
        document = json.loads(tree.read((path,))[0])
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{shown} is not JSON: {error}") from error
    if not isinstance(document, dict) or not {"models", "nonModels", "enums"} & document.keys():
        raise UsageError(f"{shown} is no introspection document")
    try:
        read_document(document)
    except ModelgenError as error:
        raise UsageError(f"{shown}: {error.message}", hint=error.hint) from error
    return document


def _paired(
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
