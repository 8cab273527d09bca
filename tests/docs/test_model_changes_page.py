from __future__ import annotations

from pathlib import Path

import pytest

from amplify_modelgen.diff.catalogue import CATALOGUE
from amplify_modelgen.diff.reporting import LEVELS

PAGE = Path(__file__, "../../../docs/model-changes.md").resolve()


def section(title: str) -> list[str]:
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(f"\n### {title}\n\n")
    body, _, _ = rest.partition("\n\n")
    return body.splitlines()[2:]


@pytest.mark.parametrize("title", CATALOGUE)
def test_page_lists_the_rules_of_the_catalogue(title: str) -> None:
    assert section(title) == [
        f"| `{rule_id}` | {rule.level} | {rule.reason} |"
        for rule_id, rule in CATALOGUE[title].items()
    ]


def test_page_has_no_other_headings() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    assert [line[4:] for line in lines if line.startswith("### ")] == list(CATALOGUE)


def test_page_explains_the_levels() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"- **{level}**: " in text for level in LEVELS)
