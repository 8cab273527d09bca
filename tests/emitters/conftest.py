from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emitters.npm import MissingPeerError, install
from support.requirements import missing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_JUDGE = "judge"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "node: needs Node.js, npm and, the first time, the network")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print which compilers judged, or what took their place."""
    reports = terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
    properties = [item for report in reports for item in report.user_properties]
    for judge in sorted({value for name, value in properties if name == _JUDGE}):
        terminalreporter.write_line(f"judge: {judge}")


@pytest.fixture(scope="session")
def npm_project() -> Callable[[Path], Path]:
    """Return a function that installs an npm project, or skips the test with the reason."""

    def installed(project: Path) -> Path:
        try:
            install(project)
        except MissingPeerError as error:
            missing(error, "EMITTERS_REQUIRE_PEER")
        return project

    return installed
