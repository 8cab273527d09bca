"""Find the token of an argument of a directive. The syntax tree has the directive's offset only.

It is called for problems only, so that parsing a schema stays fast.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from amplify_modelgen.modelgen.parser import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

_Path = tuple[str | int, ...]


def argument_offset(sdl: str, offset: int, path: _Path, *, at_name: bool = False) -> int:
    """Return the offset of the value that `path` leads to from the directive at `offset`.

    With `at_name` it is the offset of the name of that value. If an argument is repeated, the last
    one counts; a path that leads nowhere gives the directive's own offset.
    """
    name_offset, value_offset = _places(sdl, offset).get(path, (offset, offset))
    return name_offset if at_name else value_offset


@lru_cache(maxsize=16)  # A directive may have many problems.
def _places(sdl: str, offset: int) -> dict[_Path, tuple[int, int]]:
    """Return the offsets of the name and of the value of everything in a directive."""
    tokens = ((match[1] or "", match.start(1)) for match in TOKEN.finditer(sdl, offset))
    opening = [next(tokens, ("", 0))[0] for _ in range(3)][-1]
    values = _values(tokens, (), opening) if opening == "(" else ()
    return {path: (name_offset, value_offset) for path, name_offset, value_offset in values}


def _values(
    tokens: Iterator[tuple[str, int]], path: _Path, opening: str
) -> Iterator[tuple[_Path, int, int]]:
    """Yield the path, the offset of the name, and the offset of each value in an open bracket."""
    index, name, name_offset = -1, "", 0
    for text, offset in tokens:
        if not text or text in ")]}":
            return
        if opening == "[":
            index += 1
        elif not name:
            name, name_offset = text, offset
            continue
        elif text == ":":
            continue
        inner = (*path, name or index)
        name = ""
        yield inner, name_offset, offset
        if text in "[{":
            yield from _values(tokens, inner, text)
