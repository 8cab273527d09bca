"""graphql-core's parser, taught the grammar of the GraphQL version that Amplify uses.

Import it only where graphql-core is needed: loading that library takes a tenth of a second.
"""

from __future__ import annotations

import re
from typing import Any

from graphql.error import GraphQLSyntaxError
from graphql.language.lexer import EscapeSequence, Lexer
from graphql.language.parser import Parser

_SURROGATE = re.compile(r"[dD][89a-fA-F][0-9a-fA-F]{2}")
_EXECUTABLE = ("operation_definition", "fragment_definition")


class OlderLexer(Lexer):
    """Accepts half of a surrogate pair as an escape, and no escape of a code point."""

    def read_escaped_unicode_fixed_width(self, position: int) -> EscapeSequence:
        """Read an escape of four hexadecimal digits at `position`."""
        try:
            return super().read_escaped_unicode_fixed_width(position)
        except GraphQLSyntaxError:
            digits = self.source.body[position + 2 : position + 6]
            if not _SURROGATE.fullmatch(digits):
                raise
            return EscapeSequence(chr(int(digits, 16)), len("\\uXXXX"))

    def read_escaped_unicode_variable_width(self, position: int) -> EscapeSequence:
        """Refuse an escape in braces."""
        message = "`\\u{...}` is not known to Amplify, write `\\uXXXX`"
        raise GraphQLSyntaxError(self.source, position, message)


class OlderParser(Parser):
    """Accepts any name as an enum value, and less in executable and directive definitions."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self._lexer = OlderLexer(self._lexer.source)

    def parse_enum_value_name(self) -> Any:  # noqa: ANN401 (graphql-core's nodes)
        """Read the name of an enum value: `true` is one too."""
        return self.parse_name()

    def parse_definition(self) -> Any:  # noqa: ANN401 (graphql-core's nodes)
        """Read a definition; an operation has no description."""
        node: Any = super().parse_definition()
        if node.kind in _EXECUTABLE and getattr(node, "description", None):
            message = "a description may not stand before an operation"
            raise GraphQLSyntaxError(self._lexer.source, node.loc.start, message)
        return node

    def parse_directive_definition(self) -> Any:  # noqa: ANN401 (graphql-core's nodes)
        """Read the definition of a directive, which has no directives itself."""
        node: Any = super().parse_directive_definition()
        # graphql-core 3.2 knows none either, and has no such attribute.
        directives = getattr(node, "directives", None)
        if directives:
            at = directives[0].loc.start
            raise GraphQLSyntaxError(self._lexer.source, at, "Expected 'on', found '@'.")
        return node

    def parse_selection_set(self) -> Any:  # noqa: ANN401 (graphql-core's nodes)
        """Read the fields that an operation selects: at least one."""
        node: Any = super().parse_selection_set()
        if not node.selections:
            message = "Expected Name, found '}'."
            raise GraphQLSyntaxError(self._lexer.source, node.loc.end - 1, message)
        return node
