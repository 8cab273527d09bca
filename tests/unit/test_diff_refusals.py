from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.diff.sides import (
    Project,
    diff,
    load_side,
)
from amplify_modelgen.errors import ConfigError, SchemaError, UsageError
from diff_repository import BLOG, POST, SHOP, TAG, commit, new_repository, put, seen

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return new_repository(tmp_path, monkeypatch)


def test_single_schema_cannot_be_compared_with_several(tmp_path: Path) -> None:
    put(tmp_path, "old.graphql", POST)
    for folder in (BLOG, SHOP):
        put(tmp_path, f"{folder}/schema.graphql", POST)
    for sides in (("old.graphql", "."), (".", "old.graphql")):
        with pytest.raises(UsageError, match=r"^\. has 2 resources") as raised:
            diff(*sides, Project(root=tmp_path))
        assert raised.value.hint == "name the schema of one of them: blog, shop"


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


def test_link_of_a_revision_is_no_schema(repository: Path) -> None:
    put(repository, "a.graphql", POST)
    (repository / "b.graphql").symlink_to("a.graphql")
    commit(repository)
    assert seen("a.graphql", "b.graphql", Project(root=repository)) == {"": []}
    with pytest.raises(UsageError, match=r"no schema at HEAD:b\.graphql"):
        load_side("HEAD:b.graphql", None, Project(root=repository))
