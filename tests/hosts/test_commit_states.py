"""Commits in other states: models edited by hand, merge conflicts, worktrees, other stages.

The behaviour is ours and the same under every host, so the one that starts faster is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hosts.manifest import COMMIT_IDS, local_config
from hosts.repositories import Repository, new_repository, result_of, use_hooks
from hosts.running import MODELS, SCHEMA, tool

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

GENERATE = "regenerate Amplify models"
VALIDATE = "validate Amplify schemas"
TYPE = "type Item @model {\n  id: ID!\n}\n"
MARKERS = ("<<<<<<<", "=======", ">>>>>>>")


@pytest.fixture(scope="module")
def original(host_env: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Repository:
    repository = new_repository(tmp_path_factory.mktemp("states") / "blog", host_env)
    use_hooks(repository, "prek", local_config(*COMMIT_IDS))
    return repository


@pytest.fixture
def repository(original: Repository, tmp_path: Path) -> Repository:
    return original.copy(tmp_path / "blog")


def test_a_comment_in_a_schema_changes_nothing(repository: Repository) -> None:
    repository.write(SCHEMA, f"# Everything about blogs\n{repository.read(SCHEMA)}")
    repository.git("add", SCHEMA)
    repository.commit()
    assert repository.git("status", "--porcelain") == ""


def test_models_edited_by_hand_are_regenerated(repository: Repository) -> None:
    before = repository.read(MODELS)
    repository.write(MODELS, before.replace("Blog", "Log"))
    repository.git("add", MODELS)
    output = repository.commit(code=1)
    assert result_of(output, GENERATE) == "Failed"
    assert f"git add {MODELS}" in output
    assert repository.read(MODELS) == before


@pytest.mark.parametrize("change", ["", "\n\n", "\r\n"])
def test_line_endings_and_final_newlines_are_no_reason_to_regenerate(
    repository: Repository, change: str
) -> None:
    text = repository.read(MODELS).rstrip("\n")
    repository.write(MODELS, text.replace("\n", "\r\n") if change == "\r\n" else text + change)
    repository.git("add", MODELS)
    repository.commit(*([] if repository.git("diff", "--cached", "--name-only") else [EMPTY]))
    assert repository.git("status", "--porcelain") == ""


EMPTY = "--allow-empty"


def test_a_schema_that_only_moves_changes_nothing(repository: Repository) -> None:
    repository.write("amplify/backend/api/blog/schema/all.graphql", repository.read(SCHEMA))
    repository.git("rm", "--quiet", SCHEMA)
    repository.git("add", "--all")
    repository.commit()
    assert repository.git("status", "--porcelain") == ""


def test_an_invalid_schema_is_reported_with_its_location(repository: Repository) -> None:
    repository.write(SCHEMA, "type Post @model {\n  id: ID!\n  blog: Blog\n}\n")
    repository.git("add", SCHEMA)
    output = repository.commit(code=1)
    assert result_of(output, GENERATE) == "Failed"
    assert result_of(output, VALIDATE) == "Failed"
    assert f"{SCHEMA}:3:" in output
    assert repository.git("diff", "--name-only") == ""


def test_a_schema_outside_of_targets_is_validated(repository: Repository) -> None:
    repository.write("docs/sketch.graphql", "type Post @model {\n  id: ID!\n  blog: Blog\n}\n")
    repository.git("add", "docs/sketch.graphql")
    output = repository.commit(code=1)
    assert result_of(output, GENERATE) == "Passed"
    assert result_of(output, VALIDATE) == "Failed"
    assert "docs/sketch.graphql:3:" in output


@pytest.mark.parametrize("host", ["pre-commit", "prek"])
def test_a_file_whose_name_is_an_option_is_not_passed(
    repository: Repository, host: str, tmp_path: Path
) -> None:
    report = tmp_path / "report.graphql"
    repository.write(f"--report=json={report}", TYPE)
    repository.git("add", "--", ".")
    repository.run(tool(host), "run", "--all-files")
    assert not report.exists()


@pytest.fixture
def conflict(repository: Repository) -> Repository:
    """Two branches with a type each, merged as far as git can."""
    for branch, name in (("photos", "Photo"), ("films", "Film")):
        repository.git("switch", "--quiet", "--create", branch, "main")
        repository.add_type(name)
        repository.generate()
        repository.commit_all()
    output = repository.git("merge", "photos", code=1)
    assert f"Merge conflict in {MODELS}" in output
    return repository


def test_a_conflict_in_the_models_is_resolved_by_the_hook(conflict: Repository) -> None:
    conflict.git("checkout", "--quiet", "--ours", SCHEMA)
    conflict.add_type("Photo")
    conflict.git("add", "--all")
    output = conflict.commit(code=1)
    assert f"git add {MODELS}" in output
    conflict.git("add", MODELS)
    conflict.commit()
    assert {'"Film"', '"Photo"'} <= set(conflict.committed(MODELS).replace(":", " ").split())
    assert not any(marker in conflict.committed(MODELS) for marker in MARKERS)


def test_a_linked_worktree_is_a_checkout(repository: Repository, tmp_path: Path) -> None:
    repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    linked = Repository(path=tmp_path / "linked", env=repository.env)
    linked.add_type("Photo")
    linked.git("add", SCHEMA)
    linked.commit(code=1)
    linked.git("add", MODELS)
    linked.commit()


def test_one_of_several_apis_can_be_deleted(repository: Repository) -> None:
    for name in ("shop", "club"):
        path = f"apps/{name}/{SCHEMA.replace('blog', name)}"
        config = repository.read("amplify/.config/project-config.json")
        repository.write(path, TYPE)
        repository.write(f"apps/{name}/amplify/.config/project-config.json", config)
    repository.generate()
    repository.commit_all()
    repository.git("rm", "--quiet", "-r", "apps/club/amplify")
    repository.commit()
    assert repository.git("status", "--porcelain") == ""


def test_the_hooks_pass_where_git_ignores_the_models(repository: Repository) -> None:
    repository.git("rm", "--quiet", "--cached", MODELS)
    repository.write(".gitignore", "src/models/\n")
    repository.git("add", ".gitignore")
    repository.commit()
    repository.add_type("Photo")
    repository.git("add", SCHEMA)
    repository.commit()
    assert '"Photo"' in repository.read(MODELS)
    assert repository.git("status", "--porcelain") == ""


@pytest.mark.parametrize("stage", ["pre-push", "manual"])
def test_the_hooks_run_in_other_stages(repository: Repository, stage: str) -> None:
    repository.add_type("Photo")
    output = repository.run(tool("prek"), "run", "--all-files", "--hook-stage", stage, code=1)
    assert "blog@dev: generated" in output
