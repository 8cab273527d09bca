"""The reader gives graphql-core's tree, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from amplify_modelgen.modelgen.parse import parse, parse_by_library
from amplify_modelgen.modelgen.problems import RefusalError
from amplify_modelgen.modelgen.reader import read
from conformance import corpus
from conformance.strategy import schemas

TOKENS = (
    *("type", "interface", "input", "union", "enum", "scalar", "schema", "directive", "extend"),
    *("query", "implements", "on", "repeatable", "OBJECT", "A", "_b1", "true", "null", "é"),
    *("{", "}", "(", ")", "[", "]", ":", "=", "@", "!", "|", "&", "$", ".", "...", ",", "\ufeff"),
    *("0", "-1", "1.5e-3", "01", "1.", '"s"', '""', '"\\n\\""', '"\\u0041"', '"', '"\ud800"'),
    *('"""b\\"""c"""', '"""', "# c", "# \ud800", "\n", "\r", "\\"),
)


def by_library(sdl: str) -> object:
    try:
        return parse_by_library(sdl)
    except RefusalError:
        return None


def agree(sdl: str) -> None:
    mine = read(sdl)
    # As text, because True is 1 and 1.0 as well.
    assert mine is None or repr(mine) == repr(by_library(sdl))


@pytest.mark.parametrize("case", corpus.cases(), ids=lambda case: case.name)
def test_the_corpus_is_read_as_by_the_library(case: corpus.Case) -> None:
    agree(case.schema)


@given(schemas())
@settings(max_examples=200, deadline=None)
def test_random_schemas_are_read_as_by_the_library(sdl: str) -> None:
    agree(sdl)


@given(schemas(), st.data())
@settings(max_examples=200, deadline=None)
def test_broken_schemas_are_read_as_by_the_library(sdl: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(sdl)))
    end = data.draw(st.integers(start, min(start + 10, len(sdl))))
    put = " ".join(data.draw(st.lists(st.sampled_from(TOKENS), max_size=3)))
    agree(f"{sdl[:start]}{put}{sdl[end:]}")


@given(st.lists(st.sampled_from(TOKENS), max_size=12).map(" ".join))
@example("extend schema @a { query: A }")
@settings(max_examples=500, deadline=None)
def test_any_tokens_are_read_as_by_the_library(sdl: str) -> None:
    agree(sdl)


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
    ],
)
def test_what_schemas_are_made_of_needs_no_library(sdl: str) -> None:
    assert read(sdl) == parse_by_library(sdl)


@pytest.mark.parametrize(
    "sdl",
    [
        "",
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
        'type A @d(a: """block""")',
        'type A @d(a: "\\u0041")',
        f"type A {{ a: {'[' * 51}Int{']' * 51} }}",
        f"type A @d(a: {'[' * 5000}{']' * 5000})",
    ],
)
def test_what_is_rare_or_wrong_is_left_to_the_library(sdl: str) -> None:
    assert read(sdl) is None


def test_what_is_left_to_the_library_is_parsed_by_it() -> None:
    sdl = 'type A @d(a: """block""")'
    assert parse(sdl) == parse_by_library(sdl)
