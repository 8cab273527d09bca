"""The manifest: valid, complete, and aimed at the right files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from identify import identify

from hosts.manifest import IDS, PATH, hooks
from hosts.running import SOURCE, run, tool

if TYPE_CHECKING:
    from pathlib import Path

BY_FILE = ("amplify-modelgen", "amplify-modelgen-validate")


@pytest.mark.parametrize("host", ["pre-commit", "prek"])
def test_the_host_finds_it_valid(host: str, tmp_path: Path) -> None:
    run(tool(host), "validate-manifest", PATH, cwd=tmp_path)


def test_it_has_three_hooks() -> None:
    assert tuple(hooks()) == IDS


@pytest.mark.parametrize("name", IDS)
def test_a_hook_starts_an_installed_script(name: str, tmp_path: Path) -> None:
    script, verb = hooks()[name]["entry"].split()
    assert f"usage: {script} {verb}" in run(tool(script), verb, "--help", cwd=tmp_path)


@pytest.mark.parametrize("name", IDS)
def test_a_hook_is_in_the_readme(name: str) -> None:
    readme = (SOURCE / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"`{name}`|id: {name}\b(?!-)", readme)


@pytest.mark.parametrize("name", IDS)
def test_a_hook_never_runs_twice_at_once(name: str) -> None:
    hook = hooks()[name]
    assert hook["require_serial"]
    assert hook["language"] == "python"
    assert hook["stages"] == ["pre-commit", "pre-push", "manual"]
    assert hook["minimum_pre_commit_version"] == "3.2.0"


def test_the_check_does_not_wait_for_a_schema() -> None:
    hook = hooks()["amplify-modelgen-check"]
    assert hook["always_run"]
    assert not hook["pass_filenames"]


@pytest.mark.parametrize("name", BY_FILE)
@pytest.mark.parametrize(
    "path",
    [
        "amplify/backend/api/blog/schema.graphql",
        "amplify/backend/api/blog/schema/Post.graphql",
        "schema.gql",
        "api/types.graphqls",
        "a folder/été.graphql",
    ],
)
def test_a_schema_is_for_the_hook(name: str, path: str, tmp_path: Path) -> None:
    assert _wants(name, path, "type Post { id: ID! }\n", tmp_path)


@pytest.mark.parametrize("name", BY_FILE)
@pytest.mark.parametrize(
    "path",
    [
        "schema.graphql.orig",
        "schema.graphqlrc",
        "docs/graphql.md",
        "mygql",
        "src/models/model-introspection.json",
        "amplify-modelgen.lock",
        "package.json",
    ],
)
def test_another_file_is_not(name: str, path: str, tmp_path: Path) -> None:
    assert not _wants(name, path, "type Post { id: ID! }\n", tmp_path)


@pytest.mark.parametrize("name", BY_FILE)
def test_no_text_is_no_schema(name: str, tmp_path: Path) -> None:
    assert not _wants(name, "schema.graphqls", "\0\1\2", tmp_path)


def _wants(name: str, path: str, text: str, folder: Path) -> bool:
    """Whether pre-commit would hand the file to the hook."""
    hook = hooks()[name]
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    named = re.search(hook["files"], path) and not re.search(hook["exclude"], path)
    return bool(named) and set(hook["types"]) <= identify.tags_from_path(str(file))
