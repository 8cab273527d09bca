"""The GitHub Action: its steps run as a runner runs them, on a real pull request's branches."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from hosts.running import SOURCE, run, tool

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ACTION: Any = import_module("yaml").safe_load((SOURCE / "action.yml").read_text("utf-8"))
STEPS = {step["id"]: step for step in ACTION["runs"]["steps"] if "id" in step}
SCHEMA = "type Post @model {{ id: ID! title: String {}}}\n"


@pytest.fixture
def pull_request(tmp_path: Path, host_env: Mapping[str, str]) -> Path:
    """A checkout of a branch that adds a field and removes none, with its base on a remote."""
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    api = origin / "amplify/backend/api/blog"
    api.mkdir(parents=True)
    (origin / "amplify/.config").mkdir()
    config = {"frontend": "javascript"}
    (origin / "amplify/.config/project-config.json").write_text(json.dumps(config))
    flags = {"features": {"graphqltransformer": {"transformerversion": 2}}}
    (origin / "amplify/cli.json").write_text(json.dumps(flags))
    (api / "schema.graphql").write_text(SCHEMA.format("old: Int "))
    run("git", "init", "--quiet", "--initial-branch=main", cwd=origin, env=host_env)
    run("git", "add", "--all", cwd=origin, env=host_env)
    run("git", "commit", "--quiet", "-m", "Base", cwd=origin, env=host_env)
    run("git", "clone", "--quiet", origin, clone, cwd=tmp_path, env=host_env)
    (clone / "amplify/backend/api/blog/schema.graphql").write_text(SCHEMA.format("new: Int "))
    return clone


def _run_step(
    step: str, directory: Path, env: Mapping[str, str], **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a step's script by bash, with the variables that its `env` names."""
    assert set(STEPS[step]["env"]) == set(variables)
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[step]["run"]],
        cwd=directory,
        env={**env, **variables, "RUNNER_TEMP": str(directory.parent), "GITHUB_ACTIONS": "true"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_a_valid_action(tmp_path: Path) -> None:
    path = shutil.copy(SOURCE / "action.yml", tmp_path)
    check = [tool("check-jsonschema"), "--builtin-schema", "vendor.github-actions", path]
    subprocess.run(check, check=True, capture_output=True)


def test_the_page_lists_every_input_with_its_default() -> None:
    page = (SOURCE / "docs" / "ci.md").read_text("utf-8")
    for name, value in ACTION["inputs"].items():
        assert f"| `{name}` | `{value['default']}` |" in page


def test_no_input_becomes_part_of_a_script() -> None:
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert len(scripts) == 4
    assert not [script for script in scripts if "${{" in script]


@pytest.mark.long
def test_it_installs_the_revision_that_the_workflow_names(
    network: None, snapshot: Path, tmp_path: Path, host_env: Mapping[str, str]
) -> None:
    del network
    output = tmp_path / "output"
    directory = tmp_path / "work"
    directory.mkdir()
    # Modules of the checkout are not imported.
    for name in ("venv", "pip", "ensurepip", "subprocess", "runpy"):
        (directory / f"{name}.py").write_text("raise SystemExit('imported from the checkout')")
    env = {**host_env, "GITHUB_OUTPUT": str(output)}
    env["PATH"] = os.pathsep.join((os.path.dirname(sys.executable), env["PATH"]))  # noqa: PTH120
    done = _run_step("install", directory, env, ACTION_PATH=str(snapshot))
    assert done.returncode == 0, done.stderr
    command = output.read_text().strip().removeprefix("command=")
    shown = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert shown.stdout.startswith("amplify-modelgen ")


def test_check_annotates_what_is_stale(pull_request: Path, host_env: Mapping[str, str]) -> None:
    (pull_request / "src/models").mkdir(parents=True)
    (pull_request / "amplify-modelgen.toml").write_text(
        '[[target]]\nresource = "blog"\nschema = "amplify/backend/api/blog/schema.graphql"\n'
        'outputs = [{emitter = "introspection", path = "src/models"}]\n'
    )
    command = tool("amplify-modelgen")
    done = _run_step("check", pull_request, host_env, COMMAND=command, ROOT=".")
    assert done.returncode == 1
    assert "::error file=amplify/backend/api/blog/schema.graphql" in done.stdout


@pytest.mark.parametrize(("fail_on", "code"), [("never", 0), ("breaking", 1)])
def test_a_pull_request_is_compared_with_its_base(
    pull_request: Path, host_env: Mapping[str, str], fail_on: str, code: int
) -> None:
    command = tool("amplify-modelgen")
    variables = {"COMMAND": command, "ROOT": ".", "BASE": "main", "FAIL_ON": fail_on}
    done = _run_step("diff", pull_request, host_env, **variables)
    assert done.returncode == code, done.stderr
    comment = (pull_request.parent / "amplify-modelgen.md").read_text("utf-8")
    assert "| breaking | ` Post.old ` |" in comment
    assert "| safe | ` Post.new ` |" in comment
