from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.push import cases

if TYPE_CHECKING:
    from pathlib import Path

EACH_FILE = pytest.mark.parametrize(
    "path",
    [*cases.files(1), *cases.files(2)],
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)


@EACH_FILE
def test_the_rules_are_the_recorded_ones(path: Path) -> None:
    found = {
        case.name: (rules, case.rules)
        for case in cases.read(path)
        if (rules := cases.found_rules(case)) != case.rules
    }
    assert not found, "run `python tests/conformance/push/record.py`"


@EACH_FILE
def test_the_rules_agree_with_the_judge(path: Path) -> None:
    assert [case.name for case in cases.read(path) if bool(case.rules) != case.refused] == []


def test_the_corpus_is_large_and_has_every_rule() -> None:
    for version in (1, 2):
        corpus = cases.all_cases(version)
        assert len(corpus) >= 300
        assert sum(not case.refused for case in corpus) >= 100
