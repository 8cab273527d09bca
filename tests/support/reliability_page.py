"""The table of docs/reliability.md, which the suite generates.

`AMPLIFY_MODELGEN_RECORD=1 pytest tests/faults/test_service_faults.py` rewrites them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from support.fault_runs import normalize

if TYPE_CHECKING:
    from collections.abc import Mapping

# Read at import: fixtures remove the variables of this project.
RECORD = bool(os.environ.get("AMPLIFY_MODELGEN_RECORD"))
PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"


def check_page(name: str, messages: Mapping[str, tuple[int, str]]) -> None:
    """Check that the table of the page has the results of the rows, or update it."""
    text = PAGE.read_text(encoding="utf-8")
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    before, _, rest = text.partition(begin)
    expected = before + begin + _table(messages) + end + rest.partition(end)[2]
    if RECORD:
        PAGE.write_text(expected, encoding="utf-8")
    else:
        assert text == expected


def _table(messages: Mapping[str, tuple[int, str]]) -> str:
    lines = ["| call | fault | exit | message |", "|---|---|---|---|"]
    for name, (code, message) in messages.items():
        stage, _, fault = name.partition(": ")
        lines.append(
            f"| {stage} | {fault} | {code} | {normalize(message).replace('|', '&#124;')} |"
        )
    return "\n".join(lines) + "\n"
