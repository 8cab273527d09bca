"""Real commits under pre-commit and prek, with our hooks as they are installed beside the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hosts.manifest import local_config
from hosts.repositories import Repository, new_repository, result_of, use_hooks
from hosts.running import GENERATED, MODELS, SCHEMA, tool

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
    use_hooks(made, host, local_config("amplify-modelgen", "amplify-modelgen-check"))
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


def test_a_deleted_schema_is_seen_by_the_check(repository: Repository) -> None:
    repository.git("rm", "--quiet", "-r", "amplify/backend/api/blog")
    said = repository.commit(code=1)
    assert result_of(said, "regenerate Amplify models") == "Skipped"
    assert result_of(said, "check Amplify models") == "Failed"


def test_a_commit_that_touches_no_schema_costs_one_cheap_start(
    repository: Repository, tmp_path: Path
) -> None:
    starts = tmp_path / "starts"
    starts.mkdir()
    (starts / "sitecustomize.py").write_text(RECORDER)
    repository.run(tool("amplify-modelgen"), "check")
    repository.write("src/photos.js", "// Tomorrow.\n")
    repository.git("add", "src/photos.js")
    more = {"PYTHONPATH": str(starts), "STARTS": str(starts)}
    repository.run("git", "commit", "--quiet", "-m", "Note", more=more)
    [modules] = [set(path.read_text().split()) for path in starts.glob("*.modules")]
    ours = {name for name in modules if name.startswith("amplify_modelgen")}
    assert ours == {f"amplify_modelgen{rest}" for rest in ("", ".unchanged")}
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
