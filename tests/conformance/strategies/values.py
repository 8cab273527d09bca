"""Argument values, including special cases of JavaScript and JSON."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance.strategies.names import ENUM_VALUES, FIELD_NAMES

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_ODD_NUMBERS = (
    *("0", "1", "-1", "1.0", "1.50", "1e3", "12345678901234567890", "1e21", "0.0000001", "-0"),
    *("1e400", "-1E-7", "123456789012345680000", "5e-324", "0.1", "1e-400", "9007199254740993"),
)
_NUMBER = r"-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,12})?([eE][+-]?[0-9]{1,3})?"
_ODD_STRINGS = (
    *('""', '"x"', '"username"', '"\\u00e9\\uD83D\\uDE00"', '"\\uD83D"', '"a\\tb\\/c\\\\d\\"e"'),
    *(
        '"""block"""',
        '"""\n    two\n      lines\n  """',
        '"\u2028\x7f\u6f22"',
        '"""\\""" "" \\n"""',
    ),
)


@cache
def numbers() -> SearchStrategy[str]:
    """Return an integer or float in SDL."""
    return st.one_of(st.sampled_from(_ODD_NUMBERS), st.from_regex(_NUMBER, fullmatch=True))


@cache
def texts() -> SearchStrategy[str]:
    """Return a string or block string with its quotes."""
    characters = st.characters(min_codepoint=0x20, exclude_categories=["Cs"])
    # JSON and GraphQL have the same escapes; `_ODD_STRINGS` has unescaped characters.
    return st.one_of(st.sampled_from(_ODD_STRINGS), st.text(characters, max_size=4).map(json.dumps))


@cache
def values() -> SearchStrategy[str]:
    """Return any value."""
    leaves = st.one_of(
        st.sampled_from(("null", "true", "false", "[]", "{}")), texts(), numbers(), ENUM_VALUES
    )
    return st.recursive(leaves, lambda inner: st.one_of(lists(inner), objects(inner)), max_leaves=3)


def lists(items: SearchStrategy[str]) -> SearchStrategy[str]:
    """Return a list of such items."""
    return st.lists(items, max_size=3).map(lambda parts: f"[{' '.join(parts)}]")


def objects(items: SearchStrategy[str]) -> SearchStrategy[str]:
    """Return an object with such values; a key may be repeated."""
    pairs = st.tuples(FIELD_NAMES, items).map(": ".join)
    return st.lists(pairs, max_size=3).map(lambda parts: "{" + ", ".join(parts) + "}")


def arguments(items: SearchStrategy[str]) -> SearchStrategy[str]:
    """Return the arguments of a directive in parentheses, or nothing."""
    pairs = st.tuples(FIELD_NAMES, items).map(": ".join)
    return st.lists(pairs, max_size=3).map(lambda parts: f"({', '.join(parts)})" if parts else "")
