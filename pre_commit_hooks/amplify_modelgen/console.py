"""The two streams that people read: results on stdout, the rest on stderr."""

from __future__ import annotations

import sys

from .text import printable


def say(text: str) -> None:
    """Print a result."""
    print(text)  # noqa: T201 (the one place that writes results)


def note(text: str) -> None:
    """Print a line that is no result, made fit for a terminal."""
    print(printable(text), file=sys.stderr, flush=True)  # noqa: T201 (the same for the rest)
