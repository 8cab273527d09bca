"""The documentation as a site: built strictly, and opened page by page in a real browser."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

import pytest

from amplify_modelgen.lint.rule_catalogue import RULES
from emitters.npm import MissingPeerError, install
from support.browser import browser
from support.pages import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Route

pytest.importorskip("material", reason="the site needs the extra `site`")

MERMAID_PEER = ROOT / "tests" / "emitters" / "mermaid" / "peer"
MERMAID = MERMAID_PEER / "node_modules" / "mermaid" / "dist" / "mermaid.min.js"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("site") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(directory)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return directory


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="module")
def url(site: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def context(url: str) -> Iterator[BrowserContext]:
    """A browser that has no network but the site, and mermaid from its npm package."""
    try:
        install(MERMAID_PEER)
    except MissingPeerError as error:
        pytest.skip(str(error))

    def answer(route: Route) -> None:
        if "/mermaid@" in route.request.url:
            route.fulfill(path=MERMAID, content_type="text/javascript")
        elif "api.github.com" in route.request.url:  # the numbers beside the repository's name
            route.fulfill(json={})
        elif route.request.url.startswith(url):
            route.continue_()
        else:
            route.abort()

    with browser() as opened:
        opened.route("**", answer)
        yield opened


def _pages(site: Path) -> list[str]:
    return sorted(
        path.parent.relative_to(site).as_posix() + "/" for path in site.rglob("index.html")
    )


def test_no_page_has_an_error_or_a_broken_link(
    site: Path, url: str, context: BrowserContext
) -> None:
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda line: problems.append(f"{page.url}: {line.text}") if line.type == "error" else None,
    )
    links: dict[str, str] = {}
    anchors: set[str] = set()
    for name in _pages(site):
        page.goto(url + name.removeprefix("./"))
        for link in page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)"):
            links.setdefault(link, page.url)
        ids = page.eval_on_selector_all("[id]", "all => all.map(e => e.id)")
        anchors.update(f"{page.url}#{each}" for each in ids)
    page.close()
    assert len(links) > 100
    for link, origin in links.items():
        target, fragment = urldefrag(link)
        if not target.startswith(url):
            assert target.startswith("https://"), f"{origin}: {link}"
            continue
        path = site / target.removeprefix(url)
        if not (path / "index.html" if path.is_dir() else path).is_file():
            problems.append(f"{origin}: {link} does not exist")
        elif fragment and path.is_dir() and link not in anchors:
            problems.append(f"{origin}: {link} has no such heading")
    assert not problems


def test_the_diagram_is_drawn(url: str, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{url}emitters/#mermaid")
    # Material draws into a closed shadow root: the element replaces the code, and has a size.
    drawn = page.wait_for_selector("div.mermaid", timeout=30_000)
    assert drawn is not None
    box = drawn.bounding_box()
    assert box is not None
    assert box["height"] > 100
    page.close()


def test_each_rule_has_a_page(site: Path) -> None:
    for rule in RULES:
        assert (site / "rules" / rule / "index.html").is_file()


def test_the_search_finds_a_page(url: str, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(url)
    page.keyboard.press("s")  # the shortcut that opens the search
    page.keyboard.type("submodule", delay=50)
    page.wait_for_selector(".md-search-result__link", state="attached", timeout=30_000)
    found = page.eval_on_selector_all(".md-search-result__link", "all => all.map(a => a.href)")
    assert any("/monorepos/" in link for link in found)
    page.close()
