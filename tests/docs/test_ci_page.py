"""The recipes of docs/ci.md: valid for their services, and run as their runners would."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen_plugins.serve import running_server
from support.pages import DOCS, ROOT, blocks
from support.release import documented_revision

if TYPE_CHECKING:
    from pathlib import Path

APP = "d2examplebl0g1"
SCHEMA = "amplify/backend/api/blog/schema.graphql"
PAGES = [DOCS / "ci.md", DOCS / "workflow.md"]
TEXTS = [block for page in PAGES for block in blocks(page, "yaml")]
FILES = {text.splitlines()[0].removeprefix("# "): text for text in TEXTS}
WORKFLOWS = sorted(name for name in FILES if name.startswith(".github/"))

pytestmark = pytest.mark.skipif(os.name == "nt", reason="runners of these recipes have a shell")


def parsed(name: str) -> Any:
    # PyYAML, which is there with pre-commit, has no types.
    return import_module("yaml").safe_load(FILES[name])


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in parsed(name)["jobs"].values() for step in job["steps"]]


def ours(name: str) -> str:
    """Return the one step of a workflow that runs us."""
    (line,) = [step["run"] for step in steps(name) if "amplify-modelgen " in step.get("run", "")]
    return str(line)


def validate(path: Path, *options: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", *options, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def written(tmp_path: Path, name: str) -> Path:
    path = tmp_path / name.rpartition("/")[2]
    path.write_text(FILES[name], encoding="utf-8")
    return path


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_every_block_is_yaml(text: str) -> None:
    assert import_module("yaml").safe_load(text)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_is_valid(tmp_path: Path, name: str) -> None:
    validate(written(tmp_path, name), "--builtin-schema", "vendor.github-workflows")


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_may_read_and_no_more_than_it_needs(name: str) -> None:
    oidc = any("configure-aws-credentials" in step.get("uses", "") for step in steps(name))
    wanted = {"contents": "read"} | ({"id-token": "write"} if oidc else {})
    assert parsed(name)["permissions"] == wanted


def test_the_pipeline_of_gitlab_is_valid(tmp_path: Path) -> None:
    path = written(tmp_path, ".gitlab-ci.yml")
    validate(path, "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")


def test_the_build_of_amplify_hosting_has_its_phases() -> None:
    build = parsed("amplify.yml")
    assert build["version"] == 1
    phases = build["backend"]["phases"]
    assert list(phases) == ["preBuild", "build", "postBuild"]
    assert all(isinstance(line, str) for each in phases.values() for line in each["commands"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_hooks_are_those_of_this_release(tmp_path: Path, page: Path) -> None:
    (text,) = [each for each in blocks(page, "yaml") if each.startswith("# .pre-commit")]
    path = tmp_path / ".pre-commit-config.yaml"
    path.write_text(text, encoding="utf-8")
    import_module("pre_commit.clientlib").load_config(str(path))
    (repo,) = import_module("yaml").safe_load(text)["repos"]
    manifest = import_module("yaml").safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert repo["rev"] == documented_revision()
    assert {hook["id"] for hook in repo["hooks"]} <= {hook["id"] for hook in manifest}


def test_the_trust_policy_is_json() -> None:
    (policy,) = blocks(DOCS / "ci.md", "json")
    assert json.loads(policy)["Statement"]


def git(directory: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=directory, check=True, capture_output=True)


def run(directory: Path, line: str, code: int) -> str:
    """Run a step as a runner does: by bash, which stops at the first command that fails."""
    path = os.pathsep.join((sysconfig.get_path("scripts"), os.environ["PATH"]))
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", line],
        cwd=directory,
        env={**os.environ, "PATH": path, "AWS_REGION": "us-east-1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A pull request's checkout: a clone whose branch is on top of the origin's main."""
    origin = tmp_path / "origin"
    shutil.copytree(ROOT / "examples" / "blog", origin)
    git(origin, "init", "--quiet", "--initial-branch=main")
    git(origin, "add", "--all")
    git(origin, "commit", "--quiet", "--message=All")
    git(tmp_path, "clone", "--quiet", str(origin), "checkout")
    git(tmp_path / "checkout", "checkout", "--quiet", "-b", "feature")
    return tmp_path / "checkout"


def change(checkout: Path, old: str, new: str) -> None:
    path = checkout / SCHEMA
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    git(checkout, "commit", "--quiet", "--all", "--message=Change")


def diff_lines() -> list[str]:
    script = parsed(".gitlab-ci.yml")["model-changes"]["script"]
    return [ours(".github/workflows/model-changes.yaml"), "\n".join(script)]


@pytest.mark.parametrize("line", diff_lines(), ids=["github", "gitlab"])
def test_a_breaking_change_fails_the_pull_request(checkout: Path, line: str) -> None:
    change(checkout, "  title: String!\n", "")
    said = run(checkout, line, 1)
    assert "breaking   title: field of type String! removed" in said


@pytest.mark.parametrize("line", diff_lines(), ids=["github", "gitlab"])
def test_a_safe_change_does_not(checkout: Path, line: str) -> None:
    change(checkout, "  title: String!\n", "  title: String!\n  subtitle: String\n")
    assert "safe       subtitle: optional field" in run(checkout, line, 0)


def test_stale_models_fail_the_pull_request(checkout: Path) -> None:
    line = ours(".github/workflows/models.yaml")
    run(checkout, line, 0)
    change(checkout, "  title: String!\n", "  title: String!\n  subtitle: String\n")
    assert "stale" in run(checkout, line, 1)


def test_a_backend_that_moved_on_fails_the_step_after_a_deploy(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = ours(".github/workflows/deployed.yaml")
    sdl = (checkout / SCHEMA).read_text(encoding="utf-8")
    with running_server() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_AMPLIFYBACKEND", server.url)
        server.deploy(sdl, app_id=APP, environment="dev", resource="blog")
        run(checkout, "amplify-modelgen generate --backend aws --force", 1)
        assert "up to date" in run(checkout, line, 0)
        server.deploy(f"{sdl}\ntype A @model {{ b: ID }}", app_id=APP, environment="dev",
                      resource="blog")  # fmt: skip
        assert "drifted" in run(checkout, line, 1)
    log = json.loads((checkout / "models.sarif").read_text(encoding="utf-8"))
    assert log["runs"][0]["results"]


def test_the_action_is_that_of_this_release() -> None:
    text = (DOCS / "ci.md").read_text(encoding="utf-8")
    assert f"uses: amplify-modelgen/amplify-modelgen@{documented_revision()}\n" in text
