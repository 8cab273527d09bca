from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amplify_modelgen import git as git_module
from amplify_modelgen.diff.sources import (
    ApiResource,
    RevisionFiles,
    diff,
    load_documents,
)
from amplify_modelgen.records import FeatureFlags
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
from support.repositories import commit, write_files

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_project_against_a_revision(repository: Path) -> None:
    commit(repository, {f"{BLOG}/schema.graphql": POST, f"{SHOP}/schema.graphql": TAG})
    write_files(repository, {f"{BLOG}/schema.graphql": LONGER_POST})
    assert changed_subjects("main:", ".", project_at(repository, blog())) == {
        "blog": ["Post.body"],
        "shop": [],
    }


def test_resources_that_one_side_lacks_are_added_or_removed(repository: Path) -> None:
    commit(repository, {f"{SHOP}/schema.graphql": TAG})
    (repository / SHOP / "schema.graphql").unlink()
    write_files(repository, {f"{BLOG}/schema.graphql": POST})
    blog_changes, shop_changes = diff("HEAD:", ".", project_at(repository, blog()))
    assert (blog_changes.name, blog_changes.changes[0].rule) == ("blog", "model-added")
    assert (shop_changes.name, shop_changes.changes[0].rule) == ("shop", "model-removed")


def test_schema_that_became_a_directory_is_the_same_resource(repository: Path) -> None:
    commit(repository, {f"{BLOG}/schema.graphql": POST})
    (repository / BLOG / "schema.graphql").unlink()
    write_files(repository, {f"{BLOG}/schema/post.graphql": LONGER_POST})
    now = ApiResource(name="blog", schema=f"{BLOG}/schema")
    assert changed_subjects("HEAD:", ".", project_at(repository, now)) == {"blog": ["Post.body"]}
    assert changed_subjects(".", "HEAD:", project_at(repository, blog())) == {"blog": ["Post.body"]}


def test_bare_revision_means_the_file_of_the_other_side(repository: Path) -> None:
    commit(repository, {"api.graphql": POST})
    write_files(repository, {"api.graphql": LONGER_POST})
    assert changed_subjects("HEAD:", "api.graphql", project_at(repository)) == {"": ["Post.body"]}


def test_schema_that_the_revision_lacks_is_added(repository: Path) -> None:
    commit(repository, {"README": "x"})
    write_files(repository, {"api.graphql": POST})
    (comparison,) = diff("HEAD:", "api.graphql", project_at(repository))
    assert [(change.subject, change.level) for change in comparison.changes] == [("Post", "safe")]


def test_two_revisions_are_compared_as_projects(repository: Path) -> None:
    commit(repository, {f"{BLOG}/schema.graphql": POST})
    commit(repository, {f"{BLOG}/schema.graphql": LONGER_POST})
    assert changed_subjects("HEAD~1:", "HEAD:", project_at(repository)) == {"blog": ["Post.body"]}


def test_revision_with_a_path(repository: Path) -> None:
    commit(repository, {f"{BLOG}/schema.graphql": POST})
    write_files(repository, {"new.graphql": LONGER_POST})
    assert changed_subjects(f"HEAD:{BLOG}", "new.graphql", project_at(repository)) == {
        "": ["Post.body"]
    }


def test_paths_are_relative_to_the_working_directory(repository: Path) -> None:
    commit(repository, {"app/api.graphql": POST})
    write_files(repository, {"app/api.graphql": LONGER_POST})
    project = project_at(repository, cwd=repository / "app")
    assert changed_subjects("HEAD:api.graphql", "api.graphql", project) == {"": ["Post.body"]}


def test_root_may_be_a_subdirectory_of_the_repository(repository: Path) -> None:
    commit(repository, {"app/api.graphql": POST, "shared.graphql": TAG})
    project = project_at(repository / "app")
    assert changed_subjects("HEAD:", "api.graphql", project) == {"": []}
    assert changed_subjects("HEAD:../shared.graphql", "../shared.graphql", project) == {"": []}


def test_reading_a_revision_does_not_change_the_working_tree(repository: Path) -> None:
    commit(repository, {"api.graphql": POST})
    write_files(repository, {"api.graphql": LONGER_POST})
    load_documents("HEAD:api.graphql", None, project_at(repository))
    assert (repository / "api.graphql").read_text(encoding="utf-8") == LONGER_POST


def test_variables_of_git_hooks_are_ignored(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(repository, {"api.graphql": POST})
    monkeypatch.setenv("GIT_DIR", str(repository / "elsewhere"))
    assert changed_subjects("HEAD:", "api.graphql", project_at(repository)) == {"": []}


def test_flags_of_a_resource_apply_to_both_sides(repository: Path) -> None:
    commit(repository, {f"{BLOG}/schema.graphql": POST})
    known = blog(flags=FeatureFlags(add_timestamp_fields=False))
    project = project_at(repository, known)
    for spec in (".", "HEAD:", "HEAD:.", BLOG, f"{BLOG}/schema.graphql"):
        (found,) = load_documents(spec, None, project).values()
        assert "createdAt" not in found["models"]["Post"]["fields"]


def test_line_endings_and_bom_of_a_revision_do_not_count(repository: Path) -> None:
    (repository / "a.graphql").write_bytes(b"\xef\xbb\xbf" + POST.replace("\n", "\r\n").encode())
    commit(repository, {"b.graphql": POST})
    assert changed_subjects("HEAD:a.graphql", "b.graphql", project_at(repository)) == {"": []}


def test_a_directory_of_a_revision_is_read_with_a_constant_number_of_processes(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        f"schema/{number % 50}/{number}.graphql": f"type Model{number} @model {{ id: ID! }}\n"
        for number in range(1000)
    }
    commit(repository, {**files, "schema/.hidden.graphql": "not SDL"})
    commands = []

    def run(directory: Path, *arguments: str, **options: Any) -> git_module.GitResult:
        commands.append(arguments)
        return run_git(directory, *arguments, **options)

    run_git = git_module.run_git
    monkeypatch.setattr(git_module, "run_git", run)
    documents = load_documents("HEAD:schema", None, project_at(repository))
    assert len(documents[""]["models"]) == 1000
    assert len(commands) == 4


def test_packages_of_a_revision_are_skipped(repository: Path) -> None:
    commit(repository, {"node_modules/x/a.graphql": "not SDL", "b.graphql": POST})
    documents = load_documents("HEAD:.", None, project_at(repository))
    assert list(documents[""]["models"]) == ["Post"]


def test_the_entries_of_a_directory_of_a_revision(repository: Path) -> None:
    commit(repository, {"a/b/c/file": "", "a/file": "", "z": "", ".dot/file": ""})
    (repository / "link").symlink_to("z")
    commit(repository, {})
    files = RevisionFiles(repository, "HEAD")
    assert [(entry.name, entry.kind) for entry in files.list_directory("")] == [
        (".dot", "directory"),
        ("a", "directory"),
        ("z", "file"),
    ]
    assert [entry.name for entry in files.list_directory("a")] == ["b", "file"]
    assert [entry.name for entry in files.list_directory("a/b")] == ["c"]
    assert files.list_directory("z") == files.list_directory("missing") == ()
    assert files.read_text("missing") is None
    assert RevisionFiles(repository, "HEAD", "a").read_text("file") == ""
