from __future__ import annotations

import time

import pytest
from graphql import Lexer, Source, TokenKind
from hypothesis import given
from hypothesis import strategies as st

from amplify_modelgen.tokens import _TOKEN, file_digest, schema_digest, significant_tokens

SCHEMA = """\
enum Mood { HAPPY SAD }
type Post @model @auth(rules: [{allow: groups, groups: ["a,b" "c"]}]) {
  id: ID!
  rate(of: Float = -1.5e3, text: String = "x # y", block: String = \"""a \\\""" b\"""): [Mood!]!
}
directive @pair(a: [String] = ["x"], b: Pair = {left: "l", right: "r"}) on FIELD | OBJECT
"""
TOKENS = significant_tokens(SCHEMA)
IGNORED = st.lists(
    st.one_of(
        st.sampled_from([" ", "\n", "\t", "\r\n", "\r", ",", "\ufeff"]),
        st.from_regex(r"#[^\n\r]*\n", fullmatch=True),
    ),
    max_size=4,
).map("".join)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters='"\\\n\r'), max_size=12)
DESCRIPTION = st.one_of(
    TEXT.map('"{}"'.format), TEXT.map('"""{}\n"""'.format), st.just('"""a \\""" b"""')
)


def lexed(sdl: str) -> list[str]:
    lexer, found = Lexer(Source(sdl)), []
    while (token := lexer.advance()).kind is not TokenKind.EOF:
        if token.kind is not TokenKind.COMMENT:
            found.append(sdl[token.start : token.end])
    return found


def test_tokens_are_those_of_graphqls_own_lexer() -> None:
    assert lexed(SCHEMA) == TOKENS


LEXEME = st.one_of(
    st.from_regex(
        r"[A-Za-z_][A-Za-z0-9_]{0,8}|-?(0|[1-9][0-9]{0,3})(\.[0-9]{1,3})?(e[+-]?[0-9])?",
        fullmatch=True,
    ),
    st.sampled_from(["{", "}", "(", ")", "[", "]", "!", "|", "&", "@", "=", ":", "$"]),
    st.one_of(DESCRIPTION, st.just('""')).map(": {}".format),
)


@given(st.lists(st.tuples(LEXEME, IGNORED)))
def test_any_lexemes_are_told_apart_as_graphql_does(pairs: list[tuple[str, str]]) -> None:
    sdl = "".join(f"{lexeme} {ignored}" for lexeme, ignored in pairs)
    assert significant_tokens(sdl) == lexed(sdl)


@given(st.integers(0, len(TOKENS)), IGNORED)
def test_ignored_text_between_tokens_never_counts(index: int, ignored: str) -> None:
    sdl = " ".join([*TOKENS[:index], ignored, *TOKENS[index:]])
    assert schema_digest(sdl) == schema_digest(SCHEMA)


@given(DESCRIPTION, st.sampled_from(["enum", "HAPPY", "SAD", "type", "id", "of", "directive"]))
def test_descriptions_never_count(description: str, before: str) -> None:
    sdl = SCHEMA.replace(before, f"{description} {before}", 1)
    assert schema_digest(sdl) == schema_digest(SCHEMA)


@given(st.integers(0, len(TOKENS) - 1), st.from_regex(r"[A-Za-z_]\w*|[{}!|]", fullmatch=True))
def test_any_other_token_in_its_place_counts(index: int, token: str) -> None:
    changed = [*TOKENS[:index], token, *TOKENS[index + 1 :]]
    same = token == TOKENS[index]
    assert (schema_digest(" ".join(changed)) == schema_digest(SCHEMA)) is same


@given(st.integers(0, len(TOKENS) - 1))
def test_a_token_that_is_gone_counts(index: int) -> None:
    changed = [*TOKENS[:index], *TOKENS[index + 1 :]]
    assert schema_digest(" ".join(changed)) != schema_digest(SCHEMA)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("type A { a: Int }", "type A { a: In t }", id="a split name"),
        pytest.param('a(b: "x y")', 'a(b: "x  y")', id="white space in a string"),
        pytest.param('a(b: "x")', 'a(b: "x,")', id="a comma in a string"),
        pytest.param('a(b: "x")', 'a(b: "x#y")', id="a hash in a string"),
        pytest.param('a(b: ["x", "y"])', 'a(b: ["x"])', id="an item of a list"),
        pytest.param("a(b: [[1], 2])", "a(b: [[1, 2]])", id="brackets"),
        pytest.param("type A", "type\u00a0A", id="a no-break space"),
        pytest.param("type A", 'type A "', id="a quote that nothing closes"),
        pytest.param("type A", 'type A "x\n', id="a string without an end"),
        pytest.param("type A", 'type A """x" "', id="a block string without an end"),
        pytest.param("type A", 'type A "\\', id="a lone escape"),
    ],
)
def test_a_difference_that_counts(one: str, other: str) -> None:
    assert schema_digest(one) != schema_digest(other)


@given(st.text(st.sampled_from('"\\#:=[]{}a \n,') | st.characters()))
def test_text_that_is_no_graphql_has_tokens_too(text: str) -> None:
    assert all(significant_tokens(text))


def test_half_a_character_in_a_schema_from_elsewhere_is_no_error() -> None:
    assert schema_digest("type A \ud83d") != schema_digest("type A")


@pytest.mark.parametrize("piece", ['"\\', '"""\\', '\\"', '"', "[", '"""', "\\", ": "])
def test_a_megabyte_of_quotes_and_escapes_takes_no_longer_than_any_other(piece: str) -> None:
    began = time.perf_counter()
    schema_digest('"' + piece * (1_000_000 // len(piece)))
    assert time.perf_counter() - began < 5


@given(st.binary())
def test_line_ends_of_a_file_do_not_count(content: bytes) -> None:
    unix = content.replace(b"\r\n", b"\n")
    assert file_digest(unix.replace(b"\n", b"\r\n")) == file_digest(unix)


def test_the_last_line_end_of_a_file_counts() -> None:
    assert file_digest(b"a") != file_digest(b"a\n")


def test_no_group_is_possessive() -> None:
    # Until 3.11.5 Python matches such groups wrongly, and digests are compared between machines.
    assert ")*+" not in _TOKEN.pattern
    assert ")++" not in _TOKEN.pattern
