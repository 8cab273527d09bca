from __future__ import annotations

from typing import Any

import pytest

from amplify_modelgen import Models
from amplify_modelgen.modelgen import generate_models
from amplify_modelgen_plugins._shapes import Entry, Relation, read_shapes

TYPES = ("T", "T!", "[T]", "[T!]", "[T]!", "[T!]!")


def model(sdl: str) -> Entry:
    return read_shapes(generate_models(sdl)).models[0]


def without_introspection(models: Models) -> Models:
    return Models(datastore=models.datastore, introspection=None)


@pytest.mark.parametrize("kind", TYPES)
def test_a_type_is_read_as_graphql_wrote_it(kind: str) -> None:
    field = model(f"type A @model {{ x: {kind.replace('T', 'Int')} }}").fields[1]
    assert field.sdl == kind.replace("T", "Int")


def test_of_a_list_of_conversations_the_document_does_not_say_whether_it_is_null() -> None:
    models = generate_models("type A @model { x: [Int]! }")
    assert models.introspection is not None
    del models.introspection["models"]["A"]["fields"]["x"]["isArrayNullable"]
    assert not read_shapes(models).models[0].fields[1].required


def test_both_documents_tell_the_same() -> None:
    models = generate_models(
        'type A @model { k: ID! @primaryKey(sortKeyFields: ["n"]) n: Int! c: C e: E '
        "b: [B] @hasMany } type B @model { a: A @belongsTo } type C { x: Int } enum E { V }"
    )
    assert read_shapes(models) == read_shapes(without_introspection(models))


def test_old_datastore_schemas_name_fields_singly() -> None:
    field: dict[str, Any] = {
        "name": "b",
        "isArray": False,
        "type": {"model": "A"},
        "isRequired": False,
        "attributes": [],
        "association": {"connectionType": "BELONGS_TO", "targetName": "bId"},
    }
    entry = {"name": "A", "fields": {"b": field}, "attributes": [], "syncable": True}
    document = {"models": {"A": entry}, "enums": {}, "nonModels": {}}
    (read,) = read_shapes(Models(datastore=document, introspection=None)).models
    assert read.fields[0].relation == Relation(kind="BELONGS_TO", targets=("bId",))
    assert read.key == ("id",)
