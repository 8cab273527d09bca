"""Check the names of definitions: those that are unknown, and those that are defined twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.modelgen.schema import GRAPHQL_SCALARS, SCALARS

from .schema_index import Problem
from .wording import did_you_mean, with_article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen.modelgen.syntax import Definition

    from .directive_checks import Finding
    from .directive_definitions import AmplifyDefinitions

_ROOT_TYPES = ("Query", "Mutation", "Subscription")
# Those that AppSync evaluates, or GraphQL itself: no transformer needs to support them.
_PLAIN_DIRECTIVES = ("aws_", "deprecated")
_MAX_SUGGESTIONS = 20


def check_definitions(
    definitions: tuple[Definition, ...], amplify: AmplifyDefinitions
) -> Iterator[Finding]:
    """Yield the problems of the names in a schema."""
    types: dict[str, Definition] = {}
    members: dict[str, set[str]] = {}
    declared = [entry for entry in definitions if not entry.extends]
    for definition in declared:
        if definition.kind == "directive":
            continue
        if definition.kind != "schema":
            yield from _check_type_name(definition, types, amplify)
            types.setdefault(definition.name, definition)
        names = members.setdefault(definition.name, set())
        yield from _check_members(definition, names)
    for definition in definitions:
        if definition.extends and definition.kind != "schema":
            yield from _check_extension(definition, types, members, amplify)
    yield from _check_single_definitions(declared, amplify)
    yield from _check_references(definitions, types, amplify)


def _check_type_name(
    definition: Definition, types: dict[str, Definition], amplify: AmplifyDefinitions
) -> Iterator[Finding]:
    name = definition.name
    first = types.get(name)
    if first is not None:
        message = f"{name} is defined twice"
        if first.kind != definition.kind:
            kinds = " and ".join(map(_kind_text, (first.kind, definition.kind)))
            message = f"{name} is both {kinds}"
        hint = "rename one of them, or move its fields into the other one"
        yield "duplicate-type", Problem(definition.offset, message, hint)
    elif name in (SCALARS - GRAPHQL_SCALARS) | amplify.scalars:
        message = f"{name} is a scalar of Amplify, and cannot be defined"
        yield "duplicate-type", Problem(definition.offset, message, "remove the definition")
    elif name in amplify.enums or name in amplify.inputs:
        message = f"{name} is a type of Amplify's directives, and cannot be defined"
        yield "duplicate-type", Problem(definition.offset, message, "give it another name")


def _kind_text(kind: str) -> str:
    return "a type" if kind == "object" else with_article(kind)


def _check_members(
    definition: Definition, names: set[str], *, is_extension: bool = False
) -> Iterator[Finding]:
    """Yield the fields and enum values with names that occurred before; add them to `names`."""
    path = definition.name
    for field in definition.fields:
        if field.name in names:
            message = f"{path}.{field.name} is defined twice"
            problem = Problem(field.offset, message, "remove one of them, or rename it")
            yield ("duplicate-field" if path != "schema" else "schema-block"), problem
        names.add(field.name)
    is_checked = definition.kind == "enum" or (
        is_extension and definition.kind in ("union", "object")
    )
    for member in definition.names:
        # A field may have the name of an interface.
        name = f"&{member.text}"
        if is_checked and name in names:
            message = f"{path} has {member.text} twice"
            yield "duplicate-enum-value", Problem(member.offset, message, "remove one of them")
        names.add(name)


def _check_extension(
    definition: Definition,
    types: dict[str, Definition],
    members: dict[str, set[str]],
    amplify: AmplifyDefinitions,
) -> Iterator[Finding]:
    name, kind = definition.name, definition.kind
    extended = types.get(name)
    if extended is None:
        message = f"{name} is extended, but not defined"
        hint = did_you_mean(name, types, f"write `type {name}` without `extend`")
        yield "extension", Problem(definition.offset, message, hint)
        return
    if extended.kind != kind:
        message = f"{name} is extended as {_kind_text(kind)}, but is {_kind_text(extended.kind)}"
        yield "extension", Problem(definition.offset, message, "extend it as what it is")
        return
    yield from _check_members(definition, members[name], is_extension=True)
    if kind not in ("object", "interface") or amplify.version == 1:
        return
    fields = () if name in _ROOT_TYPES else definition.fields
    for directives in (definition.directives, *(field.directives for field in fields)):
        for directive in directives:
            if not directive.name.startswith(_PLAIN_DIRECTIVES):
                message = f"@{directive.name} has no effect on an extension"
                hint = f"move it to the definition of {name}"
                yield "extension", Problem(directive.offset, message, hint)


def _check_single_definitions(
    declared: list[Definition], amplify: AmplifyDefinitions
) -> Iterator[Finding]:
    """Yield what Amplify or the schema has already: schema blocks and directives."""
    names = set(amplify.directives)
    blocks = [entry for entry in declared if entry.kind == "schema"]
    for block in blocks[1:]:
        message = "the schema has several schema blocks"
        yield "schema-block", Problem(block.offset, message, "keep one of them")
    for definition in declared:
        if definition.kind == "directive":
            if definition.name in names:
                message = f"@{definition.name} is defined already"
                hint = "remove the definition: Amplify adds those of its directives"
                yield "duplicate-directive", Problem(definition.offset, message, hint)
            names.add(definition.name)


def _check_references(
    definitions: tuple[Definition, ...],
    types: dict[str, Definition],
    amplify: AmplifyDefinitions,
) -> Iterator[Finding]:
    known = SCALARS.union(types, amplify.enums, amplify.inputs, amplify.scalars, {"Query"})
    count = 0
    for definition in definitions:
        for name, offset in _references(definition):
            if name not in known and not name.startswith("__"):
                count += 1
                hint = f"define {name}, or correct its name"
                if count <= _MAX_SUGGESTIONS:  # comparing names is slow
                    hint = did_you_mean(name, known, hint)
                yield "unknown-type", Problem(offset, f"the type {name} is not defined", hint)


def _references(definition: Definition) -> Iterator[tuple[str, int]]:
    if definition.kind not in ("enum", "directive"):
        for member in definition.names:
            yield member.text, member.offset
    for field in definition.fields:
        yield field.type.name, field.type.offset
        for argument in field.arguments:
            yield argument.type.name, argument.type.offset
