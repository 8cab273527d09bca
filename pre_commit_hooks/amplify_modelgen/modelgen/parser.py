"""Parse SDL without graphql-core, which is expensive.

Importing graphql-core takes 0.1 s and its nodes 0.5 s for a thousand models; this parser takes a
few milliseconds and a fifth of that (docs/performance.md). It has no error messages:
`legacy_grammar` finds the error in a text that it does not support.
"""

from __future__ import annotations

import gc
import re
from collections import Counter
from functools import lru_cache
from json import loads
from typing import TYPE_CHECKING, TypeVar, get_args

from .diagnostics import SchemaRuleError
from .javascript import parse_number
from .syntax import (
    Definition,
    DefinitionKind,
    Directive,
    EnumLiteral,
    FieldDefinition,
    LocatedName,
    RepeatedFields,
    TypeReference,
    Value,
    make_directive,
)

if TYPE_CHECKING:
    from collections.abc import Callable

# No group is possessive: Python before 3.11.5 matches possessive groups wrongly. A character that
# begins no token consumes the rest of the text; otherwise a million digits would be matched again
# from each digit.
_IGNORED = r"[ \t\n\r,\ufeff]*+(?:#[^\n\r]*+[ \t\n\r,\ufeff]*+)*"
_ESCAPE = r'\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})'
TOKEN = re.compile(
    _IGNORED + r"(?:([A-Za-z_][A-Za-z_0-9]*+"
    r"|[\[\](){}:=@!|&]"
    r'|"""[^"\\]*(?:(?:\\"""|\\(?!""")|"(?!""))[^"\\]*)*"""'
    r'|"(?!"")[^"\\\n\r]*(?:' + _ESCAPE + r'[^"\\\n\r]*)*"'
    r"|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![A-Za-z_0-9.])"
    r"|\Z)|(?s:.+))"
)
_NOT_ALLOWED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_BRACKET = r"[\[\]{}()]"
_BLANK_LINES_AROUND = r"\A(?:[ \t]*\n)+|(?:\n[ \t]*)+\Z"
_NUMBER_STARTS = frozenset("-0123456789")
_MAX_LIST_DEPTH = 200
_CONSTANTS: dict[str, Value] = {"true": True, "false": False, "null": None}
_KINDS: dict[str, DefinitionKind] = {
    "type" if kind == "object" else kind: kind for kind in get_args(DefinitionKind)
}
_LOCATIONS = {
    "ARGUMENT_DEFINITION", "ENUM", "ENUM_VALUE", "FIELD", "FIELD_DEFINITION",
    "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT", "INPUT_FIELD_DEFINITION",
    "INPUT_OBJECT", "INTERFACE", "MUTATION", "OBJECT", "QUERY", "SCALAR", "SCHEMA",
    "SUBSCRIPTION", "UNION", "VARIABLE_DEFINITION",
}  # fmt: skip

_Item = TypeVar("_Item")


class UnsupportedSyntaxError(Exception):
    """The parser does not support the syntax of the text."""


@lru_cache(maxsize=1)
def parse(sdl: str) -> tuple[Definition, ...]:
    """Return the definitions and extensions of a schema text, in document order.

    Executable definitions are ignored. The last result is cached, because a run validates a schema
    and then generates models from it; callers must not modify the values in it.

    Raises:
        SchemaRuleError: the text is not valid GraphQL.
    """
    match = _NOT_ALLOWED.search(sdl)
    if match:
        message = f"the schema contains the control character U+{ord(match[0]):04X}"
        raise SchemaRuleError(match.start(), message, "remove it")
    was_enabled = gc.isenabled()
    gc.disable()  # It takes a third of the parsing time of a large schema.
    try:
        definitions = parse_fast(sdl)
        if not definitions:
            from .legacy_grammar import blank_operations

            definitions = parse_fast(blank_operations(sdl))
    except RecursionError:
        definitions = None
    finally:
        if was_enabled:
            gc.enable()
    if definitions is None:
        message = "brackets are nested too deeply"
        raise SchemaRuleError(deepest_bracket(sdl), message, "use fewer levels of brackets")
    return definitions


def parse_fast(sdl: str) -> tuple[Definition, ...] | None:
    """Return the definitions of a schema, or None for invalid and for executable definitions."""
    matches = list(TOKEN.finditer(sdl))
    tokens = [match[1] for match in matches]
    if None in tokens:
        return None
    try:
        return _SchemaParser(tokens, matches).parse_document()
    except (UnsupportedSyntaxError, RecursionError):
        return None


def deepest_bracket(sdl: str) -> int:
    """Return the offset of the most deeply nested bracket."""
    depth, max_depth, offset = 0, 0, 0
    for bracket in re.finditer(_BRACKET, sdl):
        depth += 1 if bracket[0] in "[{(" else -1
        if depth > max_depth:
            max_depth, offset = depth, bracket.start()
    return offset


def _string_value(token: str) -> str:
    if token.startswith('"""'):
        return _block_string(token[3:-3])
    # The escapes are those of JSON.
    return str(loads(token, strict=False)) if "\\" in token else token[1:-1]


def _block_string(text: str) -> str:
    """Return the value of a block string: without its indentation, and blank lines around it."""
    first, *others = re.split(r"\r\n|\n|\r", text.replace('\\"""', '"""'))
    indents = [len(line) - len(line.lstrip(" \t")) for line in others if line.strip(" \t")]
    indent = min(indents, default=0)
    return re.sub(_BLANK_LINES_AROUND, "", "\n".join([first, *(line[indent:] for line in others)]))


class _SchemaParser:
    """A recursive-descent parser over tokens, the last of which is empty.

    Group 1 of the match of a token is the token, and has its offset.
    """

    def __init__(self, tokens: list[str], matches: list[re.Match[str]]) -> None:
        self._tokens = tokens
        self._matches = matches
        self._index = 0

    def parse_document(self) -> tuple[Definition, ...]:
        definitions = []
        while self._tokens[self._index]:
            definitions.append(self._definition())
        return tuple(definitions)

    def _accept(self, token: str) -> bool:
        if self._tokens[self._index] != token:
            return False
        self._index += 1
        return True

    def _expect(self, token: str) -> None:
        if not self._accept(token):
            raise UnsupportedSyntaxError

    def _name(self) -> str:
        return self._name_and_offset()[0]

    def _offset(self) -> int:
        return self._matches[self._index].start(1)

    def _name_and_offset(self) -> tuple[str, int]:
        token, offset = self._tokens[self._index], self._matches[self._index].start(1)
        if not token.isidentifier():
            raise UnsupportedSyntaxError
        self._index += 1
        return token, offset

    def _located_name(self) -> LocatedName:
        return LocatedName(*self._name_and_offset())

    def _description(self) -> bool:
        if self._tokens[self._index][:1] != '"':
            return False
        self._index += 1
        return True

    def _enclosed(
        self, opening: str, parse_item: Callable[[], _Item], closing: str
    ) -> tuple[_Item, ...]:
        """Parse one or more items in brackets, or nothing without an opening bracket."""
        if self._tokens[self._index] != opening:
            return ()
        self._index += 1
        return (parse_item(), *self._until(closing, parse_item))

    def _until(self, closing: str, parse_item: Callable[[], _Item]) -> list[_Item]:
        items: list[_Item] = []
        while not self._accept(closing):
            items.append(parse_item())
        return items

    def _delimited(self, separator: str, parse_item: Callable[[], _Item]) -> tuple[_Item, ...]:
        self._accept(separator)
        items = [parse_item()]
        while self._accept(separator):
            items.append(parse_item())
        return tuple(items)

    def _definition(self) -> Definition:
        start = self._offset()
        extends = not self._description() and self._accept("extend")
        kind = _KINDS.get(self._name())
        if kind is None or (extends and kind == "directive"):
            raise UnsupportedSyntaxError
        if kind == "directive":
            return self._directive_definition()
        name, offset = ("schema", start) if kind == "schema" else self._name_and_offset()
        body = self._body(kind, name, offset, extends=extends)
        content = body.directives or body.fields or body.names if extends else body.fields
        if (extends or kind == "schema") and not content:
            raise UnsupportedSyntaxError
        return body

    def _body(self, kind: DefinitionKind, name: str, offset: int, *, extends: bool) -> Definition:
        names: tuple[LocatedName, ...] = ()
        fields: tuple[FieldDefinition, ...] = ()
        if kind in {"object", "interface"} and self._accept("implements"):
            names = self._delimited("&", self._located_name)
        directives = self._directives()
        match kind:
            case "object" | "interface":
                fields = self._enclosed("{", self._field, "}")
            case "input":
                fields = self._enclosed("{", self._argument, "}")
            case "schema":
                fields = self._enclosed("{", self._root_operation, "}")
            case "enum":
                names = self._enclosed("{", self._enum_value, "}")
            case "union" if self._accept("="):
                names = self._delimited("|", self._located_name)
        return Definition(kind, name, offset, directives, fields, names, extends=extends)

    def _directive_definition(self) -> Definition:
        self._expect("@")
        name, offset = self._name_and_offset()
        arguments = self._enclosed("(", self._argument, ")")
        repeatable = self._accept("repeatable")
        self._expect("on")
        locations = self._delimited("|", self._located_name)
        if not _LOCATIONS.issuperset(location.text for location in locations):
            raise UnsupportedSyntaxError
        return Definition(
            "directive", name, offset, (), arguments, locations, repeatable=repeatable
        )

    def _root_operation(self) -> FieldDefinition:
        name, offset = self._name_and_offset()
        if name not in {"query", "mutation", "subscription"}:
            raise UnsupportedSyntaxError
        self._expect(":")
        return FieldDefinition(name, offset, TypeReference(*self._name_and_offset()))

    def _enum_value(self) -> LocatedName:
        self._description()
        return LocatedName(*self._name_and_offset(), self._directives())

    def _field(self) -> FieldDefinition:
        self._description()
        name, offset = self._name_and_offset()
        arguments = self._enclosed("(", self._argument, ")")
        self._expect(":")
        reference = self._type_reference()
        return FieldDefinition(name, offset, reference, self._directives(), arguments)

    def _argument(self) -> FieldDefinition:
        self._description()
        name, offset = self._name_and_offset()
        self._expect(":")
        reference = self._type_reference()
        default = self._value() if self._accept("=") else None
        return FieldDefinition(name, offset, reference, self._directives(), (), default)

    def _type_reference(self) -> TypeReference:
        list_depth = 0
        while self._tokens[self._index] == "[":
            self._index += 1
            list_depth += 1
        if list_depth > _MAX_LIST_DEPTH:
            raise UnsupportedSyntaxError
        name, offset = self._name_and_offset()
        required = outer_required = self._accept("!")
        inner_required: tuple[bool, ...] = ()
        for level in range(list_depth):
            if level:
                inner_required = (outer_required, *inner_required)
            self._expect("]")
            outer_required = self._accept("!")
        return TypeReference(name, offset, list_depth, required, outer_required, inner_required)

    def _directives(self) -> tuple[Directive, ...]:
        directives = []
        while self._tokens[self._index] == "@":
            offset = self._offset()
            self._index += 1
            name = self._name()
            arguments = self._enclosed("(", self._argument_value, ")")
            directives.append(make_directive(name, offset, arguments))
        return tuple(directives)

    def _argument_value(self) -> tuple[str, Value]:
        name = self._name()
        self._expect(":")
        return name, self._value()

    def _value(self) -> Value:
        token = self._tokens[self._index]
        self._index += 1
        if token in _CONSTANTS:
            return _CONSTANTS[token]
        if token.isidentifier():
            return EnumLiteral(token)
        match token[:1]:
            case "[":
                return self._until("]", self._value)
            case "{":
                return self._object()
            case '"':
                return _string_value(token)
            case first if first in _NUMBER_STARTS:
                return parse_number(token)
        raise UnsupportedSyntaxError

    def _object(self) -> Value:
        items = self._until("}", self._argument_value)
        fields = dict(items)
        if len(fields) == len(items):
            return fields
        counts = Counter(name for name, _ in items)
        return RepeatedFields(items, next(name for name in counts if counts[name] > 1))
