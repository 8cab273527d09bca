from __future__ import annotations

import pytest

from support.model_parts import attributes, field, field_names, model, problems


@pytest.mark.parametrize(
    ("body", "first", "keys", "custom", "key", "sort_keys"),
    [
        ("x: Int", "id", [], False, "id", []),
        ("x: Int id: ID! @primaryKey", "id", [["id"]], False, "id", []),
        (
            'n: Int! id: ID! @primaryKey(sortKeyFields: ["n"])',
            "id",
            [["id", "n"]],
            True,
            "id",
            ["n"],
        ),
        (
            'y: Int! x: Int! @primaryKey(sortKeyFields: ["y"])',
            "y",
            [["x", "y"]],
            True,
            "x",
            ["y"],
        ),
        ("x: Int! @primaryKey id: ID", "id", [["x"]], True, "x", []),
    ],
)
def test_primary_keys(  # noqa: PLR0913 (a row of a table)
    body: str, first: str, keys: list[list[str]], *, custom: bool, key: str, sort_keys: list[str]
) -> None:
    sdl = f"type A @model {{ {body} }}"
    assert field_names(sdl, "A")[0] == first
    assert [entry["fields"] for entry in attributes(sdl, "A", "key")] == keys
    assert model(sdl, "A")["primaryKeyInfo"] == {
        "isCustomPrimaryKey": custom,
        "primaryKeyFieldName": key,
        "sortKeyFieldNames": sort_keys,
    }


def test_a_declared_id_becomes_non_null() -> None:
    assert field("type A @model { id: String }", "A.id")["isRequired"]
    assert field("type A @model { id: [ID] }", "A.id")["isArrayNullable"]


def test_an_id_that_is_not_the_primary_key_may_be_null() -> None:
    assert not field("type A @model { x: Int! @primaryKey id: ID }", "A.id")["isRequired"]


def test_a_nullable_primary_key_is_rejected() -> None:
    assert problems("type A @model {\n  x: Int @primaryKey\n}") == [
        "2:3 error: A.x is a primary key, but may be null (make its type non-null, with `!`)"
    ]


def test_a_sort_key_must_be_declared() -> None:
    assert problems('type A @model { x: ID! @primaryKey(sortKeyFields: ["createdAt"]) }') == [
        (
            "1:24 error: sort key createdAt of A.x is not a field of A "
            "(declare createdAt in A, or correct the name; automatic fields do not count)"
        )
    ]


def test_sort_keys_must_be_a_list() -> None:
    (problem,) = problems('type A @model { x: ID! @primaryKey(sortKeyFields: "x") }')
    assert "the sortKeyFields of A.x are not a list" in problem


def test_a_model_cannot_be_a_primary_key() -> None:
    assert problems("type A @model { id: B } type B @model { x: Int }") == [
        (
            "1:17 error: A.id is the primary key, but its type B is a model "
            "(use a scalar type, such as ID!)"
        )
    ]


def test_default_index_name_contains_its_fields() -> None:
    sdl = """
    type BlogPost @model {
      authorId: ID @index(sortKeyFields: ["createdOn"]) createdOn: AWSDate
    }"""
    assert attributes(sdl, "BlogPost", "key") == [
        {"name": "blogPostsByAuthorIdAndCreatedOn", "fields": ["authorId", "createdOn"]}
    ]


def test_order_of_attributes() -> None:
    sdl = """
    type A @model @auth(rules: [{allow: owner}]) @searchable {
      id: ID! @primaryKey(sortKeyFields: ["n"])
      n: Int!
      e: String @index(name: "byE", sortKeyFields: ["n"], queryField: "listByE")
      x_y: Int @index @index(queryField: null)
    }"""
    assert [
        (entry["type"], list(entry["properties"].values()))
        for entry in model(sdl, "A")["attributes"][:-1]
    ] == [
        ("model", []),
        ("searchable", []),
        ("key", [["id", "n"]]),
        ("key", ["byE", "listByE", ["e", "n"]]),
        ("key", ["aSByX_y", ["x_y"]]),
        ("key", ["aSByX_y", None, ["x_y"]]),
    ]
    assert model(sdl, "A")["attributes"][-1]["type"] == "auth"


def test_legacy_keys_replace_generated_ones() -> None:
    sdl = """
    type A @model @key(fields: ["x"]) @key(name: "byY", fields: ["y"]) {
      x: ID! @primaryKey y: Int @index(name: "byY") z: Int @index(name: "byZ")
    }"""
    assert [entry.get("name") for entry in attributes(sdl, "A", "key")] == [None, "byY", "byZ"]


def test_a_default_index_name_requires_sort_key_names() -> None:
    (problem,) = problems("type A @model { x: Int @index(sortKeyFields: [1]) }")
    assert "the sortKeyFields of A.x are not all names" in problem


def test_a_single_sort_key_needs_no_list() -> None:
    sdl = 'type A @model { x: Int @index(name: "i", sortKeyFields: "y") }'
    assert attributes(sdl, "A", "key") == [{"name": "i", "fields": ["x", "y"]}]
