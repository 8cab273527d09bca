from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from conformance.push.judge import Judge
from emitters.npm import MissingPeerError

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    try:
        judge = Judge()
    except MissingPeerError as error:
        # CI must not pass because the judge is missing.
        if os.environ.get("CONFORMANCE_REQUIRE_PEER"):
            raise
        pytest.skip(f"the judge is not available: {error}")
    with judge:
        yield judge
