"""Conversion from and to JSON by generated modules, by example; all styles share this code."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from support.emitted import module_of

SDL = """
type Post @model {
  title: String!
  class: String
  status: Status
  on: AWSDate
  at: AWSTime
  meta: AWSJSON
  score: Float
  views: Int
  live: Boolean
  tags: [String!]
  cover: Picture
  comments: [Comment] @hasMany
}
type Comment @model { text: String! post: Post @belongsTo }
type Picture { key: String! width: Int }
enum Status { DRAFT DONE }
"""
MOMENT = dt.datetime(2024, 2, 29, 12, 30, 24, 120000, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def m(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return module_of(SDL, tmp_path_factory.mktemp("m"))


@pytest.fixture(scope="module")
def d(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return module_of(SDL, tmp_path_factory.mktemp("d"), "typeddict")


def post(m: Any, **data: Any) -> Any:
    return m.Post.from_dict({"id": "1", "title": "t", **data})


def test_values_have_the_types_of_python(m: Any) -> None:
    read = post(
        m,
        status="DONE",
        on="2024-02-29",
        at="12:30:24.5Z",
        createdAt="2024-02-29T12:30:24.120Z",
        meta='{"a": [1]}',
    )
    assert read.status is m.Status.DONE
    assert read.on == dt.date(2024, 2, 29)
    assert read.at == dt.time(12, 30, 24, 500000, tzinfo=dt.UTC)
    assert read.createdAt == MOMENT
    assert read.meta == {"a": [1]}


def test_a_time_is_written_as_by_appsync(m: Any) -> None:
    text = "2024-02-29T12:30:24.120Z"
    assert post(m, createdAt=text).to_dict()["createdAt"] == text


@pytest.mark.parametrize(
    "text",
    ["2024-02-29T12:30:24.123456Z", "2024-02-29T12:30:24.000+05:30", "2024-02-29T00:00:00.000Z"],
)
def test_a_time_keeps_its_precision_and_offset(m: Any, text: str) -> None:
    assert post(m, createdAt=text).to_dict()["createdAt"] == text


def test_the_offset_of_a_date_is_dropped(m: Any) -> None:
    assert post(m, on="2024-02-29+05:30").to_dict()["on"] == "2024-02-29"


def test_a_keyword_gets_an_underscore_and_keeps_its_name_in_json(m: Any) -> None:
    read = post(m, **{"class": "x"})
    assert read.class_ == "x"
    assert read.to_dict()["class"] == "x"
    assert read.to_dynamodb()["class"] == {"S": "x"}


def test_a_page_of_a_relation_is_a_list(m: Any) -> None:
    page = {"items": [{"id": "2", "text": "c"}, None], "nextToken": "abc"}
    read = post(m, comments=page)
    assert read.comments == [m.Comment(id="2", text="c"), None]
    assert read.to_dict()["comments"]["items"][0]["text"] == "c"


def test_a_relation_may_be_a_list_or_a_page_without_items(m: Any) -> None:
    assert post(m, comments=[]).comments == []
    assert post(m, comments={"nextToken": None}).comments is None


def test_unknown_keys_are_ignored(m: Any) -> None:
    assert post(m, __typename="Post", _version=3) == post(m)


def test_relations_that_are_not_loaded_are_omitted(m: Any) -> None:
    assert "comments" not in post(m).to_dict()
    assert post(m).to_dict()["cover"] is None


def test_an_input_has_neither_read_only_fields_nor_relations_nor_nulls(m: Any) -> None:
    read = post(
        m, createdAt="2024-02-29T12:30:24.120Z", comments=[], cover={"key": "k", "width": None}
    )
    assert read.to_input() == {"id": "1", "title": "t", "cover": {"key": "k"}}


def test_an_item_of_a_stream_is_read(m: Any) -> None:
    image = {
        "id": {"S": "1"},
        "title": {"S": "t"},
        "__typename": {"S": "Post"},
        "thumb": {"B": "AAEC"},
        "status": {"NULL": True},
        "views": {"N": "7"},
        "score": {"N": "1.5"},
        "live": {"BOOL": False},
        "tags": {"SS": ["a", "b"]},
        "cover": {"M": {"key": {"S": "k"}, "width": {"N": "3"}}},
        "meta": {"M": {"n": {"NS": ["1", "2.5"]}, "l": {"L": [{"NULL": True}]}}},
        "createdAt": {"S": "2024-02-29T12:30:24.120Z"},
    }
    read = m.Post.from_dynamodb(image)
    assert (read.views, read.score, read.live, read.tags) == (7, 1.5, False, ["a", "b"])
    assert read.cover == m.Picture(key="k", width=3)
    assert read.meta == {"n": [1, 2.5], "l": [None]}
    assert read.createdAt == MOMENT


def test_json_is_stored_unchanged_and_sent_as_text(m: Any) -> None:
    read = post(m, meta='"text"')
    assert read.to_dynamodb()["meta"] == {"S": "text"}
    assert read.to_dict()["meta"] == '"text"'


def test_an_item_has_neither_relations_nor_nulls(m: Any) -> None:
    item = post(m, comments=[], score=2, live=True, tags=["a"]).to_dynamodb()
    assert item == {
        "id": {"S": "1"},
        "title": {"S": "t"},
        "score": {"N": "2.0"},
        "live": {"BOOL": True},
        "tags": {"L": [{"S": "a"}]},
    }
    assert m.Comment.from_dynamodb({"id": {"S": "2"}, "text": {"S": "c"}, "post": {"S": "?"}})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"title": None}, "Post.title: expected str, got NoneType"),
        ({"title": 3}, "Post.title: expected str, got int"),
        ({"views": True}, "Post.views: expected int, got bool"),
        ({"views": 1.5}, "Post.views: expected int, got float"),
        ({"score": "1"}, "Post.score: expected int, got str"),
        ({"score": float("nan")}, "Post.score: JSON has no such number"),
        ({"live": 1}, "Post.live: expected bool, got int"),
        ({"status": "GONE"}, "Post.status: 'GONE' is not a valid Status"),
        ({"on": "2024-02-30"}, "Post.on: day"),
        ({"createdAt": "2024-02-29T12:30:24"}, "Post.createdAt: an AWSDateTime needs an offset"),
        ({"tags": "ab"}, "Post.tags: expected list, got str"),
        ({"tags": ["a", None]}, "Post.tags: expected str, got NoneType"),
        ({"meta": "{"}, "Post.meta: Expecting property name"),
        ({"cover": {}}, "Post.cover: Picture.key: missing value"),
        ({"cover": "k"}, "Post.cover: expected an object, got str"),
        ({"comments": {"items": [{"id": "2"}]}}, "Post.comments: Comment.text: missing value"),
    ],
)
def test_reading_invalid_values_is_an_error(m: Any, data: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        post(m, **data)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("title", None, "Post.title: expected str, got NoneType"),
        ("on", MOMENT, "Post.on: expected date, got datetime"),
        (
            "createdAt",
            MOMENT.replace(tzinfo=None),
            "Post.createdAt: an AWSDateTime needs an offset",
        ),
        ("meta", {1j}, "Post.meta: Object of type set"),
        ("meta", float("inf"), "Post.meta: Out of range"),
    ],
)
def test_writing_invalid_values_is_an_error(m: Any, name: str, value: Any, message: str) -> None:
    written = post(m)
    setattr(written, name, value)
    with pytest.raises(ValueError, match=message):
        written.to_dict()


@pytest.mark.parametrize("attribute", [{"B": "AAEC"}, {"N": 1}, {}, "text", None])
def test_reading_an_invalid_attribute_of_dynamodb_is_an_error(m: Any, attribute: Any) -> None:
    with pytest.raises(ValueError, match="not a DynamoDB attribute"):
        m.Post.from_dynamodb({"id": {"S": "1"}, "title": attribute})


def test_writing_what_dynamodb_cannot_store_is_an_error(m: Any) -> None:
    with pytest.raises(TypeError, match="JSON has no set"):
        m.Post(id="1", title="t", meta={"a": {1}}).to_dynamodb()


def test_a_class_may_be_derived_from_a_generated_one(m: Any) -> None:
    derived: Any = type("Derived", (m.Post,), {"__slots__": ()})
    assert type(derived.from_dict({"id": "1", "title": "t"})) is derived


def test_a_typed_dict_is_a_dict_with_the_names_of_the_schema(d: Any) -> None:
    read = d.from_dict(d.Post, {"id": "1", "title": "t", "class": "x", "on": "2024-02-29"})
    assert read == {"id": "1", "title": "t", "class": "x", "on": dt.date(2024, 2, 29)}
    assert d.to_dict(d.Post, read)["on"] == "2024-02-29"
    assert d.to_input(d.Post, {**read, "createdAt": MOMENT}).keys() == read.keys()


def test_a_typed_dict_without_a_required_key_is_not_written(d: Any) -> None:
    with pytest.raises(ValueError, match=r"Post.title: expected str, got NoneType"):
        d.to_dict(d.Post, {"id": "1"})


def test_a_typed_dict_is_stored_and_read_back(d: Any) -> None:
    value = {"id": "1", "title": "t", "cover": {"key": "k"}}
    assert d.from_dynamodb(d.Post, d.to_dynamodb(d.Post, value)) == value
