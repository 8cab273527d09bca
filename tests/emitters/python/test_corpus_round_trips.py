"""Objects of every class of every recorded schema, written and read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from support.emitted import load, python_text, valid_models
from support.emitted_values import objects, through_json, without_relations

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

few = settings(
    max_examples=4,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("style", ["dataclass", "pydantic"])
def test_written_objects_can_be_read(
    tmp_path: Path, judge: Callable[[str], None], style: str
) -> None:
    if style == "pydantic":
        judge("pydantic")
    count = 0
    for models in valid_models().values():
        module: Any = load(python_text(models, style), tmp_path)
        for model in module._FIELDS:
            count += _survives(module, model)
    assert count > 500


def _survives(module: Any, model: Any) -> bool:
    values = objects(module, model)
    if values.is_empty:
        return False

    @few
    @given(values)
    def survives(value: Any) -> None:
        assert model.from_dict(through_json(value.to_dict())) == value
        stored = without_relations(module, model, value)
        assert model.from_dynamodb(through_json(value.to_dynamodb())) == stored

    survives()
    return True
