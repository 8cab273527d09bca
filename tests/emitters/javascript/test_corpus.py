"""The code for every schema of the conformance corpus."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.plugin import ModelgenError, Models
from conformance.corpus import cases, recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emitters.javascript.workspace import Workspace

pytestmark = pytest.mark.node

# Amplify's own files for them are not valid: names such as `a b` and `3`, one name for two types,
# and a type called `enum`.
INVALID = {
    "ill-typed/has-one-fields-of-enum-values-and-odd-names",
    "ill-typed/has-one-fields-of-half-characters",
    "ill-typed/has-one-null-among-the-fields-is-refused",
    "ill-typed/relation-name-without-letters",
    "ill-typed/timestamp-name-that-is-a-number-is-refused",
    "many-to-many/custom-type-of-the-join-models-name",
    "many-to-many/join-model-named-like-an-enum",
    "reading/keywords-as-names",
    "relations/fields-that-are-no-strings-is-refused",
}


def documents() -> Iterator[tuple[str, Models]]:
    """Yield the recorded documents of each schema that has a DataStore schema."""
    for case in cases():
        judgement = recorded(case)
        if judgement.datastore.text is not None:
            introspection = json.loads(judgement.introspection.text or "null")
            datastore = json.loads(judgement.datastore.text)
            yield case.name, Models(datastore=datastore, introspection=introspection)


@pytest.fixture(scope="module")
def emitted(
    make_workspace: Callable[[str], Workspace],
) -> tuple[Workspace, dict[str, Models], set[str]]:
    workspace, accepted, refused = make_workspace("corpus"), dict[str, Models](), set[str]()
    for name, models in documents():
        try:
            workspace.emit(models, name)
        except ModelgenError:
            refused.add(name)
        else:
            accepted[name] = models
    return workspace, accepted, refused


def test_only_invalid_names_are_errors(
    emitted: tuple[Workspace, dict[str, Models], set[str]],
) -> None:
    _, accepted, refused = emitted
    assert refused == INVALID
    assert len(accepted) > 300


def test_typescript_accepts_all(emitted: tuple[Workspace, dict[str, Models], set[str]]) -> None:
    workspace, accepted, _ = emitted
    for name, models in accepted.items():
        workspace.use(models, name)
    assert workspace.tsc() == []


def test_node_loads_all(emitted: tuple[Workspace, dict[str, Models], set[str]]) -> None:
    workspace, accepted, _ = emitted
    exports = {
        f"{name}/js/models/index.js": sorted(
            [*document["models"], *document["nonModels"], *document["enums"]]
        )
        for name, document in ((name, models.datastore or {}) for name, models in accepted.items())
    }
    assert workspace.load(exports) == {}
