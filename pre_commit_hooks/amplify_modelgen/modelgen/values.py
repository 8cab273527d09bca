"""Values as JavaScript has them: what is true, what a number is and how it is written."""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .tree import Value

_EXACT_BELOW = 1e16
_POSITIONAL_BELOW = 1e21
_POSITIONAL_FROM = 1e-6


def truthy(value: Value) -> bool:
    """Tell what JavaScript takes for true: any list or object is, also an empty one."""
    return isinstance(value, list | dict) or bool(value)


def number(literal: str) -> int | float:
    """Return a number literal as the double that JavaScript makes of it.

    Whole numbers that JavaScript writes without an exponent come back as int, with the digits it
    writes; what is too large for a double is infinite.
    """
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
