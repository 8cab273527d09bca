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
    """Merge a repetition inside the older block: arguments that the first lacks are lost.

    The two share their lists from then on.
    """
    for name in first.arguments.keys() & repetition.arguments.keys():
        _merge_argument(first, name, repetition.arguments[name])
        repetition.arguments[name] = first.arguments[name]


def _extend(first: Directive, later: Directive) -> None:
    """Merge a directive of a later block: its other arguments are appended."""
    for name, value in later.arguments.items():
        _merge_argument(first, name, value)


def _merge_argument(first: Directive, name: str, newer: Value) -> None:
    older = first.arguments.get(name)
    if isinstance(older, list) and isinstance(newer, list):
        known = {_comparable(item) for item in older} - {None}
        older += [item for item in newer if _comparable(item) not in known]
    else:
        first.arguments[name] = newer


def _comparable(item: Value) -> Value:
    """Return the text that two items are compared by, or None for one that equals nothing."""
    if isinstance(item, list | dict) or item is None or item is False or item == "":
        return None
    return item if isinstance(item, bool) else str(item)
