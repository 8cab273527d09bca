"""Parse SDL with the fast parser, falling back to graphql-core."""

from __future__ import annotations

import gc
import re
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from .diagnostics import SchemaRuleError
from .fast_parser import parse_fast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .syntax import Definition

# graphql-core accepts these, Amplify's grammar does not.
_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DEFAULT_VALUE = re.compile(r'=[ \t]*(?:"([^"\n]*)"|([\w.+-]+))')
_BRACKET = r"[\[\]{}()]"


@lru_cache(maxsize=1)
def parse(sdl: str) -> tuple[Definition, ...]:
    """Return the definitions and extensions of a schema text, in document order.

    Executable definitions are ignored. The last result is cached, because a run validates a schema
    and then generates models from it; callers must not modify the values in it.

    Raises:
        SchemaRuleError: the text is not valid GraphQL.
    """
    control = _CONTROL_CHARACTER.search(sdl)
    if control:
        message = f"the schema contains the control character U+{ord(control[0]):04X}"
        raise SchemaRuleError(control.start(), message, "remove it")
    with _garbage_collection_paused():
        definitions = parse_fast(sdl)
        return parse_with_graphql_core(sdl) if definitions is None else definitions


def parse_with_graphql_core(sdl: str) -> tuple[Definition, ...]:
    """Return the same as `parse`, slowly; `SchemaRuleError` with the position of a syntax error."""
    from .legacy_grammar import GraphQLSyntaxError, parse_legacy

    try:
        return parse_legacy(sdl)
    except GraphQLSyntaxError as error:
        offset = next(iter(error.positions or (0,)))
        message = error.message.removeprefix("Syntax Error: ").rstrip(".")
        hint = _syntax_hint(sdl, offset)
        raise SchemaRuleError(offset, f"the schema is not GraphQL: {message}", hint) from None
    except RecursionError:
        message = "brackets are nested too deeply"
        raise SchemaRuleError(
            deepest_bracket(sdl), message, "use fewer levels of brackets"
        ) from None


def _syntax_hint(sdl: str, offset: int) -> str | None:
    """Return the hint for a merge conflict, or a field like `open: Boolean = true`."""
    if sdl.startswith("<<<<<<<", offset):
        return "resolve the merge conflict in the schema, then run it again"
    match = _DEFAULT_VALUE.match(sdl, offset)
    if match is None:
        return None
    value = match[1] or match[2]
    return f'a field has its default value in a directive: @default(value: "{value}")'


@contextmanager
def _garbage_collection_paused() -> Iterator[None]:
    """Pause the garbage collector, which takes a third of the parsing time of a large schema."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def deepest_bracket(sdl: str) -> int:
    """Return the offset of the most deeply nested bracket."""
    depth, max_depth, offset = 0, 0, 0
    for bracket in re.finditer(_BRACKET, sdl):
        depth += 1 if bracket[0] in "[{(" else -1
        if depth > max_depth:
            max_depth, offset = depth, bracket.start()
    return offset
