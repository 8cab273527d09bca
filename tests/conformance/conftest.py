from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from conformance.budget import EXAMPLES, MUTANTS, SEED
from conformance.peer import Judge, PeerError, install

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_sessionstart(session: pytest.Session) -> None:
    # Once, before workers would all do it; without a peer the fixture below says why.
    if not hasattr(session.config, "workerinput"):
        with suppress(PeerError):
            install()


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    try:
        judge = Judge()
    except PeerError as error:
        # CI must not pass because its judge stayed away.
        if os.environ.get("CONFORMANCE_REQUIRE_PEER"):
            raise
        pytest.skip(f"no live peer: {error}")
    with judge:
        yield judge


def pytest_report_header() -> str:
    return f"conformance: {EXAMPLES} examples, {MUTANTS} mutants, CONFORMANCE_SEED={SEED}"
