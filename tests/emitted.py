"""What emitters make of schemas, and generated Python modules that are loaded like any other."""

from __future__ import annotations

import importlib.util
import itertools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amplify_modelgen import Models
from amplify_modelgen.modelgen import generate_models
from amplify_modelgen_plugins import emit_mermaid, emit_python

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tests" / "conformance" / "corpus"
BLOG = ROOT / "examples" / "blog" / "amplify" / "backend" / "api" / "blog" / "schema.graphql"

# What Amplify's own generator makes of them cannot be code, and what the refusal says.
UNWRITABLE = {
    "ill-typed/has-one-fields-of-enum-values-and-odd-names": "'a b', which is no GraphQL name",
    "ill-typed/has-one-fields-of-half-characters": "which is no GraphQL name",
    "ill-typed/has-one-null-among-the-fields-is-refused": "A.fields.null is called None inside",
    "ill-typed/relation-name-without-letters": "'', which is no GraphQL name",
    "ill-typed/timestamp-name-that-is-a-number-is-refused": "'3', which is no GraphQL name",
    "many-to-many/custom-type-of-the-join-models-name": "has AB in models and in nonModels",
    "many-to-many/join-model-named-like-an-enum": "has E in models and in enums",
    "relations/fields-that-are-no-strings-is-refused": "'1', which is no GraphQL name",
}

_EMPTY: dict[str, Any] = {"models": {}, "enums": {}, "nonModels": {}}
_counter = itertools.count()


def python_text(models: Models, style: str = "dataclass") -> str:
    (artifact,) = emit_python.emit(models, {"style": style})
    assert artifact.path == "models.py"
    return artifact.content.decode()


def mermaid_text(models: Models) -> str:
    (artifact,) = emit_mermaid.emit(models, {})
    assert artifact.path == "models.md"
    return artifact.content.decode()


def recorded() -> dict[str, Models]:
    """What Amplify's own generator made of the conformance corpus, by the names of the cases."""
    folders = sorted({path.parent for path in CORPUS.rglob("*.json")})
    found = {folder.relative_to(CORPUS).as_posix(): _models(folder) for folder in folders}
    return {name: models for name, models in found.items() if models is not None}


def writable() -> dict[str, Models]:
    """All schemas that code can be made of: the corpus and the example."""
    blog = generate_models(BLOG.read_text(encoding="utf-8"))
    kept = {name: models for name, models in recorded().items() if name not in UNWRITABLE}
    return kept | {"examples/blog": blog}


def only(introspection: dict[str, Any]) -> Models:
    return Models(datastore=_EMPTY, introspection=introspection)


def file_name(case: str) -> str:
    """A case's name as the name of a module."""
    return case.replace("/", "__").replace("-", "_")


def load(text: str, folder: Path) -> ModuleType:
    """Import a generated module under a name of its own."""
    name = f"emitted_{next(_counter)}"
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def module_of(sdl: str, folder: Path, style: str = "dataclass") -> Any:
    return load(python_text(generate_models(sdl), style), folder)


def _models(folder: Path) -> Models | None:
    datastore, introspection = _json(folder / "schema.json"), _json(folder / "introspection.json")
    if datastore is None and introspection is None:
        return None
    return Models(datastore=datastore or _EMPTY, introspection=introspection)


def _json(path: Path) -> Any:
    return json.loads(path.read_bytes()) if path.exists() else None
