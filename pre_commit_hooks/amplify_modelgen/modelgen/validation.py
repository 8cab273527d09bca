"""Checks of directives, default values and field types against what Amplify accepts."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from math import inf
from typing import TYPE_CHECKING

from msgspec.structs import replace

from .diagnostics import SchemaRuleError
from .schema import (
    ABSTRACT_KINDS,
    GRAPHQL_SCALARS,
    SCALARS,
    is_overridden,
)
from .syntax import EnumLiteral, find_directive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .diagnostics import Diagnostics
    from .flags import DocumentKind, FeatureFlags
    from .model import ModelType, NonModelType, ResolvedSchema
    from .schema import BuiltIns, TypeKind
    from .syntax import Definition, Directive, FieldDefinition, TypeReference, Value

MAX_WARNINGS = 100
"""The maximum number of warnings about unknown directives; a hostile schema has a million."""

_VERSION_2 = 2
_LEAF_KINDS = ("scalar", "enum")
_FIELD_KINDS = (*_LEAF_KINDS, "model", "nonModel")
_OUTPUT_KINDS = ("model", "nonModel", "root", *ABSTRACT_KINDS)
_INPUT_HINT = "use an input type instead"

# The Python types of the literals that each scalar accepts.
_LITERALS: dict[str, set[type]] = {
    "Int": {int},
    "Float": {int, float},
    "String": {str},
    "Boolean": {bool},
    "ID": {str, int},
}


def check_unknown_directives(
    definitions: tuple[Definition, ...], built_ins: BuiltIns, diagnostics: Diagnostics
) -> list[Directive]:
    """Warn of directives that neither Amplify, nor GraphQL, nor the schema defines.

    Amplify accepts them, and they have no effect. Reports at most `MAX_WARNINGS`. Returns those
    that belong to the other version of the transformer.
    """
    declared = {definition.name for definition in definitions if definition.kind == "directive"}
    known = declared | built_ins.undefined | built_ins.directives.keys()
    unknown = [entry for entry in _all_directives(definitions) if entry.name not in known]
    others = (entry for entry in unknown if entry.name not in built_ins.foreign)
    for directive in islice(others, MAX_WARNINGS):
        _warn_of_unknown(directive, known, diagnostics)
    return [entry for entry in unknown if entry.name in built_ins.foreign]


def _all_directives(definitions: tuple[Definition, ...]) -> Iterator[Directive]:
    for definition in definitions:
        yield from definition.directives
        for field in definition.fields:
            yield from field.directives
            for argument in field.arguments:
                yield from argument.directives


def _warn_of_unknown(directive: Directive, known: set[str], diagnostics: Diagnostics) -> None:
    from difflib import get_close_matches

    matches = get_close_matches(directive.name, known, n=1)
    hint = f"did you mean @{matches[0]}?" if matches else "define it, or remove it"
    diagnostics.warning(directive.offset, f"unknown directive @{directive.name}", hint)


def check_version(foreign: list[Directive], flags: FeatureFlags, diagnostics: Diagnostics) -> None:
    """Warn once if a schema has directives of the version that the flags do not select.

    `foreign` are these directives. Amplify CLI compiles an API with version 2 only if the
    pipelined transformer is enabled, whatever the flag of the version is.
    """
    if not foreign:
        return
    version, other = (2, 1) if flags.uses_transformer_2 else (1, 2)
    counts = Counter(f"@{directive.name}" for directive in foreign)
    names = ", ".join(f"{name} ({count})" for name, count in sorted(counts.items()))
    message = (
        f"the feature flags select transformer version {version}, but the schema has directives of "
        f"version {other}, which have no effect: {names}"
    )
    if flags.uses_transformer_2 and flags.push_version == 1:
        hint = (
            "set transformerversion to 1: `amplify push` uses version 1, because "
            "useexperimentalpipelinedtransformer is false, but models lose their relations"
        )
    else:
        pipelined = "true" if other == _VERSION_2 else "false"
        hint = (
            f"`amplify push` refuses them; set transformerversion to {other} and "
            f"useexperimentalpipelinedtransformer to {pipelined}, or rewrite them for version "
            f"{version}"
        )
    diagnostics.warning(foreign[0].offset, message, hint)


def check_directive_arguments(
    definitions: tuple[Definition, ...], diagnostics: Diagnostics
) -> None:
    """Report GraphQL's own directives with an argument of the wrong type.

    Amplify reads the first `@deprecated` of a field, and the first `@specifiedBy` of a scalar.
    """
    for definition in definitions:
        if definition.kind == "scalar" and definition.name not in GRAPHQL_SCALARS:
            directive = find_directive(definition.directives, "specifiedBy")
            _check_string(directive, "url", diagnostics, required=True)
        for field in definition.fields if definition.name not in SCALARS else ():
            for entry in (field, *field.arguments):
                if entry.directives:
                    directive = find_directive(entry.directives, "deprecated")
                    _check_string(directive, "reason", diagnostics, required=False)


def _check_string(
    directive: Directive | None, argument: str, diagnostics: Diagnostics, *, required: bool
) -> None:
    if directive is None:
        return
    value = directive.arguments.get(argument)
    is_string = isinstance(value, str) and not isinstance(value, EnumLiteral)
    if not is_string and (required or value is not None):
        message = f"`{argument}` of @{directive.name} must be a string"
        hint = f'write @{directive.name}({argument}: "...")'
        diagnostics.error(directive.offset, message, hint)


class _MismatchError(Exception):
    """A value does not have its type. Amplify drops such a default."""


class _NotAnInputError(Exception):
    """A value, or a part of it, has an output type. The argument is the name of the type."""


def check_defaults(
    definitions: tuple[Definition, ...],
    kinds: dict[str, TypeKind],
    built_ins: BuiltIns,
    diagnostics: Diagnostics,
) -> None:
    """Report default values that Amplify's generator rejects because it cannot serialize them.

    It parses a default value by its type, and drops one that does not match. Objects and lists
    that match are those of a custom scalar, which accepts anything but cannot be serialized.
    """
    definitions = tuple(entry for entry in definitions if not is_overridden(entry, built_ins))
    inputs = {entry.name: entry for entry in definitions if entry.kind == "input"}
    defaults = _DefaultValues(inputs, kinds)
    for definition in definitions:
        for field in definition.fields:
            for entry in (field, *field.arguments):
                if entry.default is not None:
                    with diagnostics:
                        defaults.check(entry)


class _DefaultValues:
    """Finds the parts of default values that cannot be serialized."""

    def __init__(self, inputs: dict[str, Definition], kinds: dict[str, TypeKind]) -> None:
        self._inputs = inputs
        self._kinds = kinds

    def check(self, field: FieldDefinition) -> None:
        """Raise SchemaRuleError if the default value of a field cannot be serialized."""
        try:
            problem = self._problem(field.default, field.type)
        except _MismatchError:
            return
        except _NotAnInputError as error:
            message = f"{field.name} has a default value, but its type {error} is not an input type"
            if error.args != (field.type.name,):
                part = f"a field of {error}, which is not an input type"
                message = f"the default value of {field.name} has {part}"
            raise SchemaRuleError(field.offset, message, _INPUT_HINT) from None
        if problem:
            message = f"the default value of {field.name} has {problem}"
            hint = "write it as a JSON string, or set the default in the resolver"
            raise SchemaRuleError(field.offset, message, hint)

    def _problem(self, value: Value, reference: TypeReference) -> str:
        """Return what cannot be serialized of a value that matches its type; empty if nothing."""
        if value is None:
            return ""
        if reference.list_depth:
            items = value if isinstance(value, list) else [value]
            return _first([self._item_problem(item, reference) for item in items])
        name = reference.name
        if name in self._inputs:
            return self._object_problem(value, self._inputs[name])
        if self._kinds.get(name) in _OUTPUT_KINDS:
            raise _NotAnInputError(name)
        return "" if self._kinds.get(name) == "internal" else self._scalar_problem(value, name)

    def _item_problem(self, value: Value, reference: TypeReference) -> str:
        if value is None and reference.list_depth == 1 and reference.required:
            raise _MismatchError
        return self._problem(value, replace(reference, list_depth=reference.list_depth - 1))

    def _object_problem(self, value: Value, input_type: Definition) -> str:
        if not isinstance(value, dict):
            raise _MismatchError
        problems = []
        for field in input_type.fields:
            item = value.get(field.name)
            if item is not None:
                problems.append(self._problem(item, field.type))
            elif field.type.outer_required and field.default is None:
                raise _MismatchError
        return _first(problems)

    def _scalar_problem(self, value: Value, name: str) -> str:
        is_enum = self._kinds.get(name) == "enum"
        literals: set[type] | None = {EnumLiteral} if is_enum else _LITERALS.get(name)
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
    checker = _FieldTypes(schema, document, diagnostics)
    owners: tuple[ModelType | NonModelType, ...] = (*schema.models.values(), *schema.non_models)
    for owner in owners:
        for field in owner.fields.values():
            if schema.kinds.get(field.type.name) not in _FIELD_KINDS:
                checker.check_field(owner.name, field)
    if document == "introspection":
        checker.check_operations()
        checker.check_inputs()


class _FieldTypes:
    """Checks the types of fields, operations and arguments for a document."""

    def __init__(
        self, schema: ResolvedSchema, document: DocumentKind, diagnostics: Diagnostics
    ) -> None:
        self._types = schema.types
        self._kinds = schema.kinds
        self._is_introspection = document == "introspection"
        self._diagnostics = diagnostics

    def check_field(self, owner: str, field: FieldDefinition) -> None:
        kind = self._kinds.get(field.type.name)
        if kind is None:  # an undefined type, which is reported already
            return
        if kind in _FIELD_KINDS or (self._is_introspection and kind in ABSTRACT_KINDS):
            return
        message = f"{owner}.{field.name} has the type {field.type.name}, which {_describe(kind)}"
        hint = "use a scalar that Amplify supports, an enum, a model or another object type"
        self._diagnostics.error(field.type.offset, message, hint)

    def check_operations(self) -> None:
        for operation, root in self._types.roots.items():
            for field in root.fields:
                is_conversation = operation == "mutation" and find_directive(
                    field.directives, "conversation"
                )
                kind = self._kinds.get(field.type.name)
                if not is_conversation and kind in ABSTRACT_KINDS:
                    continue
                # A conversation returns its own model, whatever its declared type is.
                if not is_conversation or kind not in {*ABSTRACT_KINDS, "input"}:
                    self.check_field(root.name, field)
                for argument in field.arguments:
                    self._check_argument(f"{root.name}.{field.name}", argument)

    def check_inputs(self) -> None:
        for definition in self._types.inputs:
            for field in definition.fields:
                self._check_argument(definition.name, field)

    def _check_argument(self, owner: str, field: FieldDefinition) -> None:
        kind = self._kinds.get(field.type.name)
        if kind and kind not in _LEAF_KINDS and kind != "input":
            type_name = field.type.name
            message = f"{owner}.{field.name} has argument type {type_name}, which {_describe(kind)}"
            self._diagnostics.error(field.type.offset, message, _INPUT_HINT)


def _describe(kind: TypeKind) -> str:
    if kind == "internal":
        return "belongs to Amplify's directives"
    if kind == "root":
        return "is a root type of the API"
    return f"is {'an' if kind[0] in 'aeiou' and kind != 'union' else 'a'} {kind}"
