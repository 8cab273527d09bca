from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.emitted import module_of
from support.emitted_values import objects, through_json, without_relations

# One field of each scalar, and each nesting of lists and nulls.
SDL = """
type Thing @model {
  id: ID!
  class: String!
  int: Int
  float: Float!
  flag: Boolean
  flags: [Boolean]
  on: AWSDate
  at: AWSTime!
  moment: AWSDateTime
  moments: [AWSDateTime!]!
  seconds: AWSTimestamp
  mail: AWSEmail
  json: AWSJSON
  jsons: [AWSJSON!]
  rows: [[Int!]]
  shelves: [[[Place]!]!]!
  needed: AWSJSON!
  url: AWSURL
  phone: AWSPhone
  ip: AWSIPAddress
  colour: Colour
  colours: [Colour]!
  place: Place!
  places: [Place!]
  parent: Thing @belongsTo
  parts: [Thing] @hasMany
}
type Place { name: String! within: Place from: AWSDateTime }
enum Colour { RED title None }
"""

# Drawing objects of two dozen fields takes longer than what is tested.
many = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return module_of(SDL, tmp_path_factory.mktemp("classes"))


@pytest.fixture(scope="module")
def dicts(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return module_of(SDL, tmp_path_factory.mktemp("dicts"), "typeddict")


@many
@given(data=st.data())
def test_a_dataclass_survives_the_json_of_appsync(classes: Any, data: st.DataObject) -> None:
    thing = data.draw(objects(classes, classes.Thing))
    assert classes.Thing.from_dict(through_json(thing.to_dict())) == thing


@many
@given(data=st.data())
def test_a_dataclass_survives_the_json_of_dynamodb(classes: Any, data: st.DataObject) -> None:
    thing = data.draw(objects(classes, classes.Thing))
    stored = without_relations(classes, classes.Thing, thing)
    assert classes.Thing.from_dynamodb(through_json(thing.to_dynamodb())) == stored


@many
@given(data=st.data())
def test_a_typed_dict_survives_the_json_of_appsync(dicts: Any, data: st.DataObject) -> None:
    thing = data.draw(objects(dicts, dicts.Thing))
    sent = through_json(dicts.to_dict(dicts.Thing, thing))
    assert dicts.to_dict(dicts.Thing, dicts.from_dict(dicts.Thing, sent)) == sent


@many
@given(data=st.data())
def test_a_typed_dict_survives_the_json_of_dynamodb(dicts: Any, data: st.DataObject) -> None:
    thing = data.draw(objects(dicts, dicts.Thing))
    stored = without_relations(dicts, dicts.Thing, thing)
    sent = through_json(dicts.to_dynamodb(dicts.Thing, thing))
    assert dicts.from_dynamodb(dicts.Thing, sent) == stored
