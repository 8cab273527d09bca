from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance import corpus
from conformance.comparison import difference

if TYPE_CHECKING:
    from conformance.peer import Peer

CASES = corpus.cases()
EACH_CASE = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


@EACH_CASE
def test_the_engine_generates_the_recorded_documents(case: corpus.Case) -> None:
    report = difference(case.schema, case.flags, corpus.recorded(case))
    assert not report, report


def test_the_peer_generates_the_recorded_documents(peer: Peer) -> None:
    verdicts = peer.generate_all((case.schema, case.flags) for case in CASES)
    stale = [
        case.name
        for case, verdict in zip(CASES, verdicts, strict=True)
        if corpus.recorded_files(case) != corpus.verdict_files(verdict)
    ]
    assert not stale, f"run `python tests/conformance/record.py {' '.join(stale)}`"


def test_the_corpus_is_large_enough() -> None:
    assert len(CASES) >= 150
