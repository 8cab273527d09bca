from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, Struct, UnsetType

from amplify_modelgen.modelgen import json_bytes, to_json
from amplify_modelgen.modelgen.javascript import compact_json, parse_number
from amplify_modelgen.modelgen.syntax import EnumLiteral


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        ("1.0", "1"),
        ("1.50", "1.5"),
        ("1e3", "1000"),
        ("12345678901234567890", "12345678901234567000"),
        ("1e21", "1e+21"),
        ("0.0000001", "1e-7"),
        ("-0.0000012", "-0.0000012"),
        ("0.00001", "0.00001"),
        ("-0", "0"),
        ("1e400", "null"),
        ("-1e400", "null"),
    ],
)
def test_numbers_are_formatted_as_in_javascript(literal: str, text: str) -> None:
    assert to_json(parse_number(literal)) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_have_an_exponent_as_in_javascript(double: float) -> None:
    text = to_json(parse_number(repr(double)))
    assert float(text) == double
    large_or_small = double != 0 and not 1e-6 <= abs(double) < 1e21
    exponent = r"(e[+-][1-9][0-9]*)" if large_or_small else ""
    assert re.fullmatch(rf"-?[0-9]+(\.[0-9]*[1-9])?{exponent}", text)


class Example(Struct, rename="camel"):
    is_text: str
    more: int | UnsetType = UNSET


TEXTS = st.text(st.characters(exclude_categories=[]), max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS | TEXTS.map(EnumLiteral) | st.just(1.5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
)


def escaped(text: str) -> str:
    return re.sub("[\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)


@given(VALUES)
def test_json_equals_python_except_for_lone_surrogates(value: object) -> None:
    assert to_json(value) == escaped(json.dumps(value, indent=4, ensure_ascii=False))
    assert json_bytes(value).decode() == to_json(value)
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert compact_json(value).decode() == escaped(compact)


def test_strings_are_escaped_as_in_javascript() -> None:
    assert to_json('"\\/\b\x01\x7f\u2028é\ud83d') == '"\\"\\\\/\\b\\u0001\x7f\u2028é\\ud83d"'


def test_lone_surrogates_are_escaped_in_keys_and_values() -> None:
    assert compact_json({"\ud83d": ["é", "\ude00"]}).decode() == '{"\\ud83d":["é","\\ude00"]}'


def test_structs_with_lone_surrogates_are_serialized_by_their_names() -> None:
    assert compact_json([Example("a"), 1]) == b'[{"isText":"a"},1]'
    assert compact_json([Example("\ud83d"), 1]) == b'[{"isText":"\\ud83d"},1]'
    assert compact_json(Example("\ud83d", more=2)) == b'{"isText":"\\ud83d","more":2}'


def test_containers_are_indented() -> None:
    assert to_json({"a": [], "b": {}, "c": [1, None]}) == (
        '{\n    "a": [],\n    "b": {},\n    "c": [\n        1,\n        null\n    ]\n}'
    )


def test_compact_json_has_no_whitespace() -> None:
    value = {"a": [1, "x", {"b": True, "c": False}], "d": {}}
    assert compact_json(value).decode() == json.dumps(value, separators=(",", ":"))
