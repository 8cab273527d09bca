"""Every class of every recorded schema: what is written is read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from emitted import load, python_text, writable
from emitted_values import objects, wired, without_relations

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
def test_what_is_written_is_read_again(
    tmp_path: Path, judge: Callable[[str], None], style: str
) -> None:
    if style == "pydantic":
        judge("pydantic")
    tried = 0
    for models in writable().values():
        module: Any = load(python_text(models, style), tmp_path)
        for model in module._FIELDS:
            tried += _survives(module, model)
    assert tried > 500


def _survives(module: Any, model: Any) -> bool:
    values = objects(module, model)
    if values.is_empty:
        return False

    @few
    @given(values)
    def survives(value: Any) -> None:
        assert model.from_dict(wired(value.to_dict())) == value
        stored = without_relations(module, model, value)
        assert model.from_dynamodb(wired(value.to_dynamodb())) == stored

    survives()
    return True
