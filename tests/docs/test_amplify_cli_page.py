"""The scripts of docs/amplify-cli.md, run as Amplify CLI runs them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen_plugins.serve import running_server
from support.pages import DOCS, ROOT, blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from amplify_modelgen_plugins.serve import RunningServer

APP = "d2examplebl0g1"
SCHEMA = "amplify/backend/api/blog/schema.graphql"
MODELS = "src/models/schema.js"
ENVIRONMENT = {"envName": "dev", "projectPath": "/somewhere", "defaultEditor": "none"}
RUNTIMES = {".js": "node", ".sh": "bash"}
pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the page's scripts, whose models are stale."""
    directory = tmp_path / "repository" / "web"
    shutil.copytree(ROOT / "examples" / "blog", directory)
    (directory / MODELS).unlink()
    subprocess.run(["git", "init", "-q", tmp_path / "repository"], check=True)
    hooks = directory / "amplify" / "hooks"
    hooks.mkdir()
    for name, script in zip(("post-push.js", "post-pull.js"), blocks(DOCS / "amplify-cli.md", "js"),
                            strict=True):  # fmt: skip
        (hooks / name).write_text(script, encoding="utf-8")
    scripts = sysconfig.get_path("scripts")
    monkeypatch.setenv("PATH", os.pathsep.join((scripts, os.environ["PATH"])))
    return directory


@pytest.fixture
def server(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningServer]:
    with running_server() as running:
        sdl = (project / SCHEMA).read_text(encoding="utf-8")
        running.deploy(sdl, app_id=APP, environment="dev", resource="blog")
        monkeypatch.setenv("AMPLIFY_MODELGEN_BACKEND", "aws")
        monkeypatch.setenv("AWS_ENDPOINT_URL_AMPLIFYBACKEND", running.url)
        yield running


def amplify(
    project: Path,
    command: str = "push",
    *,
    environment: object = ENVIRONMENT,
    error: object = None,
    path: str | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the `post` hook of a command as Amplify CLI does."""
    hooks = project / "amplify" / "hooks"
    (script,) = [each for each in hooks.iterdir() if each.stem == f"post-{command}"]
    amplify = {"version": "12.14.4", "command": command, "argv": ["node", "amplify", command]}
    said = {"data": {"amplify": amplify | ({"environment": environment} if environment else {})}}
    runtime = shutil.which(RUNTIMES[script.suffix])
    assert runtime is not None
    return subprocess.run(
        [runtime, str(script)],
        cwd=project,
        env={**os.environ, "PATH": path or os.environ["PATH"]},
        input=json.dumps(said | ({"error": error} if error else {})),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def generated(project: Path) -> list[Path]:
    return list(project.parent.rglob("schema.js"))


@pytest.mark.parametrize("command", ["push", "pull"])
@pytest.mark.parametrize("package", ["{}", '{"type": "module"}'])
def test_stale_models_are_regenerated(project: Path, command: str, package: str) -> None:
    (project / "package.json").write_text(package, encoding="utf-8")
    done = amplify(project, command)
    assert (done.returncode, done.stderr) == (0, "")
    assert "blog@dev: generated" in done.stdout
    assert "stage the changes: git add" in done.stdout
    assert generated(project)


@pytest.mark.parametrize("pushed", [ENVIRONMENT | {"envName": "staging"}, "staging"])
def test_the_pushed_environment_is_used(
    project: Path, server: RunningServer, pushed: object
) -> None:
    sdl = (project / SCHEMA).read_text(encoding="utf-8")
    server.deploy(sdl, app_id=APP, environment="staging", resource="blog")
    team_file = project / "amplify" / "team-provider-info.json"
    team = json.loads(team_file.read_text(encoding="utf-8"))
    team_file.write_text(json.dumps(team | {"staging": team["dev"]}), encoding="utf-8")
    done = amplify(project, environment=pushed)
    assert "GenerateBackendAPIModels  COMPLETED" in done.stdout
    assert {request.environment for request in server.requests} == {"staging"}


def test_without_an_environment_the_project_decides(project: Path) -> None:
    assert "generated" in amplify(project, environment=None).stdout


def test_up_to_date_models_are_unchanged(project: Path) -> None:
    amplify(project)
    before = (project / MODELS).stat().st_mtime_ns
    done = amplify(project, "pull")
    assert done.returncode == 0
    assert "1 target up to date" in done.stdout
    assert (project / MODELS).stat().st_mtime_ns == before


def test_another_project_of_the_repository_is_unchanged(project: Path) -> None:
    other = project.parent / "shop" / "amplify"
    shutil.copytree(project / "amplify", other)
    done = amplify(project)
    assert "1 target regenerated" in done.stdout, done.stdout
    assert not list(other.parent.rglob("model-introspection.json"))


@pytest.mark.parametrize("command", ["push", "pull"])
def test_nothing_is_done_after_a_command_that_failed(project: Path, command: str) -> None:
    done = amplify(project, command, error={"message": "no", "stack": "no\n  at push"})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not generated(project)


def test_drift_is_reported_and_does_not_fail_the_push(project: Path, server: RunningServer) -> None:
    server.deploy("type A @model { b: ID }", app_id=APP, environment="dev",
                  resource="blog")  # fmt: skip
    done = amplify(project)
    assert done.returncode == 0
    assert "drifted" in done.stdout


def test_a_backend_error_fails_the_push(project: Path, server: RunningServer) -> None:
    server.faults.add("denied")
    done = amplify(project)
    assert done.returncode == 3
    assert "AccessDeniedException" in done.stdout


def test_a_missing_installation_is_reported(project: Path) -> None:
    done = amplify(project, path=str(project))
    assert done.returncode == 1
    assert "cannot run amplify-modelgen: " in done.stderr


def test_an_invalid_schema_is_reported(project: Path) -> None:
    (project / SCHEMA).write_text("type Shop @model { name: Nothing }\n", encoding="utf-8")
    done = amplify(project)
    assert done.returncode == 0
    assert "schema.graphql:1:" in done.stdout


def test_a_project_without_an_api_passes(project: Path) -> None:
    shutil.rmtree(project / "amplify" / "backend" / "api")
    done = amplify(project)
    assert (done.returncode, done.stderr) == (0, "")
