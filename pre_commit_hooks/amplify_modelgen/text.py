"""Escape and redact text that this project did not write."""

from __future__ import annotations

import os
import re
from functools import cache

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
# Number of letters and digits in a part of a secret that is hidden.
_PART_LENGTH = 20
HIDDEN = "(not shown: it contains a credential)"

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


# Characters as strings of JSON, Python or a shell write them.
_ESCAPE = r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-7]{3})|[nrt])|\x1b\[[0-9;]*[A-Za-z]"
_SEPARATORS = r"[^a-z0-9]+"


def add_secret(secret: str) -> None:
    """Redact `secret`, wherever it came from, in all text from now on."""
    _secrets.add(secret)


def redact(text: str) -> str:
    """Return `text` without credentials; four characters of key and account ids are kept.

    A text that still contains a part of one, or one in another encoding, is hidden.
    """
    known = (*(os.environ.get(name, "") for name in _SECRET_VARIABLES), *tuple(_secrets))
    secrets = [secret for secret in known if len(secret) >= _MIN_SECRET_LENGTH]
    for secret in secrets:
        text = text.replace(secret, "***")
    for pattern, replacement in _CREDENTIALS:
        text = re.sub(pattern, replacement, text)
    if not secrets or len(text) < _PART_LENGTH:
        return text
    return _hide(text, frozenset().union(*map(_parts, secrets)))


def _hide(text: str, parts: frozenset[str]) -> str:
    """Replace the lines that contain one of the parts in some encoding, or all if they do."""
    if not _contains(text, parts):
        return text
    lines = [HIDDEN if _contains(line, parts) else line for line in text.split("\n")]
    text = "\n".join(lines)
    return HIDDEN if _contains(text, parts) else text


def _contains(text: str, parts: frozenset[str]) -> bool:
    plain = _plain(text)
    ends = range(_PART_LENGTH, len(plain) + 1)
    return any(plain[end - _PART_LENGTH : end] in parts for end in ends)


@cache
def _parts(secret: str) -> frozenset[str]:
    plain = re.sub(_SEPARATORS, "", secret.lower())
    ends = range(_PART_LENGTH, len(plain) + 1)
    return frozenset(plain[end - _PART_LENGTH : end] for end in ends)


def _plain(text: str) -> str:
    """Return the letters and digits of a text, without the escapes of HTML, URLs and strings."""
    import html
    from unicodedata import normalize
    from urllib.parse import unquote

    for _ in range(2):
        text = unquote(html.unescape(text))
        text = re.sub(_ESCAPE, _unescape, text)
    return re.sub(_SEPARATORS, "", normalize("NFKC", text).lower())


def _unescape(match: re.Match[str]) -> str:
    if hexadecimal := match[1] or match[2]:
        return chr(int(hexadecimal, 16))
    return chr(int(match[3], 8)) if match[3] else ""


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
