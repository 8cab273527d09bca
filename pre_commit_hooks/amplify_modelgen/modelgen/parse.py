"""Text to syntax tree: by our own reader, and else through graphql-core.

Only this module and `older_grammar` know that library, which says what is wrong with a text and
reads what the reader leaves to it. It follows a later grammar than Amplify's generator. Where the
older one accepts less in general (control characters) it is checked here; for the rest (an enum
value `true`, half of a surrogate pair, `u{...}` in strings) its parser is taught.
"""

from __future__ import annotations

import gc
import re
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .problems import RefusalError
from .reader import read
from .tree import Definition, Directive, Field, Kind, Name, Type, Value, Word, directive
from .values import number

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BRACKET = r"[\[\]{}()]"
_KINDS: dict[str, Kind] = {
    "object_type": "object",
    "interface_type": "interface",
    "input_object_type": "input",
    "union_type": "union",
    "enum_type": "enum",
    "scalar_type": "scalar",
    "schema": "schema",
    "directive": "directive",
}


@lru_cache(maxsize=1)
def parse(sdl: str) -> tuple[Definition, ...]:
    """Read a schema text into its definitions and extensions, in their order.

    Raises RefusalError where the text is not GraphQL. Executable definitions are left out. The
    last tree is kept, because one run checks a schema and then makes models of it; nobody may
    change the values in it.
    """
    control = _CONTROL.search(sdl)
    if control:
        message = f"the schema has the control character U+{ord(control[0]):04X}"
        raise RefusalError(control.start(), message, "delete it")
    with _collection_paused():
        definitions = read(sdl)
        return parse_by_library(sdl) if definitions is None else definitions


def parse_by_library(sdl: str) -> tuple[Definition, ...]:
    """Do what `parse` does through graphql-core alone, which knows the place of every error."""
    return tuple(_definitions(_document(sdl)))


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Stop the garbage collector while a big tree grows: it took a third of the parsing time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _document(sdl: str) -> Any:  # noqa: ANN401 (graphql-core's nodes stay inside this module)
    from graphql.error import GraphQLSyntaxError

    from .older_grammar import OlderParser

    try:
        return OlderParser(sdl).parse_document()
    except GraphQLSyntaxError as error:
        at = next(iter(error.positions or (0,)))
        message = error.message.removeprefix("Syntax Error: ").rstrip(".")
        raise RefusalError(at, f"the schema is not GraphQL: {message}") from None
    except RecursionError:
        hint = "nothing in a schema needs more than a few levels"
        raise RefusalError(
            deepest_bracket(sdl), "too many brackets inside each other", hint
        ) from None


def deepest_bracket(sdl: str) -> int:
    """Return the place where the brackets are nested most deeply."""
    depth, deepest, at = 0, 0, 0
    for bracket in re.finditer(_BRACKET, sdl):
        depth += 1 if bracket[0] in "[{(" else -1
        if depth > deepest:
            deepest, at = depth, bracket.start()
    return at


def _definitions(document: Any) -> Iterator[Definition]:  # noqa: ANN401 (as above)
    for node in document.definitions:
        kind = _KINDS.get(node.kind.removesuffix("_definition").removesuffix("_extension"))
        if kind:
            yield _definition(kind, node)


def _definition(kind: Kind, node: Any) -> Definition:  # noqa: ANN401 (as above)
    name = node.name if kind != "schema" else None
    return Definition(
        kind,
        name.value if name else "schema",
        (name or node).loc.start,
        _directives(node) if kind != "directive" else (),
        _members(kind, node),
        tuple(Name(item.name.value, item.loc.start) for item in _names(kind, node)),
        repeatable=kind == "directive" and node.repeatable,
    )


def _members(kind: Kind, node: Any) -> tuple[Field, ...]:  # noqa: ANN401 (as above)
    if kind in {"object", "interface", "input"}:
        return tuple(map(_field, node.fields or ()))
    if kind == "directive":
        return tuple(map(_field, node.arguments or ()))
    if kind == "schema":
        return tuple(map(_root, node.operation_types or ()))
    return ()


def _names(kind: Kind, node: Any) -> Any:  # noqa: ANN401 (as above)
    if kind in {"object", "interface"}:
        return node.interfaces or ()
    if kind == "union":
        return node.types or ()
    return (node.values or ()) if kind == "enum" else ()


def _root(node: Any) -> Field:  # noqa: ANN401 (as above)
    return Field(node.operation.value, node.loc.start, _type(node.type))


def _field(node: Any) -> Field:  # noqa: ANN401 (as above)
    arguments = getattr(node, "arguments", None)
    default = getattr(node, "default_value", None)
    return Field(
        node.name.value,
        node.name.loc.start,
        _type(node.type),
        _directives(node),
        tuple(map(_field, arguments)) if arguments else (),
        _value(default) if default else None,
    )


def _type(node: Any) -> Type:  # noqa: ANN401 (as above)
    outer = node.kind == "non_null_type"
    lists, required = 0, outer
    if outer:
        node = node.type
    while node.kind == "list_type":
        node = node.type
        lists += 1
        required = node.kind == "non_null_type"
        if required:
            node = node.type
    return Type(node.name.value, node.loc.start, lists, required, outer)


def _directives(node: Any) -> tuple[Directive, ...]:  # noqa: ANN401 (as above)
    if not node.directives:
        return ()
    return tuple(map(_directive, node.directives))


def _directive(node: Any) -> Directive:  # noqa: ANN401 (as above)
    arguments = tuple((item.name.value, _value(item.value)) for item in node.arguments or ())
    return directive(node.name.value, node.loc.start, arguments)


def _value(node: Any) -> Value:  # noqa: ANN401 (as above)
    match node.kind:
        case "int_value" | "float_value":
            return number(node.value)
        case "list_value":
            return [_value(item) for item in node.values or ()]
        case "object_value":
            return {item.name.value: _value(item.value) for item in node.fields or ()}
        case "null_value":
            return None
        case "enum_value":
            return Word(node.value)
    value: Value = node.value
    return value
