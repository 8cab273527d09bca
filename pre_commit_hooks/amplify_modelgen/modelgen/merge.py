"""Merge the definitions and extensions of a name into one definition.

The generator that AWS runs merges a shared syntax tree once for each file that it writes, and
merging modifies that tree: for the DataStore schema, which is written together with three other
files, list items that cannot be compared are repeated in each pass. `MERGE_PASSES` is the number
of passes; that of the platforms depends on the schema. Only arguments of directives differ between
the passes, so the definitions are merged once, and then the arguments that still change.
"""

from __future__ import annotations

from math import inf
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from .diagnostics import SchemaRuleError
from .javascript import source_literal
from .naming import with_article
from .parser import parse_fast
from .schema import SCALARS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .diagnostics import Diagnostics
    from .schema import BuiltIns
    from .syntax import (
        Definition,
        DefinitionKind,
        Directive,
        FieldDefinition,
        LocatedName,
        TypeReference,
        Value,
    )

MERGE_PASSES: dict[str, int] = {"introspection": 1, "datastore": 4}
_SEPARATE_NAMESPACES = {"directive", "schema"}
_MAX_ITEMS = 100_000


def has_duplicates(definitions: Iterable[Definition], built_ins: BuiltIns) -> bool:
    """Whether any name has several definitions, so that the number of passes matters."""
    return any(len(group) > 1 for group in _group_by_name(definitions, built_ins))


def merge(
    definitions: Iterable[Definition], passes: int, built_ins: BuiltIns, diagnostics: Diagnostics
) -> tuple[Definition, ...]:
    """Merge the definitions of the same name, and report contradictions.

    Directives and the schema block come first, then types in the order of their first definitions.
    Types that Amplify's own ones replace are left out.
    """
    groups = _group_by_name(definitions, built_ins)
    ungrouped = [definition for group in groups for definition in group]
    _check_redefinitions(ungrouped, built_ins, diagnostics)
    directives = _DirectiveMerger(_repeatable_until(ungrouped, built_ins.repeatable))
    merged = [_merge_group(group, passes, directives, diagnostics) for group in groups]
    types = {entry.name for entry in merged if entry.kind not in _SEPARATE_NAMESPACES}
    return tuple(
        entry
        for entry in merged
        if not (entry.kind == "directive" and entry.name in types)
        and not _is_overridden(entry, built_ins)
    )


def _is_overridden(definition: Definition, built_ins: BuiltIns) -> bool:
    """Whether Amplify's own type of another kind replaces a definition with the same name."""
    name, kind = definition.name, definition.kind
    return name in SCALARS or built_ins.types.get(name, kind) != kind


def _group_by_name(
    definitions: Iterable[Definition], built_ins: BuiltIns
) -> list[list[Definition]]:
    """Group definitions by name; a type is merged into the directive with its name.

    Such a type takes the position of that directive, before all other types, and its own
    directives are merged.
    """
    definitions = tuple(definitions)
    declared = [definition.name for definition in definitions if definition.kind == "directive"]
    types: dict[str, list[Definition]] = {name: [] for name in (*declared, *built_ins.directives)}
    directive_names = frozenset(types)
    separate: dict[tuple[str, DefinitionKind], list[Definition]] = {}
    for definition in definitions:
        if definition.kind in _SEPARATE_NAMESPACES:
            separate.setdefault((definition.name, definition.kind), []).append(definition)
            continue
        group = types.setdefault(definition.name, [])
        if not group and definition.name in directive_names:
            group.append(replace(definition, directives=(), fields=(), names=()))
        group.append(definition)
    return [*separate.values(), *filter(None, types.values())]


def _repeatable_until(definitions: list[Definition], built_in: frozenset[str]) -> dict[str, float]:
    """Map each repeatable directive to the offset where a type with its name ends that."""
    offsets: dict[str, float] = {}
    for definition in definitions:
        if definition.kind not in _SEPARATE_NAMESPACES:
            offsets.setdefault(definition.name, definition.offset)
    declared = {definition.name for definition in definitions if definition.repeatable}
    return {name: offsets.get(name, inf) for name in built_in | declared}


def _merge_group(
    group: list[Definition], passes: int, directives: _DirectiveMerger, diagnostics: Diagnostics
) -> Definition:
    merged = group[0]
    if len(group) > 1:
        with diagnostics:
            directives.steps = []
            merged = _DefinitionMerger(merged, directives, diagnostics).merge(group[1:])
            directives.repeat(passes - 1)
        merged = directives.apply(merged)
    return merged


class _MergedField(Struct):
    """A field that is defined several times: its first definition, and what is merged into it."""

    field: FieldDefinition
    directives: _MergedDirectives
    arguments: dict[str, FieldDefinition]


class _DefinitionMerger:
    """Merges the definitions of a name."""

    def __init__(
        self, first: Definition, merger: _DirectiveMerger, diagnostics: Diagnostics
    ) -> None:
        self._first = first
        self._merger = merger
        self._diagnostics = diagnostics
        self._directives = _MergedDirectives(merger, first.directives, merger.repeatable)
        self._fields = list(first.fields)
        self._indexes: dict[str, int] = {}
        self._merged_fields: dict[int, _MergedField] = {}
        for index, field in enumerate(first.fields):
            self._indexes.setdefault(field.name, index)

    def merge(self, others: list[Definition]) -> Definition:
        """Merge the other definitions into the first one, in their order."""
        for other in others:
            _check_compatible(self._first, other)
            self._directives.extend(other.directives, other.offset)
            if other.kind != "directive":
                self._merge_fields(other)
        for index, merged in self._merged_fields.items():
            directives, arguments = merged.directives.build(), tuple(merged.arguments.values())
            self._fields[index] = replace(merged.field, directives=directives, arguments=arguments)
        return replace(
            self._first,
            directives=self._directives.build(),
            names=_merge_names(self._first, others),
            fields=tuple(self._fields),
        )

    def _merge_fields(self, definition: Definition) -> None:
        """Merge each field into the first field with its name, or append it."""
        for field in definition.fields:
            index = self._indexes.setdefault(field.name, len(self._fields))
            if index == len(self._fields):
                self._fields.append(field)
            elif definition.kind == "schema":
                self._fields[index] = field
            else:
                self._merge_field(definition.name, self._merged_field(index), field)

    def _merged_field(self, index: int) -> _MergedField:
        if index not in self._merged_fields:
            field = self._fields[index]
            directives = _MergedDirectives(self._merger, field.directives, {})
            arguments = {argument.name: argument for argument in field.arguments}
            self._merged_fields[index] = _MergedField(field, directives, arguments)
        return self._merged_fields[index]

    def _merge_field(self, type_name: str, merged: _MergedField, newer: FieldDefinition) -> None:
        older = merged.field.type
        if (older.name, older.list_depth) != (newer.type.name, newer.type.list_depth):
            message = (
                f"{type_name}.{newer.name} is {_format_type(newer.type)} here, "
                f"but {_format_type(older)} where it is first defined"
            )
            self._diagnostics.error(newer.offset, message, "use the same type in both")
        if newer.type.outer_required and not older.outer_required:
            merged.field = replace(merged.field, type=newer.type)
        merged.directives.extend(newer.directives, newer.offset)
        merged.arguments.update((argument.name, argument) for argument in newer.arguments)


def _check_compatible(first: Definition, second: Definition) -> None:
    if first.kind != second.kind:
        kinds = f"both {with_article(first.kind)} and {with_article(second.kind)}"
        raise SchemaRuleError(second.offset, f"{first.name} is {kinds}", "rename one of the two")
    if first.kind == "directive" and _signature(first) != _signature(second):
        message = f"directive @{first.name} is defined twice, with different arguments"
        raise SchemaRuleError(second.offset, message, "remove one of the two definitions")


def _check_redefinitions(
    definitions: list[Definition], built_ins: BuiltIns, diagnostics: Diagnostics
) -> None:
    """Report definitions of Amplify's directives that differ from Amplify's."""
    for definition in definitions:
        name = definition.name
        if definition.kind == "directive" and name in built_ins.directives:
            repeatable = " repeatable" if name in built_ins.repeatable else ""
            arguments = built_ins.directives[name]
            arguments = f"({arguments})" if arguments else ""
            sdl = f"directive @{name}{arguments}{repeatable} on OBJECT"
            if [_signature(definition)] != list(map(_signature, parse_fast(sdl) or ())):
                message = f"the definition of @{name} differs from Amplify's"
                hint = f"remove the definition, or change it to @{name}{arguments}{repeatable}"
                diagnostics.error(definition.offset, message, hint)


def _signature(directive: Definition) -> list[object]:
    """Return what two definitions of a directive must agree in."""
    arguments = [
        (argument.name, repr(argument.default), replace(argument.type, offset=0))
        for argument in directive.fields
    ]
    return [directive.repeatable, *arguments]


def _merge_names(first: Definition, others: list[Definition]) -> tuple[LocatedName, ...]:
    """Return the names of all definitions; values that extend an enum come first."""
    definitions = [*reversed(others), first] if first.kind == "enum" else [first, *others]
    merged: list[LocatedName] = []
    known: set[str] = set()
    for definition in definitions:
        merged += [name for name in definition.names if name.text not in known]
        known.update(name.text for name in definition.names)
    return tuple(merged)


def _format_type(reference: TypeReference) -> str:
    return "[" * reference.list_depth + reference.name + "]" * reference.list_depth


class _MergedArgument(Struct):
    """An argument, which several directives may share; `known` are the keys of its list's items."""

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
        keys = list(map(_comparison_key, newer))
        added = [item for item, key in zip(newer, keys, strict=True) if key not in self.known]
        self.known.update(key for key in keys if key is not None)
        self.value += added
        return len(added)


class _MergedArguments:
    """The arguments of a directive, in order; names may be repeated."""

    def __init__(self, items: list[tuple[str, _MergedArgument]]) -> None:
        self.items = items
        self._first_of: dict[str, _MergedArgument] = {}
        for name, argument in items:
            self._first_of.setdefault(name, argument)

    def merge(self, directive: Directive, newer: _MergedArguments) -> Iterator[int]:
        """Merge newer arguments into the first ones; yield the number of items that each adds."""
        for name, argument in newer.items:
            if name in self._first_of:
                yield self._first_of[name].merge(directive, name, argument.value)
            else:
                self._first_of[name] = argument
                self.items.append((name, argument))

    def state(self) -> list[int]:
        """Return numbers that change if merging changes an argument or its value."""
        numbers = []
        for _, argument in self.items:
            length = len(argument.value) if isinstance(argument.value, list) else 0
            numbers += [id(argument), id(argument.value), length]
        return numbers


class _Step(Struct, frozen=True):
    """A directive that is merged into the first one with its name.

    A repetition in the older definition takes the arguments of the first one instead.
    """

    first: Directive
    directive: Directive
    is_repetition: bool


class _MergedDirectives:
    """The directives of a type or field during merging."""

    def __init__(
        self,
        merger: _DirectiveMerger,
        directives: tuple[Directive, ...],
        repeatable: Mapping[str, float],
    ) -> None:
        self._merger = merger
        self._repeatable = repeatable
        self._kept: dict[int, Directive] = {}
        self._first_of: dict[str, Directive] = {}
        self._repetitions: dict[str, list[Directive]] = {}
        for directive in directives:
            self._keep(directive)

    def extend(self, newer: tuple[Directive, ...], offset: int) -> None:
        """Add the directives of a later definition; those that are not repeatable are merged."""
        self._merge_repetitions(offset)
        for directive in newer:
            first = self._first_of.get(directive.name)
            if first is None or offset <= self._end(directive.name):
                self._keep(directive)
            else:
                self._merger.add(_Step(first, directive, is_repetition=False))

    def build(self) -> tuple[Directive, ...]:
        """Return the directives, without those that were merged into others."""
        return tuple(self._kept.values())

    def _end(self, name: str) -> float:
        return self._repeatable.get(name, -1)

    def _keep(self, directive: Directive) -> None:
        name = directive.name
        self._kept[directive.offset] = directive
        if self._first_of.setdefault(name, directive) is not directive and self._end(name) < inf:
            self._repetitions.setdefault(name, []).append(directive)

    def _merge_repetitions(self, offset: int) -> None:
        """Merge what was repeated and may not be repeated in a definition at `offset`."""
        names = [name for name in self._repetitions if self._end(name) < offset]
        repetitions = [directive for name in names for directive in self._repetitions.pop(name)]
        for directive in sorted(repetitions, key=attrgetter("offset")):
            del self._kept[directive.offset]
            step = _Step(self._first_of[directive.name], directive, is_repetition=True)
            self._merger.add(step)


class _DirectiveMerger:
    """Merges the arguments of directives; what is merged into them persists in the next pass.

    Arguments are stored by the offset of their directive, so that the syntax tree is not modified.
    `repeatable` maps a directive to the offset up to which a type may repeat it. `steps` are those
    of the current name. At most `_MAX_ITEMS` items of lists are added, and arguments copied.
    """

    def __init__(self, repeatable: Mapping[str, float]) -> None:
        self.repeatable = repeatable
        self.steps: list[_Step] = []
        self._arguments: dict[int, _MergedArguments] = {}
        self._item_count = 0

    def add(self, step: _Step) -> None:
        """Merge directives, in later passes again."""
        self.steps.append(step)
        self._merge(step)

    def _merge(self, step: _Step) -> None:
        """Merge the arguments; `SchemaRuleError` if one is a list in one definition only."""
        older, newer = self._arguments_of(step.first), self._arguments_of(step.directive)
        if step.is_repetition:
            older = _MergedArguments([*older.items])
            self._count(step.directive, len(older.items))
        for added in older.merge(step.directive, newer):
            self._count(step.directive, added)
        if step.is_repetition:
            self._arguments[step.directive.offset] = older

    def repeat(self, passes: int) -> None:
        """Repeat the steps in further passes, as long as they change the arguments."""
        while self.steps and passes > 0:
            passes -= 1
            before = self._states()
            for step in self.steps:
                self._merge(step)
            after = self._states()
            changed = {offset for offset, state in after.items() if state != before[offset]}
            self.steps = [step for step in self.steps if step.first.offset in changed]

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

    def _states(self) -> dict[int, list[int]]:
        """Return what steps with the same first directive depend on, by its offset.

        Ids are sufficient: the first pass creates all objects, and lists only grow.
        """
        states: dict[int, list[int]] = {}
        for step in self.steps:
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
