from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.plugin import Diagnostic, FileChange, ModelChange
from amplify_modelgen_plugins.reporters import terminal
from support.core_values import job, outcome, report
from support.report_runs import REPORTS, change, job_run

if TYPE_CHECKING:
    from amplify_modelgen.plugin import Report

CHANGE = ModelChange(
    level="breaking",
    action="removed",
    subject="Post.title",
    message="was removed",
    reason="clients read it",
)
DIAGNOSTIC = Diagnostic(
    severity="error", message="no such type", path="a.graphql", line=3, column=5, hint="fix it"
)
FILES = (
    FileChange(path="b c.json", action="created"),
    FileChange(path="a.json", action="changed"),
    FileChange(path="same.json", action="unchanged"),
)
LOCK = FileChange(path="amplify-modelgen.lock", action="changed")
EVERYTHING = report(
    outcome(
        jobs=(job_run(seconds=2.34, polls=1), job_run("FAILED", seconds=0.5, polls=0)),
        changes=(CHANGE,),
        files=FILES,
        diagnostics=(DIAGNOSTIC,),
    ),
    outcome("up-to-date", "quiet@dev"),
    outcome("valid", "valid@dev"),
    outcome(
        "failed",
        "api@dev",
        jobs=(job_run(job=job("FAILED", None, "no"), seconds=0.0, polls=2),),
        hint="look there",
    ),
    files=(LOCK,),
    notes=("the lock of an older version was removed",),
    git_add=("a.json", "amplify-modelgen.lock", "b c.json"),
)
TEXT = """\
blog@dev: generated: why
a.graphql:3:5: error: no such type
    fix it
  job job-1  GenerateBackendAPIModels  COMPLETED  2.3 s  1 poll
  job job-1  GenerateBackendAPIModels  FAILED  0.5 s  0 polls
  breaking   Post.title  was removed
  created    b c.json
  changed    a.json
api@dev: failed: why
  job without an id  GenerateBackendAPIModels  FAILED  0.0 s  2 polls
  look there
the lock of an older version was removed
amplify-modelgen: 1 target regenerated, 1 target up to date, 1 target valid, 1 target failed
stage the changes: git add a.json amplify-modelgen.lock 'b c.json'
"""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def text_of(report: Report, stream: io.StringIO | None = None) -> str:
    stream = stream or io.StringIO()
    terminal.report(report, stream)
    return stream.getvalue()


@pytest.fixture(autouse=True)
def color_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def test_a_report_lists_the_results_of_each_target() -> None:
    assert text_of(EVERYTHING) == TEXT


def test_a_terminal_gets_the_same_text_in_color() -> None:
    shown = text_of(EVERYTHING, Terminal())
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == TEXT
    assert "\x1b[31mapi@dev: failed: why\x1b[0m\n" in shown
    assert "\x1b[32mblog@dev: generated: why\x1b[0m\n" in shown
    assert "\x1b[1;33mamplify-modelgen: 1 target regenerated" in shown
    assert "\x1b[1mstage the changes" in shown


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_without_color_gets_no_escape_codes(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert text_of(EVERYTHING, Terminal()) == TEXT


def test_an_empty_variable_does_not_disable_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    assert "\x1b[31m" in text_of(EVERYTHING, Terminal())


@pytest.mark.parametrize(("term", "is_colored"), [(None, False), ("xterm", True)])
def test_color_on_windows_needs_a_terminal_that_supports_it(
    monkeypatch: pytest.MonkeyPatch, term: str | None, *, is_colored: bool
) -> None:
    monkeypatch.setattr("os.name", "nt")
    monkeypatch.delenv("WT_SESSION", raising=False)
    monkeypatch.delenv("TERM")
    if term:
        monkeypatch.setenv("TERM", term)
    assert ("\x1b[" in text_of(EVERYTHING, Terminal())) == is_colored


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_foreign_escape_codes_are_escaped(stream: type[io.StringIO]) -> None:
    hostile = "\x1b]0;owned\x07[bold]:smile:"
    shown = text_of(report(outcome(reason=hostile), notes=(hostile,)), stream())
    assert "\x1b]0;" not in shown
    assert shown.count("\\x1b]0;owned\\x07[bold]:smile:") == 2


def test_git_add_is_not_mentioned_if_there_is_nothing_to_stage() -> None:
    assert text_of(report(outcome("up-to-date"))) == "amplify-modelgen: 1 target up to date\n"


def test_paths_to_stage_are_quoted_for_the_shell() -> None:
    paths = ("a b", "$(id)", "./-c")
    assert text_of(report(git_add=paths)).splitlines()[-1] == (
        "stage the changes: git add 'a b' '$(id)' ./-c"
    )


def test_a_warning_of_a_valid_schema_is_shown_with_its_rule() -> None:
    warning = Diagnostic(severity="warning", message="m", path="p", line=1, column=1, rule="r")
    text = text_of(report(outcome("valid", diagnostics=(warning,))))
    assert "p:1:1: warning: m [r]\n" in text


def test_the_detail_of_a_file_is_shown_also_for_a_target_that_is_up_to_date() -> None:
    text = text_of(REPORTS["ignored"])
    assert (
        "blog@dev: up-to-date: why\n  ignored    models/a.json  (ignored by .gitignore:3)" in text
    )
    assert "  refused    models/b.json  (no generator wrote it)\n" in text


def test_a_run_without_jobs_shows_none() -> None:
    assert "job" not in text_of(report(outcome()))


@pytest.mark.parametrize(("count", "more"), [(40, None), (41, 1), (140, 100)])
def test_a_long_list_of_changes_is_shortened(count: int, more: int | None) -> None:
    text = text_of(report(outcome(changes=(CHANGE,) * count)))
    assert text.count("Post.title") == min(count, 40)
    assert ("more changes" in text) is (more is not None)
    if more is not None:
        assert f"  ... and {more} more changes (--report json lists all)\n" in text


def test_the_models_of_a_first_run_are_counted() -> None:
    models = tuple(change("safe", f"M{number}", "added", "model-added") for number in range(40))
    assert "\n  40 models added\n" in text_of(report(outcome(changes=models)))
    assert "\n  12 models, 1 enum added\n" in text_of(REPORTS["first"])


@pytest.mark.parametrize("rule", ["optional-field-added", "model-removed", ""])
def test_other_changes_are_listed(rule: str) -> None:
    models = tuple(change("safe", f"M{number}", "added", "model-added") for number in range(5))
    text = text_of(report(outcome(changes=(*models, change("safe", "M.x", "changed", rule)))))
    assert "  safe       M4  added\n  safe       M.x  changed\n" in text


def test_few_additions_are_listed() -> None:
    models = tuple(change("safe", f"M{number}", "added", "model-added") for number in range(3))
    assert text_of(report(outcome(changes=models))).count("  safe       M") == 3


def test_the_plugin_registers_its_reporter() -> None:
    (reporter,) = terminal.modelgen_reporters()
    assert (reporter.name, reporter.report) == ("terminal", terminal.report)


DIFF = "--- a/a.js\n+++ b/a.js\n@@ -1 +1 @@\n same\n-old\x1b[0m\n+new"


def test_a_diff_is_colored_on_a_terminal_only() -> None:
    file = FileChange(path="a.js", action="changed", diff=DIFF)
    changed = report(outcome("stale", files=(file,)))
    plain = "--- a/a.js\n+++ b/a.js\n@@ -1 +1 @@\n same\n-old\\x1b[0m\n+new\n"
    assert f"  changed    a.js\n{plain}" in text_of(changed)
    shown = text_of(changed, Terminal())
    assert "\x1b[1m--- a/a.js\x1b[0m\n\x1b[1m+++ b/a.js\x1b[0m\n" in shown
    assert "\x1b[36m@@ -1 +1 @@\x1b[0m\n same\n" in shown
    assert "\x1b[31m-old\\x1b[0m\x1b[0m\n\x1b[32m+new\x1b[0m\n" in shown
