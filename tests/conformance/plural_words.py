"""Type names for all rules of plurals, in different cases."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Words for every rule, every irregular pair and every uncountable word, and similar words that
# the rule must not match.
_WORDS = Path(__file__).with_suffix(".txt").read_text(encoding="ascii").split()
_PREFIXES = ("", "My", "blog_", "X1", "API", "a", "qu", "super", "_", "Zeta")
_SUFFIXES = ("", "s", "_", "1", "Y")
_CASINGS: tuple[Callable[[str], str], ...] = (str, str.upper, str.capitalize, str.swapcase)


def type_names() -> list[str]:
    """Return the names without duplicates and without names that Amplify reserves."""
    cased = (change_case(word) for word, change_case in product(_WORDS, _CASINGS))
    names = (
        prefix + word + suffix for word, prefix, suffix in product(cased, _PREFIXES, _SUFFIXES)
    )
    return [name for name in dict.fromkeys(names) if not name.startswith("__")]
