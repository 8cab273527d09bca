"""Validation of documents for emitters of code, and the values that are read from them."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from amplify_modelgen.modelgen import Models, generate_models
from amplify_modelgen.plugin import BackendError
from amplify_modelgen_plugins.emitters.schema_model import (
    HEADER,
    ObjectType,
    Relation,
    check_document,
    has_header,
    schema_model,
)

SCHEMA = """
type Post @model { title: String! @primaryKey tags: [String] status: Status place: Place }
type Place { zip: Int }
enum Status { DRAFT DONE }
"""
MODELS = generate_models(SCHEMA)


def changed(path: str, value: object) -> dict[str, Any]:
    """The valid introspection schema with another value at a path."""
    document: Any = copy.deepcopy(MODELS.introspection)
    holder, *keys = [document, *path.split(".")]
    for key in keys[:-1]:
        holder = holder[key]
    holder[keys[-1]] = value
    assert isinstance(document, dict)
    return document


def test_documents_of_amplify_are_valid() -> None:
    assert check_document(MODELS.datastore, "x") is MODELS.datastore
    assert check_document(MODELS.introspection, "x") is MODELS.introspection


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("models", [], "models must be an object"),
        ("enums", None, "enums must be an object"),
        ("models.Post", "x", "models.Post must be an object"),
        ("models.Post.name", "Pots", "models.Post has the name 'Pots'"),
        ("models.Post.fields", None, "Post.fields must be an object"),
        ("models.Post.fields.title.isArray", 1, "title.isArray must be a boolean"),
        ("models.Post.fields.title.isRequired", None, "isRequired must be a boolean"),
        ("models.Post.fields.title.isArrayNullable", None, "isArrayNullable must be a boolean"),
        ("models.Post.fields.title.isReadOnly", "", "title.isReadOnly must be a boolean"),
        ("models.Post.fields.title.type", "BigInt", "title refers to the undefined type 'BigInt'"),
        (
            "models.Post.fields.title.type",
            {"enum": "Lost"},
            "title refers to the undefined type {'enum': 'Lost'}",
        ),
        ("models.Post.fields.title.type", {"input": "Post"}, "undefined type"),
        ("models.Post.fields.title.type", {"enum": "Status", "model": "Post"}, "undefined type"),
        ("models.Post.attributes", {}, "Post.attributes must be a list"),
        ("models.Post.attributes", [{"type": "key"}], "properties must be an object"),
        ("models.Post.attributes", [{"properties": {}}], "an attribute without a type"),
        ("models.Post.primaryKeyInfo", [], "primaryKeyInfo must be an object"),
        ("models.Post.primaryKeyInfo.sortKeyFieldNames", "a", "sortKeyFieldNames must be a list"),
        ("models.Post.primaryKeyInfo.primaryKeyFieldName", "x", "names 'x', which is not a field"),
        ("models.Post.primaryKeyInfo.sortKeyFieldNames", [1], "names 1, which is not a field"),
        ("enums.Status.values", "DRAFT", "values must be a list"),
        ("enums.Status.values", ["a b"], "has 'a b', which is not a GraphQL name"),
        ("enums.Status.values", ["A", "A"], "has a duplicate value"),
        ("enums.Post", {"name": "Post", "values": []}, "Post in models and in enums"),
        ("nonModels.a-b", {"name": "a-b", "fields": {}}, "'a-b', which is not a GraphQL name"),
    ],
)
def test_an_invalid_document_is_an_error_that_names_the_path(
    path: str, value: object, message: str
) -> None:
    with pytest.raises(BackendError) as caught:
        schema_model(Models(introspection=changed(path, value)))
    assert message in caught.value.message
    assert caught.value.message.startswith("cannot generate code: the model introspection schema")


@pytest.mark.parametrize("document", [None, [], "export const schema = {};"])
def test_a_document_that_is_not_an_object_is_an_error(document: Any) -> None:
    with pytest.raises(BackendError, match="the DataStore schema must be an object"):
        schema_model(Models(datastore=document))


def test_names_in_errors_are_escaped_and_shortened() -> None:
    with pytest.raises(BackendError) as caught:
        check_document(changed("enums.Status.values", ["\x1b[2J" + "x" * 900]), "x")
    assert "\x1b" not in caught.value.message
    assert len(caught.value.message) < 200


TYPES = ("T", "T!", "[T]", "[T!]", "[T]!", "[T!]!", "[[T!]!]!", "[[T]]", "[[[T!]]!]")


def model(sdl: str) -> ObjectType:
    return schema_model(generate_models(sdl)).models[0]


def without_introspection(models: Models) -> Models:
    return Models(datastore=models.datastore)


@pytest.mark.parametrize("kind", TYPES)
def test_a_type_is_read_as_in_graphql(kind: str) -> None:
    field = model(f"type A @model {{ x: {kind.replace('T', 'Int')} }}").fields[1]
    assert field.sdl == kind.replace("T", "Int")


def test_lists_of_lists_are_lists_without_the_schema_text() -> None:
    models = generate_models("type A @model { x: [[Int!]]! }")
    flat = schema_model(Models(introspection=models.introspection)).models[0].fields[1]
    assert flat.sdl == "[Int!]!"
    broken = schema_model(Models(introspection=models.introspection, schema="type {"))
    assert broken.models[0].fields[1] == flat


def test_a_list_without_the_flag_is_required() -> None:
    models = generate_models("type A @model { x: [Int] }")
    assert models.introspection is not None
    del models.introspection["models"]["A"]["fields"]["x"]["isArrayNullable"]
    assert schema_model(models).models[0].fields[1].required


def test_both_documents_give_the_same_model() -> None:
    models = generate_models(
        'type A @model { k: ID! @primaryKey(sortKeyFields: ["n"]) n: Int! c: C e: E '
        "b: [B] @hasMany } type B @model { a: A @belongsTo } type C { x: Int } enum E { V }"
    )
    assert schema_model(models) == schema_model(without_introspection(models))


def test_an_association_that_is_not_an_object_is_ignored() -> None:
    document = changed("models.Post.fields.title.association", ["x"])
    assert schema_model(Models(introspection=document)).models[0].fields[0].relation is None


def test_old_datastore_schemas_have_one_target_name() -> None:
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
    (read,) = schema_model(Models(datastore=document)).models
    assert read.fields[0].relation == Relation(kind="BELONGS_TO", targets=("bId",))
    assert read.key == ("id",)


@pytest.mark.parametrize(
    "text",
    [
        f"// {HEADER}\n",
        f"# {HEADER}\r\n# fmt: off\r\n",
        f"<!-- {HEADER} -->\n",
        f"\ufeff/* {HEADER} */",
        f"// Copyright 2024\n/* eslint-disable */\n// {HEADER}\n",
    ],
)
def test_a_generated_file_is_recognized_by_its_header(text: str) -> None:
    assert has_header("index.ts", text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "export const a = 1;\n",
        f'const header = "{HEADER}";\n',
        f"// It says: {HEADER}\n",
        "\n" * 20 + f"// {HEADER}\n",
        "\xff" * 5000 + f"\n// {HEADER}\n",
    ],
)
def test_any_other_file_is_not_recognized(text: str) -> None:
    assert not has_header("index.ts", text.encode("latin-1"))
