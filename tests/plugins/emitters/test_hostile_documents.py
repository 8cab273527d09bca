"""Documents of a malicious backend: none of their text becomes code."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from amplify_modelgen.modelgen import Models
from amplify_modelgen.plugin import BackendError
from amplify_modelgen_plugins.emitters import mermaid, python
from support.emitted import INVALID, recorded_models

HOSTILE = (
    "x: int\n    import os",
    'A"""\n__import__("os").system("id")\n"""',
    "a b",
    "\N{MATHEMATICAL BOLD SMALL X}",
    "a\n",
    "",
    "a-b",
    "```",
    '"]-->',
    "\u00e9",
)
VALID: dict[str, Any] = {
    "models": {
        "A": {
            "name": "A",
            "attributes": [],
            "fields": {
                "id": {"name": "id", "isArray": False, "type": "ID", "isRequired": True},
                "e": {"name": "e", "isArray": False, "type": {"enum": "E"}, "isRequired": True},
            },
        }
    },
    "enums": {"E": {"name": "E", "values": ["V"]}},
    "nonModels": {"N": {"name": "N", "fields": {}}},
}


def renamed(value: Any, old: str, new: str) -> Any:
    """The document with a name replaced everywhere, keys included."""
    if isinstance(value, dict):
        return {renamed(key, old, new): renamed(item, old, new) for key, item in value.items()}
    if isinstance(value, list):
        return [renamed(item, old, new) for item in value]
    return new if value == old else value


def assert_invalid(document: dict[str, Any]) -> None:
    models = Models(datastore=copy.deepcopy(VALID), introspection=document)
    for emit in (python.emit, mermaid.emit):
        with pytest.raises(BackendError, match="cannot generate code: "):
            emit(models, {})


def test_the_document_itself_is_valid() -> None:
    models = Models(datastore=VALID, introspection=None)
    assert python.emit(models, {})
    assert mermaid.emit(models, {})


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("place", ["A", "e", "E", "V", "N"])
def test_a_name_that_is_not_a_graphql_name_is_an_error(place: str, name: str) -> None:
    assert_invalid(renamed(VALID, place, name))


@pytest.mark.parametrize("kind", ["BigInt", {"model": "B"}, {"input": "A"}, "str", None, ["ID"]])
def test_an_undefined_type_is_an_error(kind: object) -> None:
    document = copy.deepcopy(VALID)
    document["models"]["A"]["fields"]["e"]["type"] = kind
    assert_invalid(document)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_in_relations_are_not_written(name: str) -> None:
    document = copy.deepcopy(VALID)
    document["models"]["A"]["fields"]["a"] = {
        "name": "a",
        "isArray": True,
        "type": {"model": "A"},
        "isRequired": False,
        "association": {"connectionType": name, "associatedWith": [name], "targetNames": name},
    }
    harmless = copy.deepcopy(document)
    relation = {"connectionType": "X", "associatedWith": ["x"], "targetNames": ["y"]}
    harmless["models"]["A"]["fields"]["a"]["association"] = relation
    for emit in (python.emit, mermaid.emit):
        artifacts = [emit(Models(introspection=d), {}) for d in (document, harmless)]
        assert artifacts[0] == artifacts[1]


def test_names_in_keys_are_not_written() -> None:
    document = copy.deepcopy(VALID)
    hostile = {"type": "key", "properties": {"fields": ['x"""\nimport os', 3]}}
    document["models"]["A"]["attributes"] = [hostile]
    (artifact,) = python.emit(Models(datastore=document, introspection=None), {})
    assert b"import os" not in artifact.content


@pytest.mark.parametrize("case", INVALID)
def test_invalid_documents_of_amplify_itself_are_errors(case: str) -> None:
    models = recorded_models()[case]
    for emit in (python.emit, mermaid.emit):
        with pytest.raises(BackendError, match=INVALID[case]):
            emit(models, {})
