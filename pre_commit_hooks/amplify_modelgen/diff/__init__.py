"""Compares models and judges every difference for clients that already hold data."""

from __future__ import annotations

from .compare import compare_models
from .equals import read_like, without_equals
from .render import LEVELS, change_rows, fails, render_changes, summarise, worst_level

__all__ = [
    "LEVELS",
    "change_rows",
    "compare_models",
    "fails",
    "read_like",
    "render_changes",
    "summarise",
    "without_equals",
    "worst_level",
]
