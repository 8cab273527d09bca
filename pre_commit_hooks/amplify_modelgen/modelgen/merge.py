"""Several definitions and extensions of one name become one definition.

The generator that AWS runs merges a shared syntax tree once for every file that it writes, and
merging changes that tree: for the DataStore schema, which is written with three others, list
items that it cannot compare are there once for every round. `ROUNDS` says how often.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from .known import DIRECTIVES, REPEATABLE
from .merge_directives import DirectiveMerger
from .parse import parse
from .problems import Finding, RefusalError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .tree import Definition, Field, Name, Type

ROUNDS = {"introspection": 1, "datastore": 4}


def joins(definitions: Iterable[Definition]) -> bool:
    """Tell whether some name has several definitions, so that the number of rounds matters."""
    return any(len(blocks) > 1 for blocks in _blocks(definitions))


def merge(
    definitions: Iterable[Definition], rounds: int, findings: list[Finding]
) -> tuple[Definition, ...]:
    """Merge what has the same name, noting in `findings` what contradicts itself.

    Returns definitions of different names, in the order in which each name first occurs.
    """
    groups = _blocks(definitions)
    everything = [block for blocks in groups for block in blocks]
    findings.extend(_redefinitions(everything))
    repeatable = REPEATABLE | {one.name for one in everything if one.repeatable}
    return tuple(_merge_blocks(blocks, rounds, repeatable, findings) for blocks in groups)


def _blocks(definitions: Iterable[Definition]) -> list[list[Definition]]:
    blocks: dict[tuple[str, bool], list[Definition]] = {}
    for definition in definitions:
        key = (definition.name, definition.kind in {"directive", "schema"})
        blocks.setdefault(key, []).append(definition)
    return list(blocks.values())


def _merge_blocks(
    blocks: list[Definition], rounds: int, repeatable: frozenset[str], findings: list[Finding]
) -> Definition:
    merged = blocks[0]
    if len(blocks) > 1:
        joiner = _Joiner(DirectiveMerger(), repeatable, findings)
        try:
            for _ in range(rounds):
                merged = reduce(joiner.join, blocks)
        except RefusalError as refusal:
            findings.append(refusal.finding)
        merged = joiner.directives.merged(merged)
    return _last_of_each(merged)


def _last_of_each(definition: Definition) -> Definition:
    """Keep of fields with one name the last, where the first stood."""
    fields = {field.name: field for field in definition.fields}
    if len(fields) == len(definition.fields):
        return definition
    return definition._replace(fields=tuple(fields.values()))


class _Joiner(NamedTuple):
    """Joins definitions of one name, two at a time."""

    directives: DirectiveMerger
    repeatable: frozenset[str]
    findings: list[Finding]

    def join(self, first: Definition, second: Definition) -> Definition:
        _check_kinds(first, second)
        if first.kind == "directive":
            return first
        return first._replace(
            directives=self.directives.join(first.directives, second.directives, self.repeatable),
            fields=self._join_fields(first, second),
            names=_join_names(first, second),
        )

    def _join_fields(self, first: Definition, second: Definition) -> tuple[Field, ...]:
        """Return the fields of both; a later one is merged into the first of its name."""
        fields = list(first.fields)
        places = {field.name: place for place, field in reversed(list(enumerate(fields)))}
        for field in second.fields:
            place = places.setdefault(field.name, len(fields))
            if place == len(fields):
                fields.append(field)
            elif first.kind == "schema":
                fields[place] = field
            else:
                fields[place] = self._join_field(first.name, fields[place], field)
        return tuple(fields)

    def _join_field(self, owner: str, older: Field, newer: Field) -> Field:
        if (older.type.name, older.type.lists) != (newer.type.name, newer.type.lists):
            message = (
                f"{owner}.{newer.name} is {_written(newer.type)} here, "
                f"but {_written(older.type)} where it first occurs"
            )
            hint = "give both the same type"
            self.findings.append(Finding(at=newer.at, message=message, hint=hint))
        gains = newer.type.outer_required and not older.type.outer_required
        return older._replace(
            type=newer.type if gains else older.type,
            directives=self.directives.join(older.directives, newer.directives, frozenset()),
            arguments=_join_arguments(older.arguments, newer.arguments),
        )


def _check_kinds(first: Definition, second: Definition) -> None:
    if first.kind != second.kind:
        message = f"{first.name} is both {_a(first.kind)} and {_a(second.kind)}"
        raise RefusalError(second.at, message, "rename one of the two")
    if first.kind == "directive" and not _same_arguments(first, second):
        message = f"directive @{first.name} is defined twice, with different arguments"
        raise RefusalError(second.at, message, "delete one of the two definitions")


def _redefinitions(definitions: list[Definition]) -> Iterator[Finding]:
    """Find definitions of Amplify's own directives that are not Amplify's."""
    for one in definitions:
        if one.kind == "directive" and one.name in DIRECTIVES:
            repeatable = " repeatable" if one.name in REPEATABLE else ""
            arguments = f"({DIRECTIVES[one.name]})" if DIRECTIVES[one.name] else ""
            text = f"directive @{one.name}{arguments}{repeatable} on OBJECT"
            if not _same_arguments(one, parse(text)[0]):
                message = f"@{one.name} is defined otherwise than Amplify defines it"
                hint = f"remove the definition, or make it @{one.name}{arguments}{repeatable}"
                yield Finding(at=one.at, message=message, hint=hint)


def _same_arguments(first: Definition, second: Definition) -> bool:
    """Tell whether two definitions of a directive agree in arguments and repeatability."""
    arguments = _signature(first.fields), _signature(second.fields)
    return first.repeatable == second.repeatable and arguments[0] == arguments[1]


def _signature(arguments: tuple[Field, ...]) -> list[tuple[object, ...]]:
    return [
        (argument.name, repr(argument.default), argument.type._replace(at=0))
        for argument in arguments
    ]


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" and kind != "union" else f"a {kind}"


def _join_names(first: Definition, second: Definition) -> tuple[Name, ...]:
    """Return the names of both; values that extend an enum come before the older ones."""
    older, newer = first.names, second.names
    if first.kind == "enum":
        older, newer = newer, older
    known = {name.text for name in older}
    return (*older, *(name for name in newer if name.text not in known))


def _join_arguments(older: tuple[Field, ...], newer: tuple[Field, ...]) -> tuple[Field, ...]:
    return tuple({argument.name: argument for argument in (*older, *newer)}.values())


def _written(reference: Type) -> str:
    return "[" * reference.lists + reference.name + "]" * reference.lists
