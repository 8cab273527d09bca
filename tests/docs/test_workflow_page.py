"""The commands of docs/workflow.md do what the page says."""

from __future__ import annotations

import json
import shlex
import shutil
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.cli.main import main
from amplify_modelgen_plugins.serve import running_server
from support.pages import DOCS, ROOT, blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from amplify_modelgen_plugins.serve import RunningServer

PAGE = DOCS / "workflow.md"
APP = "d2examplebl0g1"
SCHEMA = "amplify/backend/api/blog/schema.graphql"
MODELS = "src/models/model-introspection.json"
SDL = (ROOT / "examples" / "blog" / SCHEMA).read_text(encoding="utf-8")


def run_command(line: str) -> int:
    program, *arguments = shlex.split(line)
    assert program == "amplify-modelgen"
    return main(arguments)


def commands(text: str) -> list[str]:
    """Return the commands of the block that contains a text."""
    (block,) = [each for each in blocks(PAGE, "sh") if text in each]
    return [line for line in block.splitlines() if line.startswith("amplify-modelgen ")]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningServer]:
    with running_server() as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL_AMPLIFYBACKEND", running.url)
        yield running


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "blog"
    shutil.copytree(ROOT / "examples" / "blog", directory)
    (directory / "amplify-modelgen.lock").unlink(missing_ok=True)
    (directory / ".git").mkdir()
    monkeypatch.chdir(directory)
    return directory


@pytest.mark.parametrize("name", ["dev", "staging"])
def test_deployed_schema_is_compared(project: Path, server: RunningServer, name: str) -> None:
    team_file = project / "amplify" / "team-provider-info.json"
    team = json.loads(team_file.read_text(encoding="utf-8"))
    team_file.write_text(json.dumps(team | {name: team["dev"]}), encoding="utf-8")
    (line,) = commands(f"--environment {name}")
    server.deploy(SDL, app_id=APP, environment=name, resource="blog")
    generate = f"amplify-modelgen generate --backend aws --environment {name}"
    assert run_command(generate) == 1
    assert run_command(line) == 0
    server.deploy(f"{SDL}\ntype A @model {{ b: ID }}", app_id=APP, environment=name,
                  resource="blog")  # fmt: skip
    assert run_command(line) == 1


def test_front_end_without_a_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: RunningServer
) -> None:
    (tmp_path / ".git").mkdir()
    (configuration,) = blocks(PAGE, "toml")
    (tmp_path / "amplify-modelgen.toml").write_text(configuration, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    generate, check = commands("amplify-modelgen generate\n")
    server.deploy(SDL, app_id="d2abcdefghij", environment="prod", resource="blog")
    assert run_command(generate) == 1
    assert (tmp_path / MODELS).exists()
    assert run_command(check) == 0
    server.deploy(f"{SDL}\ntype A @model {{ b: ID }}", app_id="d2abcdefghij",
                  environment="prod", resource="blog")  # fmt: skip
    assert run_command(check) == 1


def test_models_with_conflict_markers_are_rewritten(project: Path) -> None:
    path = project / MODELS
    content = path.read_text(encoding="utf-8")
    first, rest = content.split("\n", 1)
    markers = f"<<<<<<< ours\n{first}\n=======\n[\n>>>>>>> theirs\n{rest}"
    path.write_text(markers, encoding="utf-8")
    assert run_command("amplify-modelgen generate") == 1
    assert path.read_text(encoding="utf-8") == content


def test_file_of_another_origin_is_replaced_only_on_request(project: Path) -> None:
    path = project / "src" / "models" / "schema.js"
    path.write_text('export const by = "by hand";\n', encoding="utf-8")
    assert run_command("amplify-modelgen generate") != 0
    assert "by hand" in path.read_text(encoding="utf-8")
    assert run_command("amplify-modelgen generate --overwrite") == 1
    assert "by hand" not in path.read_text(encoding="utf-8")
