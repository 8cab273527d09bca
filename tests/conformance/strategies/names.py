"""Names that are special cases for plurals, case conversion or sorting."""

from __future__ import annotations

import string
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

T = TypeVar("T")

# Properties of every JavaScript object: as names they make the peer fail.
_UNSUPPORTED = {
    *("constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable"),
    *("toLocaleString", "toString", "valueOf"),
}
# Names with a meaning; operations.py uses them.
_RESERVED = {"Query", "Mutation", "Subscription"}
_FIRST = string.ascii_letters + "_"
_REST = _FIRST + string.digits
_TYPES = (
    *("A", "B", "Post", "Comment", "blog_Post", "APIKey", "Category", "Person", "Data", "V2"),
    *("Item_", "_x", "Quiz", "USER", "post", "Media", "Y", "User2FA", "Schema", "Index", "Hero"),
    *("Fish", "ABCDef", "x1y", "Bus", "Woman", "Mouse", "Leaf", "Status", "Chassis", "type", "on"),
    *("model", "index", "auth"),
)
_FIELDS = (
    *("x", "y", "name", "title", "owner", "createdAt", "updatedAt", "post", "Post", "my_code"),
    *("_z", "URL", "x1", "a_B", "editors", "id", "type", "input", "aId", "postCommentsId"),
)
_VALUES = (
    *("A", "B", "fooBar", "foo_bar", "FooBar", "FOO_BAR", "_0", "_1", "_10", "_9", "b2", "B_2"),
    *("true", "false", "null", "_", "__", "aBC", "a_bC", "XMLHttp", "xml_http", "on", "_01"),
)


def _name(special: tuple[str, ...]) -> SearchStrategy[str]:
    # By letters, because drawing from a regular expression is many times slower.
    random = st.builds(str.__add__, st.sampled_from(_FIRST), st.text(_REST, max_size=5))
    supported = random.filter(lambda name: not name.startswith("__") and name not in _UNSUPPORTED)
    return st.one_of(st.sampled_from(special), st.sampled_from(special), supported)


# Created once: creating a strategy is expensive, drawing from it is not.
TYPE_NAMES = _name(_TYPES).filter(lambda name: name not in _RESERVED)
FIELD_NAMES = _name(_FIELDS)
ENUM_VALUES = _name(_VALUES)


@cache
def _below(count: int) -> SearchStrategy[int]:
    return st.integers(0, count - 1)


def rarely(draw: DrawFn, one_in: int = 8) -> bool:
    """Return True about once in `one_in` draws; shrinks to False."""
    return draw(_below(one_in)) == one_in - 1


def pick(draw: DrawFn, options: Sequence[T]) -> T:
    """Return one of the options; shrinks to the first. Cheaper than a strategy for them."""
    return options[draw(_below(len(options)))]
