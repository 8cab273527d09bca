"""A real browser without a screen, for pages that people look at."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from support.requirements import missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = (
    "--disable-background-networking",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-sandbox",
)


@contextmanager
def browser(**settings: object) -> Iterator[BrowserContext]:
    """Run Chromium for a `with` block; `settings` are those of Playwright's context.

    Skips the test where Chromium is missing, unless BROWSER_REQUIRED=1.
    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        missing("Chromium is not installed", "BROWSER_REQUIRED")
    playwright = pytest.importorskip("playwright.sync_api")
    with tempfile.TemporaryDirectory() as profile, playwright.sync_playwright() as driver:
        context: BrowserContext = driver.chromium.launch_persistent_context(
            profile, executable_path=program, args=[*_OPTIONS], **settings
        )
        try:
            yield context
        finally:
            context.close()
