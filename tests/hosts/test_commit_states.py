"""Commits in states that a project may get into: no lock, a conflict, models edited by hand.

What is tested here is ours, and the same under every host: the one that starts faster will do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hosts.manifest import IDS, local_config
from hosts.repositories import Repository, new_repository, result_of, use_hooks
from hosts.running import GENERATED, LOCK, MODELS, SCHEMA, tool

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@pytest.fixture(scope="module")
def original(host_env: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Repository:
    made = new_repository(tmp_path_factory.mktemp("states") / "blog", host_env)
    use_hooks(made, "prek", local_config(*IDS))
    return made


@pytest.fixture
def repository(original: Repository, tmp_path: Path) -> Repository:
    return original.copy(tmp_path / "blog")


def test_a_comment_in_a_schema_is_no_change(repository: Repository) -> None:
    repository.write(SCHEMA, f"# Everything about blogs\n{repository.read(SCHEMA)}")
    repository.git("add", SCHEMA)
    repository.commit()
    assert repository.git("status", "--porcelain") == ""


def test_models_edited_by_hand_are_seen_by_the_check(repository: Repository) -> None:
    repository.write(MODELS, repository.read(MODELS).replace("Blog", "Log"))
    repository.git("add", MODELS)
    said = repository.commit(code=1)
    assert result_of(said, "regenerate Amplify models") == "Skipped"
    assert result_of(said, "check Amplify models") == "Failed"
    assert f"{MODELS} was edited" in said


def test_a_clone_without_a_lock_is_told_to_generate(repository: Repository) -> None:
    repository.git("rm", "--quiet", *GENERATED)
    said = repository.commit(code=1)
    assert "blog@dev: stale: it has never been generated" in said
    assert "run 'amplify-modelgen generate'" in said


def test_a_schema_that_only_moves_is_no_change(repository: Repository) -> None:
    repository.write("amplify/backend/api/blog/schema/all.graphql", repository.read(SCHEMA))
    repository.git("rm", "--quiet", SCHEMA)
    repository.git("add", "--all")
    repository.commit()
    assert repository.git("status", "--porcelain") == ""


def test_an_invalid_schema_is_refused_with_its_place(repository: Repository) -> None:
    repository.write(SCHEMA, "type Post @model {\n  id: ID!\n  blog: Blog\n}\n")
    repository.git("add", SCHEMA)
    said = repository.commit(code=1)
    assert result_of(said, "validate Amplify schemas") == "Failed"
    assert f"{SCHEMA}:3:" in said
    assert repository.git("diff", "--name-only") == ""


@pytest.fixture
def conflict(repository: Repository) -> Repository:
    """Two branches with a type each, merged as far as git can."""
    for branch, name in (("photos", "Photo"), ("films", "Film")):
        repository.git("switch", "--quiet", "--create", branch, "main")
        repository.add_type(name)
        repository.generate()
        repository.commit_all()
    assert f"CONFLICT (content): Merge conflict in {LOCK}" in repository.git(
        "merge", "photos", code=1
    )
    return repository


def test_a_conflict_in_the_lock_cannot_be_committed(conflict: Repository) -> None:
    schema = [line for line in conflict.read(SCHEMA).splitlines() if line[:7] not in MARKERS]
    conflict.write(SCHEMA, "\n".join(schema).replace("type Photo", "}\n\ntype Photo"))
    conflict.git("add", "--all")
    said = conflict.commit(code=1)
    assert f"{LOCK}:" in said
    assert "an unresolved merge conflict" in said


MARKERS = ("<<<<<<<", "=======", ">>>>>>>")


def test_the_advice_on_a_conflict_ends_it(conflict: Repository) -> None:
    conflict.git("checkout", "--quiet", "--ours", LOCK, MODELS, SCHEMA)
    conflict.add_type("Photo")
    conflict.generate()
    conflict.git("add", "--all")
    conflict.commit()
    assert {'"Film"', '"Photo"'} <= set(conflict.committed(MODELS).replace(":", " ").split())


def test_a_linked_worktree_is_a_checkout_like_any_other(
    repository: Repository, tmp_path: Path
) -> None:
    repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    linked = Repository(path=tmp_path / "linked", env=repository.env)
    linked.add_type("Photo")
    linked.git("add", SCHEMA)
    linked.commit(code=1)
    linked.git("add", *GENERATED)
    linked.commit()


def test_one_schema_of_several_that_is_deleted_is_seen(repository: Repository) -> None:
    for name in ("shop", "club"):
        repository.write(f"amplify/backend/api/{name}/schema.graphql", TYPE)
    repository.generate()
    repository.commit_all()
    repository.git("rm", "--quiet", "-r", "amplify/backend/api/club")
    said = repository.commit(code=1)
    assert result_of(said, "check Amplify models") == "Failed"
    assert "club" in said


TYPE = "type Item @model {\n  id: ID!\n}\n"


@pytest.mark.parametrize("stage", ["pre-push", "manual"])
def test_the_hooks_run_in_other_stages_too(repository: Repository, stage: str) -> None:
    repository.add_type("Photo")
    said = repository.run(tool("prek"), "run", "--all-files", "--hook-stage", stage, code=1)
    assert "blog@dev: generated" in said
