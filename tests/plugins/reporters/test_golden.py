from __future__ import annotations

import pytest

from support.report_golden import CASES, DIRECTORY, rendered


@pytest.mark.parametrize("case", CASES)
def test_output_equals_the_golden_file(case: str) -> None:
    assert rendered(case) == (DIRECTORY / case).read_text(encoding="utf-8")


def test_every_golden_file_belongs_to_a_case() -> None:
    assert sorted(path.name for path in DIRECTORY.iterdir()) == sorted(CASES)
