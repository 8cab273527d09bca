"""JSON as JavaScript writes it."""

from __future__ import annotations

import re
from json.encoder import encode_basestring
from typing import Any

from .values import number_text

_SURROGATE = re.compile(r"[\ud800-\udfff]")


def to_json(document: Any) -> str:  # noqa: ANN401 (any JSON value)
    """Return a document as Amplify writes it: four spaces, no newline at the end.

    It differs from `json.dumps` in the numbers and in lone surrogates, which are escaped.
    """
    return _written(document, "\n", _Quoted())


def to_javascript(datastore: dict[str, Any]) -> str:
    """Return the text of the JavaScript module that holds a DataStore schema."""
    return f"export const schema = {to_json(datastore)};"


def compact(value: Any) -> str:  # noqa: ANN401 (any JSON value)
    """Return a value as JSON without white space."""
    match value:
        case dict():
            items = (f"{quoted_text(key)}:{compact(item)}" for key, item in value.items())
            return f"{{{','.join(items)}}}"
        case list() | tuple():
            return f"[{','.join(map(compact, value))}]"
    return _scalar(value)


class _Quoted(dict[str, str]):
    """Strings as JSON: a document has few different ones, each hundreds of times."""

    def __missing__(self, text: str) -> str:
        self[text] = quoted = quoted_text(text)
        return quoted


def _written(value: Any, line: str, quoted: _Quoted) -> str:  # noqa: ANN401 (any JSON value)
    # The largest part of a run over a thousand models, hence by exact type and without helpers.
    kind = type(value)
    if kind is str:
        return quoted[value]
    if kind is not dict and kind is not list and kind is not tuple:
        return _scalar(value)
    inner = line + "    "
    if kind is dict:
        parts = [f"{quoted[key]}: {_written(item, inner, quoted)}" for key, item in value.items()]
        return f"{{{inner}{f',{inner}'.join(parts)}{line}}}" if parts else "{}"
    parts = [_written(item, inner, quoted) for item in value]
    return f"[{inner}{f',{inner}'.join(parts)}{line}]" if parts else "[]"


def _scalar(value: Any) -> str:  # noqa: ANN401 (any JSON value)
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted_text(value)
    return number_text(value) if isinstance(value, float) else str(value)


def quoted_text(text: str) -> str:
    """Return a string as JSON."""
    quoted = encode_basestring(text)
    if quoted.isascii():
        return quoted
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)
