from __future__ import annotations

import pytest

from unit.reporters.golden import CASES, FOLDER, rendered


@pytest.mark.parametrize("case", CASES)
def test_a_report_is_as_it_was(case: str) -> None:
    assert rendered(case) == (FOLDER / case).read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(CASES)
