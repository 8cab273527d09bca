from __future__ import annotations

import pytest
from msgspec.structs import replace

from amplify_modelgen.modelgen import FeatureFlags, generate_models
from support.model_parts import (
    DEFAULTS,
    VERSION_1,
    association,
    attributes,
    datastore_association,
    datastore_model,
    field_names,
    model,
    problems,
    version,
)

BY_ID = replace(VERSION_1, respect_primary_key_attributes_on_connection_field=False)
WITHOUT_DATASTORE = replace(VERSION_1, is_data_store_enabled=False)

NAMED = """
type Post @model { comments: [Remark] @connection(name: "PC") }
type Remark @model { post: Post @connection(name: "PC") }
"""
KEYED = """
type Post @model { comments: [Remark] @connection(keyName: "byPost", fields: ["id"]) }
type Remark @model @key(name: "byPost", fields: ["postID"]) {
  postID: ID! post: Post @connection(fields: ["postID"])
}
"""
ONE_WAY = """
type Post @model { comments: [Remark] @connection(keyName: "byPost", fields: ["id"]) }
type Remark @model @key(name: "byPost", fields: ["postID"]) { postID: ID! }
"""
COMPOSITE = 'type Post @model @key(fields: ["code", "lang"]) { code: ID! lang: String t: Int }'
AUTHOR = """
type Post @model { authorId: ID! author: User{} @connection(fields: ["authorId"]) }
type User @model { name: String }
"""
KEYS = '@key(name: "k", fields: ["no"]) @key(name: "l") @key(name: "m", fields: ["x"]) '
KEYS += '@key(name: "e", fields: [])'
B = f"type B @model {KEYS} {{ x: [ID] }}\n"


def belongs_to(target: str) -> dict[str, str]:
    return {"connectionType": "BELONGS_TO", "targetName": target}


def has_many(associated: str) -> dict[str, str]:
    return {"connectionType": "HAS_MANY", "associatedWith": associated}


@pytest.mark.parametrize(
    ("number", "pipelined", "is_second"),
    [(2, True, True), (2, False, True), (1, True, True), (1, False, False), (3, False, False)],
)
def test_either_flag_selects_version_2(number: int, *, pipelined: bool, is_second: bool) -> None:
    flags = FeatureFlags(
        transformer_version=number, use_experimental_pipelined_transformer=pipelined
    )
    assert flags.uses_transformer_2 is is_second


@pytest.mark.parametrize("base", [DEFAULTS, replace(DEFAULTS, add_timestamp_fields=False)])
def test_schemas_without_relations_and_keys_are_equal_under_both_versions(
    base: FeatureFlags,
) -> None:
    sdl = """
    type Todo @model @auth(rules: [{allow: owner}]) { name: String! place: Place kind: [Kind!] }
    type Place { city: String @deprecated(reason: "old") }
    enum Kind { A B }
    type Query { echo(text: String): String @function(name: "echo") }
    input Filter { kind: Kind }
    """
    second = generate_models(sdl, base)
    first = generate_models(
        sdl,
        replace(base, transformer_version=1, use_experimental_pipelined_transformer=False),
    )
    assert (first.introspection, first.datastore) == (second.introspection, second.datastore)


def test_a_named_pair_is_has_many_and_belongs_to() -> None:
    assert datastore_association(NAMED, "Post.comments", VERSION_1) == has_many("post")
    assert datastore_association(NAMED, "Remark.post", VERSION_1) == belongs_to("remarkPostId")
    assert field_names(NAMED, "Remark", VERSION_1) == ["id", "post", "createdAt", "updatedAt"]


def test_the_introspection_document_does_not_name_the_fields_of_relations() -> None:
    assert association(NAMED, "Post.comments", VERSION_1) == {
        "connectionType": "HAS_MANY",
        "associatedWith": [],
    }
    assert association(NAMED, "Remark.post", VERSION_1) == {
        "connectionType": "BELONGS_TO",
        "targetNames": [],
    }


def test_a_keyed_pair_removes_the_key_field() -> None:
    assert datastore_association(KEYED, "Post.comments", VERSION_1) == has_many("post")
    assert datastore_association(KEYED, "Remark.post", VERSION_1) == belongs_to("postID")
    assert "postID" not in field_names(KEYED, "Remark", VERSION_1)
    assert attributes(KEYED, "Remark", "key", VERSION_1) == [
        {"name": "byPost", "fields": ["postID"]}
    ]


def test_a_keyed_list_alone_keeps_the_key_field() -> None:
    assert datastore_association(ONE_WAY, "Post.comments", VERSION_1) == has_many("postID")
    assert "postID" in field_names(ONE_WAY, "Remark", VERSION_1)


def test_a_plain_list_adds_a_key_field_after_the_timestamps() -> None:
    sdl = "type Post @model { comments: [Remark] @connection } type Remark @model { t: Int }"
    assert datastore_association(sdl, "Post.comments", VERSION_1) == has_many("postCommentsId")
    assert field_names(sdl, "Remark", VERSION_1)[-1] == "postCommentsId"


def test_the_datastore_setting_decides_on_optional_pairs() -> None:
    sdl = AUTHOR.replace("User{}", "User!")
    assert datastore_association(sdl, "Post.author", WITHOUT_DATASTORE) == {
        "connectionType": "HAS_ONE",
        "associatedWith": "id",
        "targetName": "authorId",
    }
    (problem,) = problems(sdl, VERSION_1)
    assert problem == (
        "2:34 error: Post.author: DataStore supports no 1:1 relation between two required fields, "
        "this and User.id (make one of the two non-null, with `!`, and the other one nullable)"
    )
    assert problems(AUTHOR.replace("User{}", "User"), VERSION_1) == []


def test_the_first_key_without_a_name_is_the_primary_key() -> None:
    assert model(COMPOSITE, "Post", VERSION_1)["primaryKeyInfo"] == {
        "isCustomPrimaryKey": True,
        "primaryKeyFieldName": "code",
        "sortKeyFieldNames": ["lang"],
    }
    names = [
        list(datastore_model(COMPOSITE, "Post", each)["fields"]) for each in (BY_ID, VERSION_1)
    ]
    timestamps = ["createdAt", "updatedAt"]
    assert names == [["id", "code", "lang", "t", *timestamps], ["code", "lang", "t", *timestamps]]


def test_the_version_hash_has_keys_and_connections() -> None:
    flags = replace(BY_ID, add_timestamp_fields=False)
    assert version(NAMED, flags) == "345d399b293b73afacd6d393dbc1386e"
    assert version(ONE_WAY, flags) != version(ONE_WAY.replace("byPost", "byP"), flags)


@pytest.mark.parametrize(
    ("sdl", "expected"),
    [
        (
            'type A @model @key(fields: ["x"]) { x: ID }',
            "1:37 error: A.x is a primary key, but may be",
        ),
        (
            'type A @model @key(fields: ["y"]) { x: ID }',
            "1:15 error: the primary key field y is not",
        ),
        (
            'type A @model @key(fields: ["id", "createdAt"]) { id: ID! }',
            "1:15 error: sort key createdAt is not",
        ),
        (
            'type A @model @key(fields: ["id", ["x"]]) { id: ID! }',
            "1:15 error: sort key ['x'] is not",
        ),
        ("type A @model @key { x: ID! }", "1:15 error: the primary key of A has no list of"),
        ("type A @model { x: Int @connection }", "1:17 error: A.x: @connection requires a model"),
        (
            f'{B} type A @model {{ b: [B] @connection(name: "n") }}',
            "2:18 error: A.b: B has no other field with",
        ),
        (
            f'{B} type A @model {{ b: [B] @connection(keyName: "n", fields: ["id"]) }}',
            "2:18 error: A.b: B has no @key with the name n",
        ),
        (
            f'{B} type A @model {{ b: [B] @connection(keyName: "k", fields: ["id"]) }}',
            "2:18 error: A.b: B has no key field no",
        ),
        (
            f'{B} type A @model {{ b: [B] @connection(keyName: "e", fields: ["id"]) }}',
            "2:18 error: A.b: B has no key field without a name",
        ),
        (
            f"{B} type A @model {{ b: [B] @connection(name: [1]) }}",
            "2:18 error: A.b: B has no other field with @connection(name: [1])",
        ),
        (
            f'{B} type A @model {{ b: [B] @connection(keyName: "l", fields: ["id"]) }}',
            "2:18 error: A.b: the @key of B has no list of",
        ),
        (
            f'{B} type A @model {{ b: B @connection(keyName: "m", fields: ["x", "y"]) }}',
            "2:18 error: A.b: a connection to many models can have one key",
        ),
        (
            f"{B} type A @model {{ b: B @connection(fields: [3]) }}",
            "2:18 error: A.b: `fields` is not a list of names",
        ),
        (
            'type A @model { id: [A!] @connection(fields: ["id"]) }',
            "1:17 error: A.id is the primary key, but its type A is a model",
        ),
    ],
)
def test_errors_have_a_place(sdl: str, expected: str) -> None:
    assert any(problem.startswith(expected) for problem in problems(sdl, WITHOUT_DATASTORE))


@pytest.mark.parametrize(
    "sdl",
    [
        "type A @model { b: B {x} }\ntype B @model { a: A {x} }",
        "type A @model { b: A {x} c: A {x} }",
        "type A @model { b: B! {x} }\ntype B @model { a: A! {x} }",
    ],
)
def test_two_optional_or_required_fields_are_reported_once(sdl: str) -> None:
    (problem,) = problems(sdl.replace("{x}", '@connection(name: "x")'), VERSION_1)
    kind, partner = "required" if "!" in sdl else "optional", "A.c" if "c:" in sdl else "B.a"
    assert problem.startswith(
        f"1:17 error: A.b: DataStore supports no 1:1 relation between two {kind} fields, this and "
        f"{partner} ("
    )


def test_two_lists_are_not_connected() -> None:
    sdl = """
    type A @model { bs: [B] @connection(keyName: "k", fields: ["id"]) c: B }
    type B @model @key(name: "k", fields: ["x"]) { x: ID as: [A] @connection(fields: ["x"]) }
    """
    first, second = problems(sdl, VERSION_1)
    assert first.startswith("2:21 warning: A.bs is ignored: it and its partner in B are lists")
    assert second.startswith("2:71 warning: A.c is ignored: its type B is a model without")


def test_directives_of_version_2_give_one_warning() -> None:
    sdl = """
    type Post @model { comments: [Comment] @hasMany tags: [Tag] @manyToMany(relationName: "t") }
    type Comment @model { post: Post @belongsTo }
    type Tag @model { posts: [Post] @manyToMany(relationName: "t") }
    """
    (problem,) = problems(sdl, VERSION_1)
    assert problem == (
        "2:44 warning: the feature flags select transformer version 1, but the schema has "
        "directives of version 2, which have no effect: @belongsTo (1), @hasMany (1), @manyToMany "
        "(2) (`amplify push` refuses them; set transformerversion to 2 and "
        "useexperimentalpipelinedtransformer to true, or rewrite them for version 1)"
    )
    assert field_names(sdl, "Post", VERSION_1) == ["id", "createdAt", "updatedAt"]


def test_directives_of_version_1_give_one_warning() -> None:
    (problem,) = problems(KEYED)
    assert problem == (
        "2:39 warning: the feature flags select transformer version 2, but the schema has "
        "directives of version 1, which have no effect: @connection (2), @key (1) (`amplify push` "
        "refuses them; set transformerversion to 1 and useexperimentalpipelinedtransformer to "
        "false, or rewrite them for version 2)"
    )


def test_the_hint_depends_on_the_pipelined_transformer() -> None:
    (problem,) = problems(KEYED, FeatureFlags(use_experimental_pipelined_transformer=False))
    assert "set transformerversion to 1: `amplify push` uses version 1" in problem


def test_a_relation_over_the_id_removes_it() -> None:
    sdl = """
    type A @model { c: C @connection(fields: ["id"]) }
    type C @model { id: [ID!]! }
    """
    assert problems(sdl, VERSION_1) == []
    (problem,) = problems(sdl, BY_ID)
    assert problem.startswith("2:21 warning: A.c removes the id of A from the DataStore schema")
    assert "id" not in datastore_model(sdl, "A", BY_ID)["fields"]
    assert "id" in model(sdl, "A", BY_ID)["fields"]
