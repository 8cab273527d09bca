"""The way of the data: survey, plan, validate, generate, compare, emit, report."""

from __future__ import annotations
