from __future__ import annotations

import pytest

from support.model_parts import (
    association,
    attributes,
    datastore_association,
    field,
    field_names,
    problems,
    version,
)

ONE_WAY = "type Post @model { comments: [Comment] @hasMany } type Comment @model { c: String }"
POST = "type Post @model { comments: [Comment] @hasMany }"
COMMENT = "type Comment @model { post: Post! @belongsTo }"
PROFILE = """
type User @model { profile: Profile! @hasOne }
type Profile @model {
  id: ID! @primaryKey(sortKeyFields: ["kind"]) kind: Int! user: User @belongsTo
}
"""
INDEXED = """
type Post @model {
  id: ID! @primaryKey(sortKeyFields: ["t"]) t: String!
  cs: [Comment] @hasMany(indexName: "byPost", fields: ["id", "t"])
}
type Comment @model {
  pid: ID! @index(name: "byPost", sortKeyFields: ["pt"]) pt: String!
  post: Post @belongsTo(fields: ["pid", "pt"])
}
"""


def test_has_one_copies_the_key_of_the_other_model() -> None:
    assert association(PROFILE, "User.profile") == {
        "connectionType": "HAS_ONE",
        "associatedWith": ["id", "kind"],
        "targetNames": ["userProfileId", "userProfileKind"],
    }
    kind = field(PROFILE, "User.userProfileKind")
    assert (kind["type"], kind["isRequired"]) == ("Int", True)


def test_belongs_to_of_a_has_one_has_its_own_key_name() -> None:
    assert association(PROFILE, "Profile.user") == {
        "connectionType": "BELONGS_TO",
        "targetNames": ["profileUserId"],
    }


def test_has_many_adds_a_foreign_key_and_an_index_to_the_other_model() -> None:
    assert association(ONE_WAY, "Post.comments") == {
        "connectionType": "HAS_MANY",
        "associatedWith": ["postCommentsId"],
    }
    assert field_names(ONE_WAY, "Comment")[-1] == "postCommentsId"
    assert attributes(ONE_WAY, "Comment", "key") == [
        {"name": "gsi-Post.comments", "fields": ["postCommentsId"]}
    ]


def test_belongs_to_replaces_the_implicit_index() -> None:
    assert attributes(POST + COMMENT, "Comment", "key") == []


@pytest.mark.parametrize(
    ("sdl", "required"), [(POST + COMMENT, False), (COMMENT + POST, True)], ids=["post", "comment"]
)
def test_the_first_model_decides_whether_the_key_is_required(sdl: str, *, required: bool) -> None:
    assert field(sdl, "Comment.postCommentsId")["isRequired"] is required


def test_has_many_fields_match_belongs_to_with_the_same_key() -> None:
    assert association(INDEXED, "Post.cs")["associatedWith"] == ["post"]
    assert association(INDEXED, "Comment.post")["targetNames"] == ["pid", "pt"]


def test_without_belongs_to_the_key_field_is_associated() -> None:
    alone = """
    type Post @model { cs: [Comment] @hasMany(indexName: "byPost", fields: ["id"]) }
    type Comment @model { pid: ID! @index(name: "byPost") }
    """
    assert association(alone, "Post.cs")["associatedWith"] == ["pid"]


def test_fields_without_an_index_refer_to_the_primary_key() -> None:
    keyed = """
    type P @model { ts: [T] @hasMany(fields: ["id"]) }
    type T @model { k: ID! @primaryKey }
    """
    assert association(keyed, "P.ts")["associatedWith"] == ["k"]


@pytest.mark.parametrize(("field", "key"), [("p: P @belongsTo", "p"), ("x: Int", "id")])
def test_without_primary_key_fields_refer_to_belongs_to_or_the_id(field: str, key: str) -> None:
    sdl = f"type P @model {{ ts: [T] @hasMany(fields: []) }} type T @model {{ {field} }}"
    assert association(sdl, "P.ts")["associatedWith"] == [key]


def test_an_index_name_without_fields_suppresses_the_implicit_index() -> None:
    sdl = """
    type Post @model { cs: [Comment] @hasMany(indexName: "wrong") }
    type Comment @model { pid: ID! @index(name: "byPost") }
    """
    assert association(sdl, "Post.cs")["associatedWith"] == ["postCsId"]
    assert [key["name"] for key in attributes(sdl, "Comment", "key")] == ["byPost"]


def test_composite_keys_create_several_foreign_keys() -> None:
    sdl = """
    type Post @model {
      id: ID! @primaryKey(sortKeyFields: ["title"]) title: String! comments: [Comment] @hasMany
    }
    type Comment @model { c: String }
    """
    assert field_names(sdl, "Comment")[-2:] == ["postCommentsId", "postCommentsTitle"]


@pytest.mark.parametrize(
    ("fields", "indexes"),
    [
        ("children: [Node] @hasMany parent: Node @belongsTo", ["gsi-Node.children"]),
        ("parent: Node @belongsTo children: [Node] @hasMany", []),
    ],
)
def test_self_relations_consider_the_first_field_only(fields: str, indexes: list[str]) -> None:
    sdl = f"type Node @model {{ {fields} }}"
    assert [key["name"] for key in attributes(sdl, "Node", "key")] == indexes


def test_belongs_to_is_named_by_its_first_inverse_field() -> None:
    team = "type Team @model { p: P @belongsTo q: P @belongsTo }"
    many_first = f"type P @model {{ ts: [Team] @hasMany t: Team @hasOne }} {team}"
    one_first = f"type P @model {{ t: Team @hasOne ts: [Team] @hasMany }} {team}"
    assert association(many_first, "Team.q")["targetNames"] == ["pTsId"]
    assert association(one_first, "Team.q")["targetNames"] == ["teamQId"]


def test_missing_key_fields_are_added() -> None:
    sdl = """
    type P @model { t: Team! @hasOne(fields: ["tid"]) } type Team @model { n: String }
    """
    assert association(sdl, "P.t")["targetNames"] == ["tid"]
    assert field(sdl, "P.tid")["isRequired"]


def test_the_letters_of_a_single_string_are_names() -> None:
    sdl = 'type P @model { t: T @hasOne(fields: "k") } type T @model { n: Int }'
    assert association(sdl, "P.t")["targetNames"] == ["k"]


def test_only_the_first_relation_directive_of_a_field_counts() -> None:
    sdl = "type P @model { t: T @hasOne @belongsTo } type T @model { n: Int }"
    assert association(sdl, "P.t")["connectionType"] == "HAS_ONE"


def test_model_fields_without_relation_are_ignored_with_a_warning() -> None:
    sdl = "type P @model {\n  t: T\n  ts: [T]\n} type T @model { n: Int }"
    assert field_names(sdl, "P") == ["id", "createdAt", "updatedAt"]
    assert problems(sdl) == [
        (
            "2:3 warning: P.t is ignored: its type T is a model without a relation directive "
            "(add @hasOne or @belongsTo to the field)"
        ),
        (
            "3:3 warning: P.ts is ignored: its type T is a model without a relation directive "
            "(add @hasMany or @belongsTo to the field)"
        ),
    ]


WITH_REFERENCES = """
type P @model { one: T @hasOne(references: "pid") ts: [T] @hasMany(references: ["pid"]) }
type T @model { pid: ID p: P @belongsTo(references: ["pid"]) }
"""


def test_references_do_not_add_fields() -> None:
    assert field_names(WITH_REFERENCES, "P") == ["id", "one", "ts", "createdAt", "updatedAt"]
    assert association(WITH_REFERENCES, "P.one") == {
        "connectionType": "HAS_ONE",
        "associatedWith": ["pid"],
        "targetNames": [],
    }
    assert association(WITH_REFERENCES, "P.ts")["associatedWith"] == ["pid"]
    assert association(WITH_REFERENCES, "T.p")["targetNames"] == ["pid"]


def test_references_have_no_targets_in_a_datastore_schema() -> None:
    assert datastore_association(WITH_REFERENCES, "P.one") == {
        "connectionType": "HAS_ONE",
        "associatedWith": ["pid"],
    }


TWO = "type P @model {{ {} }}\ntype T @model {{ {} }}"


@pytest.mark.parametrize(
    ("p", "t", "message"),
    [
        ("t: [T] @hasOne", "x: Int", "P.t: @hasOne refers to one model, but the field is a list"),
        ("t: T @hasOne", "p: [P] @belongsTo", "P.t: @hasOne is a 1:1 relation, but T.p is a list"),
        ("t: T @hasMany", "x: Int", "P.t: @hasMany refers to many models, but the field is not"),
        ("t: Int @hasOne", "x: Int", "P.t: @hasOne requires a model, but Int is not one"),
        ("t: [T] @belongsTo", "x: Int", "P.t: @belongsTo refers to one model, but the field is a"),
        ("t: T @belongsTo", "x: Int", "P.t: @belongsTo has no matching @hasOne or @hasMany in T"),
        (
            't: T @hasOne(fields: ["a", "b"])',
            "x: Int",
            "P.t: has 2 key fields, but the primary key",
        ),
        ("t: T @hasOne(fields: [1])", "x: Int", "P.t: `fields` of @hasOne is not a list of names"),
        ("t: T @hasOne(fields: 3)", "x: Int", "P.t: `fields` of @hasOne is not a list of names"),
        (
            't: [T] @hasMany(indexName: "no", fields: ["id"])',
            "x: Int",
            "P.t: T has no @index with the name no",
        ),
        (
            't: [T] @hasMany(indexName: ["no"], fields: ["id"])',
            "x: Int",
            "P.t: T has no @index with the name ['no']",
        ),
        (
            't: T @hasOne(fields: ["x"], references: ["x"])',
            "x: Int",
            "P.t: `fields` and `references` are mutually exclusive",
        ),
        (
            't: [T] @hasMany(references: ["x"])',
            "x: Int",
            "P.t: no `references` in T are equal to ['x']",
        ),
        (
            't: [T] @hasMany(references: ["x"])',
            'y: Int @any(references: ["x"])',
            "P.t: reference x is not a field of T",
        ),
        (
            't: T @hasOne @any(references: ["x"])',
            'x: ID p: P @belongsTo(references: ["x"])',
            "T.p: no `references` in P are equal to ['x']",
        ),
    ],
)
def test_invalid_relations_are_rejected(p: str, t: str, message: str) -> None:
    assert any(f"error: {message}" in problem for problem in problems(TWO.format(p, t)))


def test_a_missing_key_field_is_rejected() -> None:
    sdl = """
    type T @model { k: P! @primaryKey }
    type P @model { ts: [T] @hasMany(fields: ["id"]) }
    """
    assert any("P.ts: T has no key field id" in problem for problem in problems(sdl))


def test_all_invalid_relations_are_reported() -> None:
    sdl = TWO.format("a: [T] @hasOne b: T @hasMany", "c: P @belongsTo(fields: [1])")
    assert [problem.split(": ")[1] for problem in problems(sdl)] == ["P.a", "P.b", "T.c"]


def test_versions_of_relations() -> None:
    one_way = "type Post @model { title: String comments: [Comment] @hasMany }"
    assert version(f"{one_way} type Comment @model {{ c: String }}") == (
        "592cc45dd316181bf8d17c4124fa1fa5"
    )
