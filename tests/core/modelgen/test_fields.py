from __future__ import annotations

import pytest

from amplify_modelgen.modelgen import FeatureFlags, generate_introspection
from support.model_parts import field, field_names, model, problems


@pytest.mark.parametrize(
    ("reference", "array", "required", "array_nullable"),
    [
        ("T", False, False, None),
        ("T!", False, True, None),
        ("[T]", True, False, True),
        ("[T!]", True, True, True),
        ("[T]!", True, False, False),
        ("[[T]!]", True, False, True),
        ("[[T!]!]!", True, True, False),
    ],
)
def test_nullability_of_fields(
    reference: str, array: object, required: object, array_nullable: object
) -> None:
    result = field(f"type A @model {{ x: {reference.replace('T', 'Int')} }}", "A.x")
    assert (result["isArray"], result["isRequired"]) == (array, required)
    assert result.get("isArrayNullable") is array_nullable


@pytest.mark.parametrize(
    ("body", "names", "read_only"),
    [
        ("@model { x: Int id: ID! y: Int }", "id x y createdAt updatedAt", 2),
        ("@model(timestamps: null) { x: Int }", "id x", 0),
        ('@model(timestamps: {updatedAt: "u", createdAt: "c"}) { x: Int }', "id x c u", 2),
        ('@model(timestamps: {createdAt: "x"}) { y: Int x: Int! }', "id y x updatedAt", 1),
        ('@model(timestamps: {createdAt: "x", updatedAt: "x"}) { y: Int }', "id y x", 1),
        ("@model(timestamps: false) { y: Int }", "id y createdAt updatedAt", 2),
        ("@model { updatedAt: AWSDateTime! createdAt: String }", "id updatedAt createdAt", 0),
    ],
)
def test_timestamps(body: str, names: str, read_only: int) -> None:
    fields = model(f"type A {body}", "A")["fields"]
    assert " ".join(fields) == names
    assert sum("isReadOnly" in entry for entry in fields.values()) == read_only


def test_timestamps_must_have_names() -> None:
    assert problems("type A @model(timestamps: {createdAt: 3}) { x: Int }") == [
        (
            "1:6 error: the timestamp names of A must be strings "
            '(write names: `timestamps: {createdAt: "createdOn"}`)'
        )
    ]


def test_timestamps_can_be_disabled_by_a_flag() -> None:
    flags = FeatureFlags(add_timestamp_fields=False)
    assert field_names("type A @model { x: Int }", "A", flags) == ["id", "x"]


def test_enum_values_with_the_same_constant_are_merged_and_indexes_come_first() -> None:
    sdl = "enum E { fooBar foo_bar _1 b_2 _0 FooBar }"
    values = generate_introspection(sdl)["enums"]["E"]["values"]
    assert values == ["_0", "_1", "FooBar", "b_2"]


def test_a_repeated_enum_value_keeps_its_first_position() -> None:
    sdl = "enum E { fooBar foo_bar FooBar foo_bar }"
    assert generate_introspection(sdl)["enums"]["E"]["values"] == ["FooBar"]


def test_only_array_indexes_come_first() -> None:
    sdl = "enum E { a _4294967295 _4294967294 _01 }"
    values = generate_introspection(sdl)["enums"]["E"]["values"]
    assert values == ["_4294967294", "a", "_4294967295", "_01"]


def test_field_directives_are_not_serialized() -> None:
    result = field('type A @model { x: Int @deprecated @default(value: "1") }', "A.x")
    assert result["attributes"] == []


def test_a_model_without_braces_has_an_id() -> None:
    assert field_names("type A @model(timestamps: null)", "A") == ["id"]
