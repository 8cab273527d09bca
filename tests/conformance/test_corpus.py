from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance import corpus
from conformance.verdict import difference

if TYPE_CHECKING:
    from conformance.peer import Judge

CASES = corpus.cases()
EACH_CASE = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


@EACH_CASE
def test_the_engine_gives_what_was_recorded(case: corpus.Case) -> None:
    found = difference(case.schema, case.flags, corpus.recorded(case))
    assert not found, found


def test_what_was_recorded_is_what_the_peer_gives(judge: Judge) -> None:
    now = judge.judge_all((case.schema, case.flags) for case in CASES)
    stale = [
        case.name
        for case, judgement in zip(CASES, now, strict=True)
        if corpus.standing(case) != corpus.files(judgement)
    ]
    assert not stale, f"run `python tests/conformance/record.py {' '.join(stale)}`"


def test_the_corpus_is_large_enough() -> None:
    assert len(CASES) >= 150
