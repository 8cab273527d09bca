"""Real commits under pre-commit and prek, with our hooks as they are installed beside the tests."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

import pytest

from hosts.manifest import COMMIT_IDS, local_config
from hosts.repositories import Repository, new_repository, result_of, use_hooks
from hosts.running import MODELS, SCHEMA, SOURCE, copy_example, tool

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HOSTS = ("pre-commit", "prek")
GENERATE = "regenerate Amplify models"
CHECK = "check Amplify models"


@pytest.fixture(scope="module", params=HOSTS)
def host(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def original(
    host: str, host_env: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Repository:
    repository = new_repository(tmp_path_factory.mktemp(host) / "blog", host_env)
    use_hooks(repository, host, local_config("amplify-modelgen", "amplify-modelgen-check"))
    return repository


@pytest.fixture
def repository(original: Repository, tmp_path: Path) -> Repository:
    return original.copy(tmp_path / "blog")


def test_a_schema_change_stops_the_commit_once(repository: Repository) -> None:
    repository.add_type("Photo")
    repository.git("add", SCHEMA)
    output = repository.commit(code=1)
    assert f"git add {MODELS}" in output
    repository.git("add", MODELS)
    repository.commit()
    assert '"Photo"' in repository.committed(MODELS)
    assert repository.git("status", "--porcelain") == ""


def test_missing_models_are_created_and_stop_the_commit(repository: Repository) -> None:
    repository.git("rm", "--quiet", MODELS)
    repository.commit("--no-verify")
    repository.write("notes.txt", "Tomorrow: photos.\n")
    repository.git("add", "notes.txt")
    output = repository.commit(code=1)
    assert f"git add {MODELS}" in output
    assert repository.git("ls-files", "--others").split() == [MODELS]
    repository.git("add", MODELS)
    repository.commit()


def test_the_staged_schema_counts(repository: Repository) -> None:
    repository.add_type("Staged")
    repository.git("add", SCHEMA)
    repository.add_type("Unstaged")
    repository.commit(code=1)
    assert '"Staged"' in repository.read(MODELS)
    assert '"Unstaged"' not in repository.read(MODELS)
    assert "type Unstaged" in repository.read(SCHEMA)


def test_models_of_the_staged_schema_may_be_committed(repository: Repository) -> None:
    repository.add_type("Staged")
    repository.git("add", SCHEMA)
    repository.generate()
    repository.git("add", MODELS)
    repository.add_type("Unstaged")
    repository.commit()
    assert "type Unstaged" not in repository.committed(SCHEMA)
    assert repository.git("diff", "--name-only").split() == [SCHEMA]


def test_an_unstaged_schema_is_unchanged(repository: Repository) -> None:
    repository.add_type("Unstaged")
    repository.write("notes.txt", "Tomorrow: photos.\n")
    repository.git("add", "notes.txt")
    repository.commit()
    assert repository.git("diff", "--name-only").split() == [SCHEMA]


def test_a_partial_commit_without_the_models_is_stopped(repository: Repository) -> None:
    repository.add_type("Photo")
    output = repository.commit(SCHEMA, code=1)
    assert f"git add {MODELS}" in output
    repository.commit(SCHEMA, MODELS)
    assert '"Photo"' in repository.committed(MODELS)
    assert repository.git("status", "--porcelain") == ""


def test_staged_models_that_a_partial_commit_omits_stay_staged(repository: Repository) -> None:
    repository.add_type("Photo")
    repository.generate()
    repository.git("add", "--all")
    before = repository.head()
    repository.commit(SCHEMA, code=1)
    assert repository.head() == before
    assert set(repository.git("diff", "--cached", "--name-only").split()) == {MODELS, SCHEMA}
    assert '"Photo"' in repository.read(MODELS)


def test_the_last_api_can_be_deleted(repository: Repository) -> None:
    repository.git("rm", "--quiet", "-r", "amplify/backend/api/blog")
    repository.commit()
    assert repository.read(MODELS) == repository.committed(MODELS)


def test_hints_name_the_command_of_the_host(repository: Repository, host: str) -> None:
    repository.add_type("Photo")
    output = repository.run(tool(host), "run", "amplify-modelgen-check", "--all-files", code=1)
    command = f"{host} run amplify-modelgen --all-files"
    assert f"'{command}'" in output
    script, *arguments = command.split()
    assert "blog@dev: generated" in repository.run(tool(script), *arguments, code=1)


def test_the_first_commit_of_the_hooks_generates_the_models(
    host: str, host_env: Mapping[str, str], tmp_path: Path
) -> None:
    repository = Repository(path=copy_example(tmp_path / "blog", configured=False), env=host_env)
    repository.git("init", "--quiet", "--initial-branch=main")
    use_hooks(repository, host, local_config(*COMMIT_IDS))
    repository.write("notes.txt", "Tomorrow: photos.\n")
    repository.git("add", "notes.txt")
    output = repository.commit(code=1)
    assert result_of(output, GENERATE) == "Failed"
    modules = ("index.d.ts", "index.js", "schema.d.ts", "schema.js")
    assert f"git add {' '.join(f'src/models/{name}' for name in modules)}" in output
    repository.git("add", "src/models")
    repository.commit()
    repository.write("notes.txt", "Tomorrow: no photos.\n")
    repository.git("add", "notes.txt")
    repository.commit()
    assert repository.git("status", "--porcelain") == ""


def test_a_repository_without_amplify_passes(
    host: str, host_env: Mapping[str, str], tmp_path: Path
) -> None:
    (tmp_path / "library").mkdir()
    repository = Repository(path=tmp_path / "library", env=host_env)
    repository.git("init", "--quiet", "--initial-branch=main")
    use_hooks(repository, host, local_config(*COMMIT_IDS))
    repository.write("notes.txt", "Tomorrow: photos.\n")
    repository.git("add", "notes.txt")
    output = repository.commit()
    assert result_of(output, GENERATE) == "Passed"
    assert repository.git("status", "--porcelain") == ""


def test_a_pushed_commit_with_stale_models_is_refused_every_time(
    repository: Repository, host: str, tmp_path: Path
) -> None:
    repository.git("init", "--quiet", "--bare", str(tmp_path / "origin"))
    repository.git("remote", "add", "origin", str(tmp_path / "origin"))
    repository.git("push", "--quiet", "--no-verify", "origin", "main")
    repository.run(tool(host), "install", "--hook-type", "pre-push")
    repository.add_type("Photo")
    repository.git("add", SCHEMA)
    repository.commit("--no-verify")
    command = f"{host} run amplify-modelgen --all-files"
    for _ in range(2):
        output = repository.git("push", "origin", "main", code=1)
        assert f"run '{command}' and commit" in output
        assert repository.git("status", "--porcelain") == ""
    repository.run(tool(host), *command.split()[1:], code=1)
    repository.git("push", "origin", "main", code=1)
    repository.git("add", MODELS)
    repository.commit()
    repository.git("push", "origin", "main")


def test_a_commit_without_schema_changes_imports_the_fast_path_only(
    repository: Repository, tmp_path: Path
) -> None:
    # The fast path notices a change of a directory that Python imports from: nothing may be
    # written into the one of the recorder.
    recorder, starts = tmp_path / "recorder", tmp_path / "starts"
    for directory in (recorder, starts):
        directory.mkdir()
    (recorder / "sitecustomize.py").write_text(RECORDER)
    more = {
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(recorder),
        "STARTS": str(starts),
    }
    time.sleep(2.5)  # files that were changed in the last two seconds are not trusted
    for number in range(2):
        for path in starts.glob("*.modules"):
            path.unlink()
        repository.write("src/photos.js", f"// Tomorrow: {number}.\n")
        repository.git("add", "src/photos.js")
        repository.run("git", "commit", "--quiet", "-m", "Note", more=more)
    modules = [set(path.read_text().split()) for path in starts.glob("*.modules")]
    assert len(modules) == 2
    for loaded in modules:
        ours = {name for name in loaded if name.startswith("amplify_modelgen")}
        assert ours <= {f"amplify_modelgen{name}" for name in LOADED}
        assert not loaded & HEAVY


LOADED = ("", ".__main__", ".fast_path", "._version")
HEAVY = {"argparse", "boto3", "botocore", "graphql", "msgspec", "pluggy", "rich", "tomli"}
RECORDER = """
import atexit, os, sys

def record():
    if "amplify_modelgen" in sys.modules:
        path = os.path.join(os.environ["STARTS"], f"{os.getpid()}.modules")
        with open(path, "w") as file:
            file.write("\\n".join(sys.modules))

atexit.register(record)
"""


AMPLIFY = SOURCE / "tests" / "plugins" / "emitters" / "amplify"
MODULES = [f"src/models/{name}" for name in ("index.d.ts", "index.js", "schema.d.ts", "schema.js")]


@pytest.fixture
def amplify_project(host: str, host_env: Mapping[str, str], tmp_path: Path) -> Repository:
    """A project whose models Amplify CLI wrote, to which the hooks have just been added."""
    project = Repository(path=copy_example(tmp_path / "shop"), env=host_env)
    (project.path / "amplify-modelgen.toml").unlink()
    shutil.copy(AMPLIFY / "schema.graphql", project.path / SCHEMA)
    shutil.copytree(AMPLIFY / "new-project", project.path / "src" / "models")
    project.git("init", "--quiet", "--initial-branch=main")
    use_hooks(project, host, local_config("amplify-modelgen"))
    return project


def test_models_of_amplify_cli_are_adopted_as_they_are(amplify_project: Repository) -> None:
    amplify_project.write("notes.txt", "Tomorrow: photos.\n")
    amplify_project.git("add", "notes.txt")
    amplify_project.commit()
    assert amplify_project.git("status", "--porcelain") == ""


def test_only_the_lines_of_a_new_field_change(amplify_project: Repository) -> None:
    schema = amplify_project.read(SCHEMA)
    start, model, end = schema.partition("type Bundle @model {\n")
    assert model
    amplify_project.write(SCHEMA, f"{start}{model}  colour: String!\n{end}")
    amplify_project.git("add", SCHEMA)
    amplify_project.commit(code=1)
    changed = amplify_project.git("diff", "--name-only").split()
    assert changed == [name for name in MODULES if not name.endswith(("index.js", "schema.d.ts"))]
    types = amplify_project.git("diff", "--unified=0", MODULES[0]).splitlines()[4:]
    assert {line for line in types if line[0] in "+-"} == {"+  readonly colour: string;"}
