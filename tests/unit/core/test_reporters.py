from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.records import Diagnostic, FileChange, ModelChange
from amplify_modelgen_plugins import report_json, report_terminal
from core_values import job, outcome, report

if TYPE_CHECKING:
    from amplify_modelgen.records import RunReport

CHANGE = ModelChange(
    level="breaking",
    action="removed",
    subject="Post.title",
    message="was removed",
    reason="clients read it",
)
DIAGNOSTIC = Diagnostic(
    severity="error", message="no such type", path="a.graphql", line=3, column=5, hint="mend it"
)
FILES = (
    FileChange(path="b c.json", action="created"),
    FileChange(path="a.json", action="changed"),
    FileChange(path="same.json", action="unchanged"),
)
LOCK = FileChange(path="amplify-modelgen.lock", action="changed")
EVERYTHING = report(
    outcome(
        job=job(), seconds=2.34, polls=1, changes=(CHANGE,), files=FILES, diagnostics=(DIAGNOSTIC,)
    ),
    outcome("up-to-date", "quiet@dev"),
    outcome("valid", "valid@dev"),
    outcome("failed", "api@dev", job=job("FAILED", None, "no"), polls=2, hint="look there"),
    files=(LOCK,),
)
TEXT = """\
blog@dev: generated: why
a.graphql:3:5: error: no such type
    mend it
  job job-1  GenerateBackendAPIModels  COMPLETED  2.3 s  1 poll
  breaking   Post.title  was removed
  created    b c.json
  changed    a.json
  unchanged  same.json
api@dev: failed: why
  no job  GenerateBackendAPIModels  FAILED  0.0 s  2 polls
  look there
amplify-modelgen: 1 target regenerated, 1 target up to date, 1 target valid, 1 target failed
stage what was written: git add a.json amplify-modelgen.lock 'b c.json'
"""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def text_of(run: RunReport, stream: io.StringIO | None = None) -> str:
    stream = stream or io.StringIO()
    report_terminal.report(run, stream)
    return stream.getvalue()


@pytest.fixture
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "40")


def test_people_are_told_what_there_is_to_say_of_each_target() -> None:
    assert text_of(EVERYTHING) == TEXT


@pytest.mark.usefixtures("colours")
def test_a_terminal_gets_the_same_text_in_colours() -> None:
    shown = text_of(EVERYTHING, Terminal())
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == TEXT
    assert "\x1b[31mapi@dev: failed: why" in shown
    assert "\x1b[32mblog@dev: generated: why" in shown


@pytest.mark.usefixtures("colours")
@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_escape_codes_from_elsewhere_are_neutralised(stream: type[io.StringIO]) -> None:
    evil = "\x1b]0;owned\x07[bold]:smile:"
    shown = text_of(report(outcome(reason=evil)), stream())
    assert "\x1b]0;" not in shown
    assert "why" not in shown
    assert "\\x1b]0;owned\\x07[bold]:smile:" in shown


def test_nothing_to_stage_is_not_mentioned() -> None:
    assert text_of(report(outcome("up-to-date"))) == "amplify-modelgen: 1 target up to date\n"


def test_a_warning_of_a_valid_schema_is_shown() -> None:
    warning = Diagnostic(severity="warning", message="m", path="p", line=1, column=1)
    assert "p:1:1: warning: m\n" in text_of(report(outcome("valid", diagnostics=(warning,))))


@pytest.mark.parametrize(("count", "more"), [(40, None), (41, 1), (140, 100)])
def test_a_long_list_of_changes_is_cut(count: int, more: int | None) -> None:
    text = text_of(report(outcome(changes=(CHANGE,) * count)))
    assert text.count("Post.title") == min(count, 40)
    assert ("more changes" in text) is (more is not None)
    if more is not None:
        assert f"  ... and {more} more changes (--report json lists all)\n" in text


def document(run: RunReport) -> dict[str, Any]:
    stream = io.StringIO()
    report_json.report(run, stream)
    assert stream.getvalue().endswith("}\n")
    found: dict[str, Any] = json.loads(stream.getvalue())
    assert json.dumps(found, indent=2, sort_keys=True) + "\n" == stream.getvalue()
    return found


def test_machines_are_told_of_the_run() -> None:
    found = document(EVERYTHING)
    targets = found.pop("targets")
    assert len(targets) == 4
    assert found == {
        "version": 1,
        "verb": "generate",
        "backend": "local",
        "exit_code": 3,
        "seconds": 1.235,
        "summary": EVERYTHING.headline,
        "gone": [],
        "files": [{"path": "amplify-modelgen.lock", "action": "changed"}],
    }


def test_machines_are_told_of_each_target() -> None:
    (target,) = document(
        report(
            outcome(
                job=job(error="e"), seconds=2.34567, polls=1, changes=(CHANGE,), files=FILES[:1],
                diagnostics=(DIAGNOSTIC,), hint="h",
            )
        )
    )["targets"]  # fmt: skip
    assert target == {
        "id": "blog@dev", "app": "d1", "environment": "dev", "resource": "blog",
        "region": "eu-west-1", "schema": "blog.graphql", "outcome": "generated",
        "reason": "why", "hint": "h",
        "job": {
            "id": "job-1", "operation": "GenerateBackendAPIModels", "status": "COMPLETED",
            "error": "e", "polls": 1, "seconds": 2.346,
        },
        "changes": [
            {"level": "breaking", "action": "removed", "subject": "Post.title",
             "message": "was removed", "reason": "clients read it", "rule": ""},
        ],
        "files": [{"path": "b c.json", "action": "created"}],
        "diagnostics": [
            {"severity": "error", "message": "no such type", "path": "a.graphql", "line": 3,
             "column": 5, "hint": "mend it"},
        ],
    }  # fmt: skip


def test_a_target_without_a_job_says_so_to_machines() -> None:
    (target,) = document(report(outcome()))["targets"]
    assert target["job"] is None


@pytest.mark.parametrize(("module", "name"), [(report_json, "json"), (report_terminal, "terminal")])
def test_the_plugins_bring_their_reporters(module: Any, name: str) -> None:
    (reporter,) = module.modelgen_reporters()
    assert reporter.name == name
    assert reporter.report is module.report
