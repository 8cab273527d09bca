"""Compare models and rate every difference for clients that already hold data."""

from __future__ import annotations

from .compare import compare_models, prune_unchanged
from .reporting import change_rows, is_failing, render_changes, summarize

__all__ = [
    "change_rows",
    "compare_models",
    "is_failing",
    "prune_unchanged",
    "render_changes",
    "summarize",
]
