"""The schemas of a project, in the working tree or at a revision."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from msgspec import Struct, field

from amplify_modelgen.records import FeatureFlags

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from amplify_modelgen.records import Target

    from .trees import Tree

# where Amplify keeps a project's APIs, from the project's folder and from `amplify/`
_APIS = ("amplify/backend/api", "backend/api")


class Resource(Struct, frozen=True, kw_only=True):
    """A schema that the project is known to have; `schema` is relative to the root."""

    name: str
    schema: str
    flags: FeatureFlags = field(default_factory=FeatureFlags)


def resources_of(targets: Iterable[Target]) -> tuple[Resource, ...]:
    """Return the schemas of `targets`, each once, whatever the number of its environments.

    The name is the resource's, or the schema's path where two resources share their name.
    """
    first = {target.schema: target for target in reversed(list(targets)) if target.schema}
    names = [target.resource for target in first.values()]
    return tuple(
        Resource(
            name=target.resource if names.count(target.resource) == 1 else path,
            schema=path,
            flags=target.flags,
        )
        for path, target in reversed(first.items())
    )


def resources_in(
    tree: Tree, path: str, resources: tuple[Resource, ...], flags: FeatureFlags
) -> Iterator[Resource]:
    """Yield the resources below `path`: known ones, and those that lie where Amplify keeps them.

    The latter, which `tree` may have had once, share the flags of their neighbours, else `flags`.
    """
    known = [resource for resource in resources if _within(resource.schema, path)]
    yield from known
    for apis in (posixpath.normpath(posixpath.join(path, base)) for base in _APIS):
        shared = next((r.flags for r in known if _within(r.schema, apis)), flags)
        for name in tree.folders(apis):
            folder = f"{apis}/{name}"
            if not any(_within(resource.schema, folder) for resource in known):
                yield Resource(name=name, schema=f"{folder}/schema.graphql", flags=shared)


def _within(path: str, folder: str) -> bool:
    return folder in (".", path) or path.startswith(f"{folder}/")


def schema_files(tree: Tree, path: str) -> tuple[str, ...]:
    """Return the files of a schema, in the order in which they are merged; none if missing.

    Source: Amplify CLI takes `schema.graphql`, else all of the folder `schema`. A schema may
    have gone from one form to the other between two revisions.
    """
    parent = posixpath.dirname(path) or "."
    inner, beside = posixpath.join(path, "schema.graphql"), posixpath.join(parent, "schema")
    single = next((file for file in (path, inner) if tree.is_file(file)), None)
    if single is not None:
        return (single,)
    folders = [posixpath.join(path, "schema"), path]
    if posixpath.basename(path) == "schema.graphql":
        folders = [beside]
    elif posixpath.basename(path) == "schema" and tree.is_file(f"{beside}.graphql"):
        return (f"{beside}.graphql",)
    return next(filter(None, map(tree.schemas, folders)), ())
