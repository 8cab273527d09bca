"""Escape and redact text that this project did not write."""

from __future__ import annotations

import os
import re

# C0 and C1 control characters, and those that reorder or hide text in a terminal. Compiled only
# when needed: that takes 2 ms, and almost every text is printable.
_UNSAFE = "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"

# CI servers interpret these as commands: the first at the start of a line, also after whitespace,
# the others (`##[` of GitHub, `##vso[` of Azure Pipelines, `##teamcity[`) anywhere in it.
_LINE_COMMAND = "::"
_COMMAND = r"##(?=\w*\[)"

_SECRET_VARIABLES = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")
# Shorter values are placeholders of tests, and would match ordinary words.
_MIN_SECRET_LENGTH = 8

_secrets: set[str] = set()


def escape(text: str) -> str:
    """Return `text` on one line, without what controls a terminal or a CI server."""
    if not text.isprintable():
        text = re.sub(_UNSAFE, _escape_character, text)
    if "##" in text:
        text = re.sub(_COMMAND, r"#\\#", text)
    line = text.lstrip()
    if line.startswith(_LINE_COMMAND):
        return f"{text[: len(text) - len(line)]}\\{line}"
    return text


def _escape_character(match: re.Match[str]) -> str:
    character = match.group()
    return " " if character in "\n\r\t" else character.encode("unicode_escape").decode("ascii")


def add_secret(secret: str) -> None:
    """Redact `secret`, wherever it came from, in all text from now on."""
    _secrets.add(secret)


def redact(text: str) -> str:
    """Return `text` without credentials; four characters of key and account ids are kept."""
    for secret in (*(os.environ.get(name, "") for name in _SECRET_VARIABLES), *tuple(_secrets)):
        if len(secret) >= _MIN_SECRET_LENGTH:
            text = text.replace(secret, "***")
    for pattern, replacement in _patterns():
        text = pattern.sub(replacement, text)
    return text


def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    # Compiled on first use by `re`'s own cache.
    return tuple((re.compile(pattern), replacement) for pattern, replacement in _CREDENTIALS)


# Request headers that the service repeats when it rejects a signature.
_SIGNATURE_HEADERS = "x-amz-security-token|authorization|signature"
_CREDENTIAL_NAMES = r"secret_?access_?key|session_?token"

_CREDENTIALS = (
    # The user name and password of a URL.
    (r"//[^\s/\"']*@", "//"),
    # The same without a scheme, or with a slash in it. ARNs may contain a colon and an @, too.
    (r"(?<!\S)([\"'(<\[]*)(?!arn:|[\"'(<\[])[^\s:@]*:\S*@", r"\1"),
    (
        rf"(?i)\b({_SIGNATURE_HEADERS}|{_CREDENTIAL_NAMES})(\s*[:=]\s*)(?:AWS4-\S+\s+)?[^\s&'\"]+",
        r"\1\2***",
    ),
    # Ids of keys, users and roles; then account ids.
    (r"\bA(?:KIA|SIA|IDA|ROA)[A-Z0-9]*([A-Z0-9]{4})\b", r"***\1"),
    (r"(?<!\d)\d{8}(\d{4})(?!\d)", r"***\1"),
)
