"""Default values that Amplify's generator cannot write down again, and so refuses.

It reads a default by its type, and drops one that does not fit. Objects and lists that fit are
those of a custom scalar, which takes anything; for them it knows no way to write them.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from msgspec.structs import replace

from .problems import Finding
from .tree import Word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .tree import Definition, Field, Type, Value
    from .type_system import Role

# What the literals of each type become; a word without quotes is a `Word`.
_LITERALS: dict[str, set[type]] = {
    "Int": {int},
    "Float": {int, float},
    "String": {str},
    "Boolean": {bool},
    "ID": {str, int},
}
_OUTPUT = ("model", "nonModel", "root", "union", "interface")


class _DoesNotFitError(Exception):
    """A value is not of its type, so that the whole default is dropped."""


class _NoInputError(Exception):
    """A value, or one inside it, is for a type that is no input, whose name is given."""


def unwritable_defaults(
    definitions: tuple[Definition, ...], roles: dict[str, Role]
) -> Iterator[Finding]:
    """Find the default values of arguments and input fields that Amplify refuses."""
    inputs = {one.name: one for one in definitions if one.kind == "input"}
    for definition in definitions:
        for field in definition.fields:
            for one in (field, *field.arguments):
                if one.default is not None:
                    yield from _default(one, one.default, inputs, roles)


def _default(
    field: Field, default: Value, inputs: dict[str, Definition], roles: dict[str, Role]
) -> Iterator[Finding]:
    try:
        problem = _problem(default, field.type, inputs, roles)
    except _DoesNotFitError:
        return
    except _NoInputError as error:
        message = f"{field.name} has a default value, but its type {error} is no input"
        if error.args != (field.type.name,):
            message = f"the default value of {field.name} has a field of {error}, which is no input"
        yield Finding(at=field.at, message=message, hint="define an input and take that")
        return
    if problem:
        message = f"the default value of {field.name} has {problem}"
        hint = "write it as a string of JSON, or leave the default to the resolver"
        yield Finding(at=field.at, message=message, hint=hint)


def _problem(
    value: Value, kind: Type, inputs: dict[str, Definition], roles: dict[str, Role]
) -> str:
    """Return what cannot be written down again of a value that fits, or an empty text."""
    if value is None:
        return ""
    if kind.lists:
        items = value if isinstance(value, list) else [value]
        return _first([_problem_of_item(item, kind, inputs, roles) for item in items])
    name = kind.name
    if name in inputs:
        return _problem_of_object(value, inputs[name], inputs, roles)
    if roles.get(name) in _OUTPUT:
        raise _NoInputError(name)
    return "" if roles.get(name) == "hidden" else _problem_of_scalar(value, name, roles)


def _problem_of_scalar(value: Value, name: str, roles: dict[str, Role]) -> str:
    literals: set[type] | None = {Word} if roles.get(name) == "enum" else _LITERALS.get(name)
    if literals is not None and _literal(value) not in literals:
        raise _DoesNotFitError
    if isinstance(value, list | dict):
        return "an object or list where a scalar is"
    endless = isinstance(value, float) and abs(value) == inf
    return "a number that is too large" if endless else ""


def _literal(value: Value) -> type | None:
    """Return the kind of a literal; a `bool` is an `int`, and a `Word` a `str`, as well."""
    return next((kind for kind in (bool, Word, str, int, float) if isinstance(value, kind)), None)


def _first(problems: list[str]) -> str:
    return next(filter(None, problems), "")


def _problem_of_item(
    value: Value, kind: Type, inputs: dict[str, Definition], roles: dict[str, Role]
) -> str:
    if value is None and kind.lists == 1 and kind.required:
        raise _DoesNotFitError
    return _problem(value, replace(kind, lists=kind.lists - 1), inputs, roles)


def _problem_of_object(
    value: Value, input_type: Definition, inputs: dict[str, Definition], roles: dict[str, Role]
) -> str:
    if not isinstance(value, dict):
        raise _DoesNotFitError
    problems = []
    for field in input_type.fields:
        item = value.get(field.name)
        if item is not None:
            problems.append(_problem(item, field.type, inputs, roles))
        elif field.type.outer_required and field.default is None:
            raise _DoesNotFitError
    return _first(problems)
