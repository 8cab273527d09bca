from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplify_modelgen.text import HIDDEN, add_secret, escape, redact
from conftest import FAKE_SECRET


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
        ("lone \ud83d", "lone \\ud83d"),
        ("::error::x", "\\::error::x"),
        ("  ##[error]x", "  #\\#[error]x"),
        ("a ##vso[task.x]y ##teamcity[z", "a #\\#vso[task.x]y #\\#teamcity[z"),
        ("###[x] ## [y](z) ##y", "##\\#[x] ## [y](z) ##y"),
        ("a ::error::", "a ::error::"),
        ("", ""),
    ],
)
def test_control_characters_and_commands_are_escaped(text: str, expected: str) -> None:
    assert escape(text) == expected


@given(st.text(st.characters()))
def test_no_control_character_is_left(text: str) -> None:
    line = escape(text)
    assert not any(
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in line
    )
    assert not any(
        unicodedata.bidirectional(character)
        in ("RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI")
        for character in line
    )


@given(st.text(st.characters()))
def test_escaped_text_is_unchanged(text: str) -> None:
    assert escape(escape(text)) == escape(text)


TOKEN = "IQoJb3JpZ2luX2VjCANARY//////////wEaCXVzLWVhc3QtMSJGMEQ="


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at http://me:pa@ss@host:80/x", "at http://host:80/x"),
        ("Invalid endpoint: usr:PASSW0RD@127", "Invalid endpoint: 127"),
        ("at ('usr:pa@s/s'w@host:80/x')", "at ('host:80/x')"),
        ("URL=http://me:pa/ss@host", "host"),
        ("is :PASSW0RD@host", "is host"),
        ("(arn:aws:sts::1:assumed-role/a/b@c.d)", "(arn:aws:sts::1:assumed-role/a/b@c.d)"),
        ("key AKIAIOSFODNN7EXAMPLE is bad", "key ***MPLE is bad"),
        ("arn:aws:iam::111122223333:user/bob", "arn:aws:iam::***3333:user/bob"),
        ("at 1700000000000 ms, 1700000000 s", "at 1700000000000 ms, 1700000000 s"),
        (f"X-Amz-Security-Token:{TOKEN} next", "X-Amz-Security-Token:*** next"),
        ("Authorization: AWS4-HMAC-SHA256 Credential=AKIA/x, y", "Authorization: *** y"),
        ("Signature=abc123", "Signature=***"),
        (f"has {FAKE_SECRET} in it", "has *** in it"),
        ("an app d2abcdefghij stays", "an app d2abcdefghij stays"),
    ],
)
def test_redact(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_a_short_variable_is_not_redacted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    assert redact("max") == "max"


def test_an_added_secret_is_redacted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amplify_modelgen.text._secrets", set())
    add_secret("from a profile")
    assert redact("it is from a profile.") == "it is ***."


def test_at_most_19_letters_and_digits_of_a_secret_are_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("amplify_modelgen.text._secrets", set())
    add_secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    assert redact("is wJalrXUtnFEMI/K7MDEN") == "is wJalrXUtnFEMI/K7MDEN"
    assert redact("is wJalrXUtnFEMI/K7MDENG") == HIDDEN
