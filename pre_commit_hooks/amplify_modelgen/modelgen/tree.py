"""The syntax tree of a schema: what the text says, before anything is made of it.

Every node knows `at`, the offset of its name in the text. A schema of a thousand models has tens of
thousands of nodes; they are in no cycles, so the garbage collector need not know them.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

Value: TypeAlias = "str | bool | int | float | list[Value] | dict[str, Value] | None"
"""The value of an argument as JSON. Enum literals are `Word`s, numbers as JavaScript has them."""

Kind = Literal["object", "interface", "input", "union", "enum", "scalar", "schema", "directive"]


class Word(str):
    """A literal that stands without quotes, an enum value; elsewhere it is as good as its text."""

    __slots__ = ()


class Name(Struct, frozen=True, gc=False):
    """A name that stands alone: an enum value, a member of a union, an interface."""

    text: str
    at: int


class Directive(Struct, frozen=True, gc=False):
    """`@name(arguments)`. The arguments keep their order.

    Where the text gives an argument twice the last one counts, but merging has to see all of
    them: only then `written` has every argument as it is written.
    """

    name: str
    at: int
    arguments: dict[str, Value]
    written: tuple[tuple[str, Value], ...] = ()


def directive(name: str, at: int, written: tuple[tuple[str, Value], ...]) -> Directive:
    """Return a directive with its arguments as they are written."""
    arguments = dict(written)
    return Directive(name, at, arguments, () if len(arguments) == len(written) else written)


class Type(Struct, frozen=True, gc=False):
    """A reference to a named type.

    `lists` is how many lists are around it, `required` whether the named type itself is
    non-null, `outer_required` whether the outermost level is (the same where `lists` is 0). It is
    None for a list that no text declares: nothing is known of its outermost level.
    """

    name: str
    at: int
    lists: int = 0
    required: bool = False
    outer_required: bool | None = False


class Field(Struct, frozen=True, gc=False):
    """A field, an argument or an input field.

    `default` is the default value of an argument or input field.
    """

    name: str
    at: int
    type: Type
    directives: tuple[Directive, ...] = ()
    arguments: tuple[Field, ...] = ()
    default: Value = None


class Definition(Struct, frozen=True, gc=False):
    """A definition or extension of a type, of the schema's roots or of a directive.

    `fields` are the fields of an object, interface or input, the arguments of a directive, the
    root operations of a schema (named query, mutation, subscription). `names` are the interfaces
    of an object or interface, the members of a union, the values of an enum. `repeatable` is a
    directive's.
    """

    kind: Kind
    name: str
    at: int
    directives: tuple[Directive, ...] = ()
    fields: tuple[Field, ...] = ()
    names: tuple[Name, ...] = ()
    repeatable: bool = False
