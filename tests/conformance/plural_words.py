"""Type names whose plurals differ in the rule that they fall under, or in how it is cased."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# One word at least for every rule, every irregular pair and every word without a plural, and
# neighbours of each that must not fall under it.
_WORDS = Path(__file__).with_suffix(".txt").read_text(encoding="ascii").split()
_PREFIXES = ("", "My", "blog_", "X1", "API", "a", "qu", "super", "_", "Zeta")
_SUFFIXES = ("", "s", "_", "1", "Y")
_CASINGS: tuple[Callable[[str], str], ...] = (str, str.upper, str.capitalize, str.swapcase)


def type_names() -> list[str]:
    """The names, each once; none that Amplify or JavaScript keeps for itself."""
    cased = (cased(word) for word, cased in product(_WORDS, _CASINGS))
    found = (
        prefix + word + suffix for word, prefix, suffix in product(cased, _PREFIXES, _SUFFIXES)
    )
    return [name for name in dict.fromkeys(found) if not name.startswith("__")]
