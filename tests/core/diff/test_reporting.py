"""The changes as text, and `diff` as a report: outcomes, exit code, accepted changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.cli import main as cli
from amplify_modelgen.diff import render_changes, summarize
from amplify_modelgen.diff.reporting import comparison_report
from amplify_modelgen.diff.sources import Comparison
from amplify_modelgen.records import ModelChange

if TYPE_CHECKING:
    from pathlib import Path

    from amplify_modelgen.diff.reporting import FailOn

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
    written = json.loads((project / "report.json").read_text())
    assert (written["command"], written["exit_code"]) == ("diff", 1)
    [target] = written["targets"]
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


def change(level: Any, subject: str = "Post", message: str = "m") -> ModelChange:
    return ModelChange(level=level, action="added", subject=subject, message=message, reason="r")


def test_summary_counts_by_level() -> None:
    changes = [change("safe"), change("breaking"), change("safe")]
    assert summarize(changes) == "3 changes: 1 breaking, 2 safe"


def test_summary_of_one_and_of_none() -> None:
    assert summarize([change("dangerous")]) == "1 change: 1 dangerous"
    assert summarize([]) == "no changes"


@pytest.mark.parametrize(
    ("fail_on", "levels"),
    [
        ("breaking", ["breaking"]),
        ("dangerous", ["breaking", "dangerous"]),
        ("any", ["breaking", "dangerous", "safe"]),
        ("never", []),
    ],
)
def test_failing_includes_worse_levels(fail_on: FailOn, levels: list[str]) -> None:
    sides = {level: (change(level),) for level in ("breaking", "dangerous", "safe")} | {"none": ()}
    compared = [Comparison(name=name, changes=changes) for name, changes in sides.items()]
    outcomes = comparison_report(compared, fail_on, 0, 0.0).outcomes
    rejected = [outcome.target.name for outcome in outcomes if outcome.status == "rejected"]
    assert rejected == levels


def test_lines_are_grouped_by_model_and_operation() -> None:
    changes = [
        change("breaking", "Post.title", "field of type String removed"),
        change("safe", "Query.echo", "added"),
        change("safe", "Query.echo.text", "optional argument added"),
        change("dangerous", "Post", "everyone may now read"),
    ]
    assert render_changes(changes) == [
        "Post",
        "  breaking   title: field of type String removed",
        "             r",
        "  dangerous  everyone may now read",
        "             r",
        "Query.echo",
        "  safe       added",
        "             r",
        "  safe       text: optional argument added",
        "             r",
    ]


def test_lines_have_no_control_characters() -> None:
    lines = render_changes([change("safe", "Po\x1b[31mst", "a\nb")])
    assert all(line.isprintable() for line in lines)


def test_changes_in_json_have_sorted_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert diff("--format", "json") == 0
    [resource] = json.loads(capsys.readouterr().out)["resources"]
    row = resource["changes"][1]
    assert list(row) == sorted(row)
    assert (row["rule"], row["subject"], row["level"]) == ("model-added", "Tag", "safe")
