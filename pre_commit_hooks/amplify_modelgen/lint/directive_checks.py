"""Check every use of a directive against Amplify's definition of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from amplify_modelgen.modelgen.syntax import EnumLiteral, RepeatedFields

from .directive_definitions import amplify_definitions
from .schema_index import Problem
from .wording import listed, type_text, with_article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen.modelgen.syntax import (
        Definition,
        Directive,
        FieldDefinition,
        TypeReference,
        Value,
    )

    from .directive_definitions import AmplifyDefinitions
    from .schema_index import Path

Finding = tuple[str, Problem]
"""The id of a rule, and a place that violates it."""

LEGACY_DIRECTIVES = {
    "key": "use @primaryKey or @index",
    "connection": "use @hasMany, @hasOne or @belongsTo",
    "versioned": "remove it",
}
"""Directives of transformer version 1 that version 2 refuses, and what replaces them."""

_FIELD_LOCATIONS = {"input": "INPUT_FIELD_DEFINITION", "directive": "ARGUMENT_DEFINITION"}
_INT_LIMIT = 2**31


def check_directives(
    definitions: tuple[Definition, ...], amplify: AmplifyDefinitions
) -> Iterator[Finding]:
    """Yield the problems of all directives in a schema."""
    declared = {entry.name for entry in definitions if entry.kind == "directive"}
    for definition in definitions:
        for directives, location in _directive_lists(definition):
            yield from _check_list(directives, location, declared, amplify)


def _directive_lists(definition: Definition) -> Iterator[tuple[tuple[Directive, ...], str]]:
    """Yield the directives of each place that has any, and the name of the location."""
    kind = definition.kind
    if definition.directives:
        yield definition.directives, "INPUT_OBJECT" if kind == "input" else kind.upper()
    for field in definition.fields:
        if field.directives:
            yield field.directives, _FIELD_LOCATIONS.get(kind, "FIELD_DEFINITION")
        for argument in field.arguments:
            if argument.directives:
                yield argument.directives, "ARGUMENT_DEFINITION"
    for value in definition.names:
        if value.directives:
            yield value.directives, "ENUM_VALUE"


def _check_list(
    directives: tuple[Directive, ...],
    location: str,
    declared: set[str],
    amplify: AmplifyDefinitions,
) -> Iterator[Finding]:
    for index, directive in enumerate(directives):
        name = directive.name
        definition = amplify.directives.get(name)
        if definition is None:
            if location != "SCHEMA" or name not in declared:
                yield _unknown(directive, declared, amplify)
            continue
        locations = [each.text for each in definition.names]
        if location not in locations:
            yield _misplaced(directive, location, locations)
        elif not definition.repeatable and any(other.name == name for other in directives[:index]):
            hint = "keep one of them, with the arguments of both"
            yield "repeated-directive", Problem(directive.offset, f"@{name} is repeated", hint)
        yield from _Arguments(directive, amplify).check()


def _unknown(directive: Directive, declared: set[str], amplify: AmplifyDefinitions) -> Finding:
    name, offset = directive.name, directive.offset
    if name in LEGACY_DIRECTIVES:
        message = f"@{name} belongs to transformer version 1, and this project uses version 2"
        return "legacy-directive", Problem(offset, message, LEGACY_DIRECTIVES[name])
    if name in amplify_definitions(2).directives:
        # The rule joins all of them into one problem.
        return "newer-directive", Problem(offset, "", "", name=f"@{name}")
    message = f"unknown directive @{name}"
    hint = "remove it: Amplify supports its own directives only"
    if name in declared:
        message = f"@{name} is declared in the schema, but Amplify cannot apply it"
        return "unknown-directive", Problem(offset, message, hint)
    known = [f"@{each}" for each in amplify.directives]
    return "unknown-directive", Problem(offset, message, hint, name=f"@{name}", known=known)


def _misplaced(directive: Directive, location: str, locations: list[str]) -> Finding:
    place, *allowed = (name.lower().replace("_", " ") for name in (location, *locations))
    message = f"@{directive.name} cannot be used on {with_article(place)}"
    hint = f"use it on {' or '.join(map(with_article, allowed))}"
    return "directive-location", Problem(directive.offset, message, hint)


class _Arguments(Struct, frozen=True):
    """The arguments of a directive."""

    directive: Directive
    amplify: AmplifyDefinitions

    def check(self) -> Iterator[Finding]:
        """Yield the problems of the arguments."""
        directive = self.directive
        declared = self.amplify.arguments[directive.name]
        seen = set()
        for name, _ in directive.raw_arguments:
            if name in seen:
                message = f"the argument {name} of @{directive.name} is repeated"
                yield "repeated-argument", self._problem(message, "keep one of them", (name,))
            seen.add(name)
        owner = f"@{directive.name}"
        yield from self._check_entries(directive.arguments, declared, (), owner, "argument")

    def _check_entries(
        self,
        values: dict[str, Value],
        declared: dict[str, FieldDefinition],
        path: Path,
        owner: str,
        noun: str,
    ) -> Iterator[Finding]:
        """Yield the problems of arguments, or of the fields of an object: unknown, missing."""
        for name, value in values.items():
            if name in declared:
                yield from self._check_value(value, declared[name].type, (*path, name))
            else:
                hint = f"its {noun}s are {listed(declared)}" if declared else f"it has no {noun}s"
                message = f"{owner} has no {noun} {name}"
                problem = self._problem(message, hint, (*path, name))
                yield "unknown-argument", replace(problem, name=name, known=declared)
        for name, field in declared.items():
            if field.type.outer_required and name not in values:
                message = f"{owner} lacks the {noun} {name}"
                hint = f"add {name}: {self._example(field.type)}"
                yield "missing-argument", Problem(self.directive.offset, message, hint, path)

    def _problem(self, message: str, hint: str, path: Path) -> Problem:
        """Return a problem at the name of an argument or field."""
        return Problem(self.directive.offset, message, hint, path, at_name=True)

    def _check_value(self, value: Value, reference: TypeReference, path: Path) -> Iterator[Finding]:
        if value is None:
            if reference.outer_required:
                yield self._mismatch(value, reference, path)
        elif reference.list_depth:
            if isinstance(value, str) and not self.directive.name.startswith("aws_"):
                yield self._not_a_list(value, path)
            item_type = replace(reference, list_depth=0, outer_required=reference.required)
            if not isinstance(value, list):
                yield from self._check_value(value, item_type, path)
                return
            for index, item in enumerate(value):
                yield from self._check_value(item, item_type, (*path, index))
        elif reference.name in self.amplify.inputs and isinstance(value, dict):
            owner = f"`{path[0]}` of @{self.directive.name}"
            if isinstance(value, RepeatedFields):
                message = f"{owner} has the field {value.repeated} twice"
                problem = self._problem(message, "keep one of them", (*path, value.repeated))
                yield "repeated-argument", problem
            fields = self.amplify.inputs[reference.name]
            yield from self._check_entries(value, fields, path, owner, "field")
        elif not self._is_literal(value, reference.name):
            yield self._mismatch(value, reference, path)

    def _not_a_list(self, value: str, path: Path) -> Finding:
        name = _argument_name(path)
        text = value if isinstance(value, EnumLiteral) else f'"{value}"'
        message = f"`{name}` of @{self.directive.name} is a single value, but should be a list"
        hint = f"write it in brackets: {name}: [{text}]"
        return "argument-list", Problem(self.directive.offset, message, hint, path)

    def _is_literal(self, value: Value, type_name: str) -> bool:
        values = self.amplify.enums.get(type_name)
        if values is not None:
            return isinstance(value, EnumLiteral) and value in values
        if type_name == "String":
            return isinstance(value, str) and not isinstance(value, EnumLiteral)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        is_int = isinstance(value, int) and -_INT_LIMIT <= value < _INT_LIMIT
        return type_name == "Float" or (type_name == "Int" and is_int)

    def _mismatch(self, value: Value, reference: TypeReference, path: Path) -> Finding:
        name, offset = _argument_name(path), self.directive.offset
        message = f"`{name}` of @{self.directive.name} must be"
        values = self.amplify.enums.get(reference.name)
        if values is not None:
            hint = "remove the quotes" if value in values else "choose one of them"
            message = f"{message} one of {listed(values)}"
            problem = Problem(offset, message, hint, path)
            if isinstance(value, str) and value not in values:
                problem = replace(problem, name=value, known=values)
            return "argument-value", problem
        hint = f"write {name}: {self._example(reference)}"
        if reference.name == "String" and isinstance(value, str | int | float):
            text = str(value).lower() if isinstance(value, bool) else value
            hint = f'write it in quotes: {name}: "{text}"'
        message = f"{message} {with_article(type_text(reference))}"
        return "argument-value", Problem(offset, message, hint, path)

    def _example(self, reference: TypeReference) -> str:
        """Return a value of a type: `["..."]`."""
        values = self.amplify.enums.get(reference.name, ("1.0",))
        example = {"String": '"..."', "Int": "100"}.get(reference.name, values[0])
        if reference.name in self.amplify.inputs:
            name, field = next(iter(self.amplify.inputs[reference.name].items()))
            example = f"{{ {name}: {self._example(field.type)} }}"
        return f"[{example}]" if reference.list_depth else example


def _argument_name(path: Path) -> str:
    return [part for part in path if isinstance(part, str)][-1]
