"""Real commits under pre-commit and prek, with our hooks as they are installed beside the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hosts.manifest import local_config
from hosts.repositories import Repository, new_repository, use_hooks
from hosts.running import GENERATED, LOCK, MODELS, SCHEMA, tool

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HOSTS = ("pre-commit", "prek")


@pytest.fixture(scope="module", params=HOSTS)
def host(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def original(
    host: str, host_env: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Repository:
    made = new_repository(tmp_path_factory.mktemp(host) / "blog", host_env)
    use_hooks(made, host, local_config("--backend=local"))
    return made


@pytest.fixture
def repository(original: Repository, tmp_path: Path) -> Repository:
    return original.copy(tmp_path / "blog")


def test_a_schema_change_is_stopped_once(repository: Repository) -> None:
    repository.add_type("Photo")
    repository.git("add", SCHEMA)
    said = repository.commit(code=1)
    assert f"git add {' '.join(GENERATED)}" in said
    repository.git("add", *GENERATED)
    repository.commit()
    assert '"Photo"' in repository.committed(MODELS)
    assert repository.git("status", "--porcelain") == ""


def test_a_comment_in_a_schema_is_no_change(repository: Repository) -> None:
    repository.write(SCHEMA, f"# Everything about blogs\n{repository.read(SCHEMA)}")
    repository.git("add", SCHEMA)
    repository.commit()
    assert repository.git("status", "--porcelain") == ""


def test_new_files_stop_a_commit_that_the_host_would_let_pass(repository: Repository) -> None:
    repository.git("rm", "--quiet", *GENERATED)
    repository.commit("--no-verify")
    repository.add_type("Photo")
    repository.git("add", SCHEMA)
    said = repository.commit(code=1)
    assert f"git add {' '.join(GENERATED)}" in said
    assert set(repository.git("ls-files", "--others").split()) == set(GENERATED)
    repository.git("add", *GENERATED)
    repository.commit()


def test_what_is_staged_counts(repository: Repository) -> None:
    repository.add_type("Staged")
    repository.git("add", SCHEMA)
    repository.add_type("Unstaged")
    repository.commit(code=1)
    assert '"Staged"' in repository.read(MODELS)
    assert '"Unstaged"' not in repository.read(MODELS)
    assert "type Unstaged" in repository.read(SCHEMA)


def test_models_of_what_is_staged_may_be_committed(repository: Repository) -> None:
    repository.add_type("Staged")
    repository.git("add", SCHEMA)
    repository.generate()
    repository.git("add", *GENERATED)
    repository.add_type("Unstaged")
    repository.commit()
    assert "type Unstaged" not in repository.committed(SCHEMA)
    assert repository.git("diff", "--name-only").split() == [SCHEMA]


def test_a_schema_that_is_not_staged_is_left_alone(repository: Repository) -> None:
    repository.add_type("Unstaged")
    repository.write("notes.txt", "Tomorrow: photos.\n")
    repository.git("add", "notes.txt")
    repository.commit()
    assert repository.git("diff", "--name-only").split() == [SCHEMA]


def test_a_partial_commit_without_the_models_is_stopped(repository: Repository) -> None:
    repository.add_type("Photo")
    said = repository.commit(SCHEMA, code=1)
    assert f"git add {' '.join(GENERATED)}" in said
    repository.commit(SCHEMA, *GENERATED)
    assert '"Photo"' in repository.committed(MODELS)
    assert repository.git("status", "--porcelain") == ""


def test_staged_models_that_a_partial_commit_leaves_out_stay_staged(
    repository: Repository,
) -> None:
    repository.add_type("Photo")
    repository.generate()
    repository.git("add", "--all")
    before = repository.head()
    repository.commit(SCHEMA, code=1)
    assert repository.head() == before
    assert set(repository.git("diff", "--cached", "--name-only").split()) == {*GENERATED, SCHEMA}
    assert '"Photo"' in repository.read(MODELS)


def test_a_deleted_schema_is_seen_by_the_check(repository: Repository, host: str) -> None:
    repository.git("rm", "--quiet", "-r", "amplify/backend/api/blog")
    said = repository.commit(code=1)
    assert _result(said, "regenerate Amplify models") == "Skipped"
    assert _result(said, "check Amplify models") == "Failed"
    assert host


def test_models_edited_by_hand_are_seen_by_the_check(repository: Repository) -> None:
    repository.write(MODELS, repository.read(MODELS).replace("Blog", "Log"))
    repository.git("add", MODELS)
    said = repository.commit(code=1)
    assert _result(said, "regenerate Amplify models") == "Skipped"
    assert _result(said, "check Amplify models") == "Failed"
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
    assert _result(said, "validate Amplify schemas") == "Failed"
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


@pytest.mark.parametrize("stage", ["pre-commit", "pre-push", "manual"])
def test_every_stage_of_the_hooks_works(repository: Repository, host: str, stage: str) -> None:
    repository.add_type("Photo")
    said = repository.run(tool(host), "run", "--all-files", "--hook-stage", stage, code=1)
    assert "blog@dev: generated" in said


def test_a_commit_that_touches_no_schema_costs_one_cheap_start(
    repository: Repository, tmp_path: Path
) -> None:
    starts = tmp_path / "starts"
    starts.mkdir()
    (starts / "sitecustomize.py").write_text(RECORDER)
    repository.run(tool("amplify-modelgen"), "check")
    repository.write("index.html", "<p>Tomorrow: photos.</p>\n")
    repository.git("add", "index.html")
    more = {"PYTHONPATH": str(starts), "STARTS": str(starts)}
    repository.run("git", "commit", "--quiet", "-m", "Note", more=more)
    [modules] = [set(path.read_text().split()) for path in starts.glob("*.modules")]
    ours = {name for name in modules if name.startswith("amplify_modelgen")}
    assert ours == {f"amplify_modelgen{rest}" for rest in ("", ".unchanged", ".version")}
    assert not modules & HEAVY


HEAVY = {"argparse", "boto3", "botocore", "graphql", "pluggy", "rich", "tomli"}
RECORDER = """
import atexit, os, sys

def record():
    if "amplify_modelgen" in sys.modules:
        path = os.path.join(os.environ["STARTS"], f"{os.getpid()}.modules")
        with open(path, "w") as file:
            file.write("\\n".join(sys.modules))

atexit.register(record)
"""


def _result(said: str, name: str) -> str:
    """Return what the host prints at the end of a hook's line."""
    [line] = [line for line in said.splitlines() if line.startswith(name)]
    return line.rpartition(".")[2].rpartition(")")[2].strip()
