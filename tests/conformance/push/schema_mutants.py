"""Mutants of schemas: valid GraphQL with one to three changes of names, types and directives."""

from __future__ import annotations

from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING, Any

from graphql import parse, parse_value, print_ast
from graphql.language import ast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from random import Random

_SCALARS = ("ID", "String", "Int", "Float", "Boolean", "AWSDate", "AWSDateTime", "AWSJSON", "Date")
_TYPE_DIRECTIVES = (
    *("@model", "@searchable", "@auth(rules: [{allow: owner}])", "@auth(rules: [])"),
    *("@model(queries: null)", "@model(mutations: {create: null})", '@key(fields: ["id"])'),
    '@auth(rules: [{allow: public, provider: iam}, {allow: groups, groups: ["g"]}])',
    "@auth(rules: [{allow: private, operations: [create, read]}])",
)
_FIELD_DIRECTIVES = (
    *("@primaryKey", '@primaryKey(sortKeyFields: ["createdAt"])', "@index", '@index(name: "byX")'),
    *('@index(name: "byX", sortKeyFields: ["id"])', '@index(name: "byX", queryField: "getX")'),
    *("@hasOne", "@hasMany", "@belongsTo", '@manyToMany(relationName: "Links")'),
    *('@hasOne(fields: ["id"])', '@hasMany(indexName: "byX", fields: ["id"])'),
    *('@belongsTo(fields: ["id"])', '@hasMany(references: ["id"])', '@hasMany(fields: ["id"])'),
    *('@default(value: "1")', "@auth(rules: [{allow: owner}])", '@function(name: "f")'),
    *('@http(url: "https://example.com")', "@deprecated", "@model", "@aws_iam"),
    "@auth(rules: [{allow: owner, operations: [read]}, {allow: public}])",
)
_VALUES = (
    *("null", "[]", "{}", "5", "true", '"x"', '""', "x", '["id"]', '["id", "x"]', "[null]", "-1"),
    *("owner", "public", "private", "groups", "userPools", "apiKey", "iam", "oidc", "read"),
    *("[read]", "[create, read, update]", '"createdAt"', '["createdAt"]', '"byX"', "off"),
)
_ARGUMENTS = (
    *("name", "fields", "references", "indexName", "sortKeyFields", "queryField", "limit", "rules"),
    *("value", "queries", "mutations", "subscriptions", "timestamps", "relationName", "x"),
)
# Those of transformer version 1.
_TYPE_DIRECTIVES_1 = (
    *_TYPE_DIRECTIVES,
    *('@key(name: "byX", fields: ["id"])', '@key(name: "byX", fields: ["id", "createdAt"])'),
    *('@key(fields: ["id"], queryField: "getX")', "@versioned", '@versioned(versionField: "x")'),
)
_FIELD_DIRECTIVES_1 = (
    *("@connection", '@connection(name: "X")', '@connection(fields: ["id"])', "@deprecated"),
    *('@connection(keyName: "byX", fields: ["id"])', '@connection(keyField: "id")', "@aws_iam"),
    *('@connection(sortField: "id")', "@auth(rules: [{allow: owner}])", '@function(name: "f")'),
    *('@http(url: "https://example.com/x")', "@predictions(actions: [translateText])", "@model"),
    "@auth(rules: [{allow: owner, operations: [read]}, {allow: public, queries: [get]}])",
)
_ARGUMENTS_1 = (
    *("name", "fields", "keyName", "keyField", "sortField", "queryField", "limit", "rules"),
    *("queries", "mutations", "subscriptions", "timestamps", "versionField", "operations", "x"),
)


def schema_mutants(random: Random, schemas: Sequence[str], version: int = 2) -> Iterator[str]:
    """Yield mutants of these schemas without end, the same ones for the same random state."""
    changes = _CHANGES
    if version == 1:
        changes = tuple(_CHANGES_1.get(change, change) for change in _CHANGES)
    while True:
        document = parse(random.choice(schemas), no_location=True)
        for _ in range(random.choice((1, 1, 1, 1, 2, 3))):
            if document.definitions:
                random.choice(changes)(random, document)
        yield print_ast(document)


def _nodes(root: ast.Node, *kinds: type[ast.Node]) -> list[Any]:
    """Return all nodes of these kinds below a node, in document order."""
    found = [root] if isinstance(root, kinds) else []
    for key in root.keys:
        value = getattr(root, key)
        for child in value if isinstance(value, tuple | list) else (value,):
            if isinstance(child, ast.Node):
                found += _nodes(child, *kinds)
    return found


_FIELDS = (ast.FieldDefinitionNode, ast.InputValueDefinitionNode)


def _pick(random: Random, document: ast.DocumentNode, *kinds: type[ast.Node]) -> Any:
    """Return a random node; or a new and unused one."""
    nodes = _nodes(document, *kinds)
    return random.choice(nodes) if nodes else deepcopy(_SPARE[kinds[0]])


def _names(document: ast.DocumentNode) -> list[str]:
    names = [node.value for node in _nodes(document, ast.NameNode)]
    return names + [node.value for node in _nodes(document, ast.StringValueNode)]


def _name(random: Random, document: ast.DocumentNode, old: str) -> str:
    """Return another name: one of the schema, or the old one in another form."""
    forms = (f"{old}x", old[:-1] or "x", old.swapcase(), old[:1].upper() + old[1:], old.lower())
    name = random.choice((*forms, *(random.choice(_names(document)) for _ in range(3))))
    return name if name.isidentifier() and name.isascii() else "other"


def _value(random: Random, document: ast.DocumentNode) -> ast.ValueNode:
    names = _names(document)
    texts = (*_VALUES, f'"{random.choice(names)}"', f'["{random.choice(names)}"]')
    text = random.choice(texts)
    return parse_value(text if text.isascii() and "\n" not in text else '"x"', no_location=True)


def _directive(random: Random, pool: Sequence[str]) -> ast.DirectiveNode:
    document = parse(f"scalar X {random.choice(pool)}", no_location=True)
    node: ast.DirectiveNode = _nodes(document, ast.DirectiveNode)[0]
    return node


def _set(node: ast.Node, **values: object) -> None:
    """Change a node, which is frozen."""
    for key, value in values.items():
        object.__setattr__(node, key, value)


def _rename(random: Random, document: ast.DocumentNode) -> None:
    node = _pick(random, document, ast.NameNode)
    _set(node, value=_name(random, document, node.value))


def _rename_text(random: Random, document: ast.DocumentNode) -> None:
    node = _pick(random, document, ast.StringValueNode)
    _set(node, value=_name(random, document, node.value))


def _change_type(random: Random, document: ast.DocumentNode) -> None:
    types = [node.name.value for node in _nodes(document, *_TYPES)]
    node = _pick(random, document, *_FIELDS)
    named = _nodes(node.type, ast.NamedTypeNode)[0]
    _set(named.name, value=random.choice((*_SCALARS, *types)))


def _toggle_null(random: Random, document: ast.DocumentNode) -> None:
    node = _pick(random, document, *_FIELDS)
    old = node.type
    _set(
        node,
        type=old.type if isinstance(old, ast.NonNullTypeNode) else ast.NonNullTypeNode(type=old),
    )


def _toggle_list(random: Random, document: ast.DocumentNode) -> None:
    node = _pick(random, document, *_FIELDS)
    inner = node.type.type if isinstance(node.type, ast.NonNullTypeNode) else node.type
    _set(
        node,
        type=inner.type if isinstance(inner, ast.ListTypeNode) else ast.ListTypeNode(type=inner),
    )


def _items(random: Random, document: ast.DocumentNode) -> tuple[ast.Node, str, list[Any]]:
    """Return a node, and one of its non-empty lists of children, as a copy."""
    lists = [
        (node, key)
        for node in _nodes(document, ast.Node)
        for key in node.keys
        if isinstance(getattr(node, key), tuple | list) and getattr(node, key)
    ]
    node, key = random.choice(lists)
    return node, key, list(getattr(node, key))


def _drop(random: Random, document: ast.DocumentNode) -> None:
    node, key, children = _items(random, document)
    del children[random.randrange(len(children))]
    # Braces without anything between them are not GraphQL: the definition loses them.
    _set(node, **{key: tuple(children)})


def _repeat(random: Random, document: ast.DocumentNode) -> None:
    node, key, children = _items(random, document)
    children.insert(random.randrange(len(children) + 1), deepcopy(random.choice(children)))
    _set(node, **{key: tuple(children)})


def _shuffle(random: Random, document: ast.DocumentNode) -> None:
    node, key, children = _items(random, document)
    random.shuffle(children)
    _set(node, **{key: tuple(children)})


def _add_directive(
    random: Random, document: ast.DocumentNode, pool: Sequence[str] = _FIELD_DIRECTIVES
) -> None:
    node = _pick(random, document, ast.FieldDefinitionNode)
    _set(node, directives=(*(node.directives or ()), _directive(random, pool)))


def _add_type_directive(
    random: Random, document: ast.DocumentNode, pool: Sequence[str] = _TYPE_DIRECTIVES
) -> None:
    node = _pick(random, document, *_TYPES)
    _set(node, directives=(*(node.directives or ()), _directive(random, pool)))


def _move_directive(random: Random, document: ast.DocumentNode) -> None:
    directive = _pick(random, document, ast.DirectiveNode)
    node = _pick(random, document, ast.FieldDefinitionNode, *_TYPES)
    _set(node, directives=(*(node.directives or ()), deepcopy(directive)))


def _change_argument(random: Random, document: ast.DocumentNode) -> None:
    node = _pick(random, document, ast.ArgumentNode, ast.ObjectFieldNode)
    _set(node, value=_value(random, document))


def _swap_arguments(random: Random, document: ast.DocumentNode) -> None:
    first, second = (_pick(random, document, ast.ArgumentNode) for _ in range(2))
    value = first.value
    _set(first, value=second.value)
    _set(second, value=value)


def _add_argument(
    random: Random, document: ast.DocumentNode, pool: Sequence[str] = _ARGUMENTS
) -> None:
    directive = _pick(random, document, ast.DirectiveNode)
    name = ast.NameNode(value=random.choice(pool))
    added = ast.ArgumentNode(name=name, value=_value(random, document))
    _set(directive, arguments=(*(directive.arguments or ()), added))


def _add_item(random: Random, document: ast.DocumentNode) -> None:
    node = _pick(random, document, ast.ListValueNode)
    _set(node, values=(*(node.values or ()), _value(random, document)))


def _change_kind(random: Random, document: ast.DocumentNode) -> None:
    """Turn an object type into an interface or the other way round."""
    definitions = list(document.definitions)
    position = random.randrange(len(definitions))
    old = definitions[position]
    kinds = (ast.ObjectTypeDefinitionNode, ast.InterfaceTypeDefinitionNode)
    if isinstance(old, kinds):
        kind = kinds[isinstance(old, ast.ObjectTypeDefinitionNode)]
        definitions[position] = kind(**{key: getattr(old, key) for key in old.keys})
    _set(document, definitions=tuple(definitions))


_TYPES = (
    ast.ObjectTypeDefinitionNode,
    ast.InterfaceTypeDefinitionNode,
    ast.EnumTypeDefinitionNode,
    ast.InputObjectTypeDefinitionNode,
)
_SPARE: dict[type[ast.Node], ast.Node] = {
    type(node): node
    for node in _nodes(
        parse('type X { x: Int @x(x: "x", y: [1], z: { x: 1 }) }', no_location=True), ast.Node
    )
}
_CHANGES: tuple[Callable[[Random, ast.DocumentNode], None], ...] = (
    *(_rename, _rename, _rename_text, _rename_text, _change_type, _change_type, _toggle_null),
    *(_toggle_list, _drop, _drop, _repeat, _shuffle, _add_directive, _add_directive),
    *(_add_type_directive, _move_directive, _change_argument, _change_argument, _swap_arguments),
    *(_add_argument, _add_item, _change_kind),
)
_CHANGES_1: dict[object, Callable[[Random, ast.DocumentNode], None]] = {
    _add_directive: partial(_add_directive, pool=_FIELD_DIRECTIVES_1),
    _add_type_directive: partial(_add_type_directive, pool=_TYPE_DIRECTIVES_1),
    _add_argument: partial(_add_argument, pool=_ARGUMENTS_1),
}
