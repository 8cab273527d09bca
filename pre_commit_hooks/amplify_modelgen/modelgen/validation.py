"""Checks of directives, default values and field types against what Amplify accepts."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from math import inf
from typing import TYPE_CHECKING

from msgspec.structs import replace

from .diagnostics import SchemaRuleError
from .naming import with_article
from .schema import ABSTRACT_KINDS, GRAPHQL_SCALARS, SCALARS
from .syntax import EnumLiteral, find_directive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .diagnostics import Diagnostics
    from .documents import DocumentKind, FeatureFlags
    from .model import ResolvedSchema
    from .schema import BuiltIns, TypeKind
    from .syntax import Definition, Directive, FieldDefinition, TypeReference, Value

_FIELD_KINDS = frozenset({"scalar", "enum", "model", "nonModel"})
_ARGUMENT_KINDS = ("scalar", "enum", "input")
_OUTPUT_KINDS = {"model", "nonModel", "root", *ABSTRACT_KINDS}
_INPUT_HINT = "use an input type instead"

# The Python types of the literals that each scalar accepts.
_LITERALS: dict[str, set[type]] = {
    "Int": {int},
    "Float": {int, float},
    "String": {str},
    "Boolean": {bool},
    "ID": {str, int},
}


def check_version(
    definitions: tuple[Definition, ...],
    built_ins: BuiltIns,
    flags: FeatureFlags,
    diagnostics: Diagnostics,
) -> None:
    """Warn once if a schema has directives of the version that the flags do not select.

    Amplify CLI compiles an API with version 2 only if the pipelined transformer is enabled,
    whatever the flag of the version is.
    """
    declared = {definition.name for definition in definitions if definition.kind == "directive"}
    names = built_ins.foreign - declared
    foreign = [entry for entry in _all_directives(definitions) if entry.name in names]
    if not foreign:
        return
    version, other, pipelined = (2, 1, "false") if flags.uses_transformer_2 else (1, 2, "true")
    counts = Counter(f"@{directive.name}" for directive in foreign)
    listed = ", ".join(f"{name} ({count})" for name, count in sorted(counts.items()))
    message = (
        f"the feature flags select transformer version {version}, but the schema has directives of "
        f"version {other}, which have no effect: {listed}"
    )
    if flags.uses_transformer_2 and not flags.use_experimental_pipelined_transformer:
        hint = (
            "set transformerversion to 1: `amplify push` uses version 1, because "
            "useexperimentalpipelinedtransformer is false, but models lose their relations"
        )
    else:
        hint = (
            f"`amplify push` refuses them; set transformerversion to {other} and "
            f"useexperimentalpipelinedtransformer to {pipelined}, or rewrite them for version "
            f"{version}"
        )
    diagnostics.warning(foreign[0].offset, message, hint)


def _all_directives(definitions: tuple[Definition, ...]) -> Iterator[Directive]:
    for definition in definitions:
        yield from definition.directives
        for field in definition.fields:
            yield from field.directives
            for argument in field.arguments:
                yield from argument.directives


def check_directive_arguments(
    definitions: tuple[Definition, ...], diagnostics: Diagnostics
) -> None:
    """Report GraphQL's own directives with an argument of the wrong type.

    Amplify reads the first `@deprecated` of a field, and the first `@specifiedBy` of a scalar.
    """
    for definition in definitions:
        if definition.kind == "scalar" and definition.name not in GRAPHQL_SCALARS:
            directive = find_directive(definition.directives, "specifiedBy")
            if directive and not _is_string(directive.arguments.get("url")):
                _report_argument(directive, "url", diagnostics)
        for field in definition.fields if definition.name not in SCALARS else ():
            for entry in (field, *field.arguments):
                directive = find_directive(entry.directives, "deprecated")
                reason = directive.arguments.get("reason") if directive else None
                if directive and reason is not None and not _is_string(reason):
                    _report_argument(directive, "reason", diagnostics)


def _is_string(value: Value) -> bool:
    return isinstance(value, str) and not isinstance(value, EnumLiteral)


def _report_argument(directive: Directive, name: str, diagnostics: Diagnostics) -> None:
    message = f"`{name}` of @{directive.name} must be a string"
    diagnostics.error(directive.offset, message, f'write @{directive.name}({name}: "...")')


class _MismatchError(Exception):
    """A value does not have its type. Amplify drops such a default."""


def check_defaults(
    definitions: tuple[Definition, ...], kinds: dict[str, TypeKind], diagnostics: Diagnostics
) -> None:
    """Report default values that Amplify's generator rejects because it cannot serialize them.

    It parses a default value by its type, and drops one that does not match. Objects and lists
    that match are those of a custom scalar, which accepts anything but cannot be serialized.
    """
    inputs = {entry.name: entry for entry in definitions if entry.kind == "input"}
    defaults = _DefaultValues(inputs, kinds)
    hint = "write it as a JSON string, or set the default in the resolver"
    for definition in definitions:
        for field in definition.fields:
            for entry in (field, *field.arguments):
                if entry.default is not None:
                    with diagnostics, suppress(_MismatchError):
                        problem = defaults.problem(entry.default, entry.type, entry)
                        if problem:
                            message = f"the default value of {entry.name} has {problem}"
                            diagnostics.error(entry.offset, message, hint)


class _DefaultValues:
    """Finds the parts of default values that cannot be serialized."""

    def __init__(self, inputs: dict[str, Definition], kinds: dict[str, TypeKind]) -> None:
        self._inputs = inputs
        self._kinds = kinds

    def problem(self, value: Value, reference: TypeReference, owner: FieldDefinition) -> str:
        """Return what cannot be serialized of a value that matches its type; empty if nothing.

        Raises:
            SchemaRuleError: the value, or a part of it, has an output type.
        """
        if value is None:  # an item of a list
            if reference.required and not reference.list_depth:
                raise _MismatchError
            return ""
        if reference.list_depth:
            items = value if isinstance(value, list) else [value]
            item_type = replace(reference, list_depth=reference.list_depth - 1)
            return _first([self.problem(item, item_type, owner) for item in items])
        name, kind = reference.name, self._kinds.get(reference.name)
        if name in self._inputs:
            return self._object_problem(value, self._inputs[name], owner)
        if kind == "internal":
            return ""
        if kind in _OUTPUT_KINDS:
            message = f"the default value of {owner.name} has a part of the output type {name}"
            raise SchemaRuleError(owner.offset, message, _INPUT_HINT)
        return _scalar_problem(value, {EnumLiteral} if kind == "enum" else _LITERALS.get(name))

    def _object_problem(self, value: Value, input_type: Definition, owner: FieldDefinition) -> str:
        if not isinstance(value, dict):
            raise _MismatchError
        problems = []
        for field in input_type.fields:
            item = value.get(field.name)
            if item is not None:
                problems.append(self.problem(item, field.type, owner))
            elif field.type.outer_required and field.default is None:
                raise _MismatchError
        return _first(problems)


def _scalar_problem(value: Value, literals: set[type] | None) -> str:
    if literals is not None and _literal_type(value) not in literals:
        raise _MismatchError
    if isinstance(value, list | dict):
        return "an object or list where a scalar is expected"
    is_infinite = isinstance(value, float) and abs(value) == inf
    return "a number that is too large" if is_infinite else ""


def _literal_type(value: Value) -> type | None:
    """Return the type of a literal. A bool is an int, and an EnumLiteral a str, as well."""
    types = (bool, EnumLiteral, str, int, float)
    return next((kind for kind in types if isinstance(value, kind)), None)


def _first(problems: list[str]) -> str:
    return next(filter(None, problems), "")


def check_field_types(
    schema: ResolvedSchema, document: DocumentKind, diagnostics: Diagnostics
) -> None:
    """Report fields whose types cannot be represented in a document."""
    is_introspection = document == "introspection"
    allowed = _FIELD_KINDS | ABSTRACT_KINDS if is_introspection else _FIELD_KINDS
    # An undefined type, which is not in it, is reported already.
    unusable = {name: kind for name, kind in schema.kinds.items() if kind not in allowed}
    hint = "use a scalar that Amplify supports, an enum, a model or another object type"
    for owner, field in _fields(schema, with_operations=is_introspection):
        if field.type.name in unusable:
            message = f"{owner}.{field.name} has the type {_describe(field, unusable)}"
            diagnostics.error(field.type.offset, message, hint)
    for owner, field in _arguments(schema) if is_introspection else ():
        if schema.kinds.get(field.type.name, "input") not in _ARGUMENT_KINDS:
            message = f"{owner}.{field.name} has argument type {_describe(field, schema.kinds)}"
            diagnostics.error(field.type.offset, message, _INPUT_HINT)


def _fields(
    schema: ResolvedSchema, *, with_operations: bool
) -> Iterator[tuple[str, FieldDefinition]]:
    """Yield the fields of a document, each with the name of its type."""
    for model in schema.models.values():
        for field in model.fields.values():
            yield model.name, field
    for definition in schema.non_models:
        for field in definition.fields:
            yield definition.name, field
    for operation, root in schema.types.roots.items() if with_operations else ():
        for field in root.fields:
            # A conversation returns its own model, whatever its declared type is.
            is_input = schema.kinds.get(field.type.name) == "input"
            if not (is_input and _is_conversation(operation, field)):
                yield root.name, field


def _arguments(schema: ResolvedSchema) -> Iterator[tuple[str, FieldDefinition]]:
    """Yield the fields of inputs and the arguments of operations, each with its path."""
    for operation, root in schema.types.roots.items():
        for field in root.fields:
            is_omitted = schema.kinds.get(field.type.name) in ABSTRACT_KINDS
            if not is_omitted or _is_conversation(operation, field):
                for argument in field.arguments:
                    yield f"{root.name}.{field.name}", argument
    for definition in schema.types.inputs:
        for field in definition.fields:
            yield definition.name, field


def _is_conversation(operation: str, field: FieldDefinition) -> bool:
    return operation == "mutation" and bool(find_directive(field.directives, "conversation"))


def _describe(field: FieldDefinition, kinds: dict[str, TypeKind]) -> str:
    """Return the name of the type of a field, and what it is."""
    name = field.type.name
    match kinds[name]:
        case "internal":
            return f"{name}, which belongs to Amplify's directives"
        case "root":
            return f"{name}, which is a root type of the API"
        case kind:
            return f"{name}, which is {with_article(kind)}"
