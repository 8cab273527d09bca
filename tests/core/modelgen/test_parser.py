from __future__ import annotations

import gc
import sys

import pytest
from graphql import version_info

from amplify_modelgen.modelgen import generate_datastore, generate_models
from support.model_parts import attributes, problems


def shiny(arguments: str) -> object:
    return attributes(f"type A @model @shiny({arguments}) {{ x: Int }}", "A", "shiny")[0]


def test_an_empty_text_is_rejected() -> None:
    assert problems("# nothing") == [
        "1:10 error: the schema is not GraphQL: Unexpected <EOF> (None)"
    ]


def test_syntax_errors_have_a_position() -> None:
    (problem,) = problems("type A {\r\n  x: Int\r  y Int\n}")
    assert problem.startswith("3:5 error: the schema is not GraphQL: Expected ':'")


def test_a_merge_conflict_is_named() -> None:
    (problem,) = problems("type A {\n<<<<<<< HEAD\n  x: Int\n=======\n  y: Int\n>>>>>>> b\n}")
    assert problem.startswith("2:1 error: the schema is not GraphQL: Unexpected character: '<'")
    assert problem.endswith("(resolve the merge conflict in the schema, then run it again)")


def test_control_characters_are_rejected() -> None:
    assert problems('type A { "\x07" x: Int }') == [
        "1:11 error: the schema contains the control character U+0007 (remove it)"
    ]


def test_enum_values_may_be_named_true() -> None:
    assert generate_datastore("enum E { true false null }")["enums"]["E"]["values"] == [
        "true",
        "false",
        "null",
    ]


def test_escapes_in_braces_are_rejected() -> None:
    (problem,) = problems('type A @shiny(a: "\\u{41}") { x: Int }')
    assert "1:19 error: the schema is not GraphQL: Amplify does not support `\\u{...}`" in problem


def test_an_escaped_backslash_before_u_is_not_an_escape() -> None:
    assert shiny('a: "\\\\u{41}"') == {"a": "\\u{41}"}


def test_lone_surrogates_are_accepted() -> None:
    assert shiny('a: "\\uD83D", b: "\\uD83D\\uDE00"') == {"a": "\ud83d", "b": "\U0001f600"}


def test_an_escape_without_digits_is_rejected() -> None:
    (problem,) = problems('type A @shiny(a: "\\uzzzz") { x: Int }')
    assert "Invalid Unicode escape sequence" in problem


def test_values_are_parsed() -> None:
    assert shiny('a: [V, "s", true, null], b: {c: 1.50}, d: """\n  x\n    y\n"""') == {
        "a": ["V", "s", True, None],
        "b": {"c": 1.5},
        "d": "x\n  y",
    }


def test_executable_definitions_are_ignored() -> None:
    assert generate_datastore("query { a } enum E { a }")["models"] == {}


# graphql-core 3.2 does not support descriptions there.
NO_DESCRIPTION = (
    "an operation cannot have a description" if version_info >= (3, 3) else "Unexpected description"
)


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ('"d" query { a }', f"1:1 error: the schema is not GraphQL: {NO_DESCRIPTION}"),
        ("query { a { } }", "1:13 error: the schema is not GraphQL: Expected Name, found '}'"),
        ("{ }", "1:3 error: the schema is not GraphQL: Expected Name, found '}'"),
    ],
)
def test_operations_are_parsed_by_the_legacy_grammar(operation: str, message: str) -> None:
    assert problems(f"{operation} enum E {{ a }}")[0].startswith(message)


def test_deeply_nested_brackets_are_reported_at_the_deepest() -> None:
    deep = sys.getrecursionlimit()
    (problem,) = problems("type A {\n x: " + "[" * deep + "Int" + "]" * deep + " }")
    assert problem.startswith(f"2:{4 + deep} error: brackets are nested too deeply")


def test_recursion_errors_of_the_engine_are_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def overflow(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr("amplify_modelgen.modelgen.engine.check_version", overflow)
    (problem,) = problems("type A { x: [Int] }")
    assert problem.startswith("1:13 error: types, lists or values are nested too deeply")


@pytest.mark.parametrize("enabled", [True, False])
def test_the_state_of_the_garbage_collector_is_restored(*, enabled: bool) -> None:
    (gc.enable if enabled else gc.disable)()
    try:
        generate_models("enum E { a }")
        assert gc.isenabled() is enabled
    finally:
        gc.enable()
