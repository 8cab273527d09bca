"""What all emitters of code may rely on, told by the place where a document breaks it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from amplify_modelgen import BackendError, Models
from amplify_modelgen.modelgen import generate_models
from amplify_modelgen_plugins._names import check_documents

SCHEMA = """
type Post @model { title: String! @primaryKey tags: [String] status: Status place: Place }
type Place { zip: Int }
enum Status { DRAFT DONE }
"""
GOOD = generate_models(SCHEMA)


def broken(path: str, value: object) -> Models:
    """The good documents with another value in one place of the introspection schema."""
    document: Any = copy.deepcopy(GOOD.introspection)
    holder, *keys = [document, *path.split(".")]
    for key in keys[:-1]:
        holder = holder[key]
    holder[keys[-1]] = value
    return Models(datastore=GOOD.datastore, introspection=document)


def test_models_of_amplify_are_good() -> None:
    check_documents(GOOD)
    check_documents(Models(datastore=GOOD.datastore, introspection=None))


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("models", [], "models is no object"),
        ("enums", None, "enums is no object"),
        ("models.Post", "x", "models.Post is no object"),
        ("models.Post.name", "Pots", "models.Post is called 'Pots' inside"),
        ("models.Post.fields", None, "Post.fields is no object"),
        ("models.Post.fields.title.isArray", 1, "title.isArray is neither true nor false"),
        ("models.Post.fields.title.isRequired", None, "isRequired is neither true nor false"),
        ("models.Post.fields.title.isArrayNullable", None, "isArrayNullable is neither true"),
        ("models.Post.fields.title.isReadOnly", "", "title.isReadOnly is neither true nor false"),
        ("models.Post.fields.title.type", "BigInt", "title has the type 'BigInt'"),
        ("models.Post.fields.title.type", {"enum": "Lost"}, "which this document does not explain"),
        ("models.Post.fields.title.type", {"input": "Post"}, "does not explain"),
        ("models.Post.fields.title.type", {"enum": "Status", "model": "Post"}, "does not explain"),
        ("models.Post.attributes", {}, "Post.attributes is no list"),
        ("models.Post.attributes", [{"type": "key"}], "properties is no object"),
        ("models.Post.attributes", [{"properties": {}}], "an attribute without a type"),
        ("models.Post.primaryKeyInfo", [], "primaryKeyInfo is no object"),
        ("models.Post.primaryKeyInfo.isCustomPrimaryKey", None, "is neither true nor false"),
        ("models.Post.primaryKeyInfo.sortKeyFieldNames", "a", "sortKeyFieldNames is no list"),
        ("models.Post.primaryKeyInfo.primaryKeyFieldName", "x", "names 'x', which is no field"),
        ("models.Post.primaryKeyInfo.sortKeyFieldNames", [1], "names 1, which is no field"),
        ("enums.Status.values", "DRAFT", "values is no list"),
        ("enums.Status.values", ["a b"], "holds 'a b', which is no GraphQL name"),
        ("enums.Status.values", ["A", "A"], "has a value twice"),
        ("enums.Post", {"name": "Post", "values": []}, "Post in models and in enums"),
        ("nonModels.a-b", {"name": "a-b", "fields": {}}, "'a-b', which is no GraphQL name"),
    ],
)
def test_what_is_wrong_is_told(path: str, value: object, message: str) -> None:
    with pytest.raises(BackendError) as caught:
        check_documents(broken(path, value))
    assert message in caught.value.message
    assert caught.value.message.startswith("the model introspection schema")


@pytest.mark.parametrize("document", [None, [], "export const schema = {};"])
def test_a_document_of_another_kind_is_refused(document: Any) -> None:
    with pytest.raises(BackendError, match="the DataStore schema is no object"):
        check_documents(Models(datastore=document, introspection=None))


def test_long_and_unprintable_names_are_shown_short_and_harmless() -> None:
    with pytest.raises(BackendError) as caught:
        check_documents(broken("enums.Status.values", ["\x1b[2J" + "x" * 900]))
    assert "\x1b" not in caught.value.message
    assert len(caught.value.message) < 200
