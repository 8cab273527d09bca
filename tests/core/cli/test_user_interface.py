"""What makes the command line comfortable: completion, colors, the schema for editors, --config."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import tomli

from amplify_modelgen.cli import main as cli
from amplify_modelgen.config import render_schema
from support.pages import DOCS, blocks

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = "type Post @model { id: ID! title: String! }\n"
VALIDATOR: Any = jsonschema.Draft202012Validator(json.loads(render_schema()))


def errors(text: str) -> list[str]:
    document = tomli.loads(text)
    document = document.get("tool", {}).get("amplify-modelgen", document)
    return [error.message for error in VALIDATOR.iter_errors(document)]


def test_the_samples_of_the_page_are_valid() -> None:
    samples = blocks(DOCS / "configuration.md", "toml")
    assert len(samples) >= 4
    assert [found for sample in samples for found in errors(sample)] == []


@pytest.mark.parametrize(
    "text",
    [
        "timeout = 0",
        "unknown = 1",
        "backend = 'a/b'",
        "[[target]]\nregion = 'us-east-1'",
        "[[target]]\nresource = 'a'\noutputs = [{emitter = 'python'}]",
        "[[target]]\nresource = 'a'\nflags = {transformer = 2}",
        "[[target]]\nresource = 'a'\nschema = '/etc/passwd'",
        "[defaults]\noutputs = [{path = 'a'}]",
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(text: str, project: Path) -> None:
    assert errors(text)
    (project / "amplify-modelgen.toml").write_text(text)
    assert cli.main(["targets"]) == 2


def test_every_key_has_a_description() -> None:
    definitions = json.loads(render_schema())["$defs"]
    for name in ("ConfigTable", "TargetTable"):
        for key, value in definitions[name]["properties"].items():
            assert value.get("description"), key


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["config", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "amplify-modelgen"


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is missing")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["gen"], "generate"),
        (["check", "--reg"], "--regenerate"),
        (["serve", "--jo"], "--job-time"),
    ],
)
def test_bash_completes(
    capsys: pytest.CaptureFixture[str], words: list[str], expected: str
) -> None:
    assert cli.main(["completion", "bash"]) == 0
    script = capsys.readouterr().out
    typed = " ".join(f"'{word}'" for word in words)
    script += f"\nCOMP_WORDS=(amplify-modelgen {typed}); COMP_CWORD={len(words)}\n"
    script += "_shtab_amplify_modelgen; echo ${COMPREPLY[@]}\n"
    done = subprocess.run(["bash"], input=script, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [expected]


@pytest.mark.parametrize(("shell", "start"), [("zsh", "#compdef"), ("fish", "#")])
def test_other_shells(capsys: pytest.CaptureFixture[str], shell: str, start: str) -> None:
    assert cli.main(["completion", shell]) == 0
    out = capsys.readouterr().out
    assert out.startswith(start)
    assert "allow-drift" in out


@pytest.fixture
def stale(project: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    (project / "schema.graphql").write_text(SCHEMA)
    capsys.readouterr()
    return project


@pytest.mark.parametrize(
    ("option", "variable", "is_colored"),
    [
        ("auto", "", False),
        ("always", "", True),
        ("never", "", False),
        ("always", "NO_COLOR", True),
        ("never", "FORCE_COLOR", False),
        ("auto", "FORCE_COLOR", True),
    ],
)
@pytest.mark.usefixtures("stale")
def test_colors(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    option: str,
    variable: str,
    *,
    is_colored: bool,
) -> None:
    monkeypatch.setattr(os, "environ", {**os.environ, **({variable: "1"} if variable else {})})
    assert cli.main(["check", "--color", option]) == 1
    assert ("\x1b[" in capsys.readouterr().out) is is_colored


@pytest.mark.usefixtures("stale")
def test_a_local_run_draws_no_progress_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert cli.main(["generate"]) == 1
    assert capsys.readouterr().err == ""


def test_a_named_configuration_is_the_only_one(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "ci").mkdir()
    (project / "ci" / "other.toml").write_text("timeout = 7\n")
    assert cli.main(["targets", "--config", "ci/other.toml"]) == 0
    line = next(each for each in capsys.readouterr().out.splitlines() if "timeout" in each)
    assert line.split() == ["timeout", "7", "ci/other.toml"]


@pytest.mark.parametrize(
    ("option", "message"),
    [("nothing.toml", "does not exist"), ("../other.toml", "is not below the root")],
)
@pytest.mark.usefixtures("project")
def test_a_configuration_that_cannot_be_used(
    capsys: pytest.CaptureFixture[str], option: str, message: str
) -> None:
    assert cli.main(["check", "--config", option]) == 2
    assert message in capsys.readouterr().err
