"""The manifest of hooks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from identify import identify

from hosts.manifest import IDS, PATH, hooks
from hosts.running import SOURCE, run, tool

if TYPE_CHECKING:
    from pathlib import Path

VALIDATE = "amplify-modelgen-validate"
PROJECT = tuple(name for name in IDS if name != VALIDATE)
LOCAL = tuple(name for name in IDS if name != "amplify-modelgen-aws")


@pytest.mark.parametrize("host", ["pre-commit", "prek"])
def test_the_manifest_is_valid_for_the_host(host: str, tmp_path: Path) -> None:
    run(tool(host), "validate-manifest", PATH, cwd=tmp_path)


def test_the_manifest_has_four_hooks() -> None:
    assert tuple(hooks()) == IDS


@pytest.mark.parametrize("name", IDS)
def test_a_hook_starts_an_installed_script(name: str, tmp_path: Path) -> None:
    script, command, *options = hooks()[name]["entry"].split()
    output = run(tool(script), command, *options, "--help", cwd=tmp_path)
    assert f"usage: {script} {command}" in output


@pytest.mark.parametrize("name", IDS)
def test_the_readme_names_the_hook(name: str) -> None:
    readme = (SOURCE / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"`{name}`|id: {name}\b(?!-)", readme)


@pytest.mark.parametrize("name", IDS)
def test_a_hook_never_runs_twice_at_once(name: str) -> None:
    hook = hooks()[name]
    assert hook["require_serial"]
    assert hook["language"] == "python"
    assert hook["minimum_pre_commit_version"] == "3.2.0"


@pytest.mark.parametrize("name", LOCAL)
def test_an_offline_hook_runs_at_commits_and_pushes(name: str) -> None:
    assert hooks()[name]["stages"] == ["pre-commit", "pre-push", "manual"]


def test_the_hook_that_calls_aws_runs_on_request_only() -> None:
    hook = hooks()["amplify-modelgen-aws"]
    assert hook["stages"] == ["manual"]
    assert hook["entry"] == "amplify-modelgen generate --backend aws"


@pytest.mark.parametrize("name", PROJECT)
def test_a_hook_for_the_project_always_runs(name: str) -> None:
    hook = hooks()[name]
    assert hook["always_run"]
    assert not hook["pass_filenames"]


@pytest.mark.parametrize(
    "path",
    [
        "amplify/backend/api/blog/schema.graphql",
        "amplify/backend/api/blog/schema/Post.graphql",
        "schema.gql",
        "api/types.graphqls",
        "a directory/été.graphql",
        "a-b/-c/--d.graphql",
    ],
)
def test_a_schema_is_validated(path: str, tmp_path: Path) -> None:
    assert _wants(path, "type Post { id: ID! }\n", tmp_path)


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
        "--report=json=/tmp/x.graphql",
        "-v.graphql",
    ],
)
def test_another_file_is_not_validated(path: str, tmp_path: Path) -> None:
    assert not _wants(path, "type Post { id: ID! }\n", tmp_path)


def test_a_binary_file_is_not_validated(tmp_path: Path) -> None:
    assert not _wants("schema.graphqls", "\0\1\2", tmp_path)


def _wants(path: str, text: str, directory: Path) -> bool:
    """Whether pre-commit would pass the file to the hook."""
    hook = hooks()[VALIDATE]
    file = directory / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    named = re.search(hook["files"], path) and not re.search(hook["exclude"], path)
    return bool(named) and set(hook["types"]) <= identify.tags_from_path(str(file))
