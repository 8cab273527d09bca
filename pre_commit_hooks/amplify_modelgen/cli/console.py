"""The two streams that people read: results on stdout, the rest on stderr."""

from __future__ import annotations

import os
import sys

from amplify_modelgen.text import printable


def say(text: str) -> None:
    """Print a result."""
    print(text)  # noqa: T201 (the one place that writes results)


def silence() -> None:
    """Drop what is still to be written to stdout, because nobody reads it any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(message: str, hint: str | None) -> None:
    """Print what is wrong, and what to do about it."""
    note(f"amplify-modelgen: {message}")
    if hint:
        note(f"  {hint}")


def note_lines(text: str) -> None:
    """Print several lines that are no result."""
    for line in text.splitlines():
        note(line)


def note(text: str) -> None:
    """Print a line that is no result, made fit for a terminal."""
    print(printable(text), file=sys.stderr, flush=True)  # noqa: T201 (the same for the rest)
