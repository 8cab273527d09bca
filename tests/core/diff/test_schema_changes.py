from __future__ import annotations

import pytest

from amplify_modelgen.diff import compare_models
from amplify_modelgen.modelgen import describe_models, generate_introspection
from support.model_parts import VERSION_1

COMMENT = "type Comment @model { text: String %s }"
POST = "type Post @model { title: String comments: [Comment] @hasMany }"
# schema before, after, and the rules that see the change, with their subjects
CASES = {
    "optional field": (
        "type Post @model { title: String }",
        "type Post @model { title: String body: String }",
        ["Post.body optional-field-added"],
    ),
    "the other end of a has-many": (
        POST + COMMENT % "",
        POST + COMMENT % "post: Post @belongsTo",
        ["Comment implicit-index-removed", "Comment.post relation-added"],
    ),
    "a required belongs-to": (
        "type Tag @model { n: Int posts: [Post] @hasMany } type Post @model { n: Int }",
        (
            "type Tag @model { n: Int posts: [Post] @hasMany }"
            " type Post @model { n: Int tag: Tag! @belongsTo }"
        ),
        ["Post implicit-index-removed", "Post.tag required-relation-added"],
    ),
    "a sort key": (
        "type Post @model { id: ID! @primaryKey at: Int! }",
        'type Post @model { id: ID! @primaryKey(sortKeyFields: ["at"]) at: Int! }',
        ["Post sort-keys-changed"],
    ),
    "another primary key": (
        "type Post @model { code: ID! }",
        "type Post @model { code: ID! @primaryKey }",
        ["Post primary-key-changed", "Post.id field-removed"],
    ),
    "an index": (
        "type Post @model { code: ID! }",
        'type Post @model { code: ID! @index(queryField: "byCode") }',
        ["Post index-added"],
    ),
    "an index of a query fewer": (
        'type Post @model { code: ID! @index(queryField: "byCode") }',
        "type Post @model { code: ID! }",
        ["Post index-with-query-removed"],
    ),
    "access": (
        "type Post @model @auth(rules: [{allow: owner}, {allow: private}]) { n: Int }",
        (
            "type Post @model @auth(rules: [{allow: owner}, {allow: private, operations: [read]},"
            ' {allow: groups, groups: ["Admin"]}]) { n: Int }'
        ),
        ["Post access-narrowed", "Post access-granted"],
    ),
    "many to many": (
        "type Post @model { n: Int } type Tag @model { n: Int }",
        (
            'type Post @model { n: Int tags: [Tag] @manyToMany(relationName: "PostTags") }'
            ' type Tag @model { n: Int posts: [Post] @manyToMany(relationName: "PostTags") }'
        ),
        ["Post.tags relation-added", "Tag.posts relation-added", "PostTags model-added"],
    ),
    "a renamed model": (
        "type Todo @model { n: Int }",
        'type Task @model @mapsTo(name: "Todo") { n: Int }',
        ["Task model-renamed"],
    ),
    "an argument": (
        "type Query { echo(text: String): String }",
        "type Query { echo(text: String, times: Int!): String }",
        ["Query.echo.times required-argument-added"],
    ),
    "timestamps": (
        "type Post @model { n: Int }",
        "type Post @model(timestamps: null) { n: Int }",
        [
            "Post operations-switched-off",
            *("Post.createdAt field-removed", "Post.updatedAt field-removed"),
        ],
    ),
    "comments and order": (
        "type Post @model { a: Int b: Int } enum E { A B }",
        '"a post" type Post @model { b: Int, a: Int } enum E { B A } # nothing',
        [],
    ),
}


@pytest.mark.parametrize(("old", "new", "expected"), CASES.values(), ids=CASES)
def test_change_of_a_schema(old: str, new: str, expected: list[str]) -> None:
    changes = compare_models(generate_introspection(old), generate_introspection(new))
    assert [f"{change.subject} {change.rule}" for change in changes] == expected


KEYED = """
type Post @model { comments: [Comment] @connection(keyName: "byPost", fields: ["id"]) }
type Comment @model @key(name: "byPost", fields: ["postID"]) {
  postID: ID! otherID: ID! post: Post @connection(fields: ["postID"])
}
"""


def test_changes_of_relations_of_transformer_1() -> None:
    old = describe_models(KEYED, VERSION_1)
    other_key = KEYED.replace('(fields: ["postID"])', '(fields: ["otherID"])')
    other_key = other_key.replace('fields: ["postID"]) {', 'fields: ["otherID"]) {')
    changes = compare_models(old, describe_models(other_key, VERSION_1))
    subjects = {change.subject for change in changes}
    assert {"Comment.post", "Post.comments"} <= subjects


def test_transformer_1_without_a_datastore_schema() -> None:
    sdl = "type A @model { u: U bs: [B] @connection } type B @model { x: Int } union U = B"
    assert describe_models(sdl, VERSION_1) == generate_introspection(sdl, VERSION_1)
