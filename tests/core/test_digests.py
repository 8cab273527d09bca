from __future__ import annotations

import time

import pytest
from graphql import Lexer, Source, TokenKind
from hypothesis import given
from hypothesis import strategies as st

from amplify_modelgen.digests import (
    _TOKEN,
    canonical_form,
    file_digest,
    first_side,
    is_same_code,
    is_same_file,
    schema_digest,
    significant_tokens,
    with_leading_comments,
)
from amplify_modelgen.modelgen.serialize import CODEGEN_VERSION

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


def test_tokens_are_those_of_the_lexer_of_graphql_core() -> None:
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
def test_any_lexemes_are_separated_as_by_graphql_core(pairs: list[tuple[str, str]]) -> None:
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
def test_a_missing_token_counts(index: int) -> None:
    changed = [*TOKENS[:index], *TOKENS[index + 1 :]]
    assert schema_digest(" ".join(changed)) != schema_digest(SCHEMA)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("type A { a: Int }", "type A { a: In t }", id="a split name"),
        pytest.param('a(b: "x y")', 'a(b: "x  y")', id="whitespace in a string"),
        pytest.param('a(b: "x")', 'a(b: "x,")', id="a comma in a string"),
        pytest.param('a(b: "x")', 'a(b: "x#y")', id="a hash in a string"),
        pytest.param('a(b: ["x", "y"])', 'a(b: ["x"])', id="an item of a list"),
        pytest.param("a(b: [[1], 2])", "a(b: [[1, 2]])", id="brackets"),
        pytest.param("type A", "type\u00a0A", id="a no-break space"),
        pytest.param("type A", 'type A "', id="an unclosed quote"),
        pytest.param("type A", 'type A "x\n', id="an unterminated string"),
        pytest.param("type A", 'type A """x" "', id="an unterminated block string"),
        pytest.param("type A", 'type A "\\', id="a lone escape"),
    ],
)
def test_a_difference_that_counts(one: str, other: str) -> None:
    assert schema_digest(one) != schema_digest(other)


@given(st.text(st.sampled_from('"\\#:=[]{}a \n,') | st.characters()))
def test_text_that_is_not_graphql_has_tokens_too(text: str) -> None:
    assert all(significant_tokens(text))


def test_a_lone_surrogate_is_not_an_error() -> None:
    assert schema_digest("type A \ud83d") != schema_digest("type A")


@pytest.mark.parametrize("piece", ['"\\', '"""\\', '\\"', '"', "[", '"""', "\\", ": "])
def test_a_megabyte_of_quotes_and_escapes_is_not_quadratic(piece: str) -> None:
    started = time.perf_counter()
    schema_digest('"' + piece * (1_000_000 // len(piece)))
    assert time.perf_counter() - started < 5


CODE = """\
// eslint-disable
import { a } from "b"; // kept

/* a licence
 * of two lines
 */
const c = "/* not a comment */";
  // indented
/* one line */
/* before */ const d = 1;
// @ts-check
const e = `
*/ f
`;
"""
CANONICAL_CODE = """\
import { a } from "b"; // kept
const c = "/* not a comment */";
/* before */ const d = 1;
// @ts-check
const e = `
*/ f
`;"""


@pytest.mark.parametrize("suffix", ["js", "ts", "dart", "swift", "java"])
def test_lines_of_comments_do_not_count_in_code(suffix: str) -> None:
    assert canonical_form(f"a.{suffix}", CODE.encode()).decode() == CANONICAL_CODE


@pytest.mark.parametrize("path", ["a.json", "a.py", "a.mmd", "js"])
def test_lines_of_comments_count_elsewhere(path: str) -> None:
    lines = [line for line in CODE.splitlines() if line]
    assert canonical_form(path, CODE.encode()).decode().splitlines() == lines


def test_code_after_the_end_of_a_block_comment_counts() -> None:
    text = b"/* a\nb */ const c = 1;\nd"
    assert canonical_form("a.js", text) == b"b */ const c = 1;\nd"


def test_an_unclosed_block_comment_hides_the_rest() -> None:
    assert canonical_form("a.js", b"a\n/* b\nc\n") == b"a"


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(b"\xef\xbb\xbfa\nb\n", id="byte order mark"),
        pytest.param(b"a\r\nb\r\n", id="Windows line endings"),
        pytest.param(b"a\rb", id="old Mac line endings"),
        pytest.param(b"a  \nb\t\n", id="trailing whitespace"),
        pytest.param(b"\na\n\n\nb\n\n", id="blank lines"),
        pytest.param(b"a\nb", id="no newline at the end"),
    ],
)
def test_whitespace_that_hooks_fix_does_not_count(changed: bytes) -> None:
    assert is_same_file("a.json", b"a\nb\n", changed)
    assert file_digest("a.json", changed) == file_digest("a.json", b"a\nb\n")


@pytest.mark.parametrize("changed", [b"  a\nb\n", b"a b\n", b"a\n", b"", b"a\nb\nc", b"\xff"])
def test_everything_else_counts(changed: bytes) -> None:
    assert not is_same_file("a.json", b"a\nb\n", changed)
    assert file_digest("a.json", changed) != file_digest("a.json", b"a\nb\n")


@pytest.mark.parametrize("version", ["3.2.0", "3.3.12", "3.10.1", CODEGEN_VERSION])
def test_a_version_of_amplify_that_datastore_accepts_does_not_count(version: str) -> None:
    lines = '{{\n    "codegenVersion": "{}",\n    "version": "1"\n}};'
    ours = lines.format(CODEGEN_VERSION).encode()
    assert canonical_form("schema.js", ours) == ours
    assert is_same_file("schema.js", ours, lines.format(version).encode())


@pytest.mark.parametrize("version", ["3.1.9", "3.0.0", "2.4.4", "4.0.0", "unknown", "", "3.4"])
def test_any_other_version_of_amplify_counts(version: str) -> None:
    line = '    "codegenVersion": "{}",'
    assert not is_same_file(
        "schema.js", line.format(CODEGEN_VERSION).encode(), line.format(version).encode()
    )


@pytest.mark.parametrize("line", ['  codegenVersion: "3.3.1",', "  codegenVersion: '3.3.1'"])
def test_a_formatter_does_not_hide_the_version(line: str) -> None:
    ours = f'export const schema = {{\n    "codegenVersion": "{CODEGEN_VERSION}"\n}};'
    formatted = f"export const schema = {{\n{line}\n}};"
    assert is_same_code("schema.js", formatted.encode(), ours.encode())


@given(st.binary())
def test_the_canonical_form_is_stable(content: bytes) -> None:
    once = canonical_form("a.ts", content)
    assert canonical_form("a.json", canonical_form("a.json", content)) == canonical_form(
        "a.json", content
    )
    assert is_same_file("a.ts", content, content)
    assert isinstance(once, bytes)


@given(*[st.text(alphabet="a \n\r/*").map(str.encode)] * 3)
def test_common_first_lines_make_no_difference(first: bytes, old: bytes, new: bytes) -> None:
    old, new = (first * 1_000 + content for content in (old, new))
    is_same = canonical_form("a.ts", old) == canonical_form("a.ts", new)
    assert is_same_file("a.ts", old, new) is is_same


def test_no_group_is_possessive() -> None:
    # Python before 3.11.5 matches them incorrectly, and digests are compared across machines.
    assert ")*+" not in _TOKEN.pattern
    assert ")++" not in _TOKEN.pattern


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        ("a.js", 'const a = { "b": [1, 2] };', "const a = {\n  b: [\n1,\n2,\n]\n}", True),
        ("a.dart", "f(a, b) => c; // ends", "f(\n  a,\n  b,\n) => c; // ends", True),
        ("a.json", '{"a": 1}', '{ "a" :\n1 }', True),
        ("a.js", "const a = 1", "const a = 12", False),
        ("a.js", "a b", "ab", False),
        ("a.json", '{"a": [1]}', '{"a": 1}', False),
    ],
)
def test_formatters_do_not_change_the_code(path: str, old: str, new: str, expected: object) -> None:
    assert is_same_code(path, old.encode(), new.encode()) is expected


@pytest.mark.parametrize("part", ['"', "'", '\\"', "\\'\\", "//", "a'b"])
def test_the_code_of_a_hostile_file_is_compared_in_linear_time(part: str) -> None:
    started = time.monotonic()
    is_same_code("a.js", (part * 300_000).encode(), b"")
    assert time.monotonic() - started < 3  # quadratic time would take minutes


MODULE = "import a\n\nconst b = '\u2028'\n"


@pytest.mark.parametrize(
    ("old", "expected"),
    [
        ("import x\n", MODULE),
        ("// ours\n\nimport x\n", f"// ours\n\n{MODULE}"),
        (
            "\ufeff/* eslint-disable */\r\n// x\r\nimport x\r\n",
            f"/* eslint-disable */\n// x\n{MODULE}",
        ),
        ("/*\n licence\n*/\nimport x", f"/*\n licence\n*/\n{MODULE}"),
        ("// a\n// @ts-check\nimport x", f"// a\n{MODULE}"),
        ("/* a */ import x\n", MODULE),
        ("// a\n/* b\n c */ import x\n", f"// a\n{MODULE}"),
        ("/* not closed\n", MODULE),
        ("// nothing else\n", MODULE),
        ("/*/ still open\nx */\nimport x", f"/*/ still open\nx */\n{MODULE}"),
    ],
)
def test_the_first_comments_of_a_file_are_kept(old: str, expected: str) -> None:
    new = f"// header\n\n{MODULE}".encode()
    assert with_leading_comments("a.js", old.encode(), new).decode() == expected
    assert is_same_file("a.js", with_leading_comments("a.js", old.encode(), new), new)


@pytest.mark.parametrize(("path", "old"), [("a.py", b"// x\nc"), ("a.js", b"// \xff\nc")])
def test_other_content_gets_its_own_comments(path: str, old: bytes) -> None:
    assert with_leading_comments(path, old, b"// header\nc\n") == b"// header\nc\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_first_side_of_a_conflict_counts(newline: str) -> None:
    lines = ["a", "<<<<<<< HEAD", "b", "||||||| base", "c", "=======", "d", ">>>>>>> x", "e", ""]
    merged = newline.join(lines).encode()
    assert first_side(merged).decode() == newline.join(["a", "b", "e", ""])


def test_only_conflicts_have_sides() -> None:
    for content in (b"a\n=======\nb\n", b"", b"\xff\n>>>>>>> x"):
        assert first_side(content) == content
