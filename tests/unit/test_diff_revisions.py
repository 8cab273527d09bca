from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.diff.sides import (
    Project,
    Resource,
    diff,
    load_side,
)
from amplify_modelgen.records import FeatureFlags
from diff_repository import BLOG, LONGER, POST, SHOP, TAG, blog, commit, new_repository, put, seen

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return new_repository(tmp_path, monkeypatch)


def test_project_against_a_revision(repository: Path) -> None:
    put(repository, f"{BLOG}/schema.graphql", POST)
    put(repository, f"{SHOP}/schema.graphql", TAG)
    commit(repository)
    put(repository, f"{BLOG}/schema.graphql", LONGER)
    assert seen("main:", ".", Project(root=repository, resources=(blog(),))) == {
        "blog": ["Post.body"],
        "shop": [],
    }


def test_resources_that_one_side_lacks_are_added_or_removed(repository: Path) -> None:
    put(repository, f"{SHOP}/schema.graphql", TAG)
    commit(repository)
    (repository / SHOP / "schema.graphql").unlink()
    put(repository, f"{BLOG}/schema.graphql", POST)
    blog_changes, shop_changes = diff("HEAD:", ".", Project(root=repository, resources=(blog(),)))
    assert (blog_changes.name, blog_changes.changes[0].rule) == ("blog", "model-added")
    assert (shop_changes.name, shop_changes.changes[0].rule) == ("shop", "model-removed")


def test_schema_that_became_a_folder_is_still_the_same(repository: Path) -> None:
    put(repository, f"{BLOG}/schema.graphql", POST)
    commit(repository)
    (repository / BLOG / "schema.graphql").unlink()
    put(repository, f"{BLOG}/schema/post.graphql", LONGER)
    now = Resource(name="blog", schema=f"{BLOG}/schema")
    assert seen("HEAD:", ".", Project(root=repository, resources=(now,))) == {"blog": ["Post.body"]}
    assert seen(".", "HEAD:", Project(root=repository, resources=(blog(),))) == {
        "blog": ["Post.body"]
    }


def test_bare_revision_means_the_file_of_the_other_side(repository: Path) -> None:
    put(repository, "api.graphql", POST)
    commit(repository)
    put(repository, "api.graphql", LONGER)
    assert seen("HEAD:", "api.graphql", Project(root=repository)) == {"": ["Post.body"]}


def test_schema_that_is_newer_than_the_revision_is_all_added(repository: Path) -> None:
    put(repository, "README", "x")
    commit(repository)
    put(repository, "api.graphql", POST)
    (comparison,) = diff("HEAD:", "api.graphql", Project(root=repository))
    assert [(change.subject, change.level) for change in comparison.changes] == [("Post", "safe")]


def test_two_revisions_are_compared_as_projects(repository: Path) -> None:
    put(repository, f"{BLOG}/schema.graphql", POST)
    commit(repository)
    put(repository, f"{BLOG}/schema.graphql", LONGER)
    commit(repository)
    assert seen("HEAD~1:", "HEAD:", Project(root=repository)) == {"blog": ["Post.body"]}


def test_revision_with_a_path(repository: Path) -> None:
    put(repository, f"{BLOG}/schema.graphql", POST)
    commit(repository)
    put(repository, "new.graphql", LONGER)
    assert seen(f"HEAD:{BLOG}", "new.graphql", Project(root=repository)) == {"": ["Post.body"]}


def test_paths_are_relative_to_where_they_were_typed(repository: Path) -> None:
    put(repository, "app/api.graphql", POST)
    commit(repository)
    put(repository, "app/api.graphql", LONGER)
    project = Project(root=repository, here=repository / "app")
    assert seen("HEAD:api.graphql", "api.graphql", project) == {"": ["Post.body"]}


def test_root_may_be_a_folder_of_the_repository(repository: Path) -> None:
    put(repository, "app/api.graphql", POST)
    put(repository, "shared.graphql", TAG)
    commit(repository)
    project = Project(root=repository / "app")
    assert seen("HEAD:", "api.graphql", project) == {"": []}
    assert seen("HEAD:../shared.graphql", "../shared.graphql", project) == {"": []}


def test_tree_is_not_touched_by_reading_a_revision(repository: Path) -> None:
    put(repository, "api.graphql", POST)
    commit(repository)
    put(repository, "api.graphql", LONGER)
    load_side("HEAD:api.graphql", None, Project(root=repository))
    assert (repository / "api.graphql").read_text(encoding="utf-8") == LONGER


def test_variables_that_git_sets_for_hooks_do_not_mislead(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(repository, "api.graphql", POST)
    commit(repository)
    monkeypatch.setenv("GIT_DIR", str(repository / "elsewhere"))
    assert seen("HEAD:", "api.graphql", Project(root=repository)) == {"": []}


def test_flags_of_a_resource_shape_both_of_its_sides(repository: Path) -> None:
    put(repository, f"{BLOG}/schema.graphql", POST)
    commit(repository)
    known = blog(flags=FeatureFlags(add_timestamp_fields=False))
    project = Project(root=repository, resources=(known,))
    for spec in (".", "HEAD:", "HEAD:.", BLOG, f"{BLOG}/schema.graphql"):
        (found,) = load_side(spec, None, project).values()
        assert "createdAt" not in found["models"]["Post"]["fields"]


def test_line_ends_and_marks_of_a_revision_do_not_matter(repository: Path) -> None:
    (repository / "a.graphql").write_bytes(b"\xef\xbb\xbf" + POST.replace("\n", "\r\n").encode())
    put(repository, "b.graphql", POST)
    commit(repository)
    assert seen("HEAD:a.graphql", "b.graphql", Project(root=repository)) == {"": []}
