"""The code for every schema of the conformance corpus, under the flags of typical projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.modelgen import generate_models
from amplify_modelgen.plugin import ModelgenError, Models, SchemaError
from conformance.corpus import cases
from conformance.profiles import PROFILES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emitters.javascript.workspace import Workspace

pytestmark = pytest.mark.node

# Amplify's own files for them are not valid: names such as `a b` and `3`, one name for two types,
# and a type called `enum`. Models whose only key is one of transformer version 1.
INVALID = {
    "ill-typed/has-one-fields-of-enum-values-and-odd-names",
    "ill-typed/has-one-fields-of-half-characters",
    "ill-typed/primary-key-sort-keys-that-are-no-list",
    "ill-typed/relation-name-without-letters",
    "keys/literal-key-directives-without-name",
    "many-to-many/custom-type-of-the-join-models-name",
    "many-to-many/join-model-named-like-an-enum",
    "many-to-many/member-with-a-literal-key-of-one-field",
    "reading/keywords-as-names",
}


def generated() -> Iterator[tuple[str, Models]]:
    """Yield the models of each schema that has a DataStore schema, by profile and case."""
    for profile in ("new-project", "respect-false"):
        for case in cases():
            try:
                models = generate_models(case.schema, PROFILES[profile], ("datastore",))
            except SchemaError:
                continue
            yield f"{profile}/{case.name}", models


@pytest.fixture(scope="module")
def emitted(
    make_workspace: Callable[[str], Workspace],
) -> tuple[Workspace, dict[str, Models], set[str]]:
    workspace, accepted, refused = make_workspace("corpus"), dict[str, Models](), set[str]()
    for name, models in generated():
        try:
            workspace.emit(models, name)
        except ModelgenError:
            refused.add(name.partition("/")[2])
        else:
            accepted[name] = models
    return workspace, accepted, refused


def test_only_invalid_names_are_errors(
    emitted: tuple[Workspace, dict[str, Models], set[str]],
) -> None:
    _, accepted, refused = emitted
    assert refused == INVALID
    assert len(accepted) > 600


def test_typescript_accepts_all(emitted: tuple[Workspace, dict[str, Models], set[str]]) -> None:
    workspace, accepted, _ = emitted
    for name, models in accepted.items():
        workspace.use(models, name)
    assert workspace.tsc() == []


@pytest.mark.parametrize("datastore", ["datastore-3", "datastore-4"])
def test_typescript_accepts_all_with_older_versions_of_datastore(
    emitted: tuple[Workspace, dict[str, Models], set[str]], datastore: str
) -> None:
    workspace, _, _ = emitted
    assert workspace.tsc("**/*.d.ts", datastore=datastore) == []


def test_node_loads_all(emitted: tuple[Workspace, dict[str, Models], set[str]]) -> None:
    workspace, accepted, _ = emitted
    exports = {
        f"{name}/js/models/index.mjs": sorted(
            [*document["models"], *document["nonModels"], *document["enums"]]
        )
        for name, document in ((name, models.datastore or {}) for name, models in accepted.items())
    }
    assert workspace.bundle() == []
    assert workspace.load(exports) == {}
