"""Phrases of messages and hints."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from amplify_modelgen.modelgen.syntax import TypeReference

_MAX_LISTED = 12


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """Return `did you mean X?` for the known name that is most like `name`, else `otherwise`."""
    if not name:
        return otherwise
    from difflib import get_close_matches

    matches = get_close_matches(name, known, n=1)
    return f"did you mean {matches[0]}?" if matches else otherwise


def listed(names: Collection[str]) -> str:
    """Return `a, b, c`, shortened if there are many names."""
    shown = [*names][:_MAX_LISTED]
    return ", ".join(shown) + (", ..." if len(names) > len(shown) else "")


def type_text(reference: TypeReference) -> str:
    """Return a type as it is written: `[String!]`."""
    text = reference.name + "!" * reference.required
    if reference.list_depth:
        text = "[" * reference.list_depth + text + "]" * reference.list_depth
        text += "!" * bool(reference.outer_required)
    return text


def with_article(noun: str) -> str:
    """Return `a type` or `an enum`."""
    return f"{'an' if noun[0] in 'AEIOaeio' else 'a'} {noun}"
