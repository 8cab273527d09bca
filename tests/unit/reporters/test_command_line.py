"""`--report` as it is typed, on the example project."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from amplify_modelgen.cli.main import main
from amplify_modelgen.unchanged import main as command

EXAMPLE = Path(__file__).parents[3] / "examples" / "blog"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = shutil.copytree(EXAMPLE, tmp_path / "blog")
    (folder / ".git").mkdir()
    monkeypatch.chdir(folder)
    return Path(folder)


@pytest.fixture
def stale(project: Path) -> Path:
    (project / "amplify-modelgen.lock").unlink()
    return project


@pytest.fixture
def actions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    return tmp_path / "summary.md"


def check(*words: str) -> int:
    return main(["check", *words])


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
def test_two_documents_on_stdout_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--report", "json", "--report", "junit") == 2
    out, err = capsys.readouterr()
    message, hint = err.splitlines()
    assert out == ""
    assert message.startswith("amplify-modelgen: the reports json, junit would follow one another")
    assert hint == "  give one a file: --report junit=PATH"


@pytest.mark.usefixtures("stale")
def test_annotations_and_text_may_be_asked_for_together(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--report", "terminal", "--report", "github") == 1
    out = capsys.readouterr().out.splitlines()
    assert out[-2:-1] == ["amplify-modelgen: 1 target stale"]
    assert out[-1].startswith("::error ")


@pytest.mark.usefixtures("stale")
@pytest.mark.parametrize(("name", "begins"), [("junit", "<?xml"), ("sarif", "{"), ("json", "{")])
def test_a_report_without_a_path_takes_the_place_of_the_text(
    name: str, begins: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check("--report", name) == 1
    out = capsys.readouterr().out
    assert out.startswith(begins)
    assert "amplify-modelgen: 1 target stale" not in out.splitlines()


@pytest.mark.usefixtures("stale")
def test_github_is_told_by_itself(actions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check() == 1
    out = capsys.readouterr().out.splitlines()
    assert "amplify-modelgen: 1 target stale" in out
    assert out[-1].startswith("::error file=amplify/backend/api/blog/schema.graphql,title=")
    assert "| stale |" in actions.read_text("utf-8")


@pytest.mark.usefixtures("project")
def test_github_is_told_of_a_run_that_found_nothing_in_the_summary_alone(
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
def test_a_report_is_written_also_by_a_quiet_run_that_finds_nothing(
    call: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert command([*call, "--quiet", "--report", "json"]) == 0
        assert json.loads(capsys.readouterr().out)["exit_code"] == 0


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("words", [(), ("--quiet",)])
def test_no_early_exit_keeps_github_from_its_summary(words: tuple[str, ...], actions: Path) -> None:
    for count in (1, 2):
        assert command(["check", *words]) == 0
        assert actions.read_text("utf-8").count("| up-to-date |") == count


def test_every_report_names_a_target_that_is_gone(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(project / "amplify" / "backend" / "api" / "blog")
    paths = {name: tmp_path / f"r.{name}" for name in ("junit", "json", "sarif", "github")}
    reports = [f"--report={name}={path}" for name, path in paths.items()]
    assert main(["generate", "--backend=local", *reports]) == 1
    said = "amplify/backend/api/blog: gone: the lock named it, and there is no such target any more"
    assert capsys.readouterr().out.startswith(said)
    assert paths["github"].read_text() == f"::warning title=amplify-modelgen::{said}\n"
    assert json.loads(paths["json"].read_text())["gone"] == ["amplify/backend/api/blog"]
    (case,) = ET.parse(paths["junit"]).getroot()[0]
    assert case.attrib["name"] == "amplify/backend/api/blog"
    assert said.endswith(case[0].text or "nothing")
    (log,) = json.loads(paths["sarif"].read_text())["runs"]
    (told,) = log["invocations"][0]["toolExecutionNotifications"]
    assert told == {"level": "note", "message": {"text": said}}


@pytest.mark.usefixtures("stale")
def test_a_report_that_cannot_be_written_is_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "r.xml"
    assert check(f"--report=junit={path}") == 3
    message, hint = capsys.readouterr().err.splitlines()
    assert message.startswith(f"amplify-modelgen: the junit report cannot be written to {path}: ")
    assert hint == "  give another file: --report junit=PATH"
