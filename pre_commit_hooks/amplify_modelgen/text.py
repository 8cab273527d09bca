"""Text from elsewhere (names, job errors, schemas) made fit for a terminal or a log."""

from __future__ import annotations

import re

# C0 and C1 control characters, and those that reorder or hide text in a terminal. No pattern yet:
# compiling it costs 2 ms, and almost every text is plain.
_UNSAFE = "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"

# CI servers take lines that begin so for commands, after white space as well.
_COMMANDS = ("::", "##[")


def printable(text: str) -> str:
    """Return the text on one line, with what could steer a terminal or a CI server disarmed."""
    if not text.isprintable():
        text = re.sub(_UNSAFE, _spelled, text)
    line = text.lstrip()
    if line.startswith(_COMMANDS):
        return f"{text[: len(text) - len(line)]}\\{line}"
    return text


def _spelled(match: re.Match[str]) -> str:
    character = match.group()
    return " " if character in "\n\r\t" else character.encode("unicode_escape").decode("ascii")
