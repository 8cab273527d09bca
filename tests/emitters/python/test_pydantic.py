"""The style that needs pydantic, which amplify-modelgen itself does not need."""

from __future__ import annotations

import datetime as dt
import importlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amplify_modelgen_plugins.emitters.python.python_names import PYDANTIC
from support.emitted import check_builtin_names, module_of
from support.emitted_values import objects, through_json, without_relations

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SDL = """
type Post @model {
  title: String! class: String! _id: ID json: AWSJSON on: AWSDate at: AWSTime moments: [AWSDateTime]
  schema: [Status!] model_config: Int model_name: Float place: Place! comments: [Post] @hasMany
}
type Place { copy: Int! validate: Place }
enum Status { DRAFT DONE }
"""

many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def m(judge: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory) -> Any:
    judge("pydantic")
    return module_of(SDL, tmp_path_factory.mktemp("pydantic"), "pydantic")


def post(m: Any) -> Any:
    return m.Post(id="1", title="t", class_="c", field_id="i", place=m.Place(copy_=1))


@pytest.mark.usefixtures("m")
def test_all_attributes_of_a_model_are_reserved() -> None:
    # Not imported by name, so that type checkers work without it too.
    base = importlib.import_module("pydantic").BaseModel
    assert {name for name in dir(base) if not name.startswith("_")} <= PYDANTIC


def test_pydantic_accepts_both_names_of_a_field(m: Any) -> None:
    by_json_name = m.Post.model_validate(
        {"id": "1", "title": "t", "class": "c", "_id": "i", "place": {"copy": 1}}
    )
    assert by_json_name == post(m)
    assert by_json_name.model_dump(by_alias=True, exclude_none=True)["class"] == "c"


def test_pydantic_validates_values(m: Any) -> None:
    with pytest.raises(ValueError, match="validation error"):
        m.Post(id="1", title="t", class_="c", place=m.Place(copy_=1), on="never")


def test_json_schemas_have_the_names_of_the_graphql_schema(m: Any) -> None:
    properties = m.Post.model_json_schema()["$defs"]["Post"]["properties"]
    assert {"class", "_id", "schema", "model_config"} <= set(properties)


def test_times_are_read(m: Any) -> None:
    data = post(m).to_dict() | {"createdAt": "2024-02-29T12:30:24.120Z"}
    assert m.Post.from_dict(data).createdAt.tzinfo is not None
    assert m.Post.from_dict(data).createdAt.replace(tzinfo=None) == dt.datetime(  # noqa: DTZ001 (the zone is asserted above)
        2024, 2, 29, 12, 30, 24, 120000
    )


@many
@given(data=st.data())
def test_a_model_survives_the_json_of_appsync(m: Any, data: st.DataObject) -> None:
    drawn = data.draw(objects(m, m.Post))
    assert m.Post.from_dict(through_json(drawn.to_dict())) == drawn


@many
@given(data=st.data())
def test_a_model_survives_the_json_of_dynamodb(m: Any, data: st.DataObject) -> None:
    drawn = data.draw(objects(m, m.Post))
    stored = without_relations(m, m.Post, drawn)
    assert m.Post.from_dynamodb(through_json(drawn.to_dynamodb())) == stored


@pytest.mark.usefixtures("m")
def test_builtins_may_be_names_of_the_schema(tmp_path: Path) -> None:
    check_builtin_names(tmp_path, "pydantic")
