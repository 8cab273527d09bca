"""Text of AWS made fit to be shown: without credentials, and not without end."""

from __future__ import annotations

from amplify_modelgen import printable, redact

__all__ = ["quoted", "redact"]

_LONGEST = 500


def quoted(text: str) -> str:
    """Return the text of a service or library for use in a message: redacted, one short line."""
    line = " ".join(printable(redact(text)).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."
