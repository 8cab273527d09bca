"""The parser returns the same tree as graphql-core, or reports an error where it does."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from amplify_modelgen.modelgen.diagnostics import SchemaRuleError
from amplify_modelgen.modelgen.parser import parse, parse_fast
from conformance import corpus
from conformance.strategy import schemas
from support.graphql_core_tree import parse_with_graphql_core

TOKENS = (
    *("type", "interface", "input", "union", "enum", "scalar", "schema", "directive", "extend"),
    *("query", "implements", "on", "repeatable", "OBJECT", "A", "_b1", "true", "null", "é"),
    *("{", "}", "(", ")", "[", "]", ":", "=", "@", "!", "|", "&", "$", ".", "...", ",", "\ufeff"),
    *("0", "-1", "1.5e-3", "01", "1.", '"s"', '""', '"\\n\\""', '"\\u0041"', '"', '"\ud800"'),
    *('"""b\\"""c"""', '"""', "# c", "# \ud800", "\n", "\r", "\\"),
)

CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def parsed(sdl: str) -> object:
    try:
        return parse(sdl)
    except SchemaRuleError:
        return None


def assert_agreement(sdl: str) -> None:
    # graphql-core accepts control characters. As text, because True == 1 == 1.0.
    expected = None if CONTROL_CHARACTER.search(sdl) else parse_with_graphql_core(sdl)
    assert repr(parsed(sdl)) == repr(expected)


@pytest.mark.parametrize("case", corpus.cases(), ids=lambda case: case.name)
def test_the_corpus_is_parsed_like_by_graphql_core(case: corpus.Case) -> None:
    assert_agreement(case.schema)


@given(schemas())
@settings(max_examples=200, deadline=None)
def test_random_schemas_are_parsed_like_by_graphql_core(sdl: str) -> None:
    assert_agreement(sdl)


@given(schemas(), st.data())
@settings(max_examples=200, deadline=None)
def test_broken_schemas_are_parsed_like_by_graphql_core(sdl: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(sdl)))
    end = data.draw(st.integers(start, min(start + 10, len(sdl))))
    inserted = " ".join(data.draw(st.lists(st.sampled_from(TOKENS), max_size=3)))
    assert_agreement(f"{sdl[:start]}{inserted}{sdl[end:]}")


@given(st.lists(st.sampled_from(TOKENS), max_size=12).map(" ".join))
@example("extend schema @a { query: A }")
@settings(max_examples=500, deadline=None)
def test_random_tokens_are_parsed_like_by_graphql_core(sdl: str) -> None:
    assert_agreement(sdl)


@pytest.mark.parametrize(
    "sdl",
    [
        "type A { a: Int }",
        'extend type A implements & B & C @d(x: [1, -1.5e3, "s\\n", true, null, {e: E}]) @f',
        '"about" interface I { "f" f("a" a: [[Int!]]! = [1] @d): [T!] @d }',
        'enum E { "v" A @d true } union U = | A | B union V scalar S @d input X { a: Int = 1 }',
        "directive @d(a: Int) repeatable on | OBJECT | FIELD schema @d { query: Q }",
        '"""a\n\\""" b""" # c\ntype\ufeffA,',
        "type type { enum: input } extend schema @d extend union U = A",
        'type A @d(a: """\n  x\r\n    \\"""y\n """, b: "\\u0041\\ud83d\\ude00\\udc00")',
        "type A @d(a: {d: 1, e: 2, d: 3})",
        f"type A {{ a: {'[' * 200}Int{']' * 200} }}",
    ],
)
def test_common_syntax_is_supported(sdl: str) -> None:
    assert parse_fast(sdl) == parse_with_graphql_core(sdl)


@pytest.mark.parametrize(
    "sdl",
    [
        "{ a }",
        "type A {}",
        "type A { a: Int",
        "type A { a: ]",
        "type A @d(a: )",
        "type A @d(a: $b)",
        "extend type A",
        "extend directive @d on OBJECT",
        "schema { all: Q }",
        "schema { query: [Q] }",
        "schema @d",
        "directive @d on EVERYTHING",
        "é",
        '"d" extend type A { a: Int }',
        f"type A {{ a: {'[' * 201}Int{']' * 201} }}",
        f"type A @d(a: {'[' * 5000}{']' * 5000})",
    ],
)
def test_rare_and_invalid_syntax_is_not_supported(sdl: str) -> None:
    assert parse_fast(sdl) is None


def test_executable_definitions_are_skipped() -> None:
    sdl = "query A { a } type A { a: Int } fragment F on A { a } enum E { A }"
    assert parse_fast(sdl) is None
    assert parse(sdl) == parse_with_graphql_core(sdl)


@pytest.mark.parametrize("sdl", ["{ a }", "# nothing\n query A($a: Int = 1) { a }"])
def test_a_text_may_have_executable_definitions_only(sdl: str) -> None:
    assert parse(sdl) == ()
