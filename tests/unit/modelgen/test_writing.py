from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, Struct, UnsetType

from amplify_modelgen import modelgen
from amplify_modelgen.modelgen import json_bytes, to_json
from amplify_modelgen.modelgen.json_text import compact
from amplify_modelgen.modelgen.plural import plural
from amplify_modelgen.modelgen.tree import Word
from amplify_modelgen.modelgen.values import number
from amplify_modelgen.modelgen.words import camel_case, constant_case, pascal_case


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
def test_numbers_are_written_as_javascript_does(literal: str, text: str) -> None:
    assert to_json(number(literal)) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_have_an_exponent_where_javascript_gives_them_one(double: float) -> None:
    text = to_json(number(repr(double)))
    assert float(text) == double
    large_or_small = double != 0 and not 1e-6 <= abs(double) < 1e21
    exponent = r"(e[+-][1-9][0-9]*)" if large_or_small else ""
    assert re.fullmatch(rf"-?[0-9]+(\.[0-9]*[1-9])?{exponent}", text)


class Written(Struct, rename="camel"):
    is_text: str
    more: int | UnsetType = UNSET


TEXTS = st.text(st.characters(exclude_categories=[]), max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS | TEXTS.map(Word) | st.just(1.5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
)


def escaped(text: str) -> str:
    return re.sub("[\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)


@given(VALUES)
def test_documents_are_what_python_writes_but_for_lone_surrogates(value: object) -> None:
    assert to_json(value) == escaped(json.dumps(value, indent=4, ensure_ascii=False))
    assert json_bytes(value).decode() == to_json(value)
    compacted = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert compact(value).decode() == escaped(compacted)


def test_text_is_escaped_as_javascript_does() -> None:
    assert to_json('"\\/\b\x01\x7f\u2028é\ud83d') == '"\\"\\\\/\\b\\u0001\x7f\u2028é\\ud83d"'


def test_half_of_a_surrogate_pair_is_escaped_wherever_it_is() -> None:
    assert compact({"\ud83d": ["é", "\ude00"]}).decode() == '{"\\ud83d":["é","\\ude00"]}'


def test_a_struct_is_written_by_its_names_wherever_half_of_a_pair_is() -> None:
    assert compact([Written("a"), 1]) == b'[{"isText":"a"},1]'
    assert compact([Written("\ud83d"), 1]) == b'[{"isText":"\\ud83d"},1]'
    assert compact(Written("\ud83d", more=2)) == b'{"isText":"\\ud83d","more":2}'


def test_containers() -> None:
    assert to_json({"a": [], "b": {}, "c": [1, None]}) == (
        '{\n    "a": [],\n    "b": {},\n    "c": [\n        1,\n        null\n    ]\n}'
    )


def test_compact_text_has_no_space() -> None:
    value = {"a": [1, "x", {"b": True, "c": False}], "d": {}}
    assert compact(value).decode() == json.dumps(value, separators=(",", ":"))


@pytest.mark.parametrize(
    ("name", "camel", "constant"),
    [
        ("APIKey", "apiKey", "API_KEY"),
        ("User2FA", "user2Fa", "USER2_FA"),
        ("blog_Post", "blogPost", "BLOG_POST"),
        ("A_1b", "a_1b", "A_1B"),
        ("_1", "1", "1"),
        ("ABCDef", "abcDef", "ABC_DEF"),
        ("__", "", ""),
    ],
)
def test_words_of_names(name: str, camel: str, constant: str) -> None:
    assert (camel_case(name), constant_case(name)) == (camel, constant)


def test_pascal_case() -> None:
    assert pascal_case("send_1st_APIMessage") == "Send_1stApiMessage"


_WORDS = """
Quiz Quizzes MyQuiz MyQuizs Schema Schemata MySchema MySchemas Media Media BlogStaff BlogStaffs
SalesPerson SalesPeople Data Data USER USERS API APIS Category Categories Address Addresses
Virus Viri Index Indices Leaf Leaves Roof Roofs Posts Posts I WE fOX fOXES Canvas Canvas
Octopus Octopuses Hero Heroes Photo Photos Y YS V2 V2s Item_ Item_s German Germen Schemata Schemata
mydAtum mydata
"""
PLURALS = _WORDS.split()


@pytest.mark.parametrize(("word", "expected"), list(zip(PLURALS[::2], PLURALS[1::2], strict=True)))
def test_plurals(word: str, expected: str) -> None:
    assert plural(word) == expected


def test_the_engine_has_no_other_names() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'generate_swift'"):
        _ = modelgen.generate_swift
