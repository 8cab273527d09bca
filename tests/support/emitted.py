"""The output of emitters for schemas, and generated Python modules, imported."""

from __future__ import annotations

import builtins
import importlib.util
import itertools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amplify_modelgen.modelgen import Models, generate_models
from amplify_modelgen_plugins.emitters import mermaid, python
from amplify_modelgen_plugins.emitters.python.python_names import PYDANTIC

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "conformance" / "corpus"
BLOG = ROOT / "examples" / "blog" / "amplify" / "backend" / "api" / "blog" / "schema.graphql"

# Amplify's own documents for these cannot become code; the error for each.
INVALID = {
    "ill-typed/has-one-fields-of-enum-values-and-odd-names": "'a b', which is not a GraphQL name",
    "ill-typed/has-one-fields-of-half-characters": "which is not a GraphQL name",
    "ill-typed/has-one-null-among-the-fields-is-refused": "A.fields.null has the name None",
    "ill-typed/relation-name-without-letters": "'', which is not a GraphQL name",
    "ill-typed/timestamp-name-that-is-a-number-is-refused": "'3', which is not a GraphQL name",
    "many-to-many/custom-type-of-the-join-models-name": "has AB in models and in nonModels",
    "many-to-many/join-model-named-like-an-enum": "has E in models and in enums",
    "relations/fields-that-are-no-strings-is-refused": "'1', which is not a GraphQL name",
    "version-1/belongs-to-over-primary-and-sort-key": "A.primaryKeyInfo names 's'",
    "version-1/belongs-to-over-primary-and-sort-key-respect-on": "A.primaryKeyInfo names 's'",
}

# Also names of types, which pydantic looks up among its own attributes.
_NAMES = sorted({*dir(builtins), *PYDANTIC})
# Types that start with two underscores belong to GraphQL itself.
_TYPE_NAMES = [name for name in _NAMES if not name.startswith("__")]
_HOLDER = " ".join(f"{name}: {name if name in _TYPE_NAMES else 'Int'}" for name in _NAMES)
# Every such name as the name of a custom type, enum or model, of a field, and of a value.
BUILTIN_NAMES = {
    "types": f"type A @model {{ x: [Int!]! {_HOLDER.replace(' id: id', '')} }} "
    + " ".join(f"type {name} {{ x: Int! {name}: {name} }}" for name in _TYPE_NAMES),
    "enums": f"type A {{ x: [Int!]! {_HOLDER} }} "
    # All values are in one enum: pyright does not analyze a module with 30,000 of them.
    f"enum Values {{ {' '.join(_NAMES)} }} "
    + " ".join(f"enum {name} {{ x {name} }}" for name in _TYPE_NAMES),
    "models": f"type A {{ x: [Int!]! {_HOLDER} }} "
    + " ".join(f"type {name} @model {{ x: Int! {name}_: {name} @hasOne }}" for name in _TYPE_NAMES),
}

_counter = itertools.count()


def python_text(models: Models, style: str = "dataclass") -> str:
    (artifact,) = python.emit(models, {"style": style})
    assert artifact.path == "models.py"
    return artifact.content.decode()


def mermaid_text(models: Models) -> str:
    (artifact,) = mermaid.emit(models, {})
    assert artifact.path == "models.md"
    return artifact.content.decode()


def recorded_models() -> dict[str, Models]:
    """The documents that Amplify's own generator wrote for the conformance corpus, by case."""
    directories = sorted({path.parent for path in CORPUS.rglob("*.json")})
    cases = {path.relative_to(CORPUS).as_posix(): _models(path) for path in directories}
    return {name: models for name, models in cases.items() if models is not None}


def valid_models() -> dict[str, Models]:
    """All schemas that code can be generated for: the corpus and the example."""
    blog = generate_models(BLOG.read_text(encoding="utf-8"))
    valid = {name: models for name, models in recorded_models().items() if name not in INVALID}
    return valid | {"examples/blog": blog}


def introspection_only(document: dict[str, Any]) -> Models:
    return Models(introspection=document)


def file_name(case: str) -> str:
    """Return the name of a module for a case."""
    return case.replace("/", "__").replace("-", "_")


def load(text: str, directory: Path) -> ModuleType:
    """Import a generated module under a unique name."""
    name = f"emitted_{next(_counter)}"
    path = directory / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def module_of(sdl: str, directory: Path, style: str = "dataclass") -> Any:
    return load(python_text(generate_models(sdl), style), directory)


def _models(directory: Path) -> Models | None:
    datastore, introspection = (
        _json(directory / "schema.json"),
        _json(directory / "introspection.json"),
    )
    if datastore is None and introspection is None:
        return None
    return Models(datastore=datastore, introspection=introspection)


def _json(path: Path) -> Any:
    return json.loads(path.read_bytes()) if path.exists() else None


def check_builtin_names(directory: Path, style: str) -> None:
    """Load modules with each name in `BUILTIN_NAMES`, and convert objects of all their types."""
    hidden = {name for name in dir(builtins) if not name.startswith("__")}
    for sdl in BUILTIN_NAMES.values():
        module = module_of(sdl, directory, style)
        assert hidden.isdisjoint(vars(module))
        for model, fields in module._FIELDS.items():
            data = {field.json_name: _example(module, field) for field in fields if field.required}
            if style == "typeddict":
                assert module.to_dict(model, module.from_dict(model, data)) == data
            else:
                written = model.from_dict(data).to_dict()
                assert {name: written[name] for name in data} == data


def _example(module: Any, field: Any) -> Any:
    if field.many:
        return []
    return "1" if field.kind is module._TEXT else 1
