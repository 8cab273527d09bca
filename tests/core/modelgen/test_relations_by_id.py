from __future__ import annotations

import pytest

from amplify_modelgen.errors import SchemaError
from support.model_parts import (
    BY_ID,
    association,
    datastore_association,
    datastore_model,
    field_names,
    problems,
)

POSTS = """
type Post @model { code: Int! @primaryKey comments: [Comment] @hasMany one: Comment @hasOne }
type Comment @model { post: Post @belongsTo }
"""
WITH_REFERENCES = """
type T @model { p: P @belongsTo(references: ["a", "b"]) }
type P @model { ts: [T] @hasMany(references: ["a", "b"]) }
"""


def test_every_model_of_a_datastore_schema_has_an_id() -> None:
    assert list(datastore_model(POSTS, "Post", BY_ID)["fields"])[:2] == ["id", "code"]
    assert field_names(POSTS, "Post", BY_ID)[0] == "code"


def test_foreign_keys_end_in_id_and_belongs_to_removes_its_own() -> None:
    assert field_names(POSTS, "Post", BY_ID)[-1] == "postOneId"
    assert field_names(POSTS, "Comment", BY_ID)[-1] == "postCommentsId"


@pytest.mark.parametrize(
    ("path", "as_list", "as_name"),
    [
        (
            "Post.comments",
            {"associatedWith": ["postCommentsId"]},
            {"associatedWith": "postCommentsId"},
        ),
        (
            "Post.one",
            {"associatedWith": ["post"], "targetNames": ["postOneId"]},
            {"associatedWith": "post", "targetName": "postOneId"},
        ),
        ("Comment.post", {"targetNames": ["commentPostId"]}, {"targetName": "commentPostId"}),
    ],
)
def test_datastore_associations_have_a_name_instead_of_a_list(
    path: str, as_list: dict[str, object], as_name: dict[str, object]
) -> None:
    introspected, stored = (
        association(POSTS, path, BY_ID),
        datastore_association(POSTS, path, BY_ID),
    )
    assert introspected == {"connectionType": introspected["connectionType"], **as_list}
    assert stored == {"connectionType": introspected["connectionType"], **as_name}


def test_a_single_inverse_field_names_the_foreign_key() -> None:
    sdl = "type P @model { ts: [T] @hasMany } type T @model { p: P @belongsTo }"
    assert association(sdl, "T.p", BY_ID)["targetNames"] == ["pTsId"]


def test_any_relation_with_the_same_key_is_a_matching_field() -> None:
    sdl = """
    type P @model { ts: [T] @hasMany(fields: ["id"]) }
    type T @model { p: P @hasOne(fields: ["id"]) }
    """
    assert association(sdl, "P.ts", BY_ID)["associatedWith"] == ["p"]


def test_only_the_first_of_several_key_fields_is_added() -> None:
    sdl = 'type P @model { t: T @hasOne(fields: ["a", "b"]) } type T @model { x: Int }'
    assert field_names(sdl, "P", BY_ID)[-1] == "a"


def test_an_empty_key_field_name_adds_no_field() -> None:
    sdl = 'type P @model { t: T @hasOne(fields: [""]) } type T @model { x: Int }'
    assert field_names(sdl, "P", BY_ID)[-1] == "updatedAt"


def test_the_primary_key_of_the_model_is_kept() -> None:
    sdl = """
    type P @model { ts: [T] @hasMany }
    type T @model { k: ID! @primaryKey p: P @belongsTo(fields: ["k"]) }
    """
    assert "k" in field_names(sdl, "T", BY_ID)
    assert "k" not in datastore_model(sdl, "T", BY_ID)["fields"]


def test_reference_fields_are_kept() -> None:
    sdl = WITH_REFERENCES.replace(', "b"', "").replace("{ p:", "{ a: ID p:")
    assert "a" in field_names(sdl, "T", BY_ID)
    assert datastore_association(sdl, "P.ts", BY_ID)["associatedWith"] == "a"


def test_a_datastore_schema_checks_the_first_reference_only() -> None:
    assert datastore_association(WITH_REFERENCES, "P.ts", BY_ID)["associatedWith"] == "a"
    assert any(
        "reference b is not a field of T" in problem for problem in problems(WITH_REFERENCES, BY_ID)
    )


def test_keys_are_not_validated_if_ids_are_forced() -> None:
    sdl = "type A @model { x: Int @primaryKey id: B } type B @model { x: Int }"
    assert "id" not in datastore_model(sdl, "A", BY_ID)["fields"]


def test_a_field_that_is_its_own_key_is_removed() -> None:
    sdl = """
    type P @model { ts: [T] @hasMany }
    type T @model { p: P @belongsTo(fields: ["p"]) }
    """
    assert "p" not in field_names(sdl, "T", BY_ID)
    assert "p" not in datastore_model(sdl, "T", BY_ID)["fields"]


def test_an_implicit_index_on_references_needs_all_of_them() -> None:
    sdl = """
    type P @model { ts: [T] @hasMany(references: ["a", "b"]) }
    type T @model { a: ID unconnected: P p: P @belongsTo(references: ["a", "b"]) }
    """
    with pytest.raises(SchemaError, match="reference b is not a field of T"):
        datastore_model(sdl, "T", BY_ID)
