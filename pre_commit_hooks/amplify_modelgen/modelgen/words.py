"""Names made of names: first letters, and the words that a name consists of."""

from __future__ import annotations

import re

_LOWER_UPPER = r"([a-z0-9])([A-Z])"
_UPPER_WORD = r"([A-Z])([A-Z][a-z])"
_SEPARATORS = r"[^A-Za-z0-9]+"


def lower_first(text: str) -> str:
    """Return `text` with its first letter in lower case and the others as they are."""
    return text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """Return `text` with its first letter in upper case and the others as they are."""
    return text[:1].upper() + text[1:]


def constant_case(name: str) -> str:
    """Return the words of a name in capitals: `fooBar` gives `FOO_BAR`."""
    return "_".join(_words(name)).upper()


def pascal_case(name: str) -> str:
    """Return the words of a name, capitalised: `blog_post` gives `BlogPost`."""
    return "".join(map(_capitalise, range(len(name)), _words(name)))


def camel_case(name: str) -> str:
    """Return the words of a name, capitalised but for the first: `APIKey` gives `apiKey`."""
    first, *others = _words(name) or [""]
    return first.lower() + "".join(_capitalise(i, word) for i, word in enumerate(others, 1))


def _words(name: str) -> list[str]:
    parted = re.sub(_UPPER_WORD, r"\1 \2", re.sub(_LOWER_UPPER, r"\1 \2", name))
    return re.sub(_SEPARATORS, " ", parted).split()


def _capitalise(index: int, word: str) -> str:
    mark = "_" if index and word[0].isdigit() else ""
    return mark + word[0].upper() + word[1:].lower()
