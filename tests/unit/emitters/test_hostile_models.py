"""Documents that no Amplify made: nothing of them may become code."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from amplify_modelgen import BackendError, Models
from amplify_modelgen_plugins import emit_mermaid, emit_python
from emitted import UNWRITABLE, recorded

EVIL = (
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
GOOD: dict[str, Any] = {
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
    """The document with a name in all its places, keys included, replaced by another one."""
    if isinstance(value, dict):
        return {renamed(key, old, new): renamed(each, old, new) for key, each in value.items()}
    if isinstance(value, list):
        return [renamed(each, old, new) for each in value]
    return new if value == old else value


def refuse(document: dict[str, Any]) -> None:
    models = Models(datastore=copy.deepcopy(GOOD), introspection=document)
    for emit in (emit_python.emit, emit_mermaid.emit):
        with pytest.raises(BackendError, match="so no code can be made of it"):
            emit(models, {})


def test_the_document_itself_is_good() -> None:
    models = Models(datastore=GOOD, introspection=None)
    assert emit_python.emit(models, {})
    assert emit_mermaid.emit(models, {})


@pytest.mark.parametrize("name", EVIL)
@pytest.mark.parametrize("place", ["A", "e", "E", "V", "N"])
def test_a_name_that_is_none_is_refused(place: str, name: str) -> None:
    refuse(renamed(GOOD, place, name))


@pytest.mark.parametrize("kind", ["BigInt", {"model": "B"}, {"input": "A"}, "str", None, ["ID"]])
def test_a_type_that_nobody_defines_is_refused(kind: object) -> None:
    document = copy.deepcopy(GOOD)
    document["models"]["A"]["fields"]["e"]["type"] = kind
    refuse(document)


@pytest.mark.parametrize("name", EVIL)
def test_names_in_relations_reach_no_output(name: str) -> None:
    document = copy.deepcopy(GOOD)
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
    for emit in (emit_python.emit, emit_mermaid.emit):
        made = [emit(Models(datastore=GOOD, introspection=d), {}) for d in (document, harmless)]
        assert made[0] == made[1]


def test_names_of_keys_reach_no_output_either() -> None:
    document = copy.deepcopy(GOOD)
    evil = {"type": "key", "properties": {"fields": ['x"""\nimport os', 3]}}
    document["models"]["A"]["attributes"] = [evil]
    (artifact,) = emit_python.emit(Models(datastore=document, introspection=None), {})
    assert b"import os" not in artifact.content


@pytest.mark.parametrize("case", UNWRITABLE)
def test_what_amplify_itself_makes_wrong_is_refused(case: str) -> None:
    models = recorded()[case]
    for emit in (emit_python.emit, emit_mermaid.emit):
        with pytest.raises(BackendError, match=UNWRITABLE[case]):
            emit(models, {})
