"""Several definitions and extensions of one name become one definition.

The generator that AWS runs merges a shared syntax tree once for every file that it writes, and
merging changes that tree: for the DataStore schema, which is written with three others, list
items that it cannot compare are there once for every round. `ROUNDS` says how often.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from msgspec.structs import replace

from .known import DIRECTIVES, REPEATABLE
from .merge_directives import DirectiveMerger
from .parse import parse
from .problems import Finding, RefusalError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .tree import Definition, Field, Kind, Name, Type

ROUNDS = {"introspection": 1, "datastore": 4}
_NAMED_APART = {"directive", "schema"}


def joins(definitions: Iterable[Definition]) -> bool:
    """Tell whether some name has several definitions, so that the number of rounds matters."""
    return any(len(blocks) > 1 for blocks in _blocks(definitions))


def merge(
    definitions: Iterable[Definition], rounds: int, findings: list[Finding]
) -> tuple[Definition, ...]:
    """Merge what has the same name, noting in `findings` what contradicts itself.

    Returns directives and the schema's roots, then types in the order in which each name first
    occurs, but first of all those that are named like a directive.
    """
    groups = _blocks(definitions)
    everything = [block for blocks in groups for block in blocks]
    findings.extend(_redefinitions(everything))
    repeatable = _repeatable(everything)
    merged = [_merge_blocks(blocks, rounds, repeatable, findings) for blocks in groups]
    types = {one.name for one in merged if one.kind not in _NAMED_APART}
    return tuple(one for one in merged if one.kind != "directive" or one.name not in types)


def _blocks(definitions: Iterable[Definition]) -> list[list[Definition]]:
    """Group definitions by name; a type is merged into the directive of its name.

    Such a type stands where that directive does, before all other types: those of the schema
    before Amplify's. It gains nothing, but its own directives are merged with each other.
    """
    definitions = tuple(definitions)
    own = [one.name for one in definitions if one.kind == "directive"]
    places: dict[str, list[Definition]] = {name: [] for name in (*own, *DIRECTIVES)}
    directives = frozenset(places)
    apart: dict[tuple[str, Kind], list[Definition]] = {}
    for one in definitions:
        if one.kind in _NAMED_APART:
            apart.setdefault((one.name, one.kind), []).append(one)
            continue
        blocks = places.setdefault(one.name, [])
        if not blocks and one.name in directives:
            blocks.append(replace(one, directives=(), fields=(), names=()))
        blocks.append(one)
    return [*apart.values(), *filter(None, places.values())]


def _repeatable(definitions: list[Definition]) -> dict[str, float]:
    """Return the repeatable directives, and where in the text a type of its name ends that."""
    types: dict[str, float] = {}
    for one in definitions:
        if one.kind not in _NAMED_APART:
            types.setdefault(one.name, one.at)
    names = REPEATABLE | {one.name for one in definitions if one.repeatable}
    return {name: types.get(name, inf) for name in names}


def _merge_blocks(
    blocks: list[Definition],
    rounds: int,
    repeatable: Mapping[str, float],
    findings: list[Finding],
) -> Definition:
    merged = blocks[0]
    if len(blocks) > 1:
        directives = DirectiveMerger(repeatable)
        try:
            for _ in range(rounds):
                merged = _Joiner(directives, findings).join(blocks)
        except RefusalError as refusal:
            findings.append(refusal.finding)
        merged = directives.merged(merged)
    return merged


class _Joiner:
    """Joins the definitions of one name, block after block."""

    def __init__(self, directives: DirectiveMerger, findings: list[Finding]) -> None:
        self._directives = directives
        self._findings = findings
        self._fields: list[Field] = []
        self._places: dict[str, int] = {}

    def join(self, blocks: list[Definition]) -> Definition:
        first, *others = blocks
        for place, field in enumerate(first.fields):
            self._fields.append(field)
            self._places.setdefault(field.name, place)
        directives, names = first.directives, first.names
        for block in others:
            _check_kinds(first, block)
            directives = self._directives.join(directives, block.directives, block)
            names = _join_names(first.kind, names, block.names)
            if first.kind != "directive":
                self._join_fields(block)
        return replace(first, directives=directives, names=names, fields=tuple(self._fields))

    def _join_fields(self, block: Definition) -> None:
        """Merge each field into the first of its name, or append it."""
        for field in block.fields:
            place = self._places.setdefault(field.name, len(self._fields))
            if place == len(self._fields):
                self._fields.append(field)
            elif block.kind == "schema":
                self._fields[place] = field
            else:
                self._fields[place] = self._join_field(block.name, self._fields[place], field)

    def _join_field(self, owner: str, older: Field, newer: Field) -> Field:
        if (older.type.name, older.type.lists) != (newer.type.name, newer.type.lists):
            message = (
                f"{owner}.{newer.name} is {_written(newer.type)} here, "
                f"but {_written(older.type)} where it first occurs"
            )
            hint = "give both the same type"
            self._findings.append(Finding(at=newer.at, message=message, hint=hint))
        gains = newer.type.outer_required and not older.type.outer_required
        return replace(
            older,
            type=newer.type if gains else older.type,
            directives=self._directives.join(older.directives, newer.directives, None),
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
        (argument.name, repr(argument.default), replace(argument.type, at=0))
        for argument in arguments
    ]


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" and kind != "union" else f"a {kind}"


def _join_names(kind: Kind, older: tuple[Name, ...], newer: tuple[Name, ...]) -> tuple[Name, ...]:
    """Return the names of both; values that extend an enum come before the older ones."""
    if kind == "enum":
        older, newer = newer, older
    known = {name.text for name in older}
    return (*older, *(name for name in newer if name.text not in known))


def _join_arguments(older: tuple[Field, ...], newer: tuple[Field, ...]) -> tuple[Field, ...]:
    return tuple({argument.name: argument for argument in (*older, *newer)}.values())


def _written(reference: Type) -> str:
    return "[" * reference.lists + reference.name + "]" * reference.lists
