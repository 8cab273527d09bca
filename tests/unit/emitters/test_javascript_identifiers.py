from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amplify_modelgen import BackendError
from amplify_modelgen.modelgen import generate_models
from amplify_modelgen_plugins.typescript.identifiers import Identifier, identifier

CORPUS = Path(__file__).parents[2] / "conformance/corpus"


def found(fields: str) -> Identifier:
    models = generate_models(f"type A @model {{ {fields} }}")
    return identifier(models.datastore["models"]["A"], None)


@pytest.mark.parametrize(
    ("fields", "kind", "names"),
    [
        ("a: Int", "ManagedIdentifier", ("id",)),
        ("id: ID!", "ManagedIdentifier", ("id",)),
        ("id: ID! @primaryKey", "OptionallyManagedIdentifier", ("id",)),
        ("a: ID! @primaryKey", "CustomIdentifier", ("a",)),
        (
            'a: ID! b: Int id: ID! @primaryKey(sortKeyFields: ["a", "b"])',
            "CompositeIdentifier",
            ("id", "a", "b"),
        ),
    ],
)
def test_kinds(fields: str, kind: str, names: tuple[str, ...]) -> None:
    one = found(fields)
    assert (one.kind, one.fields) == (kind, names)


def test_named_keys_identify_nothing() -> None:
    assert found("a: ID! @index").fields == ("id",)


def model(*keys: object, fields: tuple[str, ...] = ("a", "b")) -> dict[str, Any]:
    attributes = [{"type": "key", "properties": {"fields": key}} for key in keys]
    return {"name": "A", "fields": dict.fromkeys(fields), "attributes": attributes}


@pytest.mark.parametrize("key", [["a", False], ["lost"], "a", None, []])
def test_the_introspection_schema_decides_where_no_key_can_be_used(key: object) -> None:
    info = {"isCustomPrimaryKey": True, "primaryKeyFieldName": "a", "sortKeyFieldNames": ["b"]}
    assert identifier(model(key), info).fields == ("a", "b")


def test_the_introspection_schema_may_know_other_models() -> None:
    info = {"isCustomPrimaryKey": True, "primaryKeyFieldName": "c", "sortKeyFieldNames": []}
    assert identifier(model(fields=("id",)), info).fields == ("id",)


@pytest.mark.parametrize("info", [None, {"isCustomPrimaryKey": False}])
def test_a_model_that_nothing_identifies_is_refused(info: dict[str, Any] | None) -> None:
    with pytest.raises(BackendError, match="A has neither a primary key nor an 'id'"):
        identifier(model(), info)


def test_both_documents_agree_on_every_recorded_schema() -> None:
    disagreeing = {
        path.parent.relative_to(CORPUS).as_posix()
        for path in CORPUS.rglob("schema.json")
        if path.with_name("introspection.json").exists() and not _agree(path.parent)
    }
    # `@key` without a name, which DataStore obeys and the introspection schema does not.
    assert disagreeing == {
        "keys/literal-key-directives",
        "relations/literal-key-does-not-change-foreign-keys",
    }


def _agree(folder: Path) -> bool:
    datastore = json.loads((folder / "schema.json").read_text())
    models = json.loads((folder / "introspection.json").read_text())["models"]
    for name, entry in datastore["models"].items():
        info = models[name]["primaryKeyInfo"]
        names = (info["primaryKeyFieldName"], *info["sortKeyFieldNames"])
        if all(one in entry["fields"] for one in names) and identifier(entry, info).fields != names:
            return False
    return True
