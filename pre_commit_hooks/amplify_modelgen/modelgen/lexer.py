"""The tokens of a schema text, for the reader; what is rare is left to graphql-core."""

from __future__ import annotations

import re

# Escapes of code points in strings are left to the library. No group is possessive: until 3.11.5
# Python matches those wrongly. What begins no token takes the rest of the text with it: each
# character of a million digits would else be tried, to the end, alone.
_IGNORED = r"[ \t\n\r,\ufeff]*+(?:#[^\n\r]*+[ \t\n\r,\ufeff]*+)*"
_TOKEN = re.compile(
    _IGNORED + r"(?:([A-Za-z_][A-Za-z_0-9]*+"
    r"|[\[\](){}:=@!|&]"
    r'|"""[^"\\]*(?:(?:\\"""|\\(?!""")|"(?!""))[^"\\]*)*"""'
    r'|"(?!"")[^"\\\n\r]*(?:\\["\\/bfnrt][^"\\\n\r]*)*"'
    r"|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![A-Za-z_0-9.])"
    r"|\Z)|(?s:.+))"
)
_ESCAPE = r"\\(.)"
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
NUMBER_STARTS = frozenset("-0123456789")


class UnreadError(Exception):
    """The text has something that is not for the reader."""


def tokens_and_matches(sdl: str) -> tuple[list[str], list[re.Match[str]]]:
    """Return the tokens of a schema text, the last of them empty, each with its match.

    The group 1 of the match is the token, so that it knows the place. Raises UnreadError where a
    character begins no token, and for half of a surrogate pair anywhere.
    """
    try:
        sdl.encode()
    except UnicodeEncodeError:
        raise UnreadError from None
    matches = list(_TOKEN.finditer(sdl))
    tokens = [match[1] for match in matches]
    if None in tokens:
        raise UnreadError
    return tokens, matches


def string_value(token: str) -> str:
    """Return what a string stands for; UnreadError for a block string."""
    if token.startswith('"""'):
        raise UnreadError
    text = token[1:-1]
    return re.sub(_ESCAPE, _unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    return _ESCAPED.get(match[1], match[1])
