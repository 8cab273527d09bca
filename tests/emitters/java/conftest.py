from __future__ import annotations

import shutil

import pytest

from support.requirements import missing


@pytest.fixture(scope="session")
def javac() -> None:
    """Skip the test if there is no javac; CI must not pass without its judge."""
    if shutil.which("javac") is None:
        missing("javac is not on PATH", "EMITTERS_REQUIRE_PEER")
