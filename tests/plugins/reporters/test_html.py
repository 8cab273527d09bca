"""The HTML report: what it shows, that foreign text is only text, and a browser's view of it."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.cli import main as cli
from amplify_modelgen.modelgen import generate_models
from amplify_modelgen_plugins.emitters.schema_model import schema_model
from amplify_modelgen_plugins.reporters import html
from support.report_runs import REPORTS

if TYPE_CHECKING:
    from pathlib import Path

SDL = """
type Post @model { id: ID! title: String comments: [Comment] @hasMany place: Place }
type Comment @model { id: ID! post: Post @belongsTo }
type Place { city: String }
"""
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "section", "h1", "h2", "h3", "p"),
    *("span", "div", "b", "code", "pre", "a", "ul", "li", "br", "small", "table", "tr", "th", "td"),
    *("details", "summary", "svg", "g", "rect", "text", "path"),
}


def rendered(name: str) -> str:
    stream = io.StringIO()
    html.report(REPORTS[name], stream)
    return stream.getvalue()


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.urls: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.urls += [value or "" for key, value in attrs if key in ("href", "src")]


@pytest.mark.parametrize("name", REPORTS)
def test_foreign_text_is_only_text(name: str) -> None:
    page = _Tags(rendered(name))
    assert page.tags <= TAGS
    home = "https://github.com/amplify-modelgen/amplify-modelgen/blob/main/docs/rules.md#"
    assert all(url.startswith(home) for url in page.urls)


def test_jobs_and_changes_are_shown() -> None:
    page = rendered("generated")
    assert "<td>job-0</td>" in page
    assert re.search(r"<h3>Jobs</h3>", page)
    assert re.search(r"(Breaking|Dangerous|Safe) changes \(\d+\)", page)


def test_the_diagram_has_types_relations_and_marks() -> None:
    drawing = html.draw_diagram(
        schema_model(generate_models(SDL)),
        {"Post.title": "breaking", "Comment": "safe", "Post.gone": "breaking"},
    )
    assert drawing.count("<path ") == 3
    assert '<text class="field breaking "' in drawing
    assert '<text class="field breaking removed"' in drawing
    assert '<g class="entity model safe"' in drawing
    assert '<g class="entity custom "' in drawing


def test_a_schema_that_is_too_large_is_not_drawn() -> None:
    sdl = "\n".join(f"type T{index} @model {{ id: ID! }}" for index in range(201))
    assert html.draw_diagram(schema_model(generate_models(sdl)), {}) == ""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The report of a comparison, with a breaking change and a removed field."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "old.graphql").write_text(SDL)
    (tmp_path / "new.graphql").write_text(SDL.replace("title: String", "name: String!"))
    monkeypatch.chdir(tmp_path)
    assert cli.main(["diff", "old.graphql", "new.graphql", "--report", "html=report.html"]) == 0
    return tmp_path / "report.html"


def test_a_comparison_marks_what_changed(written: Path) -> None:
    page = written.read_text("utf-8")
    assert "Breaking changes" in page
    assert re.search(r'<text class="field breaking removed"[^>]*>title<', page)


def test_an_invalid_schema_shows_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.graphql").write_text("type Post @model {\n  id: ID!\n  blog: Blog\n}\n")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["validate", "a.graphql", "--report", "html=report.html"]) == 1
    page = (tmp_path / "report.html").read_text("utf-8")
    assert re.search(r"<pre>  blog: Blog\n +<b>\^</b></pre>", page)


def test_a_long_line_is_shown_around_each_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    schema = " ".join(f"type A{number} @model {{id: ID! a: B}}" for number in range(500))
    (tmp_path / "a.graphql").write_text(schema)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["validate", "a.graphql", "--report", "html=report.html"]) == 1
    page = (tmp_path / "report.html").read_text("utf-8")
    excerpts = re.findall(r"<pre>(.*)\n( +)<b>", page)
    assert len(excerpts) == 500
    assert {line[len(spaces) :][:2] for line, spaces in excerpts} == {"B}"}
    assert len(page) < 1_000_000
