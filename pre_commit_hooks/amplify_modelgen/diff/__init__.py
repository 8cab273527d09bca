"""Compare models and rate every difference for clients that already hold data."""

from __future__ import annotations

from .compare import compare_models, prune_unchanged
from .reporting import render_changes, summarize

__all__ = ["compare_models", "prune_unchanged", "render_changes", "summarize"]
