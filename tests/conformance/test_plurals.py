from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.modelgen.documents import FeatureFlags
from conformance.plural_words import type_names

if TYPE_CHECKING:
    from conformance.peer import Peer

NAMES = type_names()
MODELS_PER_SCHEMA = 2_000


def our_plurals(names: list[str]) -> dict[str, str]:
    from amplify_modelgen.modelgen import generate_models

    schema = "\n".join(f"type {name} @model(timestamps: null)" for name in names)
    datastore = generate_models(schema, FeatureFlags()).datastore
    assert datastore is not None
    models = datastore["models"]
    return {name: models[name]["pluralName"] for name in names}


def test_plurals_equal_those_of_npm(peer: Peer) -> None:
    ours: dict[str, str] = {}
    for start in range(0, len(NAMES), MODELS_PER_SCHEMA):
        ours |= our_plurals(NAMES[start : start + MODELS_PER_SCHEMA])
    expected = zip(NAMES, peer.plurals(NAMES), strict=True)
    wrong = [
        f"{name}: {ours[name]}, not {plural}" for name, plural in expected if ours[name] != plural
    ]
    assert not wrong, f"{len(wrong)} plurals differ:\n" + "\n".join(wrong[:50])


def test_the_list_is_long() -> None:
    assert len(NAMES) > 20_000
