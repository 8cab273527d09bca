"""The results as lines, as the table of docs/performance.md, and as a plot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rows import Row

_DOCS = Path(__file__).resolve().parent.parent / "docs"
_TABLE = re.compile(r"(?<=<!-- results -->\n).*?(?=<!-- end -->)", re.DOTALL)
_HEAD = (
    "| row | what | against | ours | theirs | ratio | min-ratio | reach | |\n"
    "|---|---|---|---|---|---|---|---|---|\n"
)
_UNITS = {"seconds": " s", "megabytes": " MB", "requests": ""}
_USUAL_RUNS = 15
_LINE, _LEFT, _WIDTH, _TOP = 26, 150, 560, 46
_REACHED, _MISSED, _KNOWN = "#2a7f62", "#b3432b", "#6b7280"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A measured row: the ratio of the medians, and of the smallest of each side."""

    row: Row
    ratio: float
    least: float
    ours: float
    theirs: float

    @property
    def verdict(self) -> str:
        """Whether the ratio of the medians is what is to be reached."""
        if self.row.reach is None:
            return "for information"
        return "reached" if self.ratio <= self.row.reach else "missed"


def line(result: Result) -> str:
    """A line for the terminal."""
    reach = "" if result.row.reach is None else f", reach {result.row.reach:g}"
    return (
        f"{result.row.name:16} {result.ratio:7.3f} x (min {result.least:.3f}{reach}): "
        f"{result.verdict}; {_amount(result, result.ours)} against {_amount(result, result.theirs)}"
    )


def _amount(result: Result, amount: float) -> str:
    return f"{amount:.3g}{_UNITS[result.row.unit]}"


def write(results: Sequence[Result]) -> None:
    """Replace the table in the page, and the plot beside it."""
    page = _DOCS / "performance.md"
    table = _HEAD + "".join(map(_table_line, results))
    page.write_text(_TABLE.sub(lambda _: table, page.read_text()))
    judged = [result for result in results if result.row.reach is not None]
    (_DOCS / "performance.svg").write_text(plot(judged))


def _table_line(result: Result) -> str:
    row = result.row
    runs = "" if row.runs >= _USUAL_RUNS else f" (n={row.runs})"
    cells = (
        f"`{row.name}`",
        row.what + runs,
        row.against,
        _amount(result, result.ours),
        _amount(result, result.theirs),
        f"{result.ratio:.2f}",
        f"{result.least:.2f}",
        "" if row.reach is None else f"{row.reach:g}",
        result.verdict,
    )
    return f"| {' | '.join(cells)} |\n"


def plot(results: Sequence[Result]) -> str:
    """A bar for each row: its ratio as a share of what is to be reached, which is the line."""
    height = _TOP + _LINE * len(results) + 14
    at = _LEFT + _WIDTH / 2
    bars = "".join(_bar(index, result) for index, result in enumerate(results))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDTH + 130}" '
        f'height="{height}" font-family="sans-serif" font-size="13">\n'
        '<rect width="100%" height="100%" fill="white"/>\n'
        f'<text x="{_LEFT}" y="20" font-weight="bold">Measured ratio as a share of the ratio '
        "to reach: shorter is better</text>\n"
        f'{bars}<line x1="{at}" x2="{at}" y1="30" y2="{height - 8}" stroke="{_KNOWN}" '
        'stroke-dasharray="4 3"/>\n</svg>\n'
    )


def _bar(index: int, result: Result) -> str:
    assert result.row.reach is not None
    share = result.ratio / result.row.reach
    long = min(share, 2) * _WIDTH / 2
    y = _TOP + index * _LINE
    colour = _REACHED if share <= 1 else _MISSED
    shown = f"{result.ratio:.2f} of {result.row.reach:g}"
    return (
        f'<text x="{_LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(result.row.name)}</text>'
        f'<rect x="{_LEFT}" y="{y}" width="{long:.0f}" height="18" rx="2" fill="{colour}"/>'
        f'<text x="{_LEFT + long + 6:.0f}" y="{y + 13}">{shown}</text>\n'
    )
