from __future__ import annotations

import pytest

from amplify_modelgen.modelgen.naming import camel_case, constant_case, pascal_case, pluralize


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
def test_camel_and_constant_case(name: str, camel: str, constant: str) -> None:
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
    assert pluralize(word) == expected
