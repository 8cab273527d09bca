from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, seed

from amplify_modelgen.modelgen.flags import FeatureFlags
from conformance.budget import SEED, random_settings
from conformance.strategy import flag_sets, schemas
from conformance.verdict import difference

if TYPE_CHECKING:
    from conformance.peer import Judge


@seed(SEED)
@random_settings()
@given(schema=schemas())
def test_random_schemas(judge: Judge, schema: str) -> None:
    found = difference(schema, FeatureFlags(), judge.judge(schema, FeatureFlags()))
    assert not found, f"{found}\n--- CONFORMANCE_SEED={SEED}"


@seed(SEED)
@random_settings(0.5)
@given(schema=schemas(), flags=flag_sets())
def test_random_schemas_under_random_flags(judge: Judge, schema: str, flags: FeatureFlags) -> None:
    found = difference(schema, flags, judge.judge(schema, flags))
    assert not found, f"{found}\n--- CONFORMANCE_SEED={SEED}"
