"""JSON as JavaScript writes it."""

from __future__ import annotations

from typing import Any

from msgspec import Raw, json

from .values import number_text


def to_json(document: Any) -> str:  # noqa: ANN401 (any JSON value)
    """Return a document as Amplify writes it: four spaces, no newline at the end.

    It differs from `json.dumps` in lone surrogates, which are escaped, and in the numbers that
    `values.number` has read.
    """
    return _text(json.format(_encoded(document), indent=4))


def json_bytes(document: Any) -> bytes:  # noqa: ANN401 (any JSON value)
    """Return what `to_json` does in UTF-8, as files have it: each copy of 4 MB takes 2 ms."""
    content = json.format(_encoded(document), indent=4)
    return content if content.isascii() else _text(content).encode()


def to_javascript(datastore: dict[str, Any]) -> str:
    """Return the text of the JavaScript module that holds a DataStore schema."""
    return javascript_bytes(datastore).decode()


def javascript_bytes(datastore: dict[str, Any]) -> bytes:
    """Return what `to_javascript` does in UTF-8."""
    return b"export const schema = %b;" % json_bytes(datastore)


def compact(value: Any) -> str:  # noqa: ANN401 (any JSON value)
    """Return a value as JSON without white space."""
    return _text(_encoded(value))


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        text = content.decode("utf-8", "surrogatepass")
        return text.encode("utf-8", "backslashreplace").decode()


def _encoded(value: Any) -> bytes:  # noqa: ANN401 (any JSON value)
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        return _encoded_apart(value)


def _encoded_apart(value: Any) -> bytes:  # noqa: ANN401 (any JSON value)
    """Encode what holds a lone surrogate, which is rare, keeping it for `_text` to escape."""
    match value:
        case str():
            from json.encoder import encode_basestring

            return encode_basestring(value).encode("utf-8", "surrogatepass")
        case dict():
            items = (b"%b:%b" % (_encoded(key), _encoded(item)) for key, item in value.items())
            return b"{%b}" % b",".join(items)
    return b"[%b]" % b",".join(map(_encoded, value))


def _plain(value: Any) -> Any:  # noqa: ANN401 (any JSON value)
    """Return what is written of a text or number whose class msgspec does not know."""
    if isinstance(value, float):
        return Raw(number_text(value).encode())
    return str(value) if isinstance(value, str) else int(value)


_ENCODER = json.Encoder(enc_hook=_plain)
