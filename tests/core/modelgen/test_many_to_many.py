from __future__ import annotations

from amplify_modelgen.modelgen import FeatureFlags, generate_introspection
from support.model_parts import (
    BY_ID,
    association,
    attributes,
    field,
    field_names,
    model,
    problems,
    version,
)

TAGS = """
type Post @model @auth(rules: [{allow: owner}]) @auth(rules: [{allow: private}]) {
  tags: [Tag] @manyToMany(relationName: "postTags")
}
type Tag @model @auth(rules: [{allow: private}]) {
  posts: [Post!]! @manyToMany(relationName: "postTags")
}
"""
KEYED = """
type Post @model { code: Int! @primaryKey tags: [APITag] @manyToMany(relationName: "PT") }
type APITag @model {
  id: ID! @primaryKey(sortKeyFields: ["label"]) label: E!
  posts: [Post] @manyToMany(relationName: "PT")
}
enum E { a }
"""
FRIENDS = """
type U @model {
  friends: [U] @manyToMany(relationName: "Friends")
  friendOf: [U] @manyToMany(relationName: "Friends")
}
"""


def test_join_models_come_last() -> None:
    assert list(generate_introspection(TAGS)["models"]) == ["Post", "Tag", "PostTags"]


def test_a_join_model_has_both_keys_and_both_relations() -> None:
    assert field_names(TAGS, "PostTags") == [
        "id",
        "postId",
        "tagId",
        "post",
        "tag",
        "createdAt",
        "updatedAt",
    ]
    assert association(TAGS, "PostTags.post")["targetNames"] == ["postId"]
    assert field(TAGS, "PostTags.post")["isRequired"]
    assert attributes(TAGS, "PostTags", "key") == [
        {"name": "byPost", "fields": ["postId"]},
        {"name": "byTag", "fields": ["tagId"]},
    ]


def test_many_to_many_fields_become_has_many() -> None:
    assert field(TAGS, "Tag.posts")["type"] == {"model": "PostTags"}
    assert association(TAGS, "Tag.posts") == {
        "connectionType": "HAS_MANY",
        "associatedWith": ["tag"],
    }


def test_a_join_model_has_the_distinct_auth_rules_of_both_models() -> None:
    allowed = [
        [rule["allow"] for rule in entry["rules"]] for entry in attributes(TAGS, "PostTags", "auth")
    ]
    assert allowed == [["owner"], ["private"]]


def test_join_model_keys_are_ids_and_sort_keys_keep_their_types() -> None:
    assert field_names(KEYED, "PT")[1:6] == [
        "postCode",
        "aPITagId",
        "aPITaglabel",
        "post",
        "apiTag",
    ]
    assert field(KEYED, "PT.postCode")["type"] == "ID"
    assert field(KEYED, "PT.aPITaglabel")["type"] == {"enum": "E"}
    assert version(KEYED) == "fa65a46367dd4b648e7d6009ea4927de"


def test_list_sort_keys_have_no_outer_nullability() -> None:
    sdl = KEYED.replace("label: E!", "label: [E]!")
    assert "isArrayNullable" not in field(sdl, "PT.aPITaglabel")
    assert len(version(sdl)) == 32


def test_a_self_relation_has_one_key() -> None:
    assert field_names(FRIENDS, "Friends") == ["id", "uId", "u", "createdAt", "updatedAt"]
    assert [entry["name"] for entry in attributes(FRIENDS, "Friends", "key")] == ["byU"]
    assert version(FRIENDS) == "240db328a8d635c90ab2e3813bd4ff92"


def test_older_projects_use_other_key_names_and_remove_the_keys() -> None:
    assert field_names(KEYED, "PT", BY_ID)[:4] == ["id", "aPITaglabel", "post", "apiTag"]
    assert attributes(KEYED, "PT", "key", BY_ID)[0]["fields"] == ["postID"]
    assert field_names(FRIENDS, "Friends", BY_ID) == ["id", "u", "createdAt", "updatedAt"]


def test_a_join_model_without_timestamps() -> None:
    flags = FeatureFlags(add_timestamp_fields=False)
    assert field_names(FRIENDS, "Friends", flags) == ["id", "uId", "u"]


def test_invalid_characters_are_removed_from_relation_names() -> None:
    sdl = TAGS.replace('"postTags"', '"1post-tags_x y"')
    assert "posttags_xy" in generate_introspection(sdl)["models"]


def test_a_relation_name_may_become_empty() -> None:
    assert model(TAGS.replace('"postTags"', '"!?"'), "")["pluralName"] == ""


def test_a_join_model_replaces_a_model_with_the_same_name() -> None:
    sdl = f"type PostTags @model {{ x: Int }} {TAGS}"
    assert list(generate_introspection(sdl)["models"]) == ["PostTags", "Post", "Tag"]


def test_fields_refer_to_a_custom_type_with_the_name_of_a_join_model() -> None:
    sdl = f"type PostTags {{ x: Int }} {TAGS}"
    assert field(sdl, "Post.tags")["type"] == {"nonModel": "PostTags"}


def test_a_join_model_may_have_a_reserved_name() -> None:
    sdl = TAGS.replace("postTags", "AuthRule")
    assert field(sdl, "Post.tags")["type"] == {"model": "AuthRule"}


def test_other_relation_directives_of_the_field_take_precedence() -> None:
    sdl = TAGS.replace("[Tag] @many", "[Tag] @hasMany @many")
    assert association(sdl, "Post.tags")["associatedWith"] == ["postTagsId"]


def test_a_legacy_key_defines_the_sort_keys() -> None:
    sdl = KEYED.replace("type APITag @model", 'type APITag @model @key(fields: ["id"])')
    assert "aPITaglabel" not in field_names(sdl, "PT")


def test_a_named_legacy_key_does_not_define_the_sort_keys() -> None:
    sdl = KEYED.replace("type APITag @model", 'type APITag @model @key(name: "k", fields: ["id"])')
    assert "aPITaglabel" in field_names(sdl, "PT")


def test_a_legacy_key_must_have_fields() -> None:
    sdl = TAGS.replace("type Tag @model", "type Tag @model @key(fields: null)")
    assert any("the @key of Tag has no list of fields" in problem for problem in problems(sdl))


def test_sort_keys_of_a_legacy_key_must_exist() -> None:
    sdl = TAGS.replace("type Tag @model", 'type Tag @model @key(fields: ["id", "no"])')
    assert any("sort key no is not a field of Tag" in problem for problem in problems(sdl))


def test_many_to_many_requires_a_relation_name() -> None:
    sdl = "type A @model { as: [A] @manyToMany }"
    assert problems(sdl)[0].startswith("1:25 error: @manyToMany has no relationName")


def test_many_to_many_requires_two_fields() -> None:
    (problem, *_) = problems('type A @model { as: [A] @manyToMany(relationName: "r") }')
    assert "the relation r must connect two fields, but 1 use it" in problem
