"""Format results: lines, the table of docs/performance.md, and a plot."""

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
    "| row | measured | compared with | time | reference | ratio | ratio of minima | bound | |\n"
    "|---|---|---|---|---|---|---|---|---|\n"
)
_UNITS = {"seconds": " s", "megabytes": " MB", "requests": ""}
_DEFAULT_RUNS = 15
_LINE, _LEFT, _WIDTH, _TOP = 26, 150, 560, 46
_GREEN, _RED, _GREY = "#2a7f62", "#b3432b", "#6b7280"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A measured row: the ratio of the medians, and of the minima."""

    row: Row
    ratio: float
    minimum: float
    ours: float
    reference: float

    @property
    def verdict(self) -> str:
        """Whether the ratio of the medians is within the bound."""
        if self.row.bound is None:
            return "for information"
        return "reached" if self.ratio <= self.row.bound else "missed"


def line(result: Result) -> str:
    """Return a line for the terminal."""
    bound = "" if result.row.bound is None else f", bound {result.row.bound:g}"
    return (
        f"{result.row.name:16} {result.ratio:7.3f} x (minima {result.minimum:.3f}{bound}): "
        f"{result.verdict}; {_amount(result, result.ours)} / {_amount(result, result.reference)}"
    )


def _amount(result: Result, amount: float) -> str:
    return f"{amount:.3g}{_UNITS[result.row.unit]}"


def write(results: Sequence[Result]) -> None:
    """Replace the table in the page, and the plot beside it."""
    page = _DOCS / "performance.md"
    table = _HEAD + "".join(map(_table_line, results))
    page.write_text(_TABLE.sub(lambda _: table, page.read_text()))
    judged = [result for result in results if result.row.bound is not None]
    (_DOCS / "performance.svg").write_text(plot(judged))


def _table_line(result: Result) -> str:
    row = result.row
    runs = "" if row.runs >= _DEFAULT_RUNS else f" (n={row.runs})"
    cells = (
        f"`{row.name}`",
        row.title + runs,
        row.reference,
        _amount(result, result.ours),
        _amount(result, result.reference),
        f"{result.ratio:.2f}",
        f"{result.minimum:.2f}",
        "" if row.bound is None else f"{row.bound:g}",
        result.verdict,
    )
    return f"| {' | '.join(cells)} |\n"


def plot(results: Sequence[Result]) -> str:
    """Return an SVG with a bar for each row: its ratio as a share of the bound."""
    height = _TOP + _LINE * len(results) + 14
    at = _LEFT + _WIDTH / 2
    bars = "".join(_bar(index, result) for index, result in enumerate(results))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDTH + 130}" '
        f'height="{height}" font-family="sans-serif" font-size="13">\n'
        '<rect width="100%" height="100%" fill="white"/>\n'
        f'<text x="{_LEFT}" y="20" font-weight="bold">Measured ratio as a share of the bound: '
        "shorter is better</text>\n"
        f'{bars}<line x1="{at}" x2="{at}" y1="30" y2="{height - 8}" stroke="{_GREY}" '
        'stroke-dasharray="4 3"/>\n</svg>\n'
    )


def _bar(index: int, result: Result) -> str:
    assert result.row.bound is not None
    share = result.ratio / result.row.bound
    length = min(share, 2) * _WIDTH / 2
    y = _TOP + index * _LINE
    color = _GREEN if share <= 1 else _RED
    shown = f"{result.ratio:.2f} of {result.row.bound:g}"
    return (
        f'<text x="{_LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(result.row.name)}</text>'
        f'<rect x="{_LEFT}" y="{y}" width="{length:.0f}" height="18" rx="2" fill="{color}"/>'
        f'<text x="{_LEFT + length + 6:.0f}" y="{y + 13}">{shown}</text>\n'
    )
