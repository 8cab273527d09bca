"""The four JavaScript files of every schema of the corpus, and of random ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, seed
from hypothesis import strategies as st

from conformance import corpus
from conformance.budget import SEED, random_settings
from conformance.javascript_files import RECORDED, difference, recorded
from conformance.profiles import PROFILES
from conformance.strategy import flag_sets, schemas, version_1_flag_sets

if TYPE_CHECKING:
    from amplify_modelgen.modelgen.documents import FeatureFlags
    from conformance.peer import Peer

MAX_REPORTS = 3


def compare(peer: Peer, cases: list[tuple[corpus.Case, FeatureFlags]]) -> None:
    results = peer.platform_files("javascript", [(case.schema, flags) for case, flags in cases])
    reports = [
        f"\n=== {case.name}{report}"
        for (case, flags), result in zip(cases, results, strict=True)
        if (report := difference(case.schema, flags, result))
    ]
    assert not reports, "".join([f"{len(reports)} differences", *reports[:MAX_REPORTS]])


@pytest.mark.parametrize("profile", PROFILES)
def test_the_corpus(peer: Peer, profile: str) -> None:
    compare(peer, [(case, PROFILES[profile]) for case in corpus.cases()])


def test_the_corpus_of_transformer_1(peer: Peer) -> None:
    compare(
        peer, [(case, case.flags) for case in corpus.cases() if not case.flags.uses_transformer_2]
    )


@pytest.mark.parametrize("profile", PROFILES)
def test_the_recorded_files_are_those_of_the_peer(peer: Peer, profile: str) -> None:
    schema = (RECORDED / "schema.graphql").read_text()
    (result,) = peer.platform_files("javascript", [(schema, PROFILES[profile])])
    assert result.files == recorded(profile), "run `python tests/conformance/record.py -`"


@seed(SEED)
@random_settings(0.5)
@given(schema=schemas(), flags=st.sampled_from(list(PROFILES.values())) | flag_sets())
def test_random_schemas(peer: Peer, schema: str, flags: FeatureFlags) -> None:
    (result,) = peer.platform_files("javascript", [(schema, flags)])
    report = difference(schema, flags, result)
    assert not report, f"{report}\n--- CONFORMANCE_SEED={SEED}"


@seed(SEED)
@random_settings(0.5)
@given(schema=schemas(1), flags=version_1_flag_sets())
def test_random_schemas_of_transformer_1(peer: Peer, schema: str, flags: FeatureFlags) -> None:
    (result,) = peer.platform_files("javascript", [(schema, flags)])
    report = difference(schema, flags, result)
    assert not report, f"{report}\n--- CONFORMANCE_SEED={SEED}"
