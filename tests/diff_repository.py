"""Little projects and repositories, for comparing."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

from amplify_modelgen.diff.sides import (
    Project,
    Resource,
    diff,
)

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

POST = "type Post @model { title: String }\n"
LONGER = "type Post @model { title: String body: String! }\n"
TAG = "type Tag @model { label: String }\n"
BLOG, SHOP = "amplify/backend/api/blog", "amplify/backend/api/shop"


def put(root: Path, path: str, text: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "x")


def new_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository that heeds no configuration of this machine."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "no-gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", str(tmp_path / "no-gitconfig"))
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "a@example.com")
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    return root


def seen(old: str, new: str, project: Project) -> dict[str, list[str]]:
    """The subjects that changed, by resource."""
    return {c.name: [change.subject for change in c.changes] for c in diff(old, new, project)}


def blog(**more: Any) -> Resource:
    return Resource(name="blog", schema=f"{BLOG}/schema.graphql", **more)
