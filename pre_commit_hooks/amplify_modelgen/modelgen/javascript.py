"""Values and JSON as JavaScript has them."""

from __future__ import annotations

import re
from math import isinf
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Raw, json, to_builtins

if TYPE_CHECKING:
    from .syntax import Value

_Item = TypeVar("_Item")

_ARRAY_INDEX = r"0|[1-9][0-9]{0,9}"
_INDEX_LIMIT = 2**32 - 1
_AFTER_DIGITS = ":"
_EXACT_BELOW = 1e16
_POSITIONAL_BELOW = 1e21
_POSITIONAL_FROM = 1e-6


def js_truthy(value: Value) -> bool:
    """Whether a value is true in JavaScript, as lists and objects are even if they are empty."""
    return isinstance(value, list | dict) or bool(value)


def js_first(value: Value) -> Value:
    """Return the first item of a list, or the first letter of a string; else None."""
    return value[0] if isinstance(value, list | str) and value else None


class _SourceInt(int):
    """An integer whose literal in the schema differs from JavaScript's text: `1.00`."""

    literal: str


class _SourceFloat(float):
    """Any other number with such a literal (`1.50`), and every number with an exponent."""

    literal: str


def parse_number(literal: str) -> int | float:
    """Return the value that JavaScript gives a number literal.

    Whole numbers that JavaScript writes without an exponent are returned as int, with the digits
    that it writes. Numbers that are too large for a double are infinite.
    """
    value = _parse_double(literal)
    if str(value) == literal and "e" not in literal:
        return value
    number = _SourceInt(value) if isinstance(value, int) else _SourceFloat(value)
    number.literal = literal
    return number


def source_literal(number: float) -> str:
    """Return the literal that a number was parsed from."""
    return getattr(number, "literal", None) or str(number)


def _parse_double(literal: str) -> int | float:
    double = float(literal)
    if abs(double) >= _POSITIONAL_BELOW or double != int(double):
        return double
    if abs(double) < _EXACT_BELOW:
        return int(double)
    mantissa, exponent = repr(double).split("e+")
    integer, _, fraction = mantissa.partition(".")
    return int(integer + fraction.ljust(int(exponent), "0"))


def _format_number(double: float) -> str:
    """Return a number as JSON.stringify writes it: unlike Python for small ones and infinity."""
    if isinf(double):
        return "null"
    text = repr(double)
    if "e-" not in text:
        return text
    mantissa, exponent = text.split("e-")
    if abs(double) < _POSITIONAL_FROM:
        return f"{mantissa}e-{int(exponent)}"
    sign, digits = ("-", mantissa[1:]) if mantissa.startswith("-") else ("", mantissa)
    return f"{sign}0.{'0' * (int(exponent) - 1)}{digits.replace('.', '')}"


def js_key_order(items: dict[str, _Item]) -> dict[str, _Item]:
    """Return a mapping in the key order of a JavaScript object: array indexes come first."""
    if min(items, default=_AFTER_DIGITS) >= _AFTER_DIGITS:
        return items
    indexes = {key for key in items if re.fullmatch(_ARRAY_INDEX, key) and int(key) < _INDEX_LIMIT}
    others = (key for key in items if key not in indexes)
    return {key: items[key] for key in (*sorted(indexes, key=int), *others)}


def to_json(document: Any) -> str:  # noqa: ANN401 (any JSON value)
    """Return a document as Amplify writes it: indented by four spaces, without a final newline.

    It differs from `json.dumps` in lone surrogates, which are escaped, and in the numbers of
    `parse_number`.
    """
    return json_bytes(document).decode()


def json_bytes(document: Any) -> bytes:  # noqa: ANN401 (any JSON value)
    """Return `to_json` in UTF-8, without copying the text."""
    return _escape_surrogates(json.format(_encode(document), indent=4))


def to_javascript(datastore: dict[str, Any]) -> str:
    """Return the text of the JavaScript module that exports a DataStore schema."""
    return f"export const schema = {to_json(datastore)};"


def compact_json(value: Any) -> bytes:  # noqa: ANN401 (any JSON value)
    """Return a value as JSON without whitespace, in UTF-8."""
    return _escape_surrogates(_encode(value))


def _escape_surrogates(content: bytes) -> bytes:
    """Escape the lone surrogates, which UTF-8 cannot encode."""
    if content.isascii():
        return content
    return content.decode("utf-8", "surrogatepass").encode("utf-8", "backslashreplace")


def _encode(value: Any) -> bytes:  # noqa: ANN401 (any JSON value)
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:  # It contains a lone surrogate.
        from json import dumps

        plain = to_builtins(value, enc_hook=_encode_subclass)
        text = dumps(plain, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "surrogatepass")


def _encode_subclass(value: Any) -> Any:  # noqa: ANN401 (any JSON value)
    """Return the JSON value of a subclass of str, int or float; and that of `Raw` itself."""
    if isinstance(value, Raw):
        return json.decode(value)
    if isinstance(value, float):
        return Raw(_format_number(value).encode())
    return str(value) if isinstance(value, str) else int(value)


_ENCODER = json.Encoder(enc_hook=_encode_subclass)
