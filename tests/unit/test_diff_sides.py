from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.diff.sides import (
    Comparison,
    Project,
    Resource,
    diff,
    load_side,
    resources_of,
)
from amplify_modelgen.records import Target
from diff_documents import document, model, post, value
from diff_repository import BLOG, LONGER, POST, SHOP, TAG, blog, put, seen

if TYPE_CHECKING:
    from pathlib import Path


def test_two_schema_files(tmp_path: Path) -> None:
    put(tmp_path, "old.graphql", POST)
    put(tmp_path, "new.graphql", LONGER)
    assert seen("old.graphql", "new.graphql", Project(root=tmp_path)) == {"": ["Post.body"]}


def test_the_same_file_gives_no_change(tmp_path: Path) -> None:
    put(tmp_path, "a.graphql", POST)
    (comparison,) = diff("a.graphql", "a.graphql", Project(root=tmp_path))
    assert comparison == Comparison(name="", changes=())


@pytest.mark.parametrize("folder", [".", "schema", "api", "many"])
def test_schema_folders_are_read_as_amplify_reads_them(tmp_path: Path, folder: str) -> None:
    for path in ("schema/a.graphql", "api/schema.graphql", "many/deep/b.graphql"):
        put(tmp_path, path, POST)
    put(tmp_path, "schema/.hidden.graphql", "not SDL")
    put(tmp_path, "many/node_modules/x.graphql", "not SDL")
    documents = load_side(folder, None, Project(root=tmp_path))
    assert list(documents[""]["models"]) == ["Post"]


def test_files_of_a_folder_are_merged_in_the_order_of_their_paths(tmp_path: Path) -> None:
    put(tmp_path, "schema/b.graphql", POST)
    put(tmp_path, "schema/a.graphql", TAG)
    documents = load_side("schema", None, Project(root=tmp_path))
    assert list(documents[""]["models"]) == ["Tag", "Post"]


def test_introspection_documents(tmp_path: Path) -> None:
    put(tmp_path, "old.json", json.dumps(post()))
    put(tmp_path, "new.json", json.dumps(post({"title": value()})))
    assert seen("old.json", "new.json", Project(root=tmp_path)) == {"": ["Post.title"]}


def test_document_against_a_schema(tmp_path: Path) -> None:
    put(tmp_path, "old.json", json.dumps(document({"Note": model()})))
    put(tmp_path, "new.graphql", TAG)
    assert seen("old.json", "new.graphql", Project(root=tmp_path)) == {"": ["Tag", "Note"]}


def test_named_schemas_of_two_resources_are_compared_with_each_other(tmp_path: Path) -> None:
    put(tmp_path, f"{BLOG}/schema.graphql", POST)
    put(tmp_path, f"{SHOP}/schema.graphql", LONGER)
    shop = Resource(name="shop", schema=f"{SHOP}/schema.graphql")
    project = Project(root=tmp_path, resources=(blog(), shop))
    assert seen(BLOG, f"{SHOP}/schema.graphql", project) == {"": ["Post.body"]}


def test_single_schema_can_be_compared_with_a_project_of_one(tmp_path: Path) -> None:
    put(tmp_path, "old.graphql", POST)
    put(tmp_path, f"{BLOG}/schema.graphql", LONGER)
    assert seen("old.graphql", ".", Project(root=tmp_path)) == {"": ["Post.body"]}


def test_file_with_a_colon_in_its_name_is_a_file(tmp_path: Path) -> None:
    put(tmp_path, "main:api.graphql", POST)
    assert load_side("main:api.graphql", None, Project(root=tmp_path))


def test_resources_of_targets_are_their_schemas_each_once() -> None:
    targets = [
        Target(app_id="a", environment=name, resource="blog", schema="x/schema.graphql")
        for name in ("dev", "prod")
    ]
    assert resources_of(targets) == (Resource(name="blog", schema="x/schema.graphql"),)


def test_resources_that_share_a_name_are_named_by_their_paths() -> None:
    targets = [
        Target(app_id=app, environment="dev", resource="blog", schema=f"{app}/schema.graphql")
        for app in ("a", "b")
    ]
    nowhere = Target(app_id="c", environment="dev", resource="blog")
    assert [found.name for found in resources_of([*targets, nowhere])] == [
        "a/schema.graphql",
        "b/schema.graphql",
    ]


def test_another_drive_of_windows_is_named_absolutely(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_way(*_: object) -> str:
        raise ValueError

    put(tmp_path, "old.json", json.dumps(post()))
    monkeypatch.setattr("os.path.relpath", no_way)
    assert load_side("old.json", None, Project(root=tmp_path)) == {"": post()}
