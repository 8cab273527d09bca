"""The HTML report in a real browser: light, dark, and on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.cli import main as cli
from support.browser import browser
from support.pages import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The report of a comparison of the example with a changed copy."""
    schema = ROOT / "examples/blog/amplify/backend/api/blog/schema.graphql"
    text = schema.read_text("utf-8")
    (tmp_path / ".git").mkdir()
    (tmp_path / "old.graphql").write_text(text)
    (tmp_path / "new.graphql").write_text(text.replace("  title: String!\n", "", 1))
    monkeypatch.chdir(tmp_path)
    assert cli.main(["diff", "old.graphql", "new.graphql", "--report", "html=report.html"]) == 0
    return tmp_path / "report.html"


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_is_readable(report: Path, scheme: str, size: dict[str, int]) -> None:
    requests: list[str] = []
    problems: list[str] = []
    with browser(color_scheme=scheme, viewport=size) as context:
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda line: problems.append(line.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(report.as_uri())
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        text = page.evaluate("getComputedStyle(document.body).color")
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        font = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
        box = page.locator("svg.diagram").bounding_box()
        removed = page.locator("svg .removed").count()
    assert requests == [report.as_uri()]
    assert not problems
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
    assert ground != text
    assert overflow <= 0, "the page scrolls sideways"
    assert font >= 16
    assert box is not None
    assert box["height"] > 200
    assert removed == 1
