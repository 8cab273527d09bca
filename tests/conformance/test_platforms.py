from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, seed
from hypothesis import strategies as st
from msgspec.structs import replace

from amplify_modelgen.modelgen.diagnostics import SchemaRuleError
from amplify_modelgen.modelgen.merge import has_duplicates
from amplify_modelgen.modelgen.parser import parse
from amplify_modelgen.modelgen.schema import BUILT_INS_2
from conformance import corpus, platform_schemas
from conformance.budget import SEED, random_settings
from conformance.platforms import LANGUAGES, PROFILES, difference
from conformance.strategy import flag_sets, schemas, version_1_flag_sets

if TYPE_CHECKING:
    from amplify_modelgen.modelgen import FeatureFlags
    from conformance.peer import Peer


def assert_equal(peer: Peer, language: str, cases: list[tuple[str, FeatureFlags]]) -> None:
    """Compare our files with the peer's for each schema and its flags; show three differences."""
    results = peer.platform_files(language, cases)
    reports = [
        difference(language, text, flags, result)
        for (text, flags), result in zip(cases, results, strict=True)
    ]
    assert not any(reports), "\n\n".join(list(filter(None, reports))[:3])


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_one_thing_at_a_time(peer: Peer, language: str, profile: str) -> None:
    flags = PROFILES[profile]
    assert_equal(peer, language, [(text, flags) for text in platform_schemas.SCHEMAS.values()])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("directory", ["applications", "relations", "many-to-many", "keys", "auth"])
def test_the_corpus(peer: Peer, language: str, directory: str) -> None:
    cases = [
        (case.schema, flags)
        for case in corpus.cases()
        if case.name.startswith(f"{directory}/") and case.flags.uses_transformer_2
        for flags in {case.flags, *PROFILES.values()}
    ]
    assert_equal(peer, language, cases)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_corpus_of_transformer_1(peer: Peer, language: str) -> None:
    versions = {"transformer_version": 1, "use_experimental_pipelined_transformer": False}
    profiles = [replace(flags, **versions) for flags in PROFILES.values()]
    cases = [
        (case.schema, flags)
        for case in corpus.cases()
        if case.name.startswith("version-1/")
        for flags in {case.flags, *profiles}
    ]
    assert_equal(peer, language, cases)


@pytest.mark.parametrize("language", LANGUAGES)
@seed(SEED)
@random_settings(0.4)
@given(schema=schemas(), flags=st.one_of(st.sampled_from(list(PROFILES.values())), flag_sets()))
def test_random_schemas(peer: Peer, language: str, schema: str, flags: FeatureFlags) -> None:
    assume(not _is_merged(schema))
    (result,) = peer.platform_files(language, [(schema, flags)])
    report = difference(language, schema, flags, result)
    assert not report, f"{report}\n--- CONFORMANCE_SEED={SEED}"


@pytest.mark.parametrize("language", LANGUAGES)
@seed(SEED)
@random_settings(0.2)
@given(schema=schemas(1), flags=version_1_flag_sets())
def test_random_schemas_of_transformer_1(
    peer: Peer, language: str, schema: str, flags: FeatureFlags
) -> None:
    assume(not _is_merged(schema))
    (result,) = peer.platform_files(language, [(schema, flags)])
    report = difference(language, schema, flags, result)
    assert not report, f"{report}\n--- CONFORMANCE_SEED={SEED}"


def _is_merged(schema: str) -> bool:
    # The peer merges once for each file: repeated directives double each time, until it crashes.
    try:
        return has_duplicates(parse(schema), BUILT_INS_2)
    except SchemaRuleError:
        return False
