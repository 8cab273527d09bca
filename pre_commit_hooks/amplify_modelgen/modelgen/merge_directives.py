"""The directives of several blocks of one type, or of one field in them, become one list."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from .problems import RefusalError
from .values import literal_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from .tree import Definition, Directive, Value


_MOST_ITEMS = 100_000


class _Argument(Struct):
    """An argument while directives are merged; several directives may come to share it."""

    value: Value


_Arguments: TypeAlias = list[tuple[str, _Argument]]


class DirectiveMerger:
    """Merges directives of one type; what it merges into them is still there in the next round.

    Arguments are kept by the position of their directive, so that the tree itself stays as it is.
    `repeatable` says up to which offset in the text a directive may be repeated.
    """

    def __init__(self, repeatable: Mapping[str, float]) -> None:
        self._repeatable = repeatable
        self._arguments: dict[int, _Arguments] = {}

    def join(
        self,
        older: tuple[Directive, ...],
        newer: tuple[Directive, ...],
        block: Definition | None,
    ) -> tuple[Directive, ...]:
        """Return the older directives followed by the new ones, which are those of a block.

        A directive that may not be repeated there (and on a field, any) is there once: the others
        are merged into the first. `block` is None for the directives of a field.
        Raises RefusalError where a list would have to take in what is none.
        """
        repeatable = (
            frozenset[str]()
            if block is None
            else {name for name, end in self._repeatable.items() if block.at <= end}
        )
        first_of: dict[str, Directive] = {}
        joined = [one for one in older if not self._collapsed(one, first_of, repeatable)]
        return (*joined, *(one for one in newer if not self._extended(one, first_of, repeatable)))

    def merged(self, definition: Definition) -> Definition:
        """Return a definition whose directives have the arguments that were merged into them."""
        fields = (
            replace(field, directives=self._finished(field.directives))
            for field in definition.fields
        )
        directives = self._finished(definition.directives)
        return replace(definition, directives=directives, fields=tuple(fields))

    def _collapsed(
        self, directive: Directive, first_of: dict[str, Directive], repeatable: AbstractSet[str]
    ) -> bool:
        """Merge a repetition within the older block; the repetition gains, the first does not."""
        first = first_of.setdefault(directive.name, directive)
        if first is directive or directive.name in repeatable:
            return False
        own = self._of(directive)
        self._arguments[directive.at] = _merge(directive, [*self._of(first)], own)
        return True

    def _extended(
        self, directive: Directive, first_of: dict[str, Directive], repeatable: AbstractSet[str]
    ) -> bool:
        """Merge a directive of a later block into the first one of its name."""
        first = first_of.setdefault(directive.name, directive)
        if first is directive or directive.name in repeatable:
            return False
        _merge(directive, self._of(first), self._of(directive))
        return True

    def _of(self, directive: Directive) -> _Arguments:
        if directive.at not in self._arguments:
            self._arguments[directive.at] = [
                (name, _Argument(list(value) if isinstance(value, list) else value))
                for name, value in directive.written or directive.arguments.items()
            ]
        return self._arguments[directive.at]

    def _finished(self, directives: tuple[Directive, ...]) -> tuple[Directive, ...]:
        return tuple(
            replace(one, arguments={name: arg.value for name, arg in self._of(one)})
            for one in directives
        )


def _merge(directive: Directive, older: _Arguments, newer: _Arguments) -> _Arguments:
    """Merge newer arguments into the first older ones of their names, and append new ones."""
    first_of: dict[str, _Argument] = {}
    for name, argument in older:
        first_of.setdefault(name, argument)
    for name, argument in newer:
        if name in first_of:
            _merge_value(directive, name, first_of[name], argument.value)
        else:
            first_of[name] = argument
            older.append((name, argument))
    return older


def _merge_value(directive: Directive, name: str, older: _Argument, newer: Value) -> None:
    if not isinstance(older.value, list):
        older.value = newer
    elif isinstance(newer, list):
        known = {_comparable(item) for item in older.value} - {None}
        older.value += [item for item in newer if _comparable(item) not in known]
        _check_size(directive, older.value)
    else:
        message = f"the argument {name} of @{directive.name} is a list in one definition only"
        raise RefusalError(directive.at, message, "give it as a list everywhere, or once only")


def _check_size(directive: Directive, items: list[Value]) -> None:
    """Refuse a list that doubles with every repetition, before it fills the memory."""
    if len(items) > _MOST_ITEMS:
        message = f"@{directive.name} is repeated too often in one definition and its extensions"
        raise RefusalError(directive.at, message, f"write one @{directive.name} with one list")


def _comparable(item: Value) -> Value:
    """Return the text that two items are compared by, or None for one that equals nothing."""
    if isinstance(item, list | dict) or item is None or item is False or item == "":
        return None
    return item if isinstance(item, str | bool) else literal_text(item)
