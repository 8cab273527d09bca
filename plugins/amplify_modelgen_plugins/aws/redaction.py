"""Redact, escape and truncate text of AWS and of the libraries that connect to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amplify_modelgen.plugin import add_secret, escape, redact

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAX_QUOTE = 500
# Shorter values would match ordinary words.
_MIN_CREDENTIAL_LENGTH = 8

_credentials: set[str] = set()


def host_of(url: str) -> str:
    """Return host and port of a URL. The rest may contain a password, which may contain a `/`."""
    rest = url.partition("://")[2] or url
    return quote(re.split(r"[/?#\s]", rest.rpartition("@")[2], maxsplit=1)[0])


def quote(text: str) -> str:
    """Return text of a service or a library on one line, redacted, escaped and not too long."""
    # A tab inside a password would hide it from the patterns.
    text = redact(redact(text).replace("\t", " " if "@" not in text else ""))
    line = " ".join(escape(text).split())
    if contains_credential("".join(line.split())):
        return "(not shown: it contains a credential)"
    return line if len(line) <= _MAX_QUOTE else f"{line[:_MAX_QUOTE]}..."


def contains_credential(text: str) -> bool:
    """Whether a known credential is part of the text, in any form."""
    return any(credential in text for credential in tuple(_credentials))


def add_credential(value: str) -> None:
    """Redact a credential in all the forms in which Python, urllib3 and botocore print it."""
    if value in _credentials or len(value) < _MIN_CREDENTIAL_LENGTH:
        return
    for text in {value, value.strip()}:
        for printed in _printed_forms(text):
            if len(printed) >= _MIN_CREDENTIAL_LENGTH:
                add_secret(printed)
                _credentials.add(printed)


def _printed_forms(text: str) -> Iterable[str]:
    import html
    import json
    from base64 import b64encode
    from urllib.parse import quote as url_quote
    from urllib.parse import quote_plus

    data = text.encode("utf-8", "surrogateescape")
    yield text
    yield repr(text)[1:-1]
    yield repr(data)[2:-1]
    yield json.dumps(text)[1:-1]
    yield html.escape(text)
    yield data.hex()
    yield url_quote(data)
    yield url_quote(data, safe="")
    yield quote_plus(data)
    yield b64encode(data).decode("ascii").rstrip("=")
    # The same at any place in a longer text, without the characters that depend on the rest.
    for offset in range(3):
        encoded = b64encode(bytes(offset) + data).decode("ascii")
        yield encoded[4 if offset else 0 : -4]


def add_url_password(url: str) -> None:
    """Redact the password of a URL. It may contain any character, even a `/` or a `#`."""
    user, _, password = (url.partition("://")[2] or url).rpartition("@")[0].partition(":")
    for value in (f"{user}:{password}", password):
        add_credential(value)
