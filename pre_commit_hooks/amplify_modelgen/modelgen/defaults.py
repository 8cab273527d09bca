"""Default values that Amplify's generator cannot write down again, and so refuses.

It reads a default by its type, and drops one that does not fit. Objects and lists that fit are
those of a custom scalar, which takes anything; for them it knows no way to write them.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from .problems import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .tree import Definition, Field, Type, Value
    from .type_system import Role

_BUILT_IN = ("Int", "Float", "String", "Boolean", "ID")
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
        writable = _writable(default, field.type, inputs, roles)
    except _DoesNotFitError:
        return
    except _NoInputError as error:
        message = f"{field.name} has a default value, but its type {error} is no input"
        if error.args != (field.type.name,):
            message = f"the default value of {field.name} has a field of {error}, which is no input"
        yield Finding(at=field.at, message=message, hint="define an input and take that")
        return
    if not writable:
        message = f"the default value of {field.name} has an object or list where a scalar is"
        hint = "write it as a string of JSON, or leave the default to the resolver"
        yield Finding(at=field.at, message=message, hint=hint)


def _writable(
    value: Value, kind: Type, inputs: dict[str, Definition], roles: dict[str, Role]
) -> bool:
    if value is None:
        return True
    if kind.lists:
        items = value if isinstance(value, list) else [value]
        return False not in [_writable_item(item, kind, inputs, roles) for item in items]
    name = kind.name
    if name in inputs:
        return _writable_object(value, inputs[name], inputs, roles)
    if roles.get(name) in _OUTPUT:
        raise _NoInputError(name)
    structured = isinstance(value, list | dict)
    if structured and (name in _BUILT_IN or roles.get(name) == "enum"):
        raise _DoesNotFitError
    return roles.get(name) == "hidden" or not (structured or (name == "Float" and value == inf))


def _writable_item(
    value: Value, kind: Type, inputs: dict[str, Definition], roles: dict[str, Role]
) -> bool:
    if value is None and kind.lists == 1 and kind.required:
        raise _DoesNotFitError
    return _writable(value, kind._replace(lists=kind.lists - 1), inputs, roles)


def _writable_object(
    value: Value, input_type: Definition, inputs: dict[str, Definition], roles: dict[str, Role]
) -> bool:
    if not isinstance(value, dict):
        raise _DoesNotFitError
    writable = True
    for field in input_type.fields:
        item = value.get(field.name)
        if item is not None:
            writable &= _writable(item, field.type, inputs, roles)
        elif field.type.outer_required and field.default is None:
            raise _DoesNotFitError
    return writable
