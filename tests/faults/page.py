"""The tables of docs/reliability.md that the suite itself writes.

`AMPLIFY_MODELGEN_RECORD=1 pytest tests/faults/test_matrix.py` writes them anew.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from faults.matrix import told

if TYPE_CHECKING:
    from collections.abc import Mapping

# Looked at now: tests take our variables away.
RECORD = bool(os.environ.get("AMPLIFY_MODELGEN_RECORD"))
PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"


def check_page(name: str, messages: Mapping[str, tuple[int, str]]) -> None:
    """Check that the page's table says what the rows came to, or make it say so."""
    text = PAGE.read_text(encoding="utf-8")
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    before, _, rest = text.partition(begin)
    wanted = before + begin + _table(messages) + end + rest.partition(end)[2]
    if RECORD:
        PAGE.write_text(wanted, encoding="utf-8")
    else:
        assert text == wanted


def _table(messages: Mapping[str, tuple[int, str]]) -> str:
    lines = ["| call | fault | exit | what is said |", "|---|---|---|---|"]
    for name, (code, said) in messages.items():
        stage, _, fault = name.partition(": ")
        lines.append(f"| {stage} | {fault} | {code} | {told(said).replace('|', '&#124;')} |")
    return "\n".join(lines) + "\n"
