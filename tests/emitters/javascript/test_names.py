"""Names with a meaning in JavaScript, in TypeScript, or in the generated modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.modelgen import generate_models
from amplify_modelgen.plugin import SchemaError
from amplify_modelgen_plugins.emitters import javascript, typescript

if TYPE_CHECKING:
    from collections.abc import Callable

    from emitters.javascript.workspace import Workspace

pytestmark = pytest.mark.node

_WORDS = """
abstract any arguments as async await bigint boolean break case catch class const
continue debugger declare default delete do else enum eval export exports extends false finally for
from function get global globalThis if implements import in infer instanceof interface is keyof let
module namespace never new null number object of package private protected public readonly require
return satisfies set static string super switch symbol then this throw true try type
typeof undefined unique unknown using var void while with yield
Array Boolean Date Error Function Infinity JSON Map Math NaN Number Object Promise Record String
Symbol __esModule
"""
_OURS = """
AsyncCollection AsyncItem CompositeIdentifier CustomIdentifier DataStore EagerPost LazyLoading
LazyLoadingDisabled LazyPost Loading LoadingDisabled ManagedIdentifier ModelInit MutableModel
OptionallyManagedIdentifier Post Schema __modelMeta__ initSchema models schema
"""
WORDS = _WORDS.split()
OURS = _OURS.split()


def schema(names: list[str]) -> str:
    models = [f"type {name} @model {{ a: Post @hasOne b: [Post] @hasMany }}" for name in names]
    return "\n".join(["type Post @model { key: ID! @primaryKey }", *models])


def accepted(name: str) -> bool:
    models = generate_models(schema([name]))
    try:
        for emit in (javascript.emit, typescript.emit):
            emit(models, {})
    except SchemaError:
        return False
    return True


def test_types_may_have_any_name_that_is_not_reserved(
    make_workspace: Callable[[str], Workspace],
) -> None:
    workspace = make_workspace("names")
    names = [word for word in [*WORDS, *OURS] if word != "Post" and accepted(word)]
    assert {"type", "Promise", "async", "DataStore", "Schema"} <= set(names)
    assert {"class", "LazyPost", "initSchema", "ModelInit"}.isdisjoint(names)
    models = generate_models(schema(names))
    workspace.emit(models, "names")
    exports = sorted((models.datastore or {})["models"])
    assert workspace.bundle() == []
    assert workspace.load({"names/js/models/index.mjs": exports}) == {}
    assert workspace.tsc() == []


def test_fields_and_values_may_have_any_name(make_workspace: Callable[[str], Workspace]) -> None:
    workspace = make_workspace("fields")
    fields = "\n".join(f"{word}: Int" for word in [*WORDS, *OURS])
    values = "\n".join([*WORDS, *OURS, "_", "__", "_1", "a1"])
    models = generate_models(
        f"type A @model {{ {fields} }} type B {{ {fields} }} enum C {{ {values} }}"
    )
    workspace.emit(models, "fields")
    workspace.use(models, "fields")
    assert workspace.bundle() == []
    assert workspace.load({"fields/js/models/index.mjs": ["A", "B", "C"]}) == {}
    assert workspace.tsc() == []
