"""Check every use of a directive against Amplify's definition of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen.modelgen.syntax import EnumLiteral, RepeatedFields

from .schema_index import Problem
from .wording import listed, type_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen.modelgen.syntax import (
        Definition,
        Directive,
        TypeReference,
        Value,
    )

    from .directive_definitions import AmplifyDefinitions, DirectiveDefinition

Finding = tuple[str, Problem]
"""The id of a rule, and a place that violates it."""

LEGACY_DIRECTIVES = {
    "key": "use @primaryKey or @index",
    "connection": "use @hasMany, @hasOne or @belongsTo",
    "versioned": "remove it",
}
"""Directives of transformer version 1 that version 2 refuses, and what replaces them."""

_LOCATIONS = {
    "object": "OBJECT",
    "interface": "INTERFACE",
    "input": "INPUT_OBJECT",
    "union": "UNION",
    "enum": "ENUM",
    "scalar": "SCALAR",
    "schema": "SCHEMA",
}
_PLACES = {
    "OBJECT": "object types",
    "INTERFACE": "interfaces",
    "INPUT_OBJECT": "inputs",
    "UNION": "unions",
    "ENUM": "enums",
    "SCALAR": "scalars",
    "SCHEMA": "the schema block",
    "FIELD_DEFINITION": "fields of object types",
    "INPUT_FIELD_DEFINITION": "fields of inputs",
    "ARGUMENT_DEFINITION": "arguments",
    "ENUM_VALUE": "enum values",
}
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
        yield definition.directives, _LOCATIONS[kind]
    field_location = "FIELD_DEFINITION"
    if kind in ("input", "directive"):
        field_location = "INPUT_FIELD_DEFINITION" if kind == "input" else "ARGUMENT_DEFINITION"
    for field in definition.fields:
        if field.directives:
            yield field.directives, field_location
        for argument in field.arguments:
            if argument.directives:
                yield argument.directives, "ARGUMENT_DEFINITION"
    if kind == "enum":
        for value in definition.names:
            if value.directives:
                yield value.directives, "ENUM_VALUE"


def _check_list(
    directives: tuple[Directive, ...],
    location: str,
    declared: set[str],
    amplify: AmplifyDefinitions,
) -> Iterator[Finding]:
    known = amplify.directives
    for index, directive in enumerate(directives):
        name = directive.name
        definition = known.get(name)
        if definition is None:
            if location != "SCHEMA" or name not in declared:
                yield _unknown(directive, declared, amplify)
            continue
        if location not in definition.locations:
            yield _misplaced(directive, location, definition)
        elif not definition.repeatable and any(other.name == name for other in directives[:index]):
            message = f"@{name} is repeated"
            hint = "keep one of them, with the arguments of both"
            yield "repeated-directive", Problem(directive.offset, message, hint)
        if directive.arguments or definition.required:
            yield from _check_arguments(directive, definition, amplify)


def _unknown(directive: Directive, declared: set[str], amplify: AmplifyDefinitions) -> Finding:
    name, offset = directive.name, directive.offset
    if name in LEGACY_DIRECTIVES:
        message = f"@{name} belongs to transformer version 1, and this project uses version 2"
        return "legacy-directive", Problem(offset, message, LEGACY_DIRECTIVES[name])
    if name in amplify.newer:
        # The rule joins all of them into one problem.
        return "newer-directive", Problem(offset, "", "", name=f"@{name}")
    message = f"unknown directive @{name}"
    hint = "remove it: Amplify supports its own directives only"
    if name in declared:
        message = f"@{name} is declared in the schema, but Amplify cannot apply it"
        return "unknown-directive", Problem(offset, message, hint)
    known = amplify.directive_names
    return "unknown-directive", Problem(offset, message, hint, name=f"@{name}", known=known)


def _misplaced(directive: Directive, location: str, definition: DirectiveDefinition) -> Finding:
    allowed = " or ".join(_PLACES[name] for name in _PLACES if name in definition.locations)
    message = f"@{directive.name} cannot be used on {_PLACES[location]}"
    return "directive-location", Problem(directive.offset, message, f"use it on {allowed}")


def _check_arguments(
    directive: Directive, definition: DirectiveDefinition, amplify: AmplifyDefinitions
) -> Iterator[Finding]:
    name, offset = directive.name, directive.offset
    seen = set()
    for argument, _ in directive.raw_arguments:
        if argument in seen:
            message = f"the argument {argument} of @{name} is repeated"
            problem = Problem(offset, message, "keep one of them", (argument,), at_name=True)
            yield "repeated-argument", problem
        seen.add(argument)
    for argument, value in directive.arguments.items():
        declared = definition.arguments.get(argument)
        if declared is None:
            names = [*definition.arguments]
            hint = f"its arguments are {listed(names)}" if names else "it has no arguments"
            message = f"@{name} has no argument {argument}"
            yield (
                "unknown-argument",
                Problem(
                    offset, message, hint, (argument,), at_name=True, name=argument, known=names
                ),
            )
        else:
            yield from _check_value(directive, value, declared.type, (argument,), amplify)
    missing = [each for each in definition.required if each not in directive.arguments]
    for argument in missing:
        message = f"@{name} lacks the argument {argument}"
        hint = f"add {argument}: {_example(definition.arguments[argument].type, amplify)}"
        yield "missing-argument", Problem(offset, message, hint)


def _check_value(
    directive: Directive,
    value: Value,
    reference: TypeReference,
    path: tuple[str | int, ...],
    amplify: AmplifyDefinitions,
) -> Iterator[Finding]:
    if value is None:
        if reference.outer_required:
            yield _mismatch(directive, value, reference, path, amplify)
    elif reference.list_depth:
        if isinstance(value, str) and not directive.name.startswith("aws_"):
            yield _not_a_list(directive, value, path)
        item_type = replace(reference, list_depth=0, outer_required=reference.required)
        items = value if isinstance(value, list) else [value]
        for index, item in enumerate(items):
            item_path = (*path, index) if isinstance(value, list) else path
            yield from _check_value(directive, item, item_type, item_path, amplify)
    elif reference.name in amplify.inputs:
        yield from _check_object(directive, value, reference, path, amplify)
    elif not _is_literal(value, reference.name, amplify):
        yield _mismatch(directive, value, reference, path, amplify)


def _not_a_list(directive: Directive, value: str, path: tuple[str | int, ...]) -> Finding:
    *_, name = (part for part in path if isinstance(part, str))
    text = value if isinstance(value, EnumLiteral) else f'"{value}"'
    message = f"`{name}` of @{directive.name} is a single value, but should be a list"
    return "argument-list", Problem(
        directive.offset, message, f"write it in brackets: {name}: [{text}]", path
    )


def _check_object(
    directive: Directive,
    value: Value,
    reference: TypeReference,
    path: tuple[str | int, ...],
    amplify: AmplifyDefinitions,
) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield _mismatch(directive, value, reference, path, amplify)
        return
    fields = amplify.inputs[reference.name]
    where = f"`{path[0]}` of @{directive.name}"
    if isinstance(value, RepeatedFields):
        message = f"{where} has the field {value.repeated} twice"
        problem = Problem(
            directive.offset, message, "keep one of them", (*path, value.repeated), at_name=True
        )
        yield "repeated-argument", problem
    for name, item in value.items():
        if name in fields:
            yield from _check_value(directive, item, fields[name].type, (*path, name), amplify)
        else:
            message, hint = f"{where} has no field {name}", f"its fields are {listed(fields)}"
            inner = (*path, name)
            problem = Problem(
                directive.offset, message, hint, inner, at_name=True, name=name, known=fields
            )
            yield "unknown-argument", problem
    for name, field in fields.items():
        if field.type.outer_required and name not in value:
            message = f"{where} lacks the field {name}"
            hint = f"add {name}: {_example(field.type, amplify)}"
            yield "missing-argument", Problem(directive.offset, message, hint, path)


def _is_literal(value: Value, type_name: str, amplify: AmplifyDefinitions) -> bool:
    values = amplify.enums.get(type_name)
    if values is not None:
        return isinstance(value, EnumLiteral) and value in values
    if type_name == "String":
        return isinstance(value, str) and not isinstance(value, EnumLiteral)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return type_name == "Float" or (isinstance(value, int) and -_INT_LIMIT <= value < _INT_LIMIT)


def _mismatch(
    directive: Directive,
    value: Value,
    reference: TypeReference,
    path: tuple[str | int, ...],
    amplify: AmplifyDefinitions,
) -> Finding:
    *_, name = (part for part in path if isinstance(part, str))
    expected = type_text(reference)
    message = f"`{name}` of @{directive.name} must be {_article(expected)}"
    hint = f"write {name}: {_example(reference, amplify)}"
    values = amplify.enums.get(reference.name)
    if values is not None:
        message = f"`{name}` of @{directive.name} must be one of {listed(values)}"
        hint = "remove the quotes" if value in values else "choose one of them"
        if isinstance(value, str) and value not in values:
            problem = Problem(directive.offset, message, hint, path, name=value, known=values)
            return "argument-value", problem
    elif reference.name == "String" and value is not None and not isinstance(value, list | dict):
        text = str(value).lower() if isinstance(value, bool) else value
        hint = f'write it in quotes: {name}: "{text}"'
    return "argument-value", Problem(directive.offset, message, hint, path)


def _article(expected: str) -> str:
    return f"an {expected}" if expected[0] in "AIO" else f"a {expected}"


def _example(reference: TypeReference, amplify: AmplifyDefinitions) -> str:
    """Return a value of a type: `["..."]`."""
    values = amplify.enums.get(reference.name)
    example = values[0] if values else {"String": '"..."', "Int": "100"}.get(reference.name, "1.0")
    if reference.name in amplify.inputs:
        name, field = next(iter(amplify.inputs[reference.name].items()))
        example = f"{{ {name}: {_example(field.type, amplify)} }}"
    return f"[{example}]" if reference.list_depth else example
