"""Values as JavaScript has them: what is true, how numbers are written, what order keys have."""

from __future__ import annotations

import re
from math import isinf
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from .tree import Value

Item = TypeVar("Item")

_ARRAY_INDEX = r"0|[1-9][0-9]{0,9}"
_INDEX_LIMIT = 2**32 - 1
_AFTER_DIGITS = ":"
_EXACT_BELOW = 1e16
_POSITIONAL_BELOW = 1e21
_POSITIONAL_FROM = 1e-6


def truthy(value: Value) -> bool:
    """Tell what JavaScript takes for true: any list or object is, also an empty one."""
    return isinstance(value, list | dict) or bool(value)


class _WrittenWhole(int):
    """A whole number that is written otherwise than JavaScript writes it: `1.00`."""

    literal: str


class _WrittenFraction(float):
    """Any other number that is: `1.50`; and one with an exponent, for `json_text` to know it."""

    literal: str


def number(literal: str) -> int | float:
    """Return a number literal as the double that JavaScript makes of it.

    Whole numbers that JavaScript writes without an exponent come back as int, with the digits it
    writes; what is too large for a double is infinite.
    """
    double = _number(literal)
    if str(double) == literal and "e" not in literal:
        return double
    number = _WrittenWhole(double) if isinstance(double, int) else _WrittenFraction(double)
    number.literal = literal
    return number


def literal_text(double: float) -> str:
    """Return the literal that a number was read from."""
    return getattr(double, "literal", None) or str(double)


def _number(literal: str) -> int | float:
    double = float(literal)
    if abs(double) >= _POSITIONAL_BELOW or double != int(double):
        return double
    if abs(double) < _EXACT_BELOW:
        return int(double)
    mantissa, exponent = repr(double).split("e+")
    whole, _, fraction = mantissa.partition(".")
    return int(whole + fraction.ljust(int(exponent), "0"))


def number_text(double: float) -> str:
    """Write a number as JavaScript's JSON does: other small fractions, null for infinity."""
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


def in_object_order(items: dict[str, Item]) -> dict[str, Item]:
    """Return a mapping in the order of a JavaScript object: keys that index an array come first."""
    if min(items, default=_AFTER_DIGITS) >= _AFTER_DIGITS:
        return items
    indexes = {key for key in items if re.fullmatch(_ARRAY_INDEX, key) and int(key) < _INDEX_LIMIT}
    others = (key for key in items if key not in indexes)
    return {key: items[key] for key in (*sorted(indexes, key=int), *others)}
