"""What Amplify's generator writes for the schemas that an emitter for a platform refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.errors import SchemaError
from conformance import corpus, platform_schemas
from conformance.peer import Peer, PeerError
from conformance.platforms import PROFILES, emit
from support.requirements import missing

if TYPE_CHECKING:
    from amplify_modelgen.modelgen import FeatureFlags

Cases = dict[str, tuple[str, "FeatureFlags"]]


def corpus_cases() -> Cases:
    """Return the schemas of both collections by name.

    Those with values of wrong types are left out, which are refused even if the code compiles.
    """
    cases = {name: (text, PROFILES["lazy"]) for name, text in platform_schemas.SCHEMAS.items()}
    for case in corpus.cases():
        if not case.name.startswith("ill-typed/"):
            cases[case.name] = (case.schema, case.flags)
    return cases


def peer_files(language: str, cases: Cases) -> dict[str, dict[str, str]]:
    """Return the peer's files, by name, of those schemas that only we refuse."""
    refused = {name: case for name, case in cases.items() if not _is_written(language, *case)}
    try:
        with Peer() as peer:
            results = peer.platform_files(language, refused.values())
    except PeerError as error:
        missing(error, "EMITTERS_REQUIRE_PEER")
    return {
        name: {path.rpartition("/")[2]: text for path, text in result.files.items()}
        for name, result in zip(refused, results, strict=True)
        if result.files
    }


def _is_written(language: str, schema: str, flags: FeatureFlags) -> bool:
    try:
        emit(language, schema, flags)
    except SchemaError:
        return False
    return True
