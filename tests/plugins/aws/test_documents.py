from __future__ import annotations

import pytest

from amplify_modelgen_plugins.aws import responses
from amplify_modelgen_plugins.aws.responses import ResponseFormatError, decode_document

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
        f"// made by Amplify\nexport const schema = {SCHEMA};\n",
        f"/* eslint-disable */ module.exports = {SCHEMA}",
    ],
)
def test_json_and_a_module_with_it_are_the_same(text: str) -> None:
    assert decode_document(text) == VALUE


NO_OBJECT = "it is not a JSON object"
JUNK = [
    ("", NO_OBJECT),
    (" \n", NO_OBJECT),
    ("[]", NO_OBJECT),
    ('[{"a": 1}]', NO_OBJECT),
    ('"{}"', NO_OBJECT),
    ("null", NO_OBJECT),
    ("<html>{}</html>", NO_OBJECT),
    ("export const schema = 5;", NO_OBJECT),
    (SCHEMA[:-1], NO_OBJECT),
    (f"export const schema = {SCHEMA[:-9]}", NO_OBJECT),
    ("{'a': 1}", NO_OBJECT),
    ("{a: 1}", NO_OBJECT),
    (SCHEMA + "{}", NO_OBJECT),
    ('{"a": NaN}', NO_OBJECT),
    ('{"a": -Infinity}', NO_OBJECT),
    ('{"a": 1e999}', "too large"),
    ('{"a": ' + "1" * 5000 + "}", "out of range"),
    (r'{"a": "\ud800"}', NO_OBJECT),
    ('{"a": "\ud800"}', NO_OBJECT),
    (
        '{"a":' * (responses._MAX_DEPTH + 1) + "1" + "}" * (responses._MAX_DEPTH + 1),
        "nested more than 200",
    ),
    ('{"a":' + "[" * 100_000 + "]" * 100_000 + "}", "nested more than 200"),
]


@pytest.mark.parametrize(("text", "why"), JUNK, ids=[str(n) for n in range(len(JUNK))])
def test_junk_is_rejected(text: str, why: str) -> None:
    with pytest.raises(ResponseFormatError, match=why):
        decode_document(text)


def test_unusual_json_is_accepted() -> None:
    assert decode_document(r'{"": 1.5, "b": "\ud83d\ude00", "c": [[]]}') == {
        "": 1.5,
        "b": "😀",
        "c": [[]],
    }


def test_the_deepest_document_is_accepted() -> None:
    assert decode_document('{"a":' * responses._MAX_DEPTH + "1" + "}" * responses._MAX_DEPTH)
