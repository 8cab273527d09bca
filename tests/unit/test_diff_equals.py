from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.diff import compare_models, read_like, without_equals
from diff_documents import belongs_to, document, model, to_many, value

if TYPE_CHECKING:
    from diff_documents import Json

POST = model({"comments": to_many("post")})
COMMENT = model({"post": belongs_to("postId")})
OTHER = model({"title": value()})


def compared_alike(old: Json, new: Json) -> bool:
    changes = compare_models(old, new)
    return bool(changes) and compare_models(*without_equals(old, new)) == changes


def test_a_type_that_is_the_same_in_both_is_left_out() -> None:
    old = document({"Post": OTHER, "Comment": OTHER}, enums={"Status": {"values": ["A"]}})
    new = document({"Post": OTHER, "Comment": model()}, enums={"Status": {"values": ["A"]}})
    before, after = without_equals(old, new)
    assert [[*part] for part in (before["models"], before["enums"])] == [["Comment"], []]
    assert after["models"] == {"Comment": new["models"]["Comment"]}


def test_a_model_stays_whose_relation_ends_at_one_that_differs() -> None:
    stays = model({"post": belongs_to("postId", other="Author")})
    moves = model({"post": belongs_to("articleId", other="Author")})
    old = document({"Post": POST, "Comment": stays})
    assert compared_alike(old, document({"Post": POST, "Comment": moves}))


def test_a_model_stays_where_the_relation_of_one_that_differs_ends() -> None:
    direct = model({"comments": to_many("postId", required=True)})
    elsewhere = model({"post": belongs_to("postId", other="Author")})
    old = document({"Post": POST, "Comment": elsewhere})
    assert compared_alike(old, document({"Post": direct, "Comment": elsewhere}))


def test_all_models_stay_where_one_is_gone() -> None:
    old = document({"Post": OTHER, "Comment": COMMENT})
    assert "Post" in without_equals(old, document({"Post": OTHER}))[0]["models"]


def test_no_model_stays_where_none_differs() -> None:
    old = document({"Post": POST, "Comment": COMMENT})
    new = document({"Post": POST, "Comment": COMMENT}, enums={"Status": {"values": ["A"]}})
    assert without_equals(old, new)[1]["models"] == {}


def test_what_is_written_alike_is_not_read() -> None:
    new = document({"Post": OTHER, "Comment": OTHER})
    old = document({"Post": OTHER, "Comment": model(), "Like": OTHER})
    read = read_like(json.dumps(old, indent=2).encode(), new)
    assert read == old
    assert read["models"]["Post"] is new["models"]["Post"]


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ('\ufeff{"version": 1}', {}),
        ('{"version": NaN, "models": {}}', {}),
        ('{"models": {"A": "\\ud800"}}', {"models": {"A": "\ud800"}}),
        ('{"models": {"A": 1e999}}', {"models": {"A": 1e999}}),
        ('{"models": {"A": null}}', {"models": {"A": 1e999}}),
        ('{"models": {"A": 1}}', {"models": {"A": object()}}),
        ('{"models": [1], "enums": {"A": 1}}', {"models": {}, "enums": 5}),
        ("5", {}),
    ],
)
def test_what_has_to_be_read_is_read_as_ever(text: str, new: Json) -> None:
    assert repr(read_like(text.encode(), new)) == repr(json.loads(text.encode()))


@pytest.mark.parametrize("content", [b"", b"{", b'{"models": {"A": tru}}', b'{"models": "\xff"}'])
def test_what_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"Expecting|decode"):
        read_like(content, {})
