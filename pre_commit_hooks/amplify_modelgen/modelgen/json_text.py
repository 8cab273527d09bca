"""JSON as JavaScript writes it."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Raw, Struct, json
from msgspec.structs import astuple

from .values import number_text


def to_json(document: Any) -> str:  # noqa: ANN401 (any JSON value)
    """Return a document as Amplify writes it: four spaces, no newline at the end.

    It differs from `json.dumps` in lone surrogates, which are escaped, and in the numbers that
    `values.number` has read.
    """
    return json_bytes(document).decode()


def json_bytes(document: Any) -> bytes:  # noqa: ANN401 (any JSON value)
    """Return what `to_json` does in UTF-8, as files have it: each copy of 4 MB takes 2 ms."""
    return _escaped(json.format(_encoded(document), indent=4))


def to_javascript(datastore: dict[str, Any]) -> str:
    """Return the text of the JavaScript module that holds a DataStore schema."""
    return javascript_bytes(datastore).decode()


def javascript_bytes(datastore: dict[str, Any]) -> bytes:
    """Return what `to_javascript` does in UTF-8."""
    return b"export const schema = %b;" % json_bytes(datastore)


def compact(value: Any) -> bytes:  # noqa: ANN401 (any JSON value)
    """Return a value as JSON without white space, in UTF-8."""
    return _escaped(_encoded(value))


def _escaped(content: bytes) -> bytes:
    """Return JSON in UTF-8, which lone surrogates are no part of."""
    if content.isascii():
        return content
    return content.decode("utf-8", "surrogatepass").encode("utf-8", "backslashreplace")


def _encoded(value: Any) -> bytes:  # noqa: ANN401 (any JSON value)
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        return _encoded_apart(value)


def _encoded_apart(value: Any) -> bytes:  # noqa: ANN401 (any JSON value)
    """Encode what holds a lone surrogate, which is rare, keeping it for `_escaped`."""
    match value:
        case str():
            from json.encoder import encode_basestring

            return encode_basestring(value).encode("utf-8", "surrogatepass")
        case dict():
            items = (b"%b:%b" % (_encoded(key), _encoded(item)) for key, item in value.items())
            return b"{%b}" % b",".join(items)
        case Struct():
            named = zip(value.__struct_encode_fields__, astuple(value), strict=True)
            return _encoded_apart({name: item for name, item in named if item is not UNSET})
    return b"[%b]" % b",".join(map(_encoded, value))


def _plain(value: Any) -> Any:  # noqa: ANN401 (any JSON value)
    """Return what is written of a text or number whose class msgspec does not know."""
    if isinstance(value, float):
        return Raw(number_text(value).encode())
    return str(value) if isinstance(value, str) else int(value)


_ENCODER = json.Encoder(enc_hook=_plain)
