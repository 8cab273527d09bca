from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.diff import compare_models, prune_unchanged
from support.introspection_documents import belongs_to, document, model, to_many, value

if TYPE_CHECKING:
    from support.introspection_documents import Json

POST = model({"comments": to_many("post")})
COMMENT = model({"post": belongs_to("postId")})
OTHER = model({"title": value()})


def is_compared_equally(old: Json, new: Json) -> bool:
    changes = compare_models(old, new)
    return bool(changes) and compare_models(*prune_unchanged(old, new)) == changes


def test_a_type_that_is_equal_in_both_is_dropped() -> None:
    old = document({"Post": OTHER, "Comment": OTHER}, enums={"Status": {"values": ["A"]}})
    new = document({"Post": OTHER, "Comment": model()}, enums={"Status": {"values": ["A"]}})
    before, after = prune_unchanged(old, new)
    assert [[*part] for part in (before["models"], before["enums"])] == [["Comment"], []]
    assert after["models"] == {"Comment": new["models"]["Comment"]}


def test_a_model_with_a_relation_to_one_that_differs_is_kept() -> None:
    stays = model({"post": belongs_to("postId", other="Author")})
    moves = model({"post": belongs_to("articleId", other="Author")})
    old = document({"Post": POST, "Comment": stays})
    assert is_compared_equally(old, document({"Post": POST, "Comment": moves}))


def test_a_model_that_one_that_differs_has_a_relation_to_is_kept() -> None:
    direct = model({"comments": to_many("postId", required=True)})
    elsewhere = model({"post": belongs_to("postId", other="Author")})
    old = document({"Post": POST, "Comment": elsewhere})
    assert is_compared_equally(old, document({"Post": direct, "Comment": elsewhere}))


def test_all_models_are_kept_if_one_was_removed() -> None:
    old = document({"Post": OTHER, "Comment": COMMENT})
    assert "Post" in prune_unchanged(old, document({"Post": OTHER}))[0]["models"]


def test_no_model_is_kept_if_none_differs() -> None:
    old = document({"Post": POST, "Comment": COMMENT})
    new = document({"Post": POST, "Comment": COMMENT}, enums={"Status": {"values": ["A"]}})
    assert prune_unchanged(old, new)[1]["models"] == {}
