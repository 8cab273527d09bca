from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.diff.sources import (
    diff,
    load_documents,
)
from amplify_modelgen.errors import ConfigError, SchemaError, UsageError
from amplify_modelgen.storage.project_files import MAX_BYTES
from support.diff_projects import (
    BLOG,
    POST,
    SHOP,
    TAG,
    project_at,
)
from support.repositories import commit, git, make_hostile_directory, write_files

if TYPE_CHECKING:
    from pathlib import Path


def test_single_schema_cannot_be_compared_with_several(tmp_path: Path) -> None:
    write_files(tmp_path, {"old.graphql": POST})
    for directory in (BLOG, SHOP):
        write_files(tmp_path, {f"{directory}/schema.graphql": POST})
    for sides in (("old.graphql", "."), (".", "old.graphql")):
        with pytest.raises(UsageError, match=r"^\. has 2 resources") as raised:
            diff(*sides, project_at(tmp_path))
        assert raised.value.hint == "name the schema of one of them: blog, shop"


@pytest.mark.parametrize("spec", ["nowhere.graphql", "nowhere", "nowhere.json", "x" * 5000, ""])
def test_missing_files_are_named(tmp_path: Path, spec: str) -> None:
    with pytest.raises(UsageError) as raised:
        load_documents(spec, None, project_at(tmp_path))
    assert (spec[:50] or "neither a path nor") in raised.value.message


@pytest.mark.parametrize("spec", ["HEAD:nowhere.graphql", "HEAD:nowhere.json", "HEAD:."])
def test_missing_paths_of_a_revision_are_named(repository: Path, spec: str) -> None:
    commit(repository, {"README": "x"})
    with pytest.raises(UsageError) as raised:
        load_documents(spec, None, project_at(repository))
    assert raised.value.message == f"no schema found at {spec}"


def test_a_revision_and_a_directory_may_both_be_without_a_schema(repository: Path) -> None:
    commit(repository, {"src/README": "x"})
    for sides in (("HEAD:", "."), (".", "HEAD:"), ("HEAD:", "src"), ("main:", "HEAD:")):
        assert diff(*sides, project_at(repository)) == ()
    for sides in (("HEAD:", "srcs"), ("HEAD:srcs", "main:"), (".", "."), ("HEAD:.", ".")):
        with pytest.raises(UsageError, match="no schema found at"):
            diff(*sides, project_at(repository))


def test_the_first_and_the_last_schema_are_compared_with_none(repository: Path) -> None:
    commit(repository, {"README": "x"})
    write_files(repository, {f"{BLOG}/schema.graphql": POST})
    for spec in (".", BLOG, f"{BLOG}/schema.graphql"):
        (added,) = diff("HEAD:", spec, project_at(repository))
        assert {change.action for change in added.changes} == {"added"}
    commit(repository, {})
    (repository / BLOG / "schema.graphql").unlink()
    for spec in (".", BLOG, f"{BLOG}/schema.graphql"):
        (removed,) = diff("HEAD:", spec, project_at(repository))
        assert {change.action for change in removed.changes} == {"removed"}


@pytest.mark.parametrize("revision", ["nowhere", "origin/main", "--help", "a b", "HEAD^{tree}"])
def test_unknown_revisions_are_named(repository: Path, revision: str) -> None:
    commit(repository, {"api.graphql": POST})
    with pytest.raises(UsageError) as raised:
        load_documents(f"{revision}:", "api.graphql", project_at(repository))
    assert raised.value.message == f"git does not know the revision '{revision}'"
    assert raised.value.hint is not None
    assert "fetch" in raised.value.hint


def test_colon_without_a_revision_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="neither a path nor a revision"):
        load_documents(":schema.graphql", None, project_at(tmp_path))


def test_revision_outside_a_repository_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"git failed: .*not a git repository"):
        load_documents("main:", ".", project_at(tmp_path))


def test_missing_git_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="git is not installed"):
        load_documents("main:", ".", project_at(tmp_path))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"a\.json: the file is not valid JSON"),
        ("[" * 100_000, r"a\.json: the file is not valid JSON"),
        ("[]", r"a\.json: the file has no model introspection document"),
        ('{"name": "x"}', r"a\.json: the file has no model introspection document"),
        ('{"models": {"A": 1}}', r"a\.json: models\.A: expected an object, found a number"),
    ],
)
def test_invalid_documents_are_named(tmp_path: Path, text: str, message: str) -> None:
    write_files(tmp_path, {"a.json": text})
    with pytest.raises(UsageError, match=message):
        load_documents("a.json", None, project_at(tmp_path))


def test_schema_error_has_file_line_and_column(repository: Path) -> None:
    commit(repository, {"schema/a.graphql": TAG, "schema/b.graphql": "\ntype Post @model {\n"})
    with pytest.raises(SchemaError, match=r"^schema/b\.graphql:3:1: "):
        load_documents("schema", None, project_at(repository))
    with pytest.raises(SchemaError, match=r"^HEAD:schema/b\.graphql:3:1: "):
        load_documents("HEAD:schema", None, project_at(repository))


def test_text_that_is_not_utf8_is_named(repository: Path) -> None:
    (repository / "a.graphql").write_bytes(b"# \xff\n")
    commit(repository, {})
    with pytest.raises(ConfigError, match=r"a\.graphql is not UTF-8"):
        load_documents("a.graphql", None, project_at(repository))
    with pytest.raises(UsageError, match=r"HEAD:a\.graphql is not UTF-8"):
        load_documents("HEAD:a.graphql", None, project_at(repository))


def test_links_are_not_followed(repository: Path) -> None:
    write_files(repository, {"a.graphql": POST})
    (repository / "b.graphql").symlink_to("a.graphql")
    commit(repository, {})
    with pytest.raises(ConfigError, match=r"b\.graphql is a symbolic link"):
        load_documents("b.graphql", None, project_at(repository))
    with pytest.raises(UsageError, match=r"no schema found at HEAD:b\.graphql"):
        load_documents("HEAD:b.graphql", None, project_at(repository))


def test_a_file_of_a_revision_that_is_too_large_is_an_error(repository: Path) -> None:
    commit(repository, {"a.graphql": POST + " " * MAX_BYTES})
    with pytest.raises(UsageError, match=r"^cannot read HEAD:a\.graphql: .* 20,000,000 bytes$"):
        load_documents("HEAD:a.graphql", None, project_at(repository))


def test_a_directory_of_a_revision_that_is_too_large_is_an_error(repository: Path) -> None:
    half = " " * (MAX_BYTES // 2 + 1)
    commit(repository, {"schema/a.graphql": POST + half, "schema/b.graphql": TAG + half})
    with pytest.raises(UsageError, match=r"^cannot read HEAD:schema: .* 20,000,000 bytes$"):
        load_documents("HEAD:schema", None, project_at(repository))


@pytest.mark.parametrize("spec", ["HEAD:schema", "HEAD:schema/b.graphql", "HEAD:"])
def test_content_that_git_lacks_is_named(repository: Path, spec: str) -> None:
    commit(repository, {"schema/a.graphql": TAG, "schema/b.graphql": POST})
    object_id = git(repository, "rev-parse", "HEAD:schema/b.graphql")
    (repository / ".git" / "objects" / object_id[:2] / object_id[2:]).unlink()
    with pytest.raises(
        UsageError, match=r"^git does not have the content of HEAD:schema/b\.graphql$"
    ) as raised:
        diff(spec, "." if spec == "HEAD:" else "schema", project_at(repository))
    assert "'git fsck'" in (raised.value.hint or "")


def test_an_empty_schema_is_an_error_on_both_sides(repository: Path) -> None:
    commit(repository, {"a.graphql": "\n"})
    with pytest.raises(SchemaError, match=r"^a\.graphql:1:1: the schema is empty"):
        load_documents("a.graphql", None, project_at(repository))
    with pytest.raises(SchemaError, match=r"^HEAD:a\.graphql:1:1: the schema is empty"):
        load_documents("HEAD:a.graphql", None, project_at(repository))


def test_paths_outside_the_repository_have_no_revision(repository: Path) -> None:
    commit(repository, {"a.graphql": POST})
    write_files(repository.parent, {"b.graphql": POST})
    for spec in ("HEAD:../b.graphql", "HEAD:.."):
        with pytest.raises(UsageError) as raised:
            load_documents(spec, None, project_at(repository))
        assert raised.value.message == f"no schema found at {spec}"


def test_a_bare_repository_in_a_subdirectory_is_not_trusted(
    repository: Path, tmp_path: Path
) -> None:
    commit(repository, {"a.graphql": POST})
    make_hostile_directory(repository / "hostile", tmp_path / "marker")
    write_files(repository / "hostile", {"a.graphql": POST})
    with pytest.raises(UsageError, match="looks like a bare git repository"):
        load_documents("HEAD:a.graphql", None, project_at(repository / "hostile"))
    assert not (tmp_path / "marker").exists()
