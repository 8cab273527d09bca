from __future__ import annotations

import gc
import sys

import pytest
from graphql import version_info

from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen import FeatureFlags, generate_models
from unit.modelgen.shown import attributes, problems


def shiny(arguments: str) -> object:
    return attributes(f"type A @model @shiny({arguments}) {{ x: Int }}", "A", "shiny")[0]


def test_an_empty_text_is_no_schema() -> None:
    assert problems("# nothing") == [
        "1:10 error: the schema is not GraphQL: Unexpected <EOF> (None)"
    ]


def test_a_syntax_error_has_its_place() -> None:
    (found,) = problems("type A {\r\n  x: Int\r  y Int\n}")
    assert found.startswith("3:5 error: the schema is not GraphQL: Expected ':'")


def test_control_characters_are_refused() -> None:
    assert problems('type A { "\x07" x: Int }') == [
        "1:11 error: the schema has the control character U+0007 (delete it)"
    ]


def test_an_enum_value_may_be_called_true() -> None:
    assert generate_models("enum E { true false null }").datastore["enums"]["E"]["values"] == [
        "true",
        "false",
        "null",
    ]


def test_code_point_escapes_are_not_known_to_amplify() -> None:
    (found,) = problems('type A @shiny(a: "\\u{41}") { x: Int }')
    assert "1:19 error: the schema is not GraphQL: `\\u{...}` is not known to Amplify" in found


def test_an_escaped_backslash_before_u_is_text() -> None:
    assert shiny('a: "\\\\u{41}"') == {"a": "\\u{41}"}


def test_half_a_surrogate_pair_is_read() -> None:
    assert shiny('a: "\\uD83D", b: "\\uD83D\\uDE00"') == {"a": "\ud83d", "b": "\U0001f600"}


def test_an_escape_without_digits_is_an_error() -> None:
    (found,) = problems('type A @shiny(a: "\\uzzzz") { x: Int }')
    assert "Invalid Unicode escape sequence" in found


def test_values_are_read_as_json() -> None:
    assert shiny('a: [V, "s", true, null], b: {c: 1.50}, d: """\n  x\n    y\n"""') == {
        "a": ["V", "s", True, None],
        "b": {"c": 1.5},
        "d": "x\n  y",
    }


def test_executable_definitions_are_left_out() -> None:
    assert generate_models("query { a } enum E { a }").datastore["models"] == {}


# graphql-core 3.2 knows no descriptions there.
NO_DESCRIPTION = (
    "a description may not stand" if version_info >= (3, 3) else "Unexpected description"
)


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ('"d" query { a }', f"1:1 error: the schema is not GraphQL: {NO_DESCRIPTION}"),
        ("query { a { } }", "1:13 error: the schema is not GraphQL: Expected Name, found '}'"),
        ("{ }", "1:3 error: the schema is not GraphQL: Expected Name, found '}'"),
    ],
)
def test_operations_are_read_by_the_older_grammar(operation: str, said: str) -> None:
    assert problems(f"{operation} enum E {{ a }}")[0].startswith(said)


def test_too_many_brackets_are_an_error_at_the_deepest() -> None:
    deep = sys.getrecursionlimit()
    (found,) = problems("type A {\n x: " + "[" * deep + "Int" + "]" * deep + " }")
    assert found.startswith(f"2:{4 + deep} error: too many brackets inside each other")


def test_depth_that_only_the_engine_cannot_follow_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def overflow(_: object) -> None:
        raise RecursionError

    monkeypatch.setattr("amplify_modelgen.modelgen.generate.unknown_directives", overflow)
    (found,) = problems("type A { x: [Int] }")
    assert found.startswith("1:13 error: types, lists or values are nested too deeply")


@pytest.mark.parametrize("collecting", [True, False])
def test_the_garbage_collector_is_left_as_it_was(*, collecting: bool) -> None:
    (gc.enable if collecting else gc.disable)()
    try:
        generate_models("enum E { a }")
        assert gc.isenabled() is collecting
    finally:
        gc.enable()


def test_transformer_version_1_is_refused_with_the_way_on() -> None:
    flags = FeatureFlags(transformer_version=1, use_experimental_pipelined_transformer=False)
    with pytest.raises(SchemaError, match="transformer version 1") as raised:
        generate_models("type A @model { x: Int }", flags)
    assert "amplify migrate api" in str(raised.value.hint)
