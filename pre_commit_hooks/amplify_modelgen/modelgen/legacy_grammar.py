"""graphql-core's parser adapted to the older grammar that Amplify uses, for its error messages.

Import it only if `parser` does not support a schema: importing graphql-core takes 0.1 s. No other
module uses that library.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from graphql.error import GraphQLSyntaxError
from graphql.language.lexer import EscapeSequence, Lexer
from graphql.language.parser import Parser

from .diagnostics import SchemaRuleError

# A node of graphql-core: its classes differ between the versions that are supported.
_Node: TypeAlias = Any

_SURROGATE = re.compile(r"[dD][89a-fA-F][0-9a-fA-F]{2}")
_EXECUTABLE = ("operation_definition", "fragment_definition")
_DEFAULT_VALUE = re.compile(r'=[ \t]*(?:"([^"\n]*)"|([\w.+-]+))')


def blank_operations(sdl: str) -> str:
    """Return a schema text with spaces in place of its executable definitions.

    Raises:
        SchemaRuleError: the text is not valid GraphQL.
    """
    try:
        document: _Node = LegacyParser(sdl).parse_document()
    except GraphQLSyntaxError as error:
        offset = next(iter(error.positions or (0,)))
        message = error.message.removeprefix("Syntax Error: ").rstrip(".")
        hint = _syntax_hint(sdl, offset)
        raise SchemaRuleError(offset, f"the schema is not GraphQL: {message}", hint) from None
    parts, end = [], 0
    for node in document.definitions:
        if node.kind in _EXECUTABLE:
            parts += [sdl[end : node.loc.start], " " * (node.loc.end - node.loc.start)]
            end = node.loc.end
    return "".join([*parts, sdl[end:]])


def _syntax_hint(sdl: str, offset: int) -> str | None:
    """Return the hint for a merge conflict, or a field like `open: Boolean = true`."""
    if sdl.startswith("<<<<<<<", offset):
        return "resolve the merge conflict in the schema, then run it again"
    match = _DEFAULT_VALUE.match(sdl, offset)
    if match is None:
        return None
    value = match[1] or match[2]
    return f'a field has its default value in a directive: @default(value: "{value}")'


class _LegacyLexer(Lexer):
    """Accepts an escaped lone surrogate, and rejects escapes in braces."""

    def read_escaped_unicode_fixed_width(self, position: int) -> EscapeSequence:
        """Parse an escape of four hexadecimal digits at `position`."""
        try:
            return super().read_escaped_unicode_fixed_width(position)
        except GraphQLSyntaxError:
            digits = self.source.body[position + 2 : position + 6]
            if not _SURROGATE.fullmatch(digits):
                raise
            return EscapeSequence(chr(int(digits, 16)), len("\\uXXXX"))

    def read_escaped_unicode_variable_width(self, position: int) -> EscapeSequence:
        """Reject an escape in braces."""
        message = "Amplify does not support `\\u{...}`, write `\\uXXXX`"
        raise GraphQLSyntaxError(self.source, position, message)


class LegacyParser(Parser):
    """Accepts any name as an enum value, and less in operations and directive definitions."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self._lexer = _LegacyLexer(self._lexer.source)

    def parse_enum_value_name(self) -> _Node:
        """Parse the name of an enum value, which may be `true`, `false` or `null`."""
        return self.parse_name()

    def parse_definition(self) -> _Node:
        """Parse a definition; an operation cannot have a description."""
        node: _Node = super().parse_definition()
        if node.kind in _EXECUTABLE and getattr(node, "description", None):
            message = "an operation cannot have a description"
            raise GraphQLSyntaxError(self._lexer.source, node.loc.start, message)
        return node

    def parse_directive_definition(self) -> _Node:
        """Parse the definition of a directive, which cannot have directives."""
        node: _Node = super().parse_directive_definition()
        # Not supported by graphql-core 3.2 either, which lacks the attribute.
        directives = getattr(node, "directives", None)
        if directives:
            offset = directives[0].loc.start
            raise GraphQLSyntaxError(self._lexer.source, offset, "Expected 'on', found '@'.")
        return node

    def parse_selection_set(self) -> _Node:
        """Parse the fields that an operation selects: one or more."""
        node: _Node = super().parse_selection_set()
        if not node.selections:
            message = "Expected Name, found '}'."
            raise GraphQLSyntaxError(self._lexer.source, node.loc.end - 1, message)
        return node
