"""Where lines break: as `ruff format` breaks them, so that a project's checks pass.

Only what generated modules consist of is known here: declarations with an annotation, and calls
whose arguments cannot be broken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 88
"""The width that ruff and black have where nothing else is configured."""

_STEP = " " * 4


class Name(Struct, frozen=True):
    """A type that is a name."""

    name: str

    def __str__(self) -> str:
        """Return the type on one line."""
        return self.name


class Of(Struct, frozen=True):
    """A generic type such as `list` of another one."""

    name: str
    inner: Annotation

    def __str__(self) -> str:
        """Return the type on one line."""
        return f"{self.name}[{self.inner}]"


class Optional(Struct, frozen=True):
    """Another type, or None."""

    inner: Annotation

    def __str__(self) -> str:
        """Return the type on one line."""
        return f"{self.inner} | None"


Annotation = Name | Of | Optional


def declaration(name: str, annotation: Annotation, value: Sequence[str] = ()) -> list[str]:
    """Return the lines that declare an attribute.

    `value` are the lines of its default, which is a name, or a call with an argument a line.
    """
    start, end = f"{_STEP}{name}: ", f" = {value[0]}" if value else ""
    if len(f"{start}{annotation}{end}") > WIDTH >= len(f"{start}{annotation} = ("):
        inner = [f"{_STEP}{_STEP}{line}" for line in value]
        return [f"{start}{annotation} = (", *inner, f"{_STEP})"]
    return [*_head(start, annotation, end), *(f"{_STEP}{line}" for line in value[1:])]


def _head(start: str, annotation: Annotation, end: str) -> list[str]:
    whole = f"{start}{annotation}{end}"
    if len(whole) <= WIDTH or (isinstance(annotation, Name) and not _gains(start, annotation, end)):
        return [whole]
    bracketed = [f"{start}(", *_inside(annotation, 2), f"{_STEP}){end}"]
    if isinstance(annotation, Of) and (end or not _pays(f"{start}{annotation.name}[", bracketed)):
        return [f"{start}{annotation.name}[", *_inside(annotation.inner, 2), f"{_STEP}]{end}"]
    return bracketed


def _pays(first: str, bracketed: list[str]) -> bool:
    # A generic type has brackets of its own, unless even their first line is too long.
    return len(first) > WIDTH and all(len(line) <= WIDTH for line in bracketed)


def _gains(start: str, annotation: Name, end: str) -> bool:
    # A name gets a line of its own only where that helps, and no call is there to be broken.
    return not end and max(len(start) + 1, len(f"{_STEP}{_STEP}{annotation}")) <= WIDTH


def _inside(annotation: Annotation, depth: int) -> list[str]:
    """Return the lines of a type between brackets that stand on lines of their own."""
    indent = _STEP * depth
    whole = f"{indent}{annotation}"
    if len(whole) <= WIDTH or isinstance(annotation, Name):
        return [whole]
    if isinstance(annotation, Of):
        start = f"{indent}{annotation.name}["
        return [start, *_inside(annotation.inner, depth + 1), f"{indent}]"]
    return [*_inside(annotation.inner, depth), f"{indent}| None"]


def heading(name: str, base: str) -> list[str]:
    """Return the lines that open a class."""
    whole = f"class {name}({base}):"
    return [whole] if len(whole) <= WIDTH else [f"class {name}(", f"{_STEP}{base}", "):"]


def assignment(name: str, value: str) -> list[str]:
    """Return the lines that give an attribute a value which cannot be broken."""
    start, inner = f"{_STEP}{name} = ", f"{_STEP}{_STEP}{value}"
    if len(f"{start}{value}") <= WIDTH or max(len(f"{start}("), len(inner)) > WIDTH:
        return [f"{start}{value}"]
    return [f"{start}(", inner, f"{_STEP})"]


def call(name: str, arguments: Sequence[str], depth: int, end: str = "") -> list[str]:
    """Return the lines of a call, `depth` steps from the margin and with `end` behind it."""
    indent = _STEP * depth
    whole = f"{indent}{name}({', '.join(arguments)}){end}"
    if len(whole) <= WIDTH:
        return [whole]
    return [
        f"{indent}{name}(",
        *(f"{indent}{_STEP}{each}," for each in arguments),
        f"{indent}){end}",
    ]
