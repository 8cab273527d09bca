from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from emitters.npm import MissingPeerError, install

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "node: needs Node.js, npm and, the first time, the network")


@pytest.fixture(scope="session")
def npm_project() -> Callable[[Path], Path]:
    """Return a function that installs an npm project, or skips the test with the reason."""

    def installed(project: Path) -> Path:
        try:
            install(project)
        except MissingPeerError as error:
            # CI must not pass without its judge.
            if os.environ.get("EMITTERS_REQUIRE_PEER"):
                raise
            pytest.skip(f"missing judge: {error}")
        return project

    return installed
