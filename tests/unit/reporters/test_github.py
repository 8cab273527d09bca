from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from amplify_modelgen import ModelgenError, printable
from amplify_modelgen_plugins import report_github
from core_values import outcome, report
from unit.reporters.golden import rendered
from unit.reporters.runs import HOSTILE, RUNS

if TYPE_CHECKING:
    from amplify_modelgen.records import RunReport

COMMAND = re.compile(
    r"::(?:error|warning) (?:file=[^:,]*,)?(?:line=\d+,col=\d+,)?title=amplify-modelgen::.*"
)


def lines(run: RunReport) -> list[str]:
    stream = io.StringIO()
    report_github.report(run, stream)
    return stream.getvalue().splitlines()


@pytest.mark.parametrize("run", RUNS)
def test_every_line_is_an_annotation_and_nothing_else(run: str) -> None:
    assert all(COMMAND.fullmatch(line) for line in rendered(f"{run}.github.txt").splitlines())


def test_nobody_is_bothered_with_what_is_well() -> None:
    assert lines(RUNS["fresh"]) == []


def test_a_finding_has_its_place() -> None:
    assert (
        "::error file=chat.graphql,line=3,col=5,title=amplify-modelgen::no such type: mend it"
        in lines(RUNS["found"])
    )


@pytest.mark.parametrize(
    ("folder", "path"), [(".", "blog.graphql"), ("apps/web", "apps/web/blog.graphql")]
)
def test_paths_are_relative_to_the_repository(tmp_path: Path, folder: str, path: str) -> None:
    (tmp_path / ".git").touch()
    (line,) = lines(replace(report(outcome()), root=tmp_path / folder))
    assert line.startswith(f"::warning file={path},")


def test_paths_outside_of_any_repository_are_as_they_are() -> None:
    (line,) = lines(replace(report(outcome()), root=Path("/nowhere/at/all")))
    assert line.startswith("::warning file=blog.graphql,")


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


@pytest.mark.parametrize("run", RUNS)
def test_no_text_of_others_is_markup_in_the_summary(run: str) -> None:
    tags = Page(rendered(f"{run}.github.md")).tags
    assert tags <= {"h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code"}


@pytest.mark.parametrize("run", RUNS)
def test_what_could_become_a_link_is_code(run: str) -> None:
    text = re.sub(r"(`+) .*? \1(?!`)", "", rendered(f"{run}.github.md"))
    assert not re.search(r"[@#]\w|://|www", text.replace("### amplify", ""))


def test_the_summary_shows_all_text_as_it_is() -> None:
    cells = [text.strip() for text in Page(rendered("hostile.github.md")).cells]
    shown = [printable(text).strip() for text in HOSTILE for _ in range(3)]
    assert cells[0 : 9 * len(HOSTILE) : 3] == shown
    assert cells[2 : 9 * len(HOSTILE) : 3] == shown


def test_a_summary_stays_below_the_limit_of_github() -> None:
    reason = "😀" * 10_000
    most = report(*(outcome("stale", reason=reason) for _ in range(1000)))
    assert len(report_github._summary(most).encode()) < 2**20


def test_a_summary_is_added_to_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "summary.md"
    path.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    lines(RUNS["fresh"])
    assert path.read_text(encoding="utf-8").startswith("before\n### amplify-modelgen\n")


def test_a_summary_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    with pytest.raises(ModelgenError, match="the summary cannot be written to ") as caught:
        lines(RUNS["fresh"])
    assert caught.value.hint == "it is where GITHUB_STEP_SUMMARY points to"


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [({"GITHUB_ACTIONS": "true"}, True), ({"GITHUB_ACTIONS": "false"}, False), ({}, False)],
)
def test_it_is_chosen_inside_github_actions(environ: dict[str, str], *, wanted: bool) -> None:
    (reporter,) = report_github.modelgen_reporters()
    assert reporter.automatic is not None
    assert reporter.automatic(environ) is wanted
