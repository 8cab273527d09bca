from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.diff.sources import (
    ApiResource,
    diff,
    load_documents,
    resources_of,
)
from amplify_modelgen.records import Target
from support.diff_projects import (
    BLOG,
    LONGER_POST,
    POST,
    SHOP,
    TAG,
    blog,
    changed_subjects,
    project_at,
)
from support.introspection_documents import document, model, post, value
from support.repositories import write_files

if TYPE_CHECKING:
    from pathlib import Path


def test_two_schema_files(tmp_path: Path) -> None:
    write_files(tmp_path, {"old.graphql": POST})
    write_files(tmp_path, {"new.graphql": LONGER_POST})
    assert changed_subjects("old.graphql", "new.graphql", project_at(tmp_path)) == {
        "": ["Post.body"]
    }


def test_a_file_has_no_changes_to_itself(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.graphql": POST})
    (comparison,) = diff("a.graphql", "a.graphql", project_at(tmp_path))
    assert (comparison.name, comparison.changes) == ("", ())


@pytest.mark.parametrize("directory", [".", "schema", "api", "many"])
def test_schema_directories_are_read_as_amplify_cli_does(tmp_path: Path, directory: str) -> None:
    for path in ("schema/a.graphql", "api/schema.graphql", "many/deep/b.graphql"):
        write_files(tmp_path, {path: POST})
    write_files(tmp_path, {"schema/.hidden.graphql": "not SDL"})
    write_files(tmp_path, {"many/node_modules/x.graphql": "not SDL"})
    documents = load_documents(directory, None, project_at(tmp_path))
    assert list(documents[""]["models"]) == ["Post"]


def test_files_of_a_directory_are_merged_in_the_order_of_their_paths(tmp_path: Path) -> None:
    write_files(tmp_path, {"schema/b.graphql": POST})
    write_files(tmp_path, {"schema/a.graphql": TAG})
    documents = load_documents("schema", None, project_at(tmp_path))
    assert list(documents[""]["models"]) == ["Tag", "Post"]


def test_introspection_documents(tmp_path: Path) -> None:
    write_files(tmp_path, {"old.json": json.dumps(post())})
    write_files(tmp_path, {"new.json": json.dumps(post({"title": value()}))})
    assert changed_subjects("old.json", "new.json", project_at(tmp_path)) == {"": ["Post.title"]}


def test_document_against_a_schema(tmp_path: Path) -> None:
    write_files(tmp_path, {"old.json": json.dumps(document({"Note": model()}))})
    write_files(tmp_path, {"new.graphql": TAG})
    assert changed_subjects("old.json", "new.graphql", project_at(tmp_path)) == {
        "": ["Tag", "Note"]
    }


def test_named_schemas_of_two_resources_are_compared_with_each_other(tmp_path: Path) -> None:
    write_files(tmp_path, {f"{BLOG}/schema.graphql": POST})
    write_files(tmp_path, {f"{SHOP}/schema.graphql": LONGER_POST})
    shop = ApiResource(name="shop", schema=f"{SHOP}/schema.graphql")
    project = project_at(tmp_path, blog(), shop)
    assert changed_subjects(BLOG, f"{SHOP}/schema.graphql", project) == {"": ["Post.body"]}


def test_single_schema_can_be_compared_with_a_project_with_one_resource(tmp_path: Path) -> None:
    write_files(tmp_path, {"old.graphql": POST})
    write_files(tmp_path, {f"{BLOG}/schema.graphql": LONGER_POST})
    assert changed_subjects("old.graphql", ".", project_at(tmp_path)) == {"": ["Post.body"]}


def test_file_with_a_colon_in_its_name_is_a_file(tmp_path: Path) -> None:
    write_files(tmp_path, {"main:api.graphql": POST})
    assert load_documents("main:api.graphql", None, project_at(tmp_path))


def test_each_schema_of_the_targets_is_a_resource_once() -> None:
    targets = [
        Target(app_id="a", environment=name, resource="blog", schema="x/schema.graphql")
        for name in ("dev", "prod")
    ]
    assert resources_of(targets) == (ApiResource(name="blog", schema="x/schema.graphql"),)


def test_resources_with_the_same_name_are_named_by_their_paths() -> None:
    targets = [
        Target(app_id=app, environment="dev", resource="blog", schema=f"{app}/schema.graphql")
        for app in ("a", "b")
    ]
    without_schema = Target(app_id="c", environment="dev", resource="blog")
    assert [resource.name for resource in resources_of([*targets, without_schema])] == [
        "a/schema.graphql",
        "b/schema.graphql",
    ]


def test_path_on_another_drive_of_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise ValueError

    write_files(tmp_path, {"old.json": json.dumps(post())})
    monkeypatch.setattr("os.path.relpath", fail)
    assert load_documents("old.json", None, project_at(tmp_path)) == {"": post()}


def test_paths_outside_the_root(tmp_path: Path) -> None:
    write_files(tmp_path, {"old/schema.graphql": POST, "new/schema.graphql": LONGER_POST})
    (tmp_path / "root").mkdir()
    project = project_at(tmp_path / "root")
    assert changed_subjects("../old", "../new/schema.graphql", project) == {"": ["Post.body"]}
    absolute = str(tmp_path / "old" / "schema.graphql")
    assert changed_subjects(absolute, "../new", project) == {"": ["Post.body"]}
