"""The real tox with our plugin, in projects that a user could have."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hosts.running import MODELS, SCHEMA, copy_example, run, tool

if TYPE_CHECKING:
    from collections.abc import Mapping

GENERATE = "amplify-modelgen"
CHECK = "amplify-modelgen-check"
OUTPUT = "the commands run"
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
def up_to_date(host_env: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose models are up to date."""
    path = copy_example(tmp_path_factory.mktemp("tox") / "blog")
    script = tool("amplify-modelgen")
    run(script, "generate", cwd=path, env=host_env, code=1)
    return path


class Project:
    """A project that tox runs in."""

    def __init__(self, path: Path, env: Mapping[str, str]) -> None:
        self.path = path
        self.env = dict(env)

    def configure(self, name: str, text: str) -> None:
        lines = (line.removeprefix(" " * 8) for line in text.splitlines())
        (self.path / name).write_text("\n".join(lines))

    def make_stale(self) -> None:
        with (self.path / SCHEMA).open("a") as file:
            file.write("\ntype Photo @model {\n  id: ID!\n}\n")

    def tox(self, *arguments: str, code: int = 0) -> str:
        output = run(tool("tox"), *arguments, cwd=self.path, env=self.env, code=code)
        assert "internal error" not in output
        assert "Traceback" not in output
        return output


@pytest.fixture
def project(up_to_date: Path, host_env: Mapping[str, str], tmp_path: Path) -> Project:
    return Project(Path(shutil.copytree(up_to_date, tmp_path / "blog")), host_env)


def test_models_are_regenerated_without_configuration(project: Project) -> None:
    project.make_stale()
    output = project.tox("run", "-e", GENERATE)
    assert "blog@dev: generated" in output
    assert '"Photo"' in (project.path / MODELS).read_text()
    project.tox("run", "-e", CHECK)


def test_stale_models_fail_the_check_with_one_message(project: Project) -> None:
    project.make_stale()
    output = project.tox("run", "-e", CHECK, code=1)
    assert "blog@dev: stale: " in output
    assert output.count("1 target stale") == 1
    assert f"{CHECK}: failed with 1 target stale" in output
    assert '"Photo"' not in (project.path / MODELS).read_text()


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_an_environment_checks_before_its_commands(project: Project, name: str) -> None:
    project.configure(name, CONFIGURATIONS[name].replace("{mode}", "check"))
    project.make_stale()
    output = project.tox("run", code=1)
    assert "a: failed with 1 target stale" in output
    assert OUTPUT not in output


def test_an_environment_generates_before_its_commands(project: Project) -> None:
    project.configure("tox.ini", CONFIGURATIONS["tox.ini"].replace("{mode}", "generate"))
    project.make_stale()
    output = project.tox("run")
    assert output.index("blog@dev: generated") < output.index(OUTPUT)


def test_an_unknown_mode_is_named(project: Project) -> None:
    project.configure("tox.ini", CONFIGURATIONS["tox.ini"].replace("{mode}", "chek"))
    output = project.tox("run", code=1)
    expected = "expected one of generate, check, off, found 'chek'"
    assert f"a: failed to load a.amplify_modelgen: {expected}" in output
    assert OUTPUT not in output


@pytest.mark.parametrize(
    ("configured", "option", "code"),
    [("off", "check", 1), ("check", "off", 0), ("check", "generate", 0)],
)
def test_the_command_line_wins(project: Project, configured: str, option: str, code: int) -> None:
    project.configure("tox.ini", CONFIGURATIONS["tox.ini"].replace("{mode}", configured))
    project.make_stale()
    output = project.tox("run", "--amplify-modelgen", option, code=code)
    assert (OUTPUT in output) == (code == 0)
    assert ('"Photo"' in (project.path / MODELS).read_text()) == (option == "generate")


def test_other_environments_do_nothing(project: Project) -> None:
    text = CONFIGURATIONS["tox.ini"].replace("amplify_modelgen = {mode}", "")
    project.configure("tox.ini", text)
    project.make_stale()
    assert OUTPUT in project.tox("run")


def test_tox_config_shows_the_key(project: Project) -> None:
    project.configure("tox.ini", CONFIGURATIONS["tox.ini"].replace("{mode}", "check"))
    assert "amplify_modelgen = check" in project.tox("config", "-e", "a", "-k", "amplify_modelgen")


def test_both_environments_are_listed_with_descriptions(project: Project) -> None:
    output = project.tox("list")
    assert "amplify-modelgen       -> regenerate the Amplify models whose schemas changed" in output
    assert "amplify-modelgen-check -> check that Amplify models match their schemas" in output


@pytest.mark.parametrize("mode", ["run", "run-parallel"])
def test_one_run_checks_once_for_all_environments(project: Project, mode: str) -> None:
    marker = project.path.parent / "starts"
    directory = project.path.parent / "recorder"
    directory.mkdir()
    (directory / "sitecustomize.py").write_text(RECORDER)
    project.env |= {"PYTHONPATH": str(directory), "STARTS": str(marker)}
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
    project.make_stale()
    output = project.tox("run", "-e", GENERATE)
    assert output.index("blog@dev: generated") < output.index(OUTPUT)


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
    project.make_stale()
    assert OUTPUT not in project.tox("run", "-e", CHECK, code=1)


def test_modules_of_the_project_are_not_imported(project: Project) -> None:
    for name in ("json", "amplify_modelgen", "boto3"):
        (project.path / f"{name}.py").write_text("raise SystemExit('the wrong module')\n")
    project.tox("run", "-e", CHECK)


def test_all_environments_pass_without_an_amplify_project(project: Project) -> None:
    project.configure("tox.ini", CONFIGURATIONS["tox.ini"].replace("{mode}", "check"))
    shutil.rmtree(project.path / "amplify")
    output = project.tox("run", "-e", "ALL")
    assert output.count(": OK (") == 3
    assert output.count(f"{GENERATE}: no Amplify project with a GraphQL API below") == 1
    assert "amplify-modelgen: amplify-modelgen:" not in output


@pytest.mark.parametrize("name", [GENERATE, CHECK])
def test_quiet_tox_shows_the_reason_of_a_failure(project: Project, name: str) -> None:
    (project.path / SCHEMA).write_text("type Photo @model {\n  id: Nope!\n}\n")
    output = project.tox("run", "-q", "-e", name, code=1)
    assert f"{SCHEMA}:2:" in output
    assert "Nope" in output
    assert f"{name}: failed with 1 target invalid" in output


def test_an_error_has_one_prefix(project: Project) -> None:
    (project.path / "amplify-modelgen.toml").write_text("backend = 1\n")
    output = project.tox("run", "-q", "-e", GENERATE, code=1)
    expected = "amplify-modelgen.toml: backend: expected a string, found an integer"
    assert f"{GENERATE}: failed with {expected}" in output


@pytest.mark.parametrize("mark", ["amplify-modelgen.toml", ".git"])
def test_the_root_is_found_above_the_configuration_of_tox(project: Project, mark: str) -> None:
    (project.path / "ci").mkdir()
    if mark == ".git":
        run("git", "init", "--quiet", cwd=project.path, env=project.env)
    else:
        (project.path / mark).touch()
    project.configure("ci/tox.toml", CONFIGURATIONS["tox.toml"].replace("{mode}", "check"))
    project.make_stale()
    output = project.tox("run", "-c", "ci/tox.toml", code=1)
    assert "a: failed with 1 target stale" in output
    assert "blog@dev: generated" in project.tox("run", "-c", "ci/tox.toml", "-e", GENERATE)
    assert '"Photo"' in (project.path / MODELS).read_text()
    project.tox("run", "-c", "ci/tox.toml")


def test_hints_name_the_command_of_tox(project: Project) -> None:
    project.make_stale()
    assert f"tox run -e {GENERATE}" in project.tox("run", "-e", CHECK, code=1)


def test_starting_tox_imports_nothing_heavy(project: Project) -> None:
    listing = "lambda: print(*sys.modules, sep='\\n')"
    code = f"import atexit, sys, tox.run; atexit.register({listing}); tox.run.run(['--version'])"
    output = run(sys.executable, "-c", code, cwd=project.path, env=project.env)
    modules = set(output.splitlines())
    assert "amplify_modelgen_plugins.tox" in modules
    assert not modules & HEAVY


def test_tox_names_the_plugin(tmp_path: Path, host_env: Mapping[str, str]) -> None:
    output = run(tool("tox"), "--version", cwd=tmp_path, env=host_env)
    assert "amplify-modelgen-" in output.replace(" ", "-")
