"""The directives of several blocks of one type, or of one field in them, become one list."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .tree import Definition, Directive, Value


def unshared(block: Definition) -> Definition:
    """Return a block whose directives have arguments of their own, which merging may change."""
    fields = (field._replace(directives=_unshared(field.directives)) for field in block.fields)
    return block._replace(directives=_unshared(block.directives), fields=tuple(fields))


def _unshared(directives: tuple[Directive, ...]) -> tuple[Directive, ...]:
    return tuple(one._replace(arguments=deepcopy(one.arguments)) for one in directives)


def join_directives(
    older: tuple[Directive, ...], newer: tuple[Directive, ...], repeatable: frozenset[str]
) -> tuple[Directive, ...]:
    """Return the older directives followed by the new ones.

    A directive that may not be repeated is there once: the later occurrence is merged into the
    first, whose arguments change in place (so a second round starts from the changed ones).
    """
    joined: list[Directive] = []
    first_of: dict[str, Directive] = {}
    for directive in (*older, *newer):
        first = first_of.setdefault(directive.name, directive)
        if first is directive or directive.name in repeatable:
            joined.append(directive)
        elif any(directive is one for one in older):
            _collapse(first, directive)
        else:
            _extend(first, directive)
    return tuple(joined)


def _collapse(first: Directive, repetition: Directive) -> None:
    """Merge a repetition inside the older block: arguments that the first lacks are lost."""
    for name in first.arguments.keys() & repetition.arguments.keys():
        value = repetition.arguments[name]
        if isinstance(value, list):
            value[:] = _joined(first, name, value)
        first.arguments[name] = value


def _extend(first: Directive, later: Directive) -> None:
    """Merge a directive of a later block: its other arguments are appended."""
    for name, value in later.arguments.items():
        if isinstance(value, list) and name in first.arguments:
            joined = _joined(first, name, value)
            older = first.arguments[name]
            if isinstance(older, list):
                older[:] = joined
                continue
        first.arguments[name] = value


def _joined(first: Directive, name: str, newer: list[Value]) -> list[Value]:
    older = first.arguments[name]
    if not isinstance(older, list):
        return newer
    known = {_comparable(item) for item in older} - {None}
    return [*older, *(item for item in newer if _comparable(item) not in known)]


def _comparable(item: Value) -> Value:
    """Return the text that two items are compared by, or None for one that equals nothing."""
    if isinstance(item, list | dict) or item is None or item is False or item == "":
        return None
    return item if isinstance(item, bool) else str(item)
