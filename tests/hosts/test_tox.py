"""The real tox with our plugin, in projects that a user could have."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hosts.running import LOCK, MODELS, SCHEMA, copy_example, run, tool

if TYPE_CHECKING:
    from collections.abc import Mapping

GENERATE = "amplify-modelgen"
CHECK = "amplify-modelgen-check"
SPOKEN = "the commands run"
CONFIGURATIONS = {
    "tox.ini": """
        [tox]
        env_list = a
        [testenv]
        package = skip
        amplify_modelgen = {mode}
        commands = python -c 'print("the" + " commands run")'
        """,
    "tox.toml": """
        env_list = ["a"]
        [env_run_base]
        package = "skip"
        amplify_modelgen = "{mode}"
        commands = [["python", "-c", 'print("the" + " commands run")']]
        """,
    "pyproject.toml": """
        [tool.tox]
        env_list = ["a"]
        [tool.tox.env_run_base]
        package = "skip"
        amplify_modelgen = "{mode}"
        commands = [["python", "-c", 'print("the" + " commands run")']]
        """,
}
MINE = {
    "tox.ini": """
        [testenv:amplify-modelgen]
        package = skip
        description = mine
        commands = python -c 'print("the" + " commands run")'
        """,
    "tox.toml": """
        [env.amplify-modelgen]
        package = "skip"
        description = "mine"
        commands = [["python", "-c", 'print("the" + " commands run")']]
        """,
    "pyproject.toml": """
        [tool.tox.env.amplify-modelgen]
        package = "skip"
        description = "mine"
        commands = [["python", "-c", 'print("the" + " commands run")']]
        """,
}
HEAVY = {"boto3", "botocore", "graphql", "msgspec", "rich", "amplify_modelgen.cli.main"}


@pytest.fixture(scope="module")
def fresh(host_env: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose models are fresh."""
    path = copy_example(tmp_path_factory.mktemp("tox") / "blog")
    script = tool("amplify-modelgen")
    run(script, "generate", "--backend=local", cwd=path, env=host_env, code=1)
    return path


class Project:
    """A project that tox runs in."""

    def __init__(self, path: Path, env: Mapping[str, str]) -> None:
        self.path = path
        self.env = {**env, "AMPLIFY_MODELGEN_BACKEND": "local"}

    def configure(self, name: str, text: str) -> None:
        lines = (line.removeprefix(" " * 8) for line in text.splitlines())
        (self.path / name).write_text("\n".join(lines))

    def spoil(self) -> None:
        with (self.path / SCHEMA).open("a") as file:
            file.write("\ntype Photo @model {\n  id: ID!\n}\n")

    def tox(self, *words: str, code: int = 0) -> str:
        said = run(tool("tox"), *words, cwd=self.path, env=self.env, code=code)
        assert "internal error" not in said
        assert "Traceback" not in said
        return said


@pytest.fixture
def project(fresh: Path, host_env: Mapping[str, str], tmp_path: Path) -> Project:
    return Project(Path(shutil.copytree(fresh, tmp_path / "blog")), host_env)


def test_models_are_regenerated_without_any_configuration(project: Project) -> None:
    project.spoil()
    said = project.tox("run", "-e", GENERATE)
    assert "blog@dev: generated" in said
    assert '"Photo"' in (project.path / MODELS).read_text()
    project.tox("run", "-e", CHECK)


def test_stale_models_fail_the_check_with_one_message(project: Project) -> None:
    project.spoil()
    said = project.tox("run", "-e", CHECK, code=1)
    assert f"blog@dev: stale: {SCHEMA} changed" in said
    assert said.count("1 target stale") == 1
    assert f"{CHECK}: failed with amplify-modelgen: 1 target stale" in said
    assert '"Photo"' not in (project.path / MODELS).read_text()


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_an_environment_checks_before_its_commands(project: Project, name: str) -> None:
    project.configure(name, CONFIGURATIONS[name].replace("{mode}", "check"))
    project.spoil()
    said = project.tox("run", code=1)
    assert "a: failed with amplify-modelgen: 1 target stale" in said
    assert SPOKEN not in said


def test_an_environment_generates_before_its_commands(project: Project) -> None:
    project.configure("tox.ini", CONFIGURATIONS["tox.ini"].replace("{mode}", "generate"))
    project.spoil()
    said = project.tox("run")
    assert said.index("blog@dev: generated") < said.index(SPOKEN)


def test_an_unknown_mode_is_named(project: Project) -> None:
    project.configure("tox.ini", CONFIGURATIONS["tox.ini"].replace("{mode}", "chek"))
    said = project.tox("run", code=1)
    expected = "amplify_modelgen = 'chek': expected one of generate, check, off"
    assert f"a: failed with {expected}" in said
    assert SPOKEN not in said


@pytest.mark.parametrize(
    ("configured", "typed", "code"),
    [("off", "check", 1), ("check", "off", 0), ("check", "generate", 0)],
)
def test_the_command_line_decides(project: Project, configured: str, typed: str, code: int) -> None:
    project.configure("tox.ini", CONFIGURATIONS["tox.ini"].replace("{mode}", configured))
    project.spoil()
    said = project.tox("run", "--amplify-modelgen", typed, code=code)
    assert (SPOKEN in said) == (code == 0)
    assert ('"Photo"' in (project.path / MODELS).read_text()) == (typed == "generate")


def test_nothing_is_done_where_nobody_asks(project: Project) -> None:
    text = CONFIGURATIONS["tox.ini"].replace("amplify_modelgen = {mode}", "")
    project.configure("tox.ini", text)
    (project.path / LOCK).write_text("not a lock\n")
    assert SPOKEN in project.tox("run")


def test_the_key_is_explained_by_tox_config(project: Project) -> None:
    project.configure("tox.ini", CONFIGURATIONS["tox.ini"].replace("{mode}", "check"))
    assert "amplify_modelgen = check" in project.tox("config", "-e", "a", "-k", "amplify_modelgen")


def test_both_environments_are_listed_with_descriptions(project: Project) -> None:
    said = project.tox("list")
    assert "amplify-modelgen       -> regenerate the Amplify models whose schemas changed" in said
    assert "amplify-modelgen-check -> check offline that Amplify models" in said


@pytest.mark.parametrize("mode", ["run", "run-parallel"])
def test_one_run_checks_once_for_all_environments(project: Project, mode: str) -> None:
    marker = project.path.parent / "starts"
    folder = project.path.parent / "recorder"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(RECORDER)
    project.env |= {"PYTHONPATH": str(folder), "STARTS": str(marker)}
    text = CONFIGURATIONS["tox.ini"].replace("{mode}", "check")
    project.configure("tox.ini", text.replace("env_list = a", "env_list = a, b, c"))
    assert project.tox(mode).count(": OK (") == 3
    assert marker.read_text() == "check\n"


RECORDER = """
import os, sys

if "amplify_modelgen" in sys.orig_argv:
    with open(os.environ["STARTS"], "a") as file:
        print(sys.orig_argv[sys.orig_argv.index("amplify_modelgen") + 1], file=file)
"""


@pytest.mark.parametrize("name", MINE)
def test_an_environment_of_the_project_wins(project: Project, name: str) -> None:
    project.configure(name, MINE[name])
    assert "description = mine" in project.tox("config", "-e", GENERATE, "-k", "description")
    project.spoil()
    said = project.tox("run", "-e", GENERATE)
    assert said.index("blog@dev: generated") < said.index(SPOKEN)


def test_what_the_tests_need_is_not_installed(project: Project) -> None:
    project.configure(
        "tox.ini",
        """
        [testenv]
        deps = there-is-no-such-distribution
        dependency_groups = nor-such-a-group
        ignore_outcome = true
        commands = python -c 'print("the" + " commands run")'
        """,
    )
    project.spoil()
    assert SPOKEN not in project.tox("run", "-e", CHECK, code=1)


def test_modules_of_the_project_are_not_imported(project: Project) -> None:
    for name in ("json", "amplify_modelgen", "boto3"):
        (project.path / f"{name}.py").write_text("raise SystemExit('the wrong module')\n")
    project.tox("run", "-e", CHECK)


def test_a_project_without_targets_is_told_what_to_do(project: Project) -> None:
    shutil.rmtree(project.path / "amplify")
    (project.path / "amplify-modelgen.lock").unlink()
    said = project.tox("run", "-e", CHECK, code=1)
    assert f"{CHECK}: failed with amplify-modelgen: no targets below" in said
    assert "  run it where the amplify/ folder is" in said


def test_starting_tox_imports_nothing_heavy(project: Project) -> None:
    listing = "lambda: print(*sys.modules, sep='\\n')"
    code = f"import atexit, sys, tox.run; atexit.register({listing}); tox.run.run(['--version'])"
    said = run(sys.executable, "-c", code, cwd=project.path, env=project.env)
    modules = set(said.splitlines())
    assert "amplify_modelgen_plugins.tox" in modules
    assert not modules & HEAVY


def test_tox_names_the_plugin(tmp_path: Path, host_env: Mapping[str, str]) -> None:
    said = run(tool("tox"), "--version", cwd=tmp_path, env=host_env)
    assert "amplify-modelgen-" in said.replace(" ", "-")
