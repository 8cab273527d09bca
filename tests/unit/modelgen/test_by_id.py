from __future__ import annotations

import pytest

from amplify_modelgen.errors import SchemaError
from unit.modelgen.shown import (
    BY_ID,
    association,
    field_names,
    problems,
    stored_association,
    stored_model,
)

POSTS = """
type Post @model { code: Int! @primaryKey comments: [Comment] @hasMany one: Comment @hasOne }
type Comment @model { post: Post @belongsTo }
"""
REFERRING = """
type T @model { p: P @belongsTo(references: ["a", "b"]) }
type P @model { ts: [T] @hasMany(references: ["a", "b"]) }
"""


def test_a_datastore_schema_has_an_id_in_every_model() -> None:
    assert list(stored_model(POSTS, "Post", BY_ID)["fields"])[:2] == ["id", "code"]
    assert field_names(POSTS, "Post", BY_ID)[0] == "code"


def test_foreign_keys_end_in_id_and_belongs_to_drops_its_own() -> None:
    assert field_names(POSTS, "Post", BY_ID)[-1] == "postOneId"
    assert field_names(POSTS, "Comment", BY_ID)[-1] == "postCommentsId"


@pytest.mark.parametrize(
    ("place", "listed", "single"),
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
def test_a_datastore_schema_has_single_names(
    place: str, listed: dict[str, object], single: dict[str, object]
) -> None:
    introspected, stored = association(POSTS, place, BY_ID), stored_association(POSTS, place, BY_ID)
    assert introspected == {"connectionType": introspected["connectionType"], **listed}
    assert stored == {"connectionType": introspected["connectionType"], **single}


def test_a_single_partner_names_the_key() -> None:
    sdl = "type P @model { ts: [T] @hasMany } type T @model { p: P @belongsTo }"
    assert association(sdl, "T.p", BY_ID)["targetNames"] == ["pTsId"]


def test_fields_may_lead_back_by_any_relation() -> None:
    sdl = """
    type P @model { ts: [T] @hasMany(fields: ["id"]) }
    type T @model { p: P @hasOne(fields: ["id"]) }
    """
    assert association(sdl, "P.ts", BY_ID)["associatedWith"] == ["p"]


def test_only_the_first_of_several_fields_is_added() -> None:
    sdl = 'type P @model { t: T @hasOne(fields: ["a", "b"]) } type T @model { x: Int }'
    assert field_names(sdl, "P", BY_ID)[-1] == "a"


def test_an_empty_name_adds_nothing() -> None:
    sdl = 'type P @model { t: T @hasOne(fields: [""]) } type T @model { x: Int }'
    assert field_names(sdl, "P", BY_ID)[-1] == "updatedAt"


def test_the_key_of_the_model_itself_stays() -> None:
    sdl = """
    type P @model { ts: [T] @hasMany }
    type T @model { k: ID! @primaryKey p: P @belongsTo(fields: ["k"]) }
    """
    assert "k" in field_names(sdl, "T", BY_ID)
    assert "k" not in stored_model(sdl, "T", BY_ID)["fields"]


def test_references_stay() -> None:
    sdl = REFERRING.replace(', "b"', "").replace("{ p:", "{ a: ID p:")
    assert "a" in field_names(sdl, "T", BY_ID)
    assert stored_association(sdl, "P.ts", BY_ID)["associatedWith"] == "a"


def test_a_datastore_schema_looks_for_the_first_reference_only() -> None:
    assert stored_association(REFERRING, "P.ts", BY_ID)["associatedWith"] == "a"
    assert any("the reference b is no field of T" in one for one in problems(REFERRING, BY_ID))


def test_keys_are_not_checked_where_ids_are_forced() -> None:
    sdl = "type A @model { x: Int @primaryKey id: B } type B @model { x: Int }"
    assert "id" not in stored_model(sdl, "A", BY_ID)["fields"]


def test_a_field_that_is_its_own_key_is_dropped() -> None:
    sdl = """
    type P @model { ts: [T] @hasMany }
    type T @model { p: P @belongsTo(fields: ["p"]) }
    """
    assert "p" not in field_names(sdl, "T", BY_ID)
    assert "p" not in stored_model(sdl, "T", BY_ID)["fields"]


def test_a_key_over_the_references_needs_all_of_them() -> None:
    sdl = """
    type P @model { ts: [T] @hasMany(references: ["a", "b"]) }
    type T @model { a: ID unconnected: P p: P @belongsTo(references: ["a", "b"]) }
    """
    with pytest.raises(SchemaError, match="the reference b is no field of T"):
        stored_model(sdl, "T", BY_ID)
