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
from conformance.strategy import flag_sets, schemas

if TYPE_CHECKING:
    from amplify_modelgen.modelgen.flags import FeatureFlags
    from conformance.peer import Peer

MAX_REPORTS = 3


@pytest.mark.parametrize("profile", PROFILES)
def test_the_corpus(peer: Peer, profile: str) -> None:
    flags = PROFILES[profile]
    cases = corpus.cases()
    results = peer.platform_files("javascript", [(case.schema, flags) for case in cases])
    reports = [
        f"\n=== {case.name}{report}"
        for case, result in zip(cases, results, strict=True)
        if (report := difference(case.schema, flags, result))
    ]
    assert not reports, "".join([f"{len(reports)} differences", *reports[:MAX_REPORTS]])


@pytest.mark.parametrize("profile", PROFILES)
def test_the_recorded_files_are_those_of_the_peer(peer: Peer, profile: str) -> None:
    schema = (RECORDED / "schema.graphql").read_text()
    (result,) = peer.platform_files("javascript", [(schema, PROFILES[profile])])
    assert result.files == recorded(profile), "run `python tests/conformance/record.py -`"


@seed(SEED)
@random_settings()
@given(schema=schemas(), flags=st.sampled_from(list(PROFILES.values())) | flag_sets())
def test_random_schemas(peer: Peer, schema: str, flags: FeatureFlags) -> None:
    (result,) = peer.platform_files("javascript", [(schema, flags)])
    report = difference(schema, flags, result)
    assert not report, f"{report}\n--- CONFORMANCE_SEED={SEED}"
