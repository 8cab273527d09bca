from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.push.judge import Judge
from emitters.npm import MissingPeerError
from support.requirements import missing

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    yield from _judge(2)


@pytest.fixture(scope="session")
def judge_1() -> Iterator[Judge]:
    yield from _judge(1)


def _judge(version: int) -> Iterator[Judge]:
    try:
        judge = Judge(version)
    except MissingPeerError as error:
        missing(error, "CONFORMANCE_REQUIRE_PEER")
    with judge:
        yield judge
