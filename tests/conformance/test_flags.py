from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from amplify_modelgen.modelgen.documents import FeatureFlags
from conformance import corpus
from conformance.comparison import difference, ours
from conformance.pairwise import flag_rows, pairs
from conformance.peer import options

if TYPE_CHECKING:
    from conformance.peer import Peer

ROWS = flag_rows()
MAX_REPORTS = 5
_VERSIONED = re.compile(
    r"@\s*(?:key|connection|primaryKey|index|hasOne|hasMany|belongsTo|manyToMany)\b"
    r"|directive @|\bModel(?:Query|Mutation)\b"
)
UNVERSIONED = [case for case in corpus.cases() if not _VERSIONED.search(case.schema)]


@pytest.mark.parametrize("flags", ROWS, ids=[f"row{number}" for number in range(len(ROWS))])
def test_the_corpus_with_other_flags(peer: Peer, flags: FeatureFlags) -> None:
    cases = corpus.cases()
    verdicts = peer.generate_all((case.schema, flags) for case in cases)
    reports = [
        f"\n=== {case.name}{report}"
        for case, verdict in zip(cases, verdicts, strict=True)
        if (report := difference(case.schema, flags, verdict))
    ]
    summary = "".join([f"{len(reports)} differences", *reports[:MAX_REPORTS]])
    assert not reports, summary


def test_all_pairs_of_flags_are_covered() -> None:
    covered = set().union(*map(pairs, ROWS))
    respect = ("respect_primary_key_attributes_on_connection_field", False)
    assert {
        (("transformer_version", 1), respect),
        (respect, ("add_timestamp_fields", False)),
    } <= covered
    assert len(ROWS) < 16


def test_flags_become_options_of_the_peer() -> None:
    converted = options(FeatureFlags(respect_primary_key_attributes_on_connection_field=False))
    assert converted["respectPrimaryKeyAttributesOnConnectionField"] is False
    assert converted["transformerVersion"] == 2


@pytest.mark.parametrize("respect", [True, False])
def test_schemas_without_keys_and_relations_are_equal_under_both_versions(*, respect: bool) -> None:
    second = FeatureFlags(respect_primary_key_attributes_on_connection_field=respect)
    first = replace(second, transformer_version=1, use_experimental_pipelined_transformer=False)
    for case in UNVERSIONED:
        expected, actual = ours(case.schema, second), ours(case.schema, first)
        assert actual.introspection.text == expected.introspection.text, case.name
        assert actual.datastore.text == expected.datastore.text, case.name
    assert len(UNVERSIONED) > 150
