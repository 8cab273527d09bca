from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, seed

from amplify_modelgen.modelgen.documents import FeatureFlags
from conformance.budget import SEED, random_settings
from conformance.comparison import difference
from conformance.strategy import flag_sets, schemas, version_1_flag_sets

if TYPE_CHECKING:
    from conformance.peer import Peer


@seed(SEED)
@random_settings()
@given(schema=schemas())
def test_random_schemas(peer: Peer, schema: str) -> None:
    report = difference(schema, FeatureFlags(), peer.generate(schema, FeatureFlags()))
    assert not report, f"{report}\n--- CONFORMANCE_SEED={SEED}"


@seed(SEED)
@random_settings(0.5)
@given(schema=schemas(), flags=flag_sets())
def test_random_schemas_with_random_flags(peer: Peer, schema: str, flags: FeatureFlags) -> None:
    report = difference(schema, flags, peer.generate(schema, flags))
    assert not report, f"{report}\n--- CONFORMANCE_SEED={SEED}"


@seed(SEED)
@random_settings()
@given(schema=schemas(1), flags=version_1_flag_sets())
def test_random_schemas_of_transformer_1(peer: Peer, schema: str, flags: FeatureFlags) -> None:
    report = difference(schema, flags, peer.generate(schema, flags))
    assert not report, f"{report}\n--- CONFORMANCE_SEED={SEED}"
