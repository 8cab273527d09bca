from __future__ import annotations

from typing import Any

import pytest

from amplify_modelgen.diff import (
    compare_models,
)
from amplify_modelgen.errors import ModelgenError
from support.introspection_documents import (
    Json,
    document,
)


@pytest.mark.parametrize(
    ("invalid", "message"),
    [
        ([], "the document: expected an object, found a list"),
        ({"models": []}, "models: expected an object, found a list"),
        ({"models": {"A": 3.5}}, "models.A: expected an object, found a number"),
        ({"models": {"A": {"fields": ""}}}, "models.A.fields: expected an object, found text"),
        (
            {"models": {"A": {"attributes": {}}}},
            "models.A.attributes: expected a list, found an object",
        ),
        (
            {"models": {"A": {"attributes": [{}]}}},
            "models.A.attributes[0].type: expected text, found null",
        ),
        ({"enums": {"E": {"values": [True]}}}, "enums.E.values[0]: expected text, found a boolean"),
        (
            {"queries": {"q": {"isArray": "no"}}},
            "queries.q.isArray: expected a boolean, found text",
        ),
        (
            {"queries": {"q": {"type": {"enum": 1}}}},
            "queries.q.type.enum: expected text, found a number",
        ),
    ],
)
def test_error_names_the_invalid_part(invalid: Any, message: str) -> None:
    with pytest.raises(ModelgenError) as raised:
        compare_models(document(), invalid)
    assert raised.value.message.startswith(message)
    assert raised.value.hint


@pytest.mark.parametrize(
    "partial",
    [
        {},
        {"models": {"A": {}}},
        {"models": {"A": None}},
        {"models": {"A": {"fields": {"n": {}}}}},
        {"queries": {"q": {"type": {}}}},
        {"conversations": {"c": {}}},
    ],
)
def test_missing_parts_of_a_document_are_empty(partial: Json) -> None:
    assert compare_models(partial, partial) == ()
    assert all(change.message for change in compare_models(None, partial))


def test_too_deep_nesting_is_an_error() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ModelgenError, match="nested too deeply"):
        compare_models(document(), {"unions": {"a": deep}})
