"""What Swift cannot express: schemas whose files, as Amplify writes them, would not compile.

Found with Swift's compiler and the names that generated files use; see `platform_faults`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amplify_modelgen import modelgen
from amplify_modelgen_plugins.emitters.native_auth import auth_rules
from amplify_modelgen_plugins.emitters.platform_faults import PlatformChecker

from .swift_fields import SwiftField, has_full_keys, swift_fields

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amplify_modelgen.modelgen import (
        FeatureFlags,
        NativeEnum,
        NativeField,
        NativeModel,
        NativeSchema,
        NativeType,
    )

# Found by compiling a model, a custom type and an enum of each name.
_KEYWORDS = """
Any Self _ any as associatedtype await break case catch class continue default defer deinit do each
else enum extension fallthrough false fileprivate for func guard if import in init inout internal is
let nil operator precedencegroup private protocol public repeat rethrows return self some static
struct subscript super switch throw throws true try typealias var where while
"""
_USED = """
Amplify AmplifyModelRegistration AmplifyModels Bool CodingKeys DefaultModelIdentifier Double
Foundation IdentifierFormat IdentifierProtocol Int List Model ModelIdentifiable
ModelIdentifierFormat ModelKey ModelRegistry Temporal UUID defineSchema encode id keys model
rootPath rule schema
"""
_USED_BY_LAZY_MODELS = """
Decoder Encoder LazyReference bool date datetime didSet double get int sending set string time
willSet
"""
_TYPES = frozenset(f"{_KEYWORDS}{_USED}".split())
_LAZY_TYPES = _TYPES | {"FieldPath", "ModelPath", "Path", "PropertyContainerPath"}
_LAZY_MODELS = _LAZY_TYPES | set(_USED_BY_LAZY_MODELS.split())

_OPERATIONS = frozenset(["create", "read", "update", "delete"])
_PROVIDERS = ("apiKey", "iam", "oidc", "userPools", "function")
# A relation may name foreign keys in any string.
_NAME = re.compile("[_A-Za-z][_0-9A-Za-z]*")


def check(schema: NativeSchema) -> None:
    """Reject a schema that Swift cannot express.

    Raises:
        SchemaError: it has all errors.
    """
    checker = PlatformChecker(schema, "Swift")
    checker.check_types()
    lazy = schema.flags.generate_models_for_lazy_load_and_custom_selection_set
    taken = _LAZY_TYPES if lazy else _TYPES
    for model in schema.models:
        _check_type_name(checker, model, _LAZY_MODELS if lazy else _TYPES)
        _check_model(checker, model, schema.flags)
    for custom_type in schema.types:
        checker.check_keys(custom_type)
        _check_type_name(checker, custom_type, taken | {"Embeddable"})
        _check_type(checker, custom_type)
    for entry in schema.enums:
        _check_type_name(checker, entry, taken | {"EnumPersistable", "__"})
        _check_enum(checker, entry)
    _check_join_models(checker, schema)
    _check_recursion(checker, schema)
    checker.raise_errors()


def _check_type_name(
    checker: PlatformChecker, entry: NativeModel | NativeType | NativeEnum, taken: frozenset[str]
) -> None:
    if not _NAME.fullmatch(entry.name):
        checker.refuse("platform-name", entry.offset, f"{entry.name!r} is not an identifier")
    elif entry.name in taken:
        rule = "platform-name" if entry.name in _KEYWORDS.split() else "platform-name-clash"
        checker.refuse(rule, entry.offset, f"generated files use the name {entry.name} otherwise")


def _check_model(checker: PlatformChecker, model: NativeModel, flags: FeatureFlags) -> None:
    fields = swift_fields(model, flags)
    taken = _taken_names(fields, flags)
    for field in fields:
        _check_field_name(checker, model, field.source, taken)
        path = f"{model.name}.{field.source.name}"
        if field.source.name == "id" and field.type != "String":
            checker.refuse("platform-id-type", field.source.offset, f"{path} is not a string")
        if field.is_key and has_full_keys(flags) and field.source.kind != "scalar":
            message = f"{path}, of the primary key, has the type {field.source.type}"
            checker.refuse("platform-key-type", field.source.offset, message)
    rules = list(auth_rules(model.auth))
    checker.check_rules(model.name, model.offset, rules, _OPERATIONS)
    for rule in rules:
        provider = rule.get("provider")
        is_printed = isinstance(provider, str) and flags.emit_auth_provider
        if is_printed and provider not in _PROVIDERS:
            message = f"the library has no provider {provider} (auth rule of {model.name})"
            checker.refuse("platform-auth", model.offset, message)
    for index in model.indexes:
        checker.check_text(model.name, model.offset, "".join([index.name or "", *index.fields]))
    if not flags.uses_transformer_2 and flags.respect_primary_key_attributes_on_connection_field:
        _check_sort_keys(checker, model)


def _check_sort_keys(checker: PlatformChecker, model: NativeModel) -> None:
    """Refuse a `@key` without a name that has a sort key which is not a field."""
    declared = {field.name for field in model.fields if not field.read_only}
    unnamed = [index for index in model.indexes if not index.name]
    for name in unnamed[0].fields[1:] if unnamed else ():
        if name not in declared:
            message = f"{name}, of the primary key, is not a field of {model.name}"
            checker.refuse("platform-key-type", model.offset, message)


def _taken_names(fields: Iterable[SwiftField], flags: FeatureFlags) -> set[str]:
    """Return the names that the properties of a model cannot have."""
    names = {"CodingKeys", "allCases", "await", "self"}
    if any(field.source.name == "id" for field in fields):
        names.add("UUID")
    if flags.generate_models_for_lazy_load_and_custom_selection_set:
        names.add("Path")
        if has_full_keys(flags):
            names |= {"IdentifierFormat", "IdentifierProtocol"}
    references = [field for field in fields if field.is_lazy]
    if references:
        names |= {"container", "decoder", "encoder", "values", "List", "LazyReference"}
        names |= {field.element.partition(".")[0] for field in fields}
        names |= {f"_{field.source.name}" for field in references}
    return names


def _check_field_name(
    checker: PlatformChecker,
    owner: NativeModel | NativeType,
    field: NativeField,
    taken: set[str],
) -> None:
    path = f"{owner.name}.{field.name}"
    if field.name == "_" or not _NAME.fullmatch(field.name):
        checker.refuse("platform-name", field.offset, f"{path} is not an identifier")
    elif field.name in taken:
        message = f"the generated code uses the name of {path} otherwise"
        checker.refuse("platform-name-clash", field.offset, message)


def _check_type(checker: PlatformChecker, custom_type: NativeType) -> None:
    for field in custom_type.fields:
        _check_field_name(checker, custom_type, field, {"CodingKeys", "allCases"})
    for directive in custom_type.directives:
        rules = directive.arguments.get("rules") if directive.name == "auth" else None
        named = (
            [rule for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else ()
        )
        if any(True for _ in auth_rules(named)):
            message = f"{custom_type.name} has auth rules, but is not a model"
            checker.refuse("platform-type-directive", custom_type.offset, message)


def _check_enum(checker: PlatformChecker, entry: NativeEnum) -> None:
    if not entry.values:
        checker.refuse("platform-empty-enum", entry.offset, f"{entry.name} has no values")
    for name, value in entry.cases(modelgen.camel_case).items():
        if not name[:1].isalpha():
            message = f"no identifier is left of {entry.name}.{value} in camel case"
            checker.refuse("platform-name", entry.offset, message)


def _check_join_models(checker: PlatformChecker, schema: NativeSchema) -> None:
    others = {entry.name for entry in schema.types} | {entry.name for entry in schema.enums}
    for model in schema.models:
        if model.name in others:
            message = f"the model of a many-to-many relation and another type are {model.name}"
            checker.refuse("platform-name-clash", model.offset, message)


def _check_recursion(checker: PlatformChecker, schema: NativeSchema) -> None:
    """Refuse structs that contain themselves, whose size would be infinite."""
    owners: list[NativeModel | NativeType] = [*schema.models, *schema.types]
    stored = {
        entry.name: [field for field in entry.fields if _is_stored(field, schema.flags)]
        for entry in owners
    }
    reported: set[str] = set()
    for name in stored:
        path = [] if name in reported else _path_back(name, stored)
        if path:
            names = [name, *(field.type for field in path[:-1])]
            reported.update(names)
            fields = ", ".join(
                f"{owner}.{field.name}" for owner, field in zip(names, path, strict=True)
            )
            message = f"the struct {name} contains itself ({fields})"
            checker.refuse("platform-recursion", path[0].offset, message)


def _is_stored(field: NativeField, flags: FeatureFlags) -> bool:
    is_struct = field.kind in ("model", "nonModel") and not field.is_list
    return is_struct and not SwiftField(field, flags).is_lazy


def _path_back(name: str, stored: dict[str, list[NativeField]]) -> list[NativeField]:
    """Return the fields by which a struct contains itself, or nothing."""
    paths: dict[str, list[NativeField]] = {}
    pending: list[tuple[str, list[NativeField]]] = [(name, [])]
    while pending:
        owner, path = pending.pop(0)
        for field in stored[owner]:
            if field.type == name:
                return [*path, field]
            if field.type not in paths:
                paths[field.type] = [*path, field]
                pending.append((field.type, paths[field.type]))
    return []
