"""The syntax tree of a schema from the nodes of graphql-core, to compare the parser with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from graphql.error import GraphQLSyntaxError

from amplify_modelgen.modelgen.javascript import parse_number
from amplify_modelgen.modelgen.legacy_grammar import LegacyParser
from amplify_modelgen.modelgen.syntax import (
    Definition,
    Directive,
    EnumLiteral,
    FieldDefinition,
    LocatedName,
    RepeatedFields,
    TypeReference,
    make_directive,
)

if TYPE_CHECKING:
    from amplify_modelgen.modelgen.syntax import DefinitionKind, Value

# A node of graphql-core: its classes differ between the versions that are supported.
_Node: TypeAlias = Any

_KINDS: dict[str, DefinitionKind] = {
    "object_type": "object",
    "interface_type": "interface",
    "input_object_type": "input",
    "union_type": "union",
    "enum_type": "enum",
    "scalar_type": "scalar",
    "schema": "schema",
    "directive": "directive",
}


def parse_with_graphql_core(sdl: str) -> tuple[Definition, ...] | None:
    """Return the definitions and extensions of a schema text; None if it is not GraphQL."""
    try:
        document: _Node = LegacyParser(sdl).parse_document()
    except (GraphQLSyntaxError, RecursionError):
        return None
    definitions = []
    for node in document.definitions:
        kind = _KINDS.get(node.kind.removesuffix("_definition").removesuffix("_extension"))
        if kind:
            definitions.append(_definition(kind, node))
    return tuple(definitions)


def _definition(kind: DefinitionKind, node: _Node) -> Definition:
    name = node.name if kind != "schema" else None
    return Definition(
        kind,
        name.value if name else "schema",
        (name or node).loc.start,
        _directives(node) if kind != "directive" else (),
        _fields(kind, node),
        tuple(map(_located_name, _names(kind, node))),
        repeatable=kind == "directive" and node.repeatable,
        extends=node.kind.endswith("_extension"),
    )


def _fields(kind: DefinitionKind, node: _Node) -> tuple[FieldDefinition, ...]:
    if kind in {"object", "interface", "input"}:
        return tuple(map(_field, node.fields or ()))
    if kind == "directive":
        return tuple(map(_field, node.arguments or ()))
    if kind == "schema":
        return tuple(map(_root_operation, node.operation_types or ()))
    return ()


def _names(kind: DefinitionKind, node: _Node) -> _Node:
    if kind in {"object", "interface"}:
        return node.interfaces or ()
    if kind == "union":
        return node.types or ()
    if kind == "directive":
        return node.locations
    return (node.values or ()) if kind == "enum" else ()


def _located_name(node: _Node) -> LocatedName:
    if node.kind == "name":
        return LocatedName(node.value, node.loc.start)
    directives = _directives(node) if node.kind == "enum_value_definition" else ()
    return LocatedName(node.name.value, node.name.loc.start, directives)


def _root_operation(node: _Node) -> FieldDefinition:
    return FieldDefinition(node.operation.value, node.loc.start, _type_reference(node.type))


def _field(node: _Node) -> FieldDefinition:
    arguments = getattr(node, "arguments", None)
    default = getattr(node, "default_value", None)
    return FieldDefinition(
        node.name.value,
        node.name.loc.start,
        _type_reference(node.type),
        _directives(node),
        tuple(map(_field, arguments)) if arguments else (),
        _value(default) if default else None,
    )


def _type_reference(node: _Node) -> TypeReference:
    # Whether each level is non-null, from the outermost list to the named type.
    levels = [node.kind == "non_null_type"]
    if levels[0]:
        node = node.type
    while node.kind == "list_type":
        node = node.type
        levels.append(node.kind == "non_null_type")
        if levels[-1]:
            node = node.type
    return TypeReference(
        node.name.value,
        node.loc.start,
        len(levels) - 1,
        levels[-1],
        levels[0],
        tuple(levels[1:-1]),
    )


def _directives(node: _Node) -> tuple[Directive, ...]:
    if not node.directives:
        return ()
    return tuple(map(_directive, node.directives))


def _directive(node: _Node) -> Directive:
    arguments = tuple((item.name.value, _value(item.value)) for item in node.arguments or ())
    return make_directive(node.name.value, node.loc.start, arguments)


def _value(node: _Node) -> Value:
    match node.kind:
        case "int_value" | "float_value":
            return parse_number(node.value)
        case "list_value":
            return [_value(item) for item in node.values or ()]
        case "object_value":
            return _object([(item.name.value, _value(item.value)) for item in node.fields or ()])
        case "null_value":
            return None
        case "enum_value":
            return EnumLiteral(node.value)
    value: Value = node.value
    return value


def _object(items: list[tuple[str, Value]]) -> Value:
    fields = dict(items)
    if len(fields) == len(items):
        return fields
    positions = {name: position for position, (name, _) in enumerate(items)}
    # The first one that is not the last of its name is repeated later.
    repeated = next(name for position, (name, _) in enumerate(items) if positions[name] > position)
    return RepeatedFields(items, repeated)
