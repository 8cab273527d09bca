from __future__ import annotations

import io
import os
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from amplify_modelgen.plugin import ModelgenError, escape
from amplify_modelgen_plugins.reporters import github
from support.core_values import job, outcome, report, target
from support.report_golden import rendered
from support.report_runs import HOSTILE, REPORTS, change, job_run

if TYPE_CHECKING:
    from pathlib import Path

    from amplify_modelgen.plugin import Report

COMMAND = re.compile(
    r"::(?:error|warning) (?:file=[^:,]*,)?(?:line=\d+,col=\d+,)?"
    r"title=amplify-modelgen(?:%3A [^:]*)?::.*"
)


def lines(report: Report) -> list[str]:
    stream = io.StringIO()
    github.report(report, stream)
    return stream.getvalue().splitlines()


@pytest.mark.parametrize("name", REPORTS)
def test_every_line_is_an_annotation_and_nothing_else(name: str) -> None:
    assert all(COMMAND.fullmatch(line) for line in rendered(f"{name}.github.txt").splitlines())


def test_there_is_no_annotation_without_a_problem() -> None:
    assert lines(REPORTS["fresh"]) == []


def test_a_diagnostic_has_its_location() -> None:
    assert (
        "::error file=chat.graphql,line=3,col=5,title=amplify-modelgen::no such type: fix it"
        in lines(REPORTS["found"])
    )


@pytest.mark.parametrize(
    ("prefix", "path"), [("", "blog.graphql"), ("apps/web", "apps/web/blog.graphql")]
)
def test_paths_are_relative_to_the_repository(prefix: str, path: str) -> None:
    (line,) = lines(replace(report(outcome()), prefix=prefix))
    assert line.startswith(f"::warning file={path},")


class Page(HTMLParser):
    """The tags of a page, and the text of its cells."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.cells: list[str] = []
        self._in_cell = False
        self.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.tags.add(tag)
        if tag == "td":
            self._in_cell = True
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.cells[-1] += data


@pytest.mark.parametrize("name", REPORTS)
def test_foreign_text_is_not_markup_in_the_summary(name: str) -> None:
    tags = Page(rendered(f"{name}.github.md")).tags
    assert tags <= {"h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code"}


@pytest.mark.parametrize("name", REPORTS)
def test_text_that_could_become_a_link_is_code(name: str) -> None:
    text = re.sub(r"(`+) .*? \1(?!`)", "", rendered(f"{name}.github.md"))
    assert not re.search(r"[@#]\w|://|www", text.replace("### amplify", ""))


def test_the_summary_shows_text_unchanged() -> None:
    cells = [text.strip() for text in Page(rendered("hostile.github.md")).cells]
    shown = [escape(text).strip() for text in HOSTILE for _ in range(3)]
    assert cells[0 : 9 * len(HOSTILE) : 3] == shown
    assert cells[2 : 9 * len(HOSTILE) : 3] == shown


def test_a_summary_is_smaller_than_the_limit_of_github() -> None:
    reason = "😀" * 10_000
    changes = (change("safe", reason, reason),) * 1000
    runs = (job_run(job=job(reason, reason, reason)),) * 1000
    largest = report(
        *(outcome("stale", reason=reason) for _ in range(1000)),
        outcome(target=target(reason), changes=changes, jobs=runs),
        notes=(reason,) * 10,
    )
    stream = io.StringIO()
    github.report_markdown(largest, stream)
    assert len(stream.getvalue().encode()) < 2**20


def test_a_summary_is_appended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "summary.md"
    path.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    lines(REPORTS["fresh"])
    assert path.read_text(encoding="utf-8").startswith("before\n### amplify-modelgen\n")


def test_a_summary_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    with pytest.raises(ModelgenError, match="the summary cannot be written to ") as caught:
        lines(REPORTS["fresh"])
    assert caught.value.hint == "the variable GITHUB_STEP_SUMMARY names that file"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [({"GITHUB_ACTIONS": "true"}, True), ({"GITHUB_ACTIONS": "false"}, False), ({}, False)],
)
def test_it_is_enabled_inside_github_actions(environ: dict[str, str], *, expected: bool) -> None:
    reporter, _ = github.modelgen_reporters()
    assert reporter.is_enabled is not None
    assert reporter.is_enabled(environ) is expected


def test_the_summary_lists_all_jobs_and_the_notes() -> None:
    cells = Page(rendered("generated.github.md")).cells
    assert "job-0" in cells
    assert "job-1" in cells
    assert "2 targets share a schema" in rendered("first.github.md").splitlines()


def test_a_summary_that_is_a_pipe_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no named pipes")
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "pipe"))
    with pytest.raises(ModelgenError, match="it is a pipe, which may have no reader"):
        lines(REPORTS["fresh"])


def test_a_table_with_too_many_rows_is_shortened() -> None:
    assert "... and 2 more" in rendered("many.github.md").splitlines()
