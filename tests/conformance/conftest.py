from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from conformance.budget import EXAMPLES, MUTANTS, SEED
from conformance.peer import Peer, PeerError, install
from support.requirements import missing

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
        missing(error, "CONFORMANCE_REQUIRE_PEER")
    with peer:
        yield peer


def pytest_report_header() -> str:
    return f"conformance: {EXAMPLES} examples, {MUTANTS} mutants, CONFORMANCE_SEED={SEED}"
