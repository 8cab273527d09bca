"""Merge the directives of the definitions of a name, in several passes."""

from __future__ import annotations

from heapq import heappop, heappush
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from .diagnostics import SchemaRuleError
from .javascript import source_literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .syntax import Definition, Directive, Value

_MAX_ITEMS = 100_000


class _MergedArgument(Struct):
    """An argument of a directive during merging. Several directives may share it.

    `known` are the keys of the items of a list that are not added again.
    """

    value: Value
    known: set[str | bool] | None = None

    def merge(self, directive: Directive, name: str, newer: Value) -> int:
        """Merge a newer value into this one; return the number of items that were added."""
        if not isinstance(self.value, list):
            self.value = newer
            return 0
        if not isinstance(newer, list):
            message = f"the argument {name} of @{directive.name} is a list in one definition only"
            hint = "use a list everywhere, or set it once"
            raise SchemaRuleError(directive.offset, message, hint)
        if self.known is None:
            self.known = {key for key in map(_comparison_key, self.value) if key is not None}
        keys = [_comparison_key(item) for item in newer]
        added = [item for item, key in zip(newer, keys, strict=True) if key not in self.known]
        self.known.update(key for key in keys if key is not None)
        self.value += added
        return len(added)

    def state(self) -> tuple[int, ...]:
        """Return the identities of the argument and its value, and the lengths of its lists."""
        length = len(self.value) if isinstance(self.value, list) else 0
        return id(self), id(self.value), length, len(self.known or ())


class _MergedArguments:
    """The arguments of a directive during merging, in order; names may be repeated."""

    def __init__(self, items: list[tuple[str, _MergedArgument]]) -> None:
        self.items = items
        self._first_of: dict[str, _MergedArgument] = {}
        for name, argument in items:
            self._first_of.setdefault(name, argument)

    def merge(self, directive: Directive, newer: _MergedArguments) -> Iterator[int]:
        """Merge newer arguments into the first ones with their names; append the others.

        Yields the number of list items that each one adds.
        """
        for name, argument in newer.items:
            if name in self._first_of:
                yield self._first_of[name].merge(directive, name, argument.value)
            else:
                self._first_of[name] = argument
                self.items.append((name, argument))

    def state(self) -> list[int]:
        """Return numbers that change if merging changes an argument or its value."""
        return [number for _, argument in self.items for number in argument.state()]


class Step(Struct, frozen=True):
    """A directive that is merged into the first one with its name.

    `is_repetition` is whether it is part of the older definition: then it takes the arguments of
    the first one, which is not changed.
    """

    first: Directive
    directive: Directive
    is_repetition: bool


class MergedDirectives:
    """The directives of a type or field during merging.

    `repeatable` maps a directive to the offset up to which it may be repeated. `steps` receives
    what is merged.
    """

    def __init__(
        self,
        merger: DirectiveMerger,
        steps: list[Step],
        directives: tuple[Directive, ...],
        repeatable: Mapping[str, float],
    ) -> None:
        self._merger = merger
        self._steps = steps
        self._repeatable = repeatable
        self._kept: dict[int, Directive] = {}
        self._first_of: dict[str, Directive] = {}
        self._repetitions: dict[str, list[Directive]] = {}
        self._ends: list[tuple[float, str]] = []
        for directive in directives:
            self._keep(directive)

    def extend(self, newer: tuple[Directive, ...], offset: int) -> None:
        """Add the directives of a later definition, which is at `offset`.

        A directive that is not repeatable there is merged into the first one with its name.

        Raises:
            SchemaRuleError: an argument is a list in one definition only.
        """
        self._merge_repetitions(offset)
        for directive in newer:
            first = self._first_of.get(directive.name)
            if first is None or offset <= self._end(directive.name):
                self._keep(directive)
            else:
                self._merge(Step(first, directive, is_repetition=False))

    def build(self) -> tuple[Directive, ...]:
        """Return the directives, without those that were merged into others."""
        return tuple(self._kept.values())

    def _end(self, name: str) -> float:
        return self._repeatable.get(name, -1)

    def _keep(self, directive: Directive) -> None:
        name = directive.name
        self._kept[directive.offset] = directive
        if self._first_of.setdefault(name, directive) is not directive:
            if name not in self._repetitions:
                heappush(self._ends, (self._end(name), name))
            self._repetitions.setdefault(name, []).append(directive)

    def _merge_repetitions(self, offset: int) -> None:
        """Merge what was repeated and may not be repeated in a definition at `offset`."""
        repetitions: list[Directive] = []
        while self._ends and self._ends[0][0] < offset:
            repetitions += self._repetitions.pop(heappop(self._ends)[1])
        for directive in sorted(repetitions, key=attrgetter("offset")):
            del self._kept[directive.offset]
            self._merge(Step(self._first_of[directive.name], directive, is_repetition=True))

    def _merge(self, step: Step) -> None:
        self._steps.append(step)
        self._merger.merge(step)


class DirectiveMerger:
    """Merges the arguments of directives; what is merged into them persists in the next pass.

    Arguments are stored by the offset of their directive, so that the syntax tree is not modified.
    `repeatable` maps a directive to the offset up to which a type may repeat it. At most
    `_MAX_ITEMS` items of lists are added, and arguments copied.
    """

    def __init__(self, repeatable: Mapping[str, float]) -> None:
        self.repeatable = repeatable
        self._arguments: dict[int, _MergedArguments] = {}
        self._item_count = 0

    def merge(self, step: Step) -> None:
        """Merge the arguments of a directive.

        Raises:
            SchemaRuleError: an argument is a list in one definition only.
        """
        older, newer = self._arguments_of(step.first), self._arguments_of(step.directive)
        if step.is_repetition:
            older = _MergedArguments([*older.items])
            self._count(step.directive, len(older.items))
        for added in older.merge(step.directive, newer):
            self._count(step.directive, added)
        if step.is_repetition:
            self._arguments[step.directive.offset] = older

    def repeat(self, steps: list[Step], passes: int) -> None:
        """Repeat steps in further passes, as long as they change the arguments.

        Raises:
            SchemaRuleError: an argument is a list in one definition only.
        """
        for _ in range(passes):
            if not steps:
                break
            before = self._states(steps)
            for step in steps:
                self.merge(step)
            after = self._states(steps)
            changed = {first for first, state in after.items() if state != before[first]}
            steps = [step for step in steps if step.first.offset in changed]

    def apply(self, definition: Definition) -> Definition:
        """Return a definition whose directives have their merged arguments."""
        fields = (
            replace(field, directives=self._with_arguments(field.directives))
            for field in definition.fields
        )
        directives = self._with_arguments(definition.directives)
        return replace(definition, directives=directives, fields=tuple(fields))

    def _count(self, directive: Directive, added: int) -> None:
        """Reject what grows with every repetition before it exhausts the memory."""
        self._item_count += added
        if self._item_count > _MAX_ITEMS:
            message = f"@{directive.name} is repeated too often in definitions and their extensions"
            hint = f"use a single @{directive.name} with one list for each type"
            raise SchemaRuleError(directive.offset, message, hint)

    def _states(self, steps: list[Step]) -> dict[int, list[int]]:
        """Return what steps with the same first directive depend on, by its offset.

        Ids are sufficient: the first pass creates all objects, and lists only grow.
        """
        states: dict[int, list[int]] = {}
        for step in steps:
            offset = step.first.offset
            if offset not in states:
                states[offset] = self._arguments_of(step.first).state()
            states[offset] += self._arguments_of(step.directive).state()
        return states

    def _arguments_of(self, directive: Directive) -> _MergedArguments:
        if directive.offset not in self._arguments:
            self._arguments[directive.offset] = _MergedArguments(
                [
                    (name, _MergedArgument(list(value) if isinstance(value, list) else value))
                    for name, value in directive.raw_arguments or directive.arguments.items()
                ]
            )
        return self._arguments[directive.offset]

    def _with_arguments(self, directives: tuple[Directive, ...]) -> tuple[Directive, ...]:
        return tuple(
            replace(
                entry,
                arguments={name: arg.value for name, arg in self._arguments_of(entry).items},
            )
            for entry in directives
        )


def _comparison_key(item: Value) -> str | bool | None:
    """Return the text by which two items are compared, or None if the item equals no other."""
    if isinstance(item, list | dict) or item is None or item is False or item == "":
        return None
    return item if isinstance(item, str | bool) else source_literal(item)
