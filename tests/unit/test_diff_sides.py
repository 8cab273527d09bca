from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.diff.sides import (
    Comparison,
    Project,
    Resource,
    diff,
    load_side,
    resources_of,
)
from amplify_modelgen.errors import ConfigError, SchemaError, UsageError
from amplify_modelgen.records import FeatureFlags, Target
from diff_documents import document, model, post, value

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
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


def test_named_schemas_of_two_resources_are_compared_with_each_other(tmp_path: Path) -> None:
    put(tmp_path, f"{BLOG}/schema.graphql", POST)
    put(tmp_path, f"{SHOP}/schema.graphql", LONGER)
    shop = Resource(name="shop", schema=f"{SHOP}/schema.graphql")
    project = Project(root=tmp_path, resources=(blog(), shop))
    assert seen(BLOG, f"{SHOP}/schema.graphql", project) == {"": ["Post.body"]}


def test_single_schema_cannot_be_compared_with_several(tmp_path: Path) -> None:
    put(tmp_path, "old.graphql", POST)
    for folder in (BLOG, SHOP):
        put(tmp_path, f"{folder}/schema.graphql", POST)
    for sides in (("old.graphql", "."), (".", "old.graphql")):
        with pytest.raises(UsageError, match=r"^\. has 2 resources") as raised:
            diff(*sides, Project(root=tmp_path))
        assert raised.value.hint == "name the schema of one of them: blog, shop"


def test_single_schema_can_be_compared_with_a_project_of_one(tmp_path: Path) -> None:
    put(tmp_path, "old.graphql", POST)
    put(tmp_path, f"{BLOG}/schema.graphql", LONGER)
    assert seen("old.graphql", ".", Project(root=tmp_path)) == {"": ["Post.body"]}


@pytest.mark.parametrize("spec", ["nowhere.graphql", "nowhere", "nowhere.json", "x" * 5000, ""])
def test_missing_files_are_named(tmp_path: Path, spec: str) -> None:
    with pytest.raises(UsageError) as raised:
        load_side(spec, None, Project(root=tmp_path))
    assert (spec[:50] or "empty word") in raised.value.message


@pytest.mark.parametrize("spec", ["HEAD:nowhere.graphql", "HEAD:nowhere.json", "HEAD:."])
def test_missing_paths_of_a_revision_are_named(repository: Path, spec: str) -> None:
    put(repository, "README", "x")
    commit(repository)
    with pytest.raises(UsageError) as raised:
        load_side(spec, None, Project(root=repository))
    assert raised.value.message == f"there is no schema at {spec}"


def test_two_revisions_without_any_schema_are_refused(repository: Path) -> None:
    put(repository, "README", "x")
    commit(repository)
    with pytest.raises(UsageError, match="there is no schema at main: and HEAD:"):
        diff("main:", "HEAD:", Project(root=repository))


@pytest.mark.parametrize("revision", ["nowhere", "origin/main", "--help", "a b", "HEAD^{tree}"])
def test_unknown_revisions_are_named(repository: Path, revision: str) -> None:
    put(repository, "api.graphql", POST)
    commit(repository)
    with pytest.raises(UsageError) as raised:
        load_side(f"{revision}:", "api.graphql", Project(root=repository))
    assert raised.value.message == f"git does not know the revision '{revision}'"
    assert raised.value.hint is not None
    assert "fetch" in raised.value.hint


def test_colon_without_a_revision_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="names no revision"):
        load_side(":schema.graphql", None, Project(root=tmp_path))


def test_file_with_a_colon_in_its_name_is_a_file(tmp_path: Path) -> None:
    put(tmp_path, "main:api.graphql", POST)
    assert load_side("main:api.graphql", None, Project(root=tmp_path))


def test_revision_outside_a_repository_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"git failed: .*not a git repository"):
        load_side("main:", ".", Project(root=tmp_path))


def test_missing_git_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="git is not installed"):
        load_side("main:", ".", Project(root=tmp_path))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", r"a\.json is not JSON: "),
        ("[" * 100_000, r"a\.json is not JSON: "),
        ("[]", r"a\.json is no introspection document"),
        ('{"name": "x"}', r"a\.json is no introspection document"),
        ('{"models": {"A": 1}}', r"a\.json: models\.A is a number where an object is expected"),
    ],
)
def test_files_that_are_no_documents_are_named(tmp_path: Path, text: str, complaint: str) -> None:
    put(tmp_path, "a.json", text)
    with pytest.raises(UsageError, match=complaint):
        load_side("a.json", None, Project(root=tmp_path))


def test_refused_schema_is_named_with_its_place(repository: Path) -> None:
    put(repository, "schema/a.graphql", TAG)
    put(repository, "schema/b.graphql", "\ntype Post @model {\n")
    commit(repository)
    with pytest.raises(SchemaError, match=r"^schema/b\.graphql:3:1: "):
        load_side("schema", None, Project(root=repository))
    with pytest.raises(SchemaError, match=r"^HEAD:schema/b\.graphql:3:1: "):
        load_side("HEAD:schema", None, Project(root=repository))


def test_text_that_is_not_utf8_is_named(repository: Path) -> None:
    (repository / "a.graphql").write_bytes(b"# \xff\n")
    commit(repository)
    with pytest.raises(ConfigError, match=r"a\.graphql is not UTF-8"):
        load_side("a.graphql", None, Project(root=repository))
    with pytest.raises(UsageError, match=r"HEAD:a\.graphql is not UTF-8"):
        load_side("HEAD:a.graphql", None, Project(root=repository))


def test_line_ends_and_marks_of_a_revision_do_not_matter(repository: Path) -> None:
    (repository / "a.graphql").write_bytes(b"\xef\xbb\xbf" + POST.replace("\n", "\r\n").encode())
    put(repository, "b.graphql", POST)
    commit(repository)
    assert seen("HEAD:a.graphql", "b.graphql", Project(root=repository)) == {"": []}


def test_link_of_a_revision_is_no_schema(repository: Path) -> None:
    put(repository, "a.graphql", POST)
    (repository / "b.graphql").symlink_to("a.graphql")
    commit(repository)
    assert seen("a.graphql", "b.graphql", Project(root=repository)) == {"": []}
    with pytest.raises(UsageError, match=r"no schema at HEAD:b\.graphql"):
        load_side("HEAD:b.graphql", None, Project(root=repository))


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
