from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.diff import compare_models
from amplify_modelgen.diff.catalogue import CATALOGUE, RULES
from support.diff_cases import CASES

if TYPE_CHECKING:
    from support.introspection_documents import (
        Json,
    )


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [pytest.param(*case, id=f"{number}-{case[0]}") for number, case in enumerate(CASES)],
)
def test_exactly_one_rule_reports_the_change(rule: str, old: Json, new: Json) -> None:
    (change,) = compare_models(old, new)
    assert (change.rule, change.level) == (rule, RULES[rule].level)


def test_every_rule_has_a_case() -> None:
    assert {rule for rule, _, _ in CASES} == set(RULES)


def test_rule_ids_are_unique() -> None:
    assert len(RULES) == sum(map(len, CATALOGUE.values()))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_texts_have_no_full_stop(rule: Any) -> None:
    assert not rule.message.endswith(".")
    assert not rule.reason.endswith(".")
