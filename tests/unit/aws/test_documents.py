from __future__ import annotations

import pytest

from amplify_modelgen_plugins.aws import documents
from amplify_modelgen_plugins.aws.documents import DEEPEST, DocumentError, decode

SCHEMA = '{"models": {"Post": {}}, "version": "1"}'
VALUE = {"models": {"Post": {}}, "version": "1"}


@pytest.mark.parametrize(
    "text",
    [
        SCHEMA,
        f"\ufeff\r\n {SCHEMA}\n",
        f"{SCHEMA};",
        f"export const schema = {SCHEMA};",
        f"export const schema={SCHEMA}\n",
        f"export default {SCHEMA};",
        f"// made by {{Amplify}}\nexport const schema = {SCHEMA};\nexport const more = {{}};",
        f"/* eslint-disable */ module.exports = {SCHEMA}",
    ],
)
def test_json_and_a_module_with_it_are_the_same(text: str) -> None:
    assert decode(text) == VALUE


JUNK = [
    ("", "it is empty"),
    (" \n", "it is empty"),
    ("[]", "neither a JSON object"),
    ('[{"a": 1}]', "neither a JSON object"),
    ('"{}"', "neither a JSON object"),
    ("null", "neither a JSON object"),
    ("<html>{}</html>", "neither a JSON object"),
    ("export const schema = 5;", "neither a JSON object"),
    (SCHEMA[:-1], "not JSON: .* at line 1, column 40"),
    (f"export const schema = {SCHEMA[:-9]}", "not JSON"),
    ("{'a': 1}", "not JSON"),
    ("{a: 1}", "not JSON"),
    (SCHEMA + "{}", "something follows"),
    ('{"a": 1, "a": 1}', "the same name twice"),
    ('{"b": [{"a": 1, "a": 2}]}', "the same name twice"),
    ('{"a": NaN}', "holds NaN"),
    ('{"a": -Infinity}', "holds -Infinity"),
    ('{"a": 1e999}', "too large"),
    ('{"a": ' + "1" * 5000 + "}", "not JSON: Exceeds the limit"),
    (r'{"a": "\ud800"}', "half a character"),
    ('{"a": "\ud800"}', "half a character"),
    ('{"a":' * (DEEPEST + 1) + "1" + "}" * (DEEPEST + 1), "nested more than 200"),
    ('{"a":' + "[" * 100_000 + "]" * 100_000 + "}", "nested more than 200"),
]


@pytest.mark.parametrize(("text", "why"), JUNK, ids=[str(n) for n in range(len(JUNK))])
def test_junk_is_refused(text: str, why: str) -> None:
    with pytest.raises(DocumentError, match=why):
        decode(text)


def test_what_is_unusual_but_json_is_taken() -> None:
    assert decode(r'{"": 1.5, "b": "\ud83d\ude00", "c": [[]]}') == {"": 1.5, "b": "😀", "c": [[]]}


def test_the_deepest_document_is_taken() -> None:
    assert decode('{"a":' * DEEPEST + "1" + "}" * DEEPEST)


def test_a_huge_text_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LONGEST", 10)
    with pytest.raises(DocumentError, match="11 characters, and 10 are the limit"):
        decode("{" * 11)
