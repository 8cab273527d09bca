from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.modelgen.flags import FeatureFlags
from conformance import corpus
from conformance.pairwise import flag_rows, pairs
from conformance.peer import options
from conformance.verdict import difference

if TYPE_CHECKING:
    from conformance.peer import Judge

ROWS = flag_rows()
MOST_REPORTS = 5


@pytest.mark.parametrize("flags", ROWS, ids=[f"row{number}" for number in range(len(ROWS))])
def test_the_corpus_under_other_flags(judge: Judge, flags: FeatureFlags) -> None:
    cases = corpus.cases()
    judgements = judge.judge_all((case.schema, flags) for case in cases)
    reports = [
        f"\n=== {case.name}{found}"
        for case, judgement in zip(cases, judgements, strict=True)
        if (found := difference(case.schema, flags, judgement))
    ]
    report = "".join([f"{len(reports)} differences", *reports[:MOST_REPORTS]]) if reports else ""
    assert not report, report


def test_each_flag_meets_each_other_one() -> None:
    met = set().union(*map(pairs, ROWS))
    respect = ("respect_primary_key_attributes_on_connection_field", False)
    assert {
        (("transformer_version", 1), respect),
        (respect, ("add_timestamp_fields", False)),
    } <= met
    assert len(ROWS) < 16


def test_flags_become_the_options_of_the_peer() -> None:
    named = options(FeatureFlags(respect_primary_key_attributes_on_connection_field=False))
    assert named["respectPrimaryKeyAttributesOnConnectionField"] is False
    assert named["transformerVersion"] == 2
