"""The pages of docs/, read as their readers read them."""

from __future__ import annotations

import re
from pathlib import Path

from hosts.markdown import blocks

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

__all__ = ["DOCS", "ROOT", "blocks", "coded", "read", "tables"]


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def tables(text: str) -> list[list[list[str]]]:
    """Return the cells of every table's rows, without the head."""
    found = re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE)
    return [[_cells(line) for line in table.splitlines()[2:]] for table in found]


def _cells(line: str) -> list[str]:
    return [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def coded(text: str) -> list[str]:
    """Return what stands between backticks."""
    return re.findall(r"`([^`]+)`", text)
