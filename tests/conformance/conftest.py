from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from conformance.budget import EXAMPLES, MUTANTS, SEED
from conformance.peer import Peer, PeerError, install

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_sessionstart(session: pytest.Session) -> None:
    # Once, before the workers start; without a peer the fixture below reports the reason.
    if not hasattr(session.config, "workerinput"):
        with suppress(PeerError):
            install()


@pytest.fixture(scope="session")
def peer() -> Iterator[Peer]:
    try:
        peer = Peer()
    except PeerError as error:
        # CI must not pass because the peer is missing.
        if os.environ.get("CONFORMANCE_REQUIRE_PEER"):
            raise
        pytest.skip(f"the peer is not available: {error}")
    with peer:
        yield peer


def pytest_report_header() -> str:
    return f"conformance: {EXAMPLES} examples, {MUTANTS} mutants, CONFORMANCE_SEED={SEED}"
