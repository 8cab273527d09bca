"""Merge the definitions and extensions of a name into one definition.

The generator that AWS runs merges a shared syntax tree once for each file that it writes, and
merging modifies that tree: for the DataStore schema, which is written together with three other
files, list items that cannot be compared are repeated in each pass. `MERGE_PASSES` is the number
of passes; that of the platforms depends on the schema. Only arguments of directives differ between
the passes, so the definitions are merged once, and then the arguments that still change.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from .diagnostics import SchemaRuleError
from .directive_merge import DirectiveMerger, MergedDirectives
from .naming import with_article
from .parser import parse_fast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .diagnostics import Diagnostics
    from .directive_merge import Step
    from .schema import BuiltIns
    from .syntax import (
        Definition,
        DefinitionKind,
        FieldDefinition,
        LocatedName,
        TypeReference,
    )

MERGE_PASSES: dict[str, int] = {"introspection": 1, "datastore": 4}
_SEPARATE_NAMESPACES = {"directive", "schema"}


def has_duplicates(definitions: Iterable[Definition], built_ins: BuiltIns) -> bool:
    """Whether any name has several definitions, so that the number of passes matters."""
    return any(len(group) > 1 for group in _group_by_name(definitions, built_ins))


def merge(
    definitions: Iterable[Definition], passes: int, built_ins: BuiltIns, diagnostics: Diagnostics
) -> tuple[Definition, ...]:
    """Merge the definitions of the same name, and report contradictions.

    Returns directives and the schema block, then types in the order in which their names first
    occur; types that are named like a directive come first.
    """
    groups = _group_by_name(definitions, built_ins)
    ungrouped = [definition for group in groups for definition in group]
    _check_redefinitions(ungrouped, built_ins, diagnostics)
    repeatable = _repeatable_until(ungrouped, built_ins.repeatable)
    directives = DirectiveMerger(repeatable)
    merged = [_merge_group(group, passes, directives, diagnostics) for group in groups]
    types = {entry.name for entry in merged if _is_type(entry)}
    return tuple(entry for entry in merged if entry.kind != "directive" or entry.name not in types)


def _is_type(definition: Definition) -> bool:
    return definition.kind not in _SEPARATE_NAMESPACES


def _group_by_name(
    definitions: Iterable[Definition], built_ins: BuiltIns
) -> list[list[Definition]]:
    """Group definitions by name; a type is merged into the directive with its name.

    Such a type takes the position of that directive, before all other types: directives of the
    schema come before Amplify's. It gains nothing, but its own directives are merged.
    """
    definitions = tuple(definitions)
    declared = [definition.name for definition in definitions if definition.kind == "directive"]
    types: dict[str, list[Definition]] = {name: [] for name in (*declared, *built_ins.directives)}
    directive_names = frozenset(types)
    separate: dict[tuple[str, DefinitionKind], list[Definition]] = {}
    for definition in definitions:
        if not _is_type(definition):
            separate.setdefault((definition.name, definition.kind), []).append(definition)
            continue
        group = types.setdefault(definition.name, [])
        if not group and definition.name in directive_names:
            group.append(replace(definition, directives=(), fields=(), names=()))
        group.append(definition)
    return [*separate.values(), *filter(None, types.values())]


def _repeatable_until(definitions: list[Definition], built_in: frozenset[str]) -> dict[str, float]:
    """Map each repeatable directive to the offset up to which it may be repeated.

    A type with the same name ends that.
    """
    offsets: dict[str, float] = {}
    for definition in definitions:
        if _is_type(definition):
            offsets.setdefault(definition.name, definition.offset)
    declared = {definition.name for definition in definitions if definition.repeatable}
    return {name: offsets.get(name, inf) for name in built_in | declared}


def _merge_group(
    group: list[Definition], passes: int, directives: DirectiveMerger, diagnostics: Diagnostics
) -> Definition:
    merged = group[0]
    if len(group) > 1:
        with diagnostics:
            merger = _DefinitionMerger(group[0], directives, diagnostics)
            merged = merger.merge(group[1:])
            directives.repeat(merger.steps, passes - 1)
        merged = directives.apply(merged)
    return merged


class _MergedField(Struct):
    """A field that is defined several times: its first definition, and what is merged into it."""

    field: FieldDefinition
    directives: MergedDirectives
    arguments: dict[str, FieldDefinition]

    def build(self) -> FieldDefinition:
        directives, arguments = self.directives.build(), tuple(self.arguments.values())
        return replace(self.field, directives=directives, arguments=arguments)


class _DefinitionMerger:
    """Merges the definitions of a name. `steps` are those that later passes repeat."""

    def __init__(
        self, first: Definition, directives: DirectiveMerger, diagnostics: Diagnostics
    ) -> None:
        self.steps: list[Step] = []
        self._first = first
        self._merger = directives
        self._diagnostics = diagnostics
        self._directives = MergedDirectives(
            directives, self.steps, first.directives, directives.repeatable
        )
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
            self._fields[index] = merged.build()
        names = _merge_names(self._first, others)
        return replace(
            self._first,
            directives=self._directives.build(),
            names=names,
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
            directives = MergedDirectives(self._merger, self.steps, field.directives, {})
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
    if first.kind == "directive" and not _has_same_arguments(first, second):
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
            if not _has_same_arguments(definition, (parse_fast(sdl) or ())[0]):
                message = f"the definition of @{name} differs from Amplify's"
                hint = f"remove the definition, or change it to @{name}{arguments}{repeatable}"
                diagnostics.error(definition.offset, message, hint)


def _has_same_arguments(first: Definition, second: Definition) -> bool:
    """Whether two definitions of a directive agree in arguments and repeatability."""
    signatures = _signature(first.fields), _signature(second.fields)
    return first.repeatable == second.repeatable and signatures[0] == signatures[1]


def _signature(arguments: tuple[FieldDefinition, ...]) -> list[tuple[object, ...]]:
    return [
        (argument.name, repr(argument.default), replace(argument.type, offset=0))
        for argument in arguments
    ]


def _merge_names(first: Definition, others: list[Definition]) -> tuple[LocatedName, ...]:
    """Return the names of all definitions; values that extend an enum come first."""
    definitions = [first, *others]
    if first.kind == "enum":
        definitions.reverse()
    merged: list[LocatedName] = []
    known: set[str] = set()
    for definition in definitions:
        merged += [name for name in definition.names if name.text not in known]
        known.update(name.text for name in definition.names)
    return tuple(merged)


def _format_type(reference: TypeReference) -> str:
    return "[" * reference.list_depth + reference.name + "]" * reference.list_depth
