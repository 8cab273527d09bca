"""Small projects and repositories to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amplify_modelgen.diff.sources import ApiResource, Project, diff
from amplify_modelgen.storage.project_files import ProjectFiles

if TYPE_CHECKING:
    from pathlib import Path

POST = "type Post @model { title: String }\n"
LONGER_POST = "type Post @model { title: String body: String! }\n"
TAG = "type Tag @model { label: String }\n"
BLOG, SHOP = "amplify/backend/api/blog", "amplify/backend/api/shop"


def project_at(root: Path, *resources: ApiResource, cwd: Path | None = None) -> Project:
    return Project(files=ProjectFiles(root), cwd=cwd or root, resources=resources)


def blog(**options: Any) -> ApiResource:
    return ApiResource(name="blog", schema=f"{BLOG}/schema.graphql", **options)


def changed_subjects(old: str, new: str, project: Project) -> dict[str, list[str]]:
    """Return the subjects that changed, by resource."""
    return {
        comparison.name: [change.subject for change in comparison.changes]
        for comparison in diff(old, new, project)
    }
