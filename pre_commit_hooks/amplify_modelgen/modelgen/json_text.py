"""JSON as JavaScript writes it."""

from __future__ import annotations

import re
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from .values import number_text

if TYPE_CHECKING:
    from collections.abc import Iterable

_SURROGATE = re.compile(r"[\ud800-\udfff]")


def to_json(document: Any) -> str:  # noqa: ANN401 (any JSON value)
    """Return a document as Amplify writes it: four spaces, no newline at the end.

    It differs from `json.dumps` in the numbers and in lone surrogates, which are escaped.
    """
    return _written(document, "\n")


def to_javascript(datastore: dict[str, Any]) -> str:
    """Return the text of the JavaScript module that holds a DataStore schema."""
    return f"export const schema = {to_json(datastore)};"


def compact(value: Any) -> str:  # noqa: ANN401 (any JSON value)
    """Return a value as JSON without white space."""
    match value:
        case dict():
            items = (f"{_quoted(key)}:{compact(item)}" for key, item in value.items())
            return f"{{{','.join(items)}}}"
        case list() | tuple():
            return f"[{','.join(map(compact, value))}]"
    return _scalar(value)


def _written(value: Any, line: str) -> str:  # noqa: ANN401 (any JSON value)
    inner = line + "    "
    match value:
        case dict():
            items = (f"{_quoted(key)}: {_written(item, inner)}" for key, item in value.items())
            return _wrapped("{}", items, inner, line)
        case list() | tuple():
            return _wrapped("[]", (_written(item, inner) for item in value), inner, line)
    return _scalar(value)


def _wrapped(brackets: str, items: Iterable[str], inner: str, line: str) -> str:
    body = f",{inner}".join(items)
    return f"{brackets[0]}{inner}{body}{line}{brackets[1]}" if body else brackets


def _scalar(value: Any) -> str:  # noqa: ANN401 (any JSON value)
    match value:
        case str():
            return _quoted(value)
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case float():
            return number_text(value)
    return str(value)


def _quoted(text: str) -> str:
    quoted = encode_basestring(text)
    if quoted.isascii():
        return quoted
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)
