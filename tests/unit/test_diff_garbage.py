from __future__ import annotations

from typing import Any

import pytest

from amplify_modelgen.diff import (
    compare_models,
)
from amplify_modelgen.errors import ModelgenError
from diff_documents import (
    Json,
    document,
)


@pytest.mark.parametrize(
    ("garbage", "complaint"),
    [
        ([], "the document is a list where an object is expected"),
        ({"models": []}, "models is a list where an object is expected"),
        ({"models": {1: {}}}, "a key of models is a number where text is expected"),
        ({"models": {"A": 3.5}}, "models.A is a number where an object is expected"),
        ({"models": {"A": {"fields": ""}}}, "models.A.fields is text where an object is expected"),
        ({"models": {"A": {"attributes": {}}}}, "models.A.attributes is an object where a list"),
        (
            {"models": {"A": {"attributes": [{}]}}},
            "models.A.attributes[0].type is null where text is expected",
        ),
        ({"enums": {"E": {"values": [True]}}}, "enums.E.values[0] is true or false where text"),
        ({"queries": {"q": {"isArray": "no"}}}, "queries.q.isArray is text where true or false"),
        ({"queries": {"q": {"type": {"enum": 1}}}}, "queries.q.type.enum is a number where text"),
        ({"unions": {1, 2}}, "the document is no JSON value: "),
        ({"models": {"A": {"fields": {1, 2}}}}, "models.A.fields is a set where an object"),
    ],
)
def test_garbage_is_refused_with_its_place(garbage: Any, complaint: str) -> None:
    with pytest.raises(ModelgenError) as raised:
        compare_models(document(), garbage)
    assert raised.value.message.startswith(complaint)
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
def test_what_a_partial_document_lacks_is_empty(partial: Json) -> None:
    assert compare_models(partial, partial) == ()
    assert all(change.message for change in compare_models(None, partial))


def test_nesting_that_is_too_deep_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ModelgenError, match="is no JSON value"):
        compare_models(document(), {"unions": {"a": deep}})
