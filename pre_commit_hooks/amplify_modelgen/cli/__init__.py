"""The command line: its grammar, its verbs, and how it speaks to people."""

from __future__ import annotations
