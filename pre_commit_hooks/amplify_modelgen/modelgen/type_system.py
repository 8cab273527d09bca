"""Which type goes where: models, non-models, enums, inputs and the fields of the root types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from .defaults import unwritable_defaults
from .known import GLOBAL_RULES, RESERVED, ROOTS, SCALARS
from .problems import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .tree import Definition, Directive, Field

Role = Literal[
    "scalar",
    "enum",
    "nonModel",
    "model",
    "input",
    "union",
    "interface",
    "custom scalar",
    "root",
    "hidden",
]


_MOST_SUGGESTIONS = 20


class TypeSystem(Struct, frozen=True, kw_only=True):
    """The definitions of a schema by what becomes of them, each in document order.

    `roles` says of every name that a field may refer to what it is. Hidden are names that belong
    to Amplify's directives (AuthRule and its like): they never reach the models.
    """

    models: tuple[Definition, ...]
    non_models: tuple[Definition, ...]
    enums: tuple[Definition, ...]
    inputs: tuple[Definition, ...]
    roots: dict[str, Definition]
    roles: dict[str, Role]


def type_system(definitions: tuple[Definition, ...], findings: list[Finding]) -> TypeSystem:
    """Sort merged definitions by their roles; note references to types that do not exist."""
    definitions = tuple(one for one in definitions if not _hides(one))
    types = [one for one in definitions if one.kind not in {"schema", "directive"}]
    root_names = _root_names(definitions)
    roles = {one.name: _role(one, root_names) for one in types}
    roles.update(dict.fromkeys(RESERVED, "hidden"))
    roles.update(dict.fromkeys(SCALARS, "scalar"))
    findings.extend(_unknown_types(definitions, roles))
    types = [_last_of_each(one) for one in types]
    findings.extend(unwritable_defaults(definitions, roles))
    findings.extend(_rootless(definitions, root_names))
    visible = [one for one in types if roles[one.name] != "hidden"]
    return TypeSystem(
        models=_with_role(visible, roles, "model"),
        non_models=_with_role(visible, roles, "nonModel"),
        enums=_with_role(visible, roles, "enum"),
        inputs=_with_role(visible, roles, "input"),
        roots=_roots(visible, roles, root_names),
        roles=roles,
    )


def _last_of_each(definition: Definition) -> Definition:
    """Keep of fields with one name the last, where the first stood."""
    fields = {field.name: field for field in definition.fields}
    if len(fields) == len(definition.fields):
        return definition
    return replace(definition, fields=tuple(fields.values()))


def _hides(definition: Definition) -> bool:
    """Whether a definition takes the name of Amplify's own type of another kind.

    Then Amplify's is there, and the definition is not, whatever is in it.
    """
    name, kind = definition.name, definition.kind
    return name in SCALARS or RESERVED.get(name, kind) != kind


def first_directive(directives: tuple[Directive, ...], name: str) -> Directive | None:
    """Return the first directive of that name."""
    for directive in directives:
        if directive.name == name:
            return directive
    return None


def _introspective(definition: Definition) -> bool:
    return definition.kind == "object" and definition.name.startswith("__")


def _with_role(
    definitions: list[Definition], roles: dict[str, Role], role: Role
) -> tuple[Definition, ...]:
    return tuple(one for one in definitions if roles[one.name] == role)


def _role(definition: Definition, root_names: dict[str, str]) -> Role:
    if definition.name == GLOBAL_RULES or _introspective(definition):
        return "hidden"
    match definition.kind:
        case "enum" | "input" | "union" | "interface":
            return definition.kind
        case "scalar":
            return "custom scalar"
    if first_directive(definition.directives, "model"):
        return "model"
    return "root" if definition.name in root_names.values() else "nonModel"


def _root_names(definitions: tuple[Definition, ...]) -> dict[str, str]:
    """Return the type of each root operation: as declared, else the one with its usual name."""
    declared = {
        field.name: field.type.name
        for one in definitions
        if one.kind == "schema"
        for field in one.fields
    }
    return {**ROOTS, **declared}


def _roots(
    visible: list[Definition], roles: dict[str, Role], root_names: dict[str, str]
) -> dict[str, Definition]:
    """Return the root types by their operation; a type of several roles plays the first."""
    by_name = {one.name: one for one in visible if roles[one.name] == "root"}
    operations = {name: operation for operation, name in reversed(root_names.items())}
    return {operations[name]: one for name, one in by_name.items()}


def _rootless(definitions: tuple[Definition, ...], root_names: dict[str, str]) -> Iterator[Finding]:
    """Find a schema block that names no root type where none has its usual name either."""
    names = {one.name for one in definitions}
    for one in definitions:
        if one.kind == "schema" and not one.fields and names.isdisjoint(root_names.values()):
            message = "the schema block names no root type"
            yield Finding(at=one.at, message=message, hint="remove it, or define the type Query")


def _unknown_types(
    definitions: tuple[Definition, ...], known: dict[str, Role]
) -> Iterator[Finding]:
    unknown = (
        reference
        for definition in definitions
        for reference in _references(definition)
        if reference[0] not in known
    )
    for count, (name, at, place) in enumerate(unknown):
        message = f"{place} refers to the type {name}, which is not defined"
        hint = f"define {name}, or correct its spelling"
        # Comparing names is slow, and a text may have thousands of unknown ones.
        if count < _MOST_SUGGESTIONS:
            hint += _suggestion(name, known)
        yield Finding(at=at, message=message, hint=hint)


def _suggestion(name: str, known: dict[str, Role]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, known, n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def _references(definition: Definition) -> Iterator[tuple[str, int, str]]:
    if definition.kind != "enum":
        for name in definition.names:
            yield name.text, name.at, definition.name
    for field in definition.fields:
        place = f"{definition.name}.{field.name}"
        yield from _field_references(field, place)


def _field_references(field: Field, place: str) -> Iterator[tuple[str, int, str]]:
    yield field.type.name, field.type.at, place
    for argument in field.arguments:
        yield argument.type.name, argument.type.at, f"{place}({argument.name}:)"
