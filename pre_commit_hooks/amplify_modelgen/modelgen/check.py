"""Checks an assembly for types that one of the documents cannot hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .problems import Finding
from .type_system import first_directive
from .written import ABSTRACT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .assembly import Assembly, NonModel
    from .model import Model
    from .problems import Document
    from .tree import Field
    from .type_system import Role

_PLAIN = ("scalar", "enum")
_HELD = (*_PLAIN, "model", "nonModel")


def check(assembly: Assembly, document: Document) -> Iterator[Finding]:
    """Find fields whose types the document has no place for."""
    roles = assembly.roles
    owners: tuple[Model | NonModel, ...] = (*assembly.models.values(), *assembly.non_models)
    for one in owners:
        for field in one.fields.values():
            if roles.get(field.type.name) not in _HELD:
                yield from _object_field(one.name, field, roles, document)
    if document == "introspection":
        yield from _operations(assembly)
        yield from _inputs(assembly)


def _object_field(
    owner: str, field: Field, roles: dict[str, Role], document: Document
) -> Iterator[Finding]:
    role = roles.get(field.type.name)
    if role is None:  # an unknown type, which has been found already
        return
    if role in _HELD or (document == "introspection" and role in ABSTRACT):
        return
    message = f"{owner}.{field.name} has the type {field.type.name}, which {_is(role)}"
    hint = "fields hold scalars that Amplify knows, enums, models and other object types"
    yield Finding(at=field.type.at, message=message, hint=hint)


def _is(role: Role) -> str:
    if role == "hidden":
        return "belongs to Amplify's directives"
    if role == "root":
        return "is a root of the API"
    return f"is {'an' if role[0] in 'aeiou' and role != 'union' else 'a'} {role}"


def _operations(assembly: Assembly) -> Iterator[Finding]:
    roles = assembly.roles
    for operation, root in assembly.types.roots.items():
        for field in root.fields:
            conversation = operation == "mutation" and first_directive(
                field.directives, "conversation"
            )
            role = roles.get(field.type.name)
            if not conversation and role in ABSTRACT:
                continue
            # A conversation answers with a model of its own, whatever type is written.
            if not conversation or role not in {*ABSTRACT, "input"}:
                yield from _object_field(root.name, field, roles, "introspection")
            for argument in field.arguments:
                yield from _argument(f"{root.name}.{field.name}", argument, roles)


def _inputs(assembly: Assembly) -> Iterator[Finding]:
    for one in assembly.types.inputs:
        for field in one.fields:
            yield from _argument(one.name, field, assembly.roles)


def _argument(owner: str, field: Field, roles: dict[str, Role]) -> Iterator[Finding]:
    role = roles.get(field.type.name)
    if role and role not in _PLAIN and role != "input":
        message = f"{owner}.{field.name} takes the type {field.type.name}, which {_is(role)}"
        yield Finding(at=field.type.at, message=message, hint="define an input and take that")
