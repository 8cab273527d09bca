"""Text that others made, such as what AWS or a library says, without the credentials in it."""

from __future__ import annotations

import os
import re

_SECRET_VARIABLES = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")
# A value this short is a test's, and would be found everywhere.
_SHORTEST_SECRET = 8

_PATTERNS = (
    # The name and password in a URL.
    (re.compile(r"//[^\s/\"']*@"), "//"),
    # The same without a scheme, or with a slash in it; ARNs may have a colon and an @, too.
    (re.compile(r"(?<!\S)([\"'(<\[]*)(?!arn:|[\"'(<\[])[^\s:@]*:\S*@"), r"\1"),
    # What a refused signature makes the service repeat: the headers, the token among them.
    (
        re.compile(
            r"\b(x-amz-security-token|authorization|signature|secret_?access_?key|session_?token)"
            r"(\s*[:=]\s*)(?:AWS4-\S+\s+)?[^\s&'\"]+",
            re.IGNORECASE,
        ),
        r"\1\2***",
    ),
    # Ids of keys, users and roles; then account ids: four characters tell them apart.
    (re.compile(r"\bA(?:KIA|SIA|IDA|ROA)[A-Z0-9]*([A-Z0-9]{4})\b"), r"***\1"),
    (re.compile(r"(?<!\d)\d{8}(\d{4})(?!\d)"), r"***\1"),
)


# Secrets that were sent, wherever they came from: a service may repeat what it was sent.
_sent: set[str] = set()


def hide_secret(secret: str) -> None:
    """Have a secret of any origin redacted from now on."""
    _sent.add(secret)


def redact(text: str) -> str:
    """Return the text without credentials; of key and account ids four characters are left."""
    for secret in (*(os.environ.get(name, "") for name in _SECRET_VARIABLES), *tuple(_sent)):
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "***")
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text
