from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.diff import compare_models
from amplify_modelgen.diff.catalogue import CATALOGUE
from diff_cases import CASES

if TYPE_CHECKING:
    from diff_documents import (
        Json,
    )

RULES = {rule.id: rule for table in CATALOGUE.values() for rule in table}


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [pytest.param(*case, id=f"{number}-{case[0]}") for number, case in enumerate(CASES)],
)
def test_rule_and_no_other_sees_its_change(rule: str, old: Json, new: Json) -> None:
    (change,) = compare_models(old, new)
    assert (change.rule, change.level, change.action) == (
        rule,
        RULES[rule].level,
        RULES[rule].action,
    )


def test_every_rule_has_a_case() -> None:
    assert {rule for rule, _, _ in CASES} == set(RULES)


def test_rules_have_names_of_their_own() -> None:
    assert len(RULES) == sum(map(len, CATALOGUE.values()))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rules_speak_in_sentences_without_full_stops(rule: Any) -> None:
    assert not rule.says.endswith(".")
    assert not rule.reason.endswith(".")
