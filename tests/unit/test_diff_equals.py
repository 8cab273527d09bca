from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.diff import compare_models, without_equals
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
