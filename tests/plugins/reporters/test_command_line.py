"""The option `--report`, for the example project."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from amplify_modelgen.cli.main import main
from amplify_modelgen.fast_path import load_cached_message

OLD_MODELS = '{"version": 1, "models": {}, "enums": {}, "nonModels": {}}'
EXAMPLE = Path(__file__).parents[3] / "examples" / "blog"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = shutil.copytree(EXAMPLE, tmp_path / "blog")
    (directory / ".git").mkdir()
    (directory / "amplify-modelgen.lock").unlink(missing_ok=True)
    monkeypatch.chdir(directory)
    return Path(directory)


@pytest.fixture
def stale(project: Path) -> Path:
    (project / "src" / "models" / "model-introspection.json").write_text(OLD_MODELS)
    return project


@pytest.fixture
def actions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    return tmp_path / "summary.md"


def check(*arguments: str) -> int:
    return main(["check", *arguments])


@pytest.mark.usefixtures("stale")
def test_several_reports_are_written_by_one_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = {name: tmp_path / "new" / f"r.{name}" for name in ("junit", "json", "sarif", "github")}
    assert check(*(f"--report={name}={path}" for name, path in paths.items())) == 1
    assert "stale" in capsys.readouterr().out
    assert json.loads(paths["json"].read_text("utf-8"))["exit_code"] == 1
    assert ET.parse(paths["junit"]).getroot().attrib["failures"] == "1"
    assert json.loads(paths["sarif"].read_text("utf-8"))["runs"][0]["results"]
    assert paths["github"].read_text("utf-8").startswith("::error file=amplify/backend/api/blog/")


@pytest.mark.usefixtures("stale")
def test_two_documents_on_stdout_are_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--report", "json", "--report", "junit") == 2
    out, err = capsys.readouterr()
    message, hint = err.splitlines()
    assert out == ""
    assert message == "amplify-modelgen: cannot write several reports (json, junit) to stdout"
    assert hint == "  write one to a file: --report junit=PATH"


@pytest.mark.usefixtures("stale")
def test_annotations_and_text_may_share_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--report", "terminal", "--report", "github") == 1
    out = capsys.readouterr().out.splitlines()
    assert out[-2:-1] == ["amplify-modelgen: 1 target stale"]
    assert out[-1].startswith("::error ")


@pytest.mark.usefixtures("stale")
@pytest.mark.parametrize(("name", "begins"), [("junit", "<?xml"), ("sarif", "{"), ("json", "{")])
def test_a_report_without_a_path_replaces_the_text(
    name: str, begins: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check("--report", name) == 1
    out = capsys.readouterr().out
    assert out.startswith(begins)
    assert "amplify-modelgen: 1 target stale" not in out.splitlines()


@pytest.mark.usefixtures("stale")
def test_annotations_are_written_automatically_on_github(
    actions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check() == 1
    out = capsys.readouterr().out.splitlines()
    assert "amplify-modelgen: 1 target stale" in out
    assert out[-1].startswith("::error file=amplify/backend/api/blog/schema.graphql,title=")
    assert "| stale |" in actions.read_text("utf-8")


@pytest.mark.usefixtures("project")
def test_a_run_without_problems_is_only_in_the_summary_on_github(
    actions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check() == 0
    assert "::" not in capsys.readouterr().out
    assert "| up-to-date |" in actions.read_text("utf-8")


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    "call",
    [["generate", "--backend=local"], ["check"], ["validate"]],
    ids=lambda call: call[0],
)
def test_a_report_is_written_also_by_a_quiet_run_without_problems(
    call: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert load_cached_message([*call, "--quiet", "--report", "json"]) is None
        assert main([*call, "--quiet", "--report", "json"]) == 0
        assert json.loads(capsys.readouterr().out)["exit_code"] == 0


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("arguments", [(), ("--quiet",)])
def test_the_fast_path_does_not_suppress_the_summary_of_github(
    arguments: tuple[str, ...], actions: Path
) -> None:
    for count in (1, 2):
        assert load_cached_message(["check", *arguments]) is None
        assert check(*arguments) == 0
        assert actions.read_text("utf-8").count("| up-to-date |") == count


@pytest.mark.usefixtures("stale")
def test_a_report_that_cannot_be_written_is_one_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "r.xml"
    assert check(f"--report=junit={path}") == 3
    message, hint = capsys.readouterr().err.splitlines()
    assert message.startswith(f"amplify-modelgen: cannot write {path}: ")
    assert hint.startswith("  check the permissions of the file and its directory")
