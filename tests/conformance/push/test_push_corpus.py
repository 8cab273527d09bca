from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.push import cases

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.push.judge import Judge


@pytest.mark.parametrize("path", cases.files(2), ids=lambda path: path.stem)
def test_the_judge_says_what_is_recorded(judge: Judge, path: Path) -> None:
    _compare(judge, path)


@pytest.mark.parametrize("path", cases.files(1), ids=lambda path: path.stem)
def test_the_judge_of_version_1_says_what_is_recorded(judge_1: Judge, path: Path) -> None:
    _compare(judge_1, path)


def _compare(judge: Judge, path: Path) -> None:
    stale = [
        case.name
        for case in cases.read(path)
        if (judge.refusal(case.schema, respect=case.respect) is not None) != case.refused
    ]
    assert not stale, f"run `python tests/conformance/push/record.py {path.stem}`"


def test_the_judge_returns_the_compiled_schema(judge: Judge) -> None:
    assert "type ModelDishConnection" in judge.compiled("type Dish @model { id: ID! }")
