"""Merge the definitions and extensions of a name into one definition.

The generator that AWS runs merges a shared syntax tree once for each file that it writes, and
merging modifies that tree: for the DataStore schema, which is written together with three other
files, list items that cannot be compared are repeated in each pass. `MERGE_PASSES` is the number
of passes; that of the platforms depends on the schema.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from .diagnostics import SchemaRuleError
from .javascript import source_literal
from .parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

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
            for _ in range(passes):
                merged = _DefinitionMerger(directives, diagnostics).merge(group)
        merged = directives.apply(merged)
    return merged


class _DefinitionMerger:
    """Merges the definitions of a name in one pass."""

    def __init__(self, directives: DirectiveMerger, diagnostics: Diagnostics) -> None:
        self._directives = directives
        self._diagnostics = diagnostics
        self._fields: list[FieldDefinition] = []
        self._indexes: dict[str, int] = {}

    def merge(self, group: list[Definition]) -> Definition:
        first, *others = group
        for index, field in enumerate(first.fields):
            self._fields.append(field)
            self._indexes.setdefault(field.name, index)
        directives, names = first.directives, first.names
        for other in others:
            _check_compatible(first, other)
            directives = self._directives.merge(directives, other.directives, other)
            names = _merge_names(first.kind, names, other.names)
            if first.kind != "directive":
                self._merge_fields(other)
        return replace(first, directives=directives, names=names, fields=tuple(self._fields))

    def _merge_fields(self, definition: Definition) -> None:
        """Merge each field into the first field with its name, or append it."""
        for field in definition.fields:
            index = self._indexes.setdefault(field.name, len(self._fields))
            if index == len(self._fields):
                self._fields.append(field)
            elif definition.kind == "schema":
                self._fields[index] = field
            else:
                merged = self._merge_field(definition.name, self._fields[index], field)
                self._fields[index] = merged

    def _merge_field(
        self, type_name: str, older: FieldDefinition, newer: FieldDefinition
    ) -> FieldDefinition:
        if (older.type.name, older.type.list_depth) != (newer.type.name, newer.type.list_depth):
            message = (
                f"{type_name}.{newer.name} is {_format_type(newer.type)} here, "
                f"but {_format_type(older.type)} where it is first defined"
            )
            self._diagnostics.error(newer.offset, message, "use the same type in both")
        becomes_required = newer.type.outer_required and not older.type.outer_required
        return replace(
            older,
            type=newer.type if becomes_required else older.type,
            directives=self._directives.merge(older.directives, newer.directives, None),
            arguments=_merge_arguments(older.arguments, newer.arguments),
        )


def _check_compatible(first: Definition, second: Definition) -> None:
    if first.kind != second.kind:
        kinds = f"both {_with_article(first.kind)} and {_with_article(second.kind)}"
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
            if not _has_same_arguments(definition, parse(sdl)[0]):
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


def _with_article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" and kind != "union" else f"a {kind}"


def _merge_names(
    kind: DefinitionKind, older: tuple[LocatedName, ...], newer: tuple[LocatedName, ...]
) -> tuple[LocatedName, ...]:
    """Return the names of both; values that extend an enum come before the older ones."""
    if kind == "enum":
        older, newer = newer, older
    known = {name.text for name in older}
    return (*older, *(name for name in newer if name.text not in known))


def _merge_arguments(
    older: tuple[FieldDefinition, ...], newer: tuple[FieldDefinition, ...]
) -> tuple[FieldDefinition, ...]:
    return tuple({argument.name: argument for argument in (*older, *newer)}.values())


def _format_type(reference: TypeReference) -> str:
    return "[" * reference.list_depth + reference.name + "]" * reference.list_depth


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


_MergedArguments: TypeAlias = list[tuple[str, _MergedArgument]]


class DirectiveMerger:
    """Merges the directives of types; what is merged into them persists in the next pass.

    Arguments are stored by the offset of their directive, so that the syntax tree is not modified.
    `repeatable` maps a directive to the offset up to which it may be repeated.
    """

    def __init__(self, repeatable: Mapping[str, float]) -> None:
        self._repeatable = repeatable
        self._arguments: dict[int, _MergedArguments] = {}
        self._item_count = 0

    def merge(
        self,
        older: tuple[Directive, ...],
        newer: tuple[Directive, ...],
        definition: Definition | None,
    ) -> tuple[Directive, ...]:
        """Return the older directives followed by the newer ones, which are of `definition`.

        A directive that is not repeatable there is merged into the first one with its name.
        `definition` is None for the directives of a field, of which none is repeatable.

        Raises:
            SchemaRuleError: an argument is a list in one definition only.
        """
        repeatable: AbstractSet[str] = frozenset()
        if definition is not None:
            repeatable = {
                name for name, end in self._repeatable.items() if definition.offset <= end
            }
        first_of: dict[str, Directive] = {}
        kept = [entry for entry in older if not self._merge_repetition(entry, first_of, repeatable)]
        added = [entry for entry in newer if not self._merge_extension(entry, first_of, repeatable)]
        return (*kept, *added)

    def apply(self, definition: Definition) -> Definition:
        """Return a definition whose directives have their merged arguments."""
        fields = (
            replace(field, directives=self._with_arguments(field.directives))
            for field in definition.fields
        )
        directives = self._with_arguments(definition.directives)
        return replace(definition, directives=directives, fields=tuple(fields))

    def _merge_repetition(
        self, directive: Directive, first_of: dict[str, Directive], repeatable: AbstractSet[str]
    ) -> bool:
        """Merge a repetition in the older definition. The first directive is not changed."""
        first = first_of.setdefault(directive.name, directive)
        if first is directive or directive.name in repeatable:
            return False
        arguments = self._arguments_of(directive)
        merged = self._merge_directive(directive, [*self._arguments_of(first)], arguments)
        self._arguments[directive.offset] = merged
        return True

    def _merge_extension(
        self, directive: Directive, first_of: dict[str, Directive], repeatable: AbstractSet[str]
    ) -> bool:
        """Merge a directive of a later definition into the first one with its name."""
        first = first_of.setdefault(directive.name, directive)
        if first is directive or directive.name in repeatable:
            return False
        self._merge_directive(directive, self._arguments_of(first), self._arguments_of(directive))
        return True

    def _merge_directive(
        self, directive: Directive, older: _MergedArguments, newer: _MergedArguments
    ) -> _MergedArguments:
        """Merge newer arguments into the first older ones with their names; append the others."""
        first_of: dict[str, _MergedArgument] = {}
        for name, argument in older:
            first_of.setdefault(name, argument)
        for name, argument in newer:
            if name in first_of:
                self._item_count += first_of[name].merge(directive, name, argument.value)
                _check_count(directive, self._item_count)
            else:
                first_of[name] = argument
                older.append((name, argument))
        return older

    def _arguments_of(self, directive: Directive) -> _MergedArguments:
        if directive.offset not in self._arguments:
            self._arguments[directive.offset] = [
                (name, _MergedArgument(list(value) if isinstance(value, list) else value))
                for name, value in directive.raw_arguments or directive.arguments.items()
            ]
        return self._arguments[directive.offset]

    def _with_arguments(self, directives: tuple[Directive, ...]) -> tuple[Directive, ...]:
        return tuple(
            replace(entry, arguments={name: arg.value for name, arg in self._arguments_of(entry)})
            for entry in directives
        )


def _check_count(directive: Directive, count: int) -> None:
    """Reject lists that grow with every repetition before they exhaust the memory."""
    if count > _MAX_ITEMS:
        message = f"@{directive.name} is repeated too often in definitions and their extensions"
        hint = f"use a single @{directive.name} with one list for each type"
        raise SchemaRuleError(directive.offset, message, hint)


def _comparison_key(item: Value) -> str | bool | None:
    """Return the text by which two items are compared, or None if the item equals no other."""
    if isinstance(item, list | dict) or item is None or item is False or item == "":
        return None
    return item if isinstance(item, str | bool) else source_literal(item)
