"""A quick reader of schema texts: the tree of `parse`, without the cost of graphql-core.

Loading that library takes a tenth of a second, and its nodes half of one for a thousand models;
this takes a few milliseconds, and a fifth of that (docs/performance.md). It reads the definitions
and extensions of types and has no error messages: what it does not know, the library gets to see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .lexer import NUMBER_STARTS, UnreadError, string_value, tokens_and_matches
from .tree import Definition, Directive, Field, Kind, Name, Type, Value, Word, directive
from .values import number

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

_MOST_LISTS = 50
_CONSTANTS: dict[str, Value] = {"true": True, "false": False, "null": None}
_KINDS: dict[str, Kind] = {
    "type": "object",
    "interface": "interface",
    "input": "input",
    "union": "union",
    "enum": "enum",
    "scalar": "scalar",
    "schema": "schema",
    "directive": "directive",
}
_LOCATIONS = {
    "ARGUMENT_DEFINITION", "ENUM", "ENUM_VALUE", "FIELD", "FIELD_DEFINITION",
    "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT", "INPUT_FIELD_DEFINITION",
    "INPUT_OBJECT", "INTERFACE", "MUTATION", "OBJECT", "QUERY", "SCALAR", "SCHEMA",
    "SUBSCRIPTION", "UNION", "VARIABLE_DEFINITION",
}  # fmt: skip

_Item = TypeVar("_Item")


def read(sdl: str) -> tuple[Definition, ...] | None:
    """Return what `parse` returns for a schema text, or None where graphql-core has to read it."""
    try:
        return _Reader(*tokens_and_matches(sdl)).document()
    except (UnreadError, RecursionError):
        return None


class _Reader:
    """Goes through tokens, the last of which is empty; each method reads what it is called."""

    def __init__(self, tokens: list[str], matches: list[re.Match[str]]) -> None:
        self._tokens = tokens
        self._matches = matches
        self._next = 0

    def document(self) -> tuple[Definition, ...]:
        definitions = [self._definition()]
        while self._tokens[self._next]:
            definitions.append(self._definition())
        return tuple(definitions)

    def _accept(self, token: str) -> bool:
        if self._tokens[self._next] != token:
            return False
        self._next += 1
        return True

    def _expect(self, token: str) -> None:
        if self._tokens[self._next] != token:
            raise UnreadError
        self._next += 1

    def _name(self) -> str:
        token = self._tokens[self._next]
        if not token.isidentifier():
            raise UnreadError
        self._next += 1
        return token

    def _place(self) -> int:
        return self._matches[self._next].start(1)

    def _placed_name(self) -> tuple[str, int]:
        token, at = self._tokens[self._next], self._matches[self._next].start(1)
        if not token.isidentifier():
            raise UnreadError
        self._next += 1
        return token, at

    def _lone_name(self) -> Name:
        return Name(*self._placed_name())

    def _description(self) -> bool:
        if self._tokens[self._next][:1] != '"':
            return False
        self._next += 1
        return True

    def _some(self, opening: str, read: Callable[[], _Item], closing: str) -> tuple[_Item, ...]:
        """Read at least one item between brackets, or nothing where none is opened."""
        if self._tokens[self._next] != opening:
            return ()
        self._next += 1
        items = [read()]
        while not self._accept(closing):
            items.append(read())
        return tuple(items)

    def _separated(self, separator: str, read: Callable[[], _Item]) -> tuple[_Item, ...]:
        self._accept(separator)
        items = [read()]
        while self._accept(separator):
            items.append(read())
        return tuple(items)

    def _definition(self) -> Definition:
        start = self._place()
        extends = not self._description() and self._accept("extend")
        kind = _KINDS.get(self._name())
        if kind is None or (extends and kind == "directive"):
            raise UnreadError
        if kind == "directive":
            return self._directive_definition()
        name, at = ("schema", start) if kind == "schema" else self._placed_name()
        made = self._body(kind, name, at)
        needs_something = made.directives or made.fields or made.names if extends else made.fields
        if (extends or kind == "schema") and not needs_something:
            raise UnreadError
        return made

    def _body(self, kind: Kind, name: str, at: int) -> Definition:
        names: tuple[Name, ...] = ()
        fields: tuple[Field, ...] = ()
        if kind in {"object", "interface"} and self._accept("implements"):
            names = self._separated("&", self._lone_name)
        directives = self._directives()
        match kind:
            case "object" | "interface":
                fields = self._some("{", self._field, "}")
            case "input":
                fields = self._some("{", self._argument, "}")
            case "schema":
                fields = self._some("{", self._root, "}")
            case "enum":
                names = self._some("{", self._enum_value, "}")
            case "union" if self._accept("="):
                names = self._separated("|", self._lone_name)
        return Definition(kind, name, at, directives, fields, names)

    def _directive_definition(self) -> Definition:
        self._expect("@")
        name, at = self._placed_name()
        arguments = self._some("(", self._argument, ")")
        repeatable = self._accept("repeatable")
        self._expect("on")
        if not _LOCATIONS.issuperset(self._separated("|", self._name)):
            raise UnreadError
        return Definition("directive", name, at, (), arguments, repeatable=repeatable)

    def _root(self) -> Field:
        name, at = self._placed_name()
        if name not in {"query", "mutation", "subscription"}:
            raise UnreadError
        self._expect(":")
        if self._tokens[self._next] == "[":
            raise UnreadError
        return Field(name, at, Type(*self._placed_name()))

    def _enum_value(self) -> Name:
        at = self._place()
        self._description()
        value = Name(self._name(), at)
        self._directives()
        return value

    def _field(self) -> Field:
        self._description()
        name, at = self._placed_name()
        arguments = self._some("(", self._argument, ")")
        self._expect(":")
        kind = self._type()
        return Field(name, at, kind, self._directives(), arguments)

    def _argument(self) -> Field:
        self._description()
        name, at = self._placed_name()
        self._expect(":")
        kind = self._type()
        default = self._value() if self._accept("=") else None
        return Field(name, at, kind, self._directives(), (), default)

    def _type(self) -> Type:
        lists = 0
        while self._tokens[self._next] == "[":
            self._next += 1
            lists += 1
        if lists > _MOST_LISTS:
            raise UnreadError
        name, at = self._placed_name()
        required = outer_required = self._accept("!")
        for _ in range(lists):
            self._expect("]")
            outer_required = self._accept("!")
        return Type(name, at, lists, required, outer_required)

    def _directives(self) -> tuple[Directive, ...]:
        if self._tokens[self._next] != "@":
            return ()
        directives = []
        while self._tokens[self._next] == "@":
            at = self._place()
            self._next += 1
            name = self._name()
            directives.append(directive(name, at, self._some("(", self._entry, ")")))
        return tuple(directives)

    def _entry(self) -> tuple[str, Value]:
        name = self._name()
        self._expect(":")
        return name, self._value()

    def _value(self) -> Value:
        token = self._tokens[self._next]
        self._next += 1
        if token in _CONSTANTS:
            return _CONSTANTS[token]
        if token.isidentifier():
            return Word(token)
        match token[:1]:
            case "[":
                return self._list()
            case "{":
                return self._object()
            case '"':
                return string_value(token)
            case first if first in NUMBER_STARTS:
                return number(token)
        raise UnreadError

    def _list(self) -> Value:
        items: list[Value] = []
        while not self._accept("]"):
            items.append(self._value())
        return items

    def _object(self) -> Value:
        entries: dict[str, Value] = {}
        while not self._accept("}"):
            name, value = self._entry()
            entries[name] = value
        return entries
