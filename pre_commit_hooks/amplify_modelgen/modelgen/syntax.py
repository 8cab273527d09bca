"""The syntax tree of a schema.

Every node has an `offset`: the position of its name in the text. A schema of a thousand models has
tens of thousands of nodes. They form no cycles, so the garbage collector does not track them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

Value: TypeAlias = "str | bool | int | float | list[Value] | dict[str, Value] | None"
"""The value of an argument as JSON. Enum values are `EnumLiteral`s, numbers as in JavaScript."""

DefinitionKind = Literal[
    "object", "interface", "input", "union", "enum", "scalar", "schema", "directive"
]


class EnumLiteral(str):
    """An enum value: a literal without quotes. It behaves like its text."""

    __slots__ = ()


class Directive(Struct, frozen=True, gc=False):
    """`@name(arguments)`. The arguments keep their order.

    If an argument is repeated, `arguments` has its last value, and `raw_arguments` has all
    arguments as written: merging needs them. Otherwise `raw_arguments` is empty.
    """

    name: str
    offset: int
    arguments: dict[str, Value]
    raw_arguments: tuple[tuple[str, Value], ...] = ()


class RepeatedFields(dict[str, Value]):
    """An object in which a field, `repeated`, occurs several times. It has the last value."""

    __slots__ = ("repeated",)

    def __init__(self, items: Iterable[tuple[str, Value]], repeated: str) -> None:
        super().__init__(items)
        self.repeated = repeated


class LocatedName(Struct, frozen=True, gc=False):
    """An enum value, a member of a union, an implemented interface or a directive's location."""

    text: str
    offset: int
    directives: tuple[Directive, ...] = ()


def make_directive(
    name: str, offset: int, raw_arguments: tuple[tuple[str, Value], ...]
) -> Directive:
    """Return a directive with the arguments as written."""
    arguments = dict(raw_arguments)
    is_unique = len(arguments) == len(raw_arguments)
    return Directive(name, offset, arguments, () if is_unique else raw_arguments)


class TypeReference(Struct, frozen=True, gc=False):
    """A reference to a named type.

    `list_depth` is the number of lists around it. `required` is whether the named type is
    non-null, `outer_required` whether the outermost level is (the same if `list_depth` is 0). It
    is None for a list that is not written in the schema: its outermost level is unknown.
    `inner_required` is whether each list inside the outermost one is non-null, from outside in.
    """

    name: str
    offset: int
    list_depth: int = 0
    required: bool = False
    outer_required: bool | None = False
    inner_required: tuple[bool, ...] = ()


class FieldDefinition(Struct, frozen=True, gc=False):
    """A field, an argument or an input field.

    `default` is the default value of an argument or input field.
    """

    name: str
    offset: int
    type: TypeReference
    directives: tuple[Directive, ...] = ()
    arguments: tuple[FieldDefinition, ...] = ()
    default: Value = None


class Definition(Struct, frozen=True, gc=False):
    """A definition or extension of a type, of the schema block or of a directive.

    `fields` are the fields of an object, interface or input, the arguments of a directive, or the
    root operations of a schema block (named query, mutation, subscription). `names` are the
    interfaces of an object or interface, the members of a union, the values of an enum, or the
    locations of a directive. `repeatable` applies to directives, `extends` to extensions.
    """

    kind: DefinitionKind
    name: str
    offset: int
    directives: tuple[Directive, ...] = ()
    fields: tuple[FieldDefinition, ...] = ()
    names: tuple[LocatedName, ...] = ()
    repeatable: bool = False
    extends: bool = False


def find_directive(directives: tuple[Directive, ...], name: str) -> Directive | None:
    """Return the first directive with the name `name`, or None."""
    for directive in directives:
        if directive.name == name:
            return directive
    return None
