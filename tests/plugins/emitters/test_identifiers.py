from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amplify_modelgen.modelgen import generate_models
from amplify_modelgen.plugin import BackendError
from amplify_modelgen_plugins.emitters.javascript.datastore_schema import (
    declared_key,
    identifier_kind,
    read_datastore,
)

CORPUS = Path(__file__).parents[2] / "conformance/corpus"


def key_of(fields: str) -> tuple[str, ...]:
    models = generate_models(f"type A @model {{ {fields} }}")
    assert models.datastore is not None
    return declared_key(models.datastore["models"]["A"])


@pytest.mark.parametrize(
    ("fields", "kind", "names"),
    [
        ("a: Int", "ManagedIdentifier", ()),
        ("id: ID!", "ManagedIdentifier", ()),
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
    key = key_of(fields)
    assert (identifier_kind(key), key) == (kind, names)


def test_named_keys_are_not_identifiers() -> None:
    assert key_of("a: ID! @index") == ()


def model(*keys: object, fields: tuple[str, ...] = ("a", "b")) -> dict[str, Any]:
    attributes = [{"type": "key", "properties": {"fields": key}} for key in keys]
    return {"name": "A", "fields": dict.fromkeys(fields), "attributes": attributes}


@pytest.mark.parametrize("key", [["a", False], ["lost"], "a", None])
def test_a_key_of_other_fields_is_none(key: object) -> None:
    assert declared_key(model(key)) == ()
    assert declared_key(model(key, ["b"])) == ("b",)


def test_a_model_without_key_and_id_is_an_error() -> None:
    models = generate_models("type A @model { a: Int }")
    assert models.datastore is not None
    del models.datastore["models"]["A"]["fields"]["id"]
    with pytest.raises(BackendError, match="A has neither a primary key nor an 'id'"):
        read_datastore(models)


def test_both_documents_agree_for_every_recorded_schema() -> None:
    disagreeing = {
        path.parent.relative_to(CORPUS).as_posix()
        for path in CORPUS.rglob("schema.json")
        if path.with_name("introspection.json").exists()
        and "version-1" not in path.parts
        and not _agree(path.parent)
    }
    # `@key` without a name, which DataStore respects and the introspection schema does not.
    assert disagreeing == {
        "ill-typed/primary-key-sort-keys-that-are-no-list",
        "keys/literal-key-directives",
        "keys/literal-key-directives-without-name",
        "many-to-many/member-with-a-literal-key-of-one-field",
        "relations/literal-key-does-not-change-foreign-keys",
    }


def _agree(directory: Path) -> bool:
    datastore = json.loads((directory / "schema.json").read_text())
    models = json.loads((directory / "introspection.json").read_text())["models"]
    for name, entry in datastore["models"].items():
        info = models[name]["primaryKeyInfo"]
        names = (info["primaryKeyFieldName"], *info["sortKeyFieldNames"])
        key = declared_key(entry) or ("id",)
        if all(name in entry["fields"] for name in names) and key != names:
            return False
    return True
