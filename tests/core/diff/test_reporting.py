"""`diff` as a report: its outcomes, its exit code, and accepted changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.cli import main as cli

if TYPE_CHECKING:
    from pathlib import Path

OLD = "type Post @model { id: ID! title: String subtitle: String }\n"
NEW = "type Post @model { id: ID! title: String }\ntype Tag @model { id: ID! }\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "old.graphql").write_text(OLD)
    (tmp_path / "new.graphql").write_text(NEW)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def diff(*options: str) -> int:
    return cli.main(["diff", "old.graphql", "new.graphql", *options])


def test_a_report_goes_to_a_file_beside_the_text(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert diff("--fail-on", "breaking", "--report", "json=report.json") == 1
    document = json.loads((project / "report.json").read_text())
    assert (document["command"], document["exit_code"]) == ("diff", 1)
    [target] = document["targets"]
    assert (target["id"], target["outcome"]) == ("schema", "rejected")
    assert target["reason"] == "2 changes: 1 breaking, 1 safe"
    assert [change["subject"] for change in target["changes"]] == ["Post.subtitle", "Tag"]
    assert capsys.readouterr().out.startswith("2 changes: 1 breaking, 1 safe\n")


def test_markdown_goes_to_stdout_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert diff("--report", "markdown") == 0
    out = capsys.readouterr().out
    assert out.startswith("### amplify-modelgen\n")
    assert "| breaking | ` Post.subtitle ` |" in out


def test_risky_changes_are_annotations_on_github(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert diff() == 0
    assert diff("--fail-on", "breaking") == 1
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("::")]
    assert [line.partition("::Post.subtitle")[0] for line in lines] == [
        "::warning title=amplify-modelgen",
        "::error title=amplify-modelgen::schema: rejected: 2 changes: 1 breaking, 1 safe",
        "::error title=amplify-modelgen",
    ]


def test_an_accepted_change_does_not_count(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    accepted = '[diff]\nignore = ["field-removed:Post.subtitle", "field-removed:Post.gone"]\n'
    (project / "amplify-modelgen.toml").write_text(accepted)
    assert diff("--fail-on", "breaking") == 0
    out = capsys.readouterr().out
    assert out.startswith("1 change: 1 safe\n")
    assert out.endswith("1 accepted change not shown ([diff] ignore)\n")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("field-remove:Post.title", "unknown rule"),
        ("field-removed", "expected RULE:SUBJECT, as in field-removed:Post.title"),
    ],
)
def test_an_entry_that_cannot_match_is_an_error(
    project: Path, capsys: pytest.CaptureFixture[str], entry: str, message: str
) -> None:
    (project / "amplify-modelgen.toml").write_text(f'[diff]\nignore = ["{entry}"]\n')
    assert diff() == 2
    assert f"diff.ignore: '{entry}': {message}" in capsys.readouterr().err
