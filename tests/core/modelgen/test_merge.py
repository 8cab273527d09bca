from __future__ import annotations

import pytest

from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen import generate_introspection, native_schema
from support.model_parts import attributes, datastore_model, field, field_names, model, problems


def shiny(*blocks: str) -> list[object]:
    first, *others = blocks
    extensions = "".join(f" extend type A {block}" for block in others)
    return attributes(f"type A @model {first} {{ x: Int }}{extensions}", "A", "shiny")


def shiny_in_datastore(*blocks: str) -> list[object]:
    first, *others = blocks
    extensions = "".join(f" extend type A {block}" for block in others)
    stored = datastore_model(f"type A @model {first} {{ x: Int }}{extensions}", "A")
    return [entry["properties"] for entry in stored["attributes"] if entry["type"] == "shiny"]


EXTENDED = """
type A @model @auth(rules: [{allow: owner}]) { x: Int }
extend type A @auth(rules: [{allow: public}]) @mapsTo(name: "q") { y: Int x: Int! }
"""


def test_an_extension_appends_fields_and_makes_them_required() -> None:
    assert field_names(EXTENDED, "A") == ["id", "x", "y", "createdAt", "updatedAt"]
    assert field(EXTENDED, "A.x")["isRequired"]


def test_an_extension_adds_auth_rules() -> None:
    (rules,) = attributes(EXTENDED, "A", "auth")
    assert [rule["allow"] for rule in rules["rules"]] == ["owner", "public"]


def test_the_datastore_schema_repeats_items_that_cannot_be_compared() -> None:
    (rules,) = (
        entry["properties"]
        for entry in datastore_model(EXTENDED, "A")["attributes"]
        if entry["type"] == "auth"
    )
    assert [rule["allow"] for rule in rules["rules"]] == ["owner", *["public"] * 4]


def test_an_extension_without_a_definition_defines_the_type() -> None:
    assert field_names("extend type A @model { c: Int }", "A")[:2] == ["id", "c"]


def test_types_keep_their_first_position() -> None:
    document = generate_introspection(
        "extend type B { x: Int } type A { x: Int } type B { y: Int }"
    )
    assert list(document["nonModels"]) == ["B", "A"]


def test_the_last_of_several_fields_with_the_same_name_wins() -> None:
    twice = "type A @model { x: Int y: Int x: String! }"
    assert field_names(twice, "A")[:3] == ["id", "x", "y"]
    assert field(twice, "A.x")["type"] == "String"


def test_a_non_null_type_is_kept() -> None:
    assert field("type A @model { x: [Int]! } extend type A { x: [Int!] }", "A.x") == {
        "name": "x",
        "isArray": True,
        "type": "Int",
        "isRequired": False,
        "attributes": [],
        "isArrayNullable": False,
    }


def test_different_types_of_a_field_are_rejected() -> None:
    assert problems("type A { b: String }\nextend type A { b: [Int] }") == [
        (
            "2:17 error: A.b is [Int] here, but String where it is first defined "
            "(use the same type in both)"
        )
    ]


def test_a_name_of_two_kinds_of_types_is_rejected() -> None:
    assert problems("type A { x: Int } enum A { x }") == [
        "1:24 error: A is both an object and an enum (rename one of the two)"
    ]


def test_values_that_extend_an_enum_come_first() -> None:
    document = generate_introspection("enum E { a b } extend enum E { b c }")
    assert document["enums"]["E"]["values"] == ["b", "c", "a"]


def test_union_members_and_interfaces_are_merged() -> None:
    sdl = "union U = A union U = A | B type A { x: Int } type B { u: U }"
    assert generate_introspection(sdl)["nonModels"]["B"]["fields"] == {}


def test_the_later_type_of_an_argument_wins() -> None:
    sdl = "type Query { a(x: Int! y: Int): Int } extend type Query { a(z: Int x: ID): Int }"
    arguments = generate_introspection(sdl)["queries"]["a"]["arguments"]
    assert {name: entry["type"] for name, entry in arguments.items()} == {
        "x": "ID",
        "y": "Int",
        "z": "Int",
    }


def test_schema_blocks_are_merged() -> None:
    sdl = "schema { query: A } schema { query: B mutation: A } type A { a: Int } type B { b: Int }"
    document = generate_introspection(sdl)
    assert (list(document["queries"]), list(document["mutations"])) == (["b"], ["a"])


def test_a_directive_is_merged_into_the_first_one_with_its_name() -> None:
    assert shiny('@shiny(l: ["a", true, 1], o: 3)', '@shiny(l: [1, true, "b"], o: 4, p: 5)') == [
        {"l": ["a", True, 1, "b"], "o": 4, "p": 5}
    ]


def test_numbers_in_lists_are_compared_by_their_source_text() -> None:
    assert shiny("@shiny(l: [1.0, 1e400, 2, 1.5])", "@shiny(l: [1.00, 1e400, 2, 1.50])") == [
        {"l": [1, float("inf"), 2, 1.5, 1, 1.5]}
    ]


def test_the_last_value_of_a_repeated_argument_wins() -> None:
    assert shiny("@shiny(y: 1, b: 1, y: 2)") == [{"y": 2, "b": 1}]
    assert shiny("@shiny(y: 1, b: 1, y: 2)", "@shiny(y: 3, c: 1, y: 4)") == [
        {"y": 2, "b": 1, "c": 1}
    ]


def test_repeatable_directives_are_not_merged() -> None:
    sdl = "directive @shiny(x: Int) repeatable on OBJECT type A @model @shiny(x: 1) { x: Int } "
    assert attributes(f"{sdl} extend type A @shiny(x: 2)", "A", "shiny") == [{"x": 1}, {"x": 2}]


def test_indexes_of_a_field_are_merged() -> None:
    sdl = 'type A @model { x: Int @index(name: "a") } extend type A { x: Int @index(name: "b") }'
    assert attributes(sdl, "A", "key") == [{"name": "b", "fields": ["x"]}]


def test_repeated_directives_are_merged_if_there_is_an_extension() -> None:
    assert shiny("@shiny(x: 1) @shiny(x: 2, y: 3)") == [{"x": 1}, {"x": 2, "y": 3}]
    assert shiny("@shiny(x: 1) @shiny(x: 2, y: 3)", "@other") == [{"x": 2}]


def test_shared_arguments_are_merged_again_in_later_passes() -> None:
    blocks = ("@shiny(a: 1) @shiny(t: W)", "@shiny(t: V)")
    assert shiny(*blocks) == [{"a": 1, "t": "V"}]
    assert shiny_in_datastore(*blocks) == [{"a": 1, "t": "W"}]


def test_a_list_grows_after_other_directives_do_not_change_any_more() -> None:
    first, second = "@shiny(a: 1) @shiny(t: W) @other(l: [])", "@shiny(t: V) @other(l: [{}])"
    sdl = f"type A @model {first} {{ x: Int }} extend type A {second}"
    found = {
        entry["type"]: entry["properties"] for entry in datastore_model(sdl, "A")["attributes"]
    }
    assert (found["shiny"], found["other"]) == ({"a": 1, "t": "W"}, {"l": [{}] * 4})


def test_a_list_replaces_a_value() -> None:
    assert shiny("@shiny(t: V)", "@shiny(t: [1])") == [{"t": [1]}]


def test_a_value_cannot_be_merged_into_a_list() -> None:
    assert problems("type A @model @shiny(t: [1]) { x: Int } extend type A @shiny(t: V)")[0] == (
        "1:55 error: the argument t of @shiny is a list in one definition only "
        "(use a list everywhere, or set it once)"
    )


def test_exponentially_growing_lists_are_rejected() -> None:
    repeated = "@shiny(a: [{x: 1}]) " * 30
    found = problems(f"type A @model {repeated} {{ x: Int }} extend type A @shiny(a: [{{}}])")
    assert any("@shiny is repeated too often" in problem for problem in found)


def test_copies_of_many_arguments_are_bounded() -> None:
    arguments = " ".join(f"a{number}: 1" for number in range(400))
    repeated = f"@shiny({arguments}) " + "@shiny " * 400
    found = problems(f"type A @model {repeated} {{ x: Int }} extend type A @other")
    assert any("@shiny is repeated too often" in problem for problem in found)


def test_equal_definitions_of_a_directive_are_accepted() -> None:
    sdl = "directive @d(a: Int = 3) on OBJECT directive @d(a: Int = 3) on FIELD"
    assert problems(f"{sdl} type A {{ x: Int }}") == []


def test_different_definitions_of_a_directive_are_rejected() -> None:
    sdl = "directive @d(a: Int = 3) on OBJECT directive @d(a: Int = 4) on OBJECT"
    assert problems(f"{sdl} type A {{ x: Int }}") == [
        (
            "1:47 error: directive @d is defined twice, with different arguments "
            "(remove one of the two definitions)"
        )
    ]


def test_equal_definitions_of_amplifys_directives_are_accepted() -> None:
    sdl = "directive @index(name: String, sortKeyFields: [String], queryField: String) repeatable"
    assert problems(f"{sdl} on FIELD_DEFINITION directive @aws_iam on OBJECT enum E {{ a }}") == []


def test_different_definitions_of_amplifys_directives_are_rejected() -> None:
    assert problems("directive @mapsTo(name: String) on OBJECT enum E { a }") == [
        (
            "1:12 error: the definition of @mapsTo differs from Amplify's "
            "(remove the definition, or change it to @mapsTo(name: String!))"
        )
    ]


def test_an_extension_can_declare_the_primary_key() -> None:
    sdl = "type A @model { x: Int } extend type A { k: ID! @primaryKey }"
    assert model(sdl, "A")["primaryKeyInfo"]["primaryKeyFieldName"] == "k"


def test_a_type_with_the_name_of_a_directive_comes_first_and_gains_nothing() -> None:
    sdl = "type A { x: Int } type model { x: Int } extend type model { y: Int }"
    assert list(generate_introspection(sdl)["nonModels"]) == ["model", "A"]


def test_rules_that_are_repeated_for_each_file_of_a_platform_are_bounded() -> None:
    sdl = " ".join(
        f"type A{number} @model @auth(rules: [{{allow: owner}}]) {{ x: Int }}"
        f" extend type A{number} @auth(rules: [{{allow: private}}])"
        for number in range(400)
    )
    with pytest.raises(SchemaError, match="@auth is repeated too often") as caught:
        native_schema(sdl, count_files=lambda schema: len(schema.models))
    assert caught.value.diagnostics[0].hint == "use a single @auth with one list for each type"
