from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplify_modelgen.text import printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zoë's blog, 記事 😀", "Zoë's blog, 記事 😀"),
        ("one\ntwo\r\nthree\tfour", "one two  three four"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x9b31m", "\\x9b31m"),
        ("\x07\x00\x7f", "\\x07\\x00\\x7f"),
        ("user\u202etxt.exe", "user\\u202etxt.exe"),
        ("a\u2066b\u061cc", "a\\u2066b\\u061cc"),
        ("a\u200bb\u2060c\ufeffd", "a\\u200bb\\u2060c\\ufeffd"),
        ("\u2028\u2029", "\\u2028\\u2029"),
        ("half \ud83d", "half \\ud83d"),
        ("::error::x", "\\::error::x"),
        ("  ##[error]x", "  \\##[error]x"),
        ("a ::error::", "a ::error::"),
        ("", ""),
    ],
)
def test_what_could_steer_a_terminal_is_spelled_out(text: str, expected: str) -> None:
    assert printable(text) == expected


@given(st.text(st.characters()))
def test_nothing_that_could_steer_a_terminal_is_left(text: str) -> None:
    line = printable(text)
    assert not any(unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") for each in line)
    assert not any(
        unicodedata.bidirectional(each) in ("RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI")
        for each in line
    )


@given(st.text(st.characters()))
def test_what_is_fit_stays_as_it_is(text: str) -> None:
    assert printable(printable(text)) == printable(text)
