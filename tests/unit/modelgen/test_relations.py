from __future__ import annotations

import pytest

from unit.modelgen.shown import (
    association,
    attributes,
    field,
    field_names,
    problems,
    stored_association,
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


def test_has_one_holds_a_copy_of_the_key() -> None:
    assert association(PROFILE, "User.profile") == {
        "connectionType": "HAS_ONE",
        "associatedWith": ["id", "kind"],
        "targetNames": ["userProfileId", "userProfileKind"],
    }
    kind = field(PROFILE, "User.userProfileKind")
    assert (kind["type"], kind["isRequired"]) == ("Int", True)


def test_belongs_to_a_has_one_names_its_key_after_itself() -> None:
    assert association(PROFILE, "Profile.user") == {
        "connectionType": "BELONGS_TO",
        "targetNames": ["profileUserId"],
    }


def test_has_many_adds_a_key_and_an_index_to_the_other_model() -> None:
    assert association(ONE_WAY, "Post.comments") == {
        "connectionType": "HAS_MANY",
        "associatedWith": ["postCommentsId"],
    }
    assert field_names(ONE_WAY, "Comment")[-1] == "postCommentsId"
    assert attributes(ONE_WAY, "Comment", "key") == [
        {"name": "gsi-Post.comments", "fields": ["postCommentsId"]}
    ]


def test_a_belongs_to_makes_the_index_needless() -> None:
    assert attributes(POST + COMMENT, "Comment", "key") == []


@pytest.mark.parametrize(
    ("sdl", "required"), [(POST + COMMENT, False), (COMMENT + POST, True)], ids=["post", "comment"]
)
def test_who_comes_first_decides_what_may_be_null(sdl: str, *, required: bool) -> None:
    assert field(sdl, "Comment.postCommentsId")["isRequired"] is required


def test_fields_lead_to_the_field_that_belongs_by_the_same_key() -> None:
    assert association(INDEXED, "Post.cs")["associatedWith"] == ["post"]
    assert association(INDEXED, "Comment.post")["targetNames"] == ["pid", "pt"]


def test_without_such_a_field_the_key_field_itself_associates() -> None:
    alone = """
    type Post @model { cs: [Comment] @hasMany(indexName: "byPost", fields: ["id"]) }
    type Comment @model { pid: ID! @index(name: "byPost") }
    """
    assert association(alone, "Post.cs")["associatedWith"] == ["pid"]


def test_fields_without_an_index_mean_the_primary_key() -> None:
    keyed = """
    type P @model { ts: [T] @hasMany(fields: ["id"]) }
    type T @model { k: ID! @primaryKey }
    """
    assert association(keyed, "P.ts")["associatedWith"] == ["k"]


@pytest.mark.parametrize(("belonging", "key"), [("p: P @belongsTo", "p"), ("x: Int", "id")])
def test_or_the_field_that_belongs_or_the_id(belonging: str, key: str) -> None:
    sdl = f"type P @model {{ ts: [T] @hasMany(fields: []) }} type T @model {{ {belonging} }}"
    assert association(sdl, "P.ts")["associatedWith"] == [key]


def test_an_index_name_without_fields_only_suppresses_the_index() -> None:
    sdl = """
    type Post @model { cs: [Comment] @hasMany(indexName: "wrong") }
    type Comment @model { pid: ID! @index(name: "byPost") }
    """
    assert association(sdl, "Post.cs")["associatedWith"] == ["postCsId"]
    assert [one["name"] for one in attributes(sdl, "Comment", "key")] == ["byPost"]


def test_composite_keys_give_several_foreign_keys() -> None:
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
def test_self_relations_look_at_the_first_field_only(fields: str, indexes: list[str]) -> None:
    sdl = f"type Node @model {{ {fields} }}"
    assert [one["name"] for one in attributes(sdl, "Node", "key")] == indexes


def test_belongs_to_is_named_by_its_first_partner() -> None:
    team = "type Team @model { p: P @belongsTo q: P @belongsTo }"
    many_first = f"type P @model {{ ts: [Team] @hasMany t: Team @hasOne }} {team}"
    one_first = f"type P @model {{ t: Team @hasOne ts: [Team] @hasMany }} {team}"
    assert association(many_first, "Team.q")["targetNames"] == ["pTsId"]
    assert association(one_first, "Team.q")["targetNames"] == ["teamQId"]


def test_named_key_fields_are_added_where_they_are_missing() -> None:
    sdl = """
    type P @model { t: Team! @hasOne(fields: ["tid"]) } type Team @model { n: String }
    """
    assert association(sdl, "P.t")["targetNames"] == ["tid"]
    assert field(sdl, "P.tid")["isRequired"]


def test_the_letters_of_a_lone_name_are_names() -> None:
    sdl = 'type P @model { t: T @hasOne(fields: "k") } type T @model { n: Int }'
    assert association(sdl, "P.t")["targetNames"] == ["k"]


def test_only_the_first_relation_of_a_field_counts() -> None:
    sdl = "type P @model { t: T @hasOne @belongsTo } type T @model { n: Int }"
    assert association(sdl, "P.t")["connectionType"] == "HAS_ONE"


def test_unconnected_models_are_left_out_with_a_warning() -> None:
    sdl = "type P @model {\n  t: T\n  ts: [T]\n} type T @model { n: Int }"
    assert field_names(sdl, "P") == ["id", "createdAt", "updatedAt"]
    assert problems(sdl) == [
        (
            "2:3 warning: P.t is left out: its type T is a model, but nothing connects the two "
            "(add @hasOne or @belongsTo to the field)"
        ),
        (
            "3:3 warning: P.ts is left out: its type T is a model, but nothing connects the two "
            "(add @hasMany or @belongsTo to the field)"
        ),
    ]


REFERRING = """
type P @model { one: T @hasOne(references: "pid") ts: [T] @hasMany(references: ["pid"]) }
type T @model { pid: ID p: P @belongsTo(references: ["pid"]) }
"""


def test_references_associate_without_adding_fields() -> None:
    assert field_names(REFERRING, "P") == ["id", "one", "ts", "createdAt", "updatedAt"]
    assert association(REFERRING, "P.one") == {
        "connectionType": "HAS_ONE",
        "associatedWith": ["pid"],
        "targetNames": [],
    }
    assert association(REFERRING, "P.ts")["associatedWith"] == ["pid"]
    assert association(REFERRING, "T.p")["targetNames"] == ["pid"]


def test_a_datastore_schema_has_no_targets_for_references() -> None:
    assert stored_association(REFERRING, "P.one") == {
        "connectionType": "HAS_ONE",
        "associatedWith": ["pid"],
    }


TWO = "type P @model {{ {} }}\ntype T @model {{ {} }}"


@pytest.mark.parametrize(
    ("p", "t", "said"),
    [
        ("t: [T] @hasOne", "x: Int", "P.t: @hasOne is a 1:1 relation, but the field is a list"),
        ("t: T @hasOne", "p: [P] @belongsTo", "P.t: @hasOne is a 1:1 relation, but T.p is a list"),
        ("t: T @hasMany", "x: Int", "P.t: @hasMany leads to many models, but the field is not"),
        ("t: Int @hasOne", "x: Int", "P.t: @hasOne needs a model, but Int is none"),
        ("t: [T] @belongsTo", "x: Int", "P.t: @belongsTo leads to one model, but the field is a"),
        ("t: T @belongsTo", "x: Int", "P.t: @belongsTo has no counterpart: no field of T leads"),
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
            "P.t: `fields` and `references` exclude each other",
        ),
        (
            't: [T] @hasMany(references: ["x"])',
            "x: Int",
            "P.t: no `references` in T are equal to ['x']",
        ),
        (
            't: [T] @hasMany(references: ["x"])',
            'y: Int @any(references: ["x"])',
            "P.t: the reference x is no field of T",
        ),
        (
            't: T @hasOne @any(references: ["x"])',
            'x: ID p: P @belongsTo(references: ["x"])',
            "T.p: no `references` in P are equal to ['x']",
        ),
    ],
)
def test_wrong_relations_are_refused(p: str, t: str, said: str) -> None:
    assert any(f"error: {said}" in one for one in problems(TWO.format(p, t)))


def test_a_missing_key_field_is_refused() -> None:
    sdl = """
    type T @model { k: P! @primaryKey }
    type P @model { ts: [T] @hasMany(fields: ["id"]) }
    """
    assert any("P.ts: T has no key field id" in one for one in problems(sdl))


def test_every_wrong_relation_is_reported() -> None:
    sdl = TWO.format("a: [T] @hasOne b: T @hasMany", "c: P @belongsTo(fields: [1])")
    assert [one.split(": ")[1] for one in problems(sdl)] == ["P.a", "P.b", "T.c"]


def test_versions_of_relations() -> None:
    one_way = "type Post @model { title: String comments: [Comment] @hasMany }"
    assert version(f"{one_way} type Comment @model {{ c: String }}") == (
        "592cc45dd316181bf8d17c4124fa1fa5"
    )
