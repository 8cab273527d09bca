"""What Swift cannot express: schemas whose files, as Amplify writes them, would not compile.

Found with Swift's compiler and the names that generated files use; see `platform_faults`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.modelgen import camel_case
from amplify_modelgen_plugins.emitters.platform_faults import PlatformChecker, words
from amplify_modelgen_plugins.emitters.platforms import auth_rules

from .swift_fields import SwiftField, swift_fields

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amplify_modelgen.modelgen import (
        FeatureFlags,
        NativeField,
        NativeModel,
        NativeSchema,
        NativeType,
    )

# Found by compiling a model, a custom type and an enum of each name.
_RESERVED = words("""
Any Self _ any as associatedtype await break case catch class continue default defer deinit do each
else enum extension fallthrough false fileprivate for func guard if import in init inout internal is
let nil operator precedencegroup private protocol public repeat rethrows return self some static
struct subscript super switch throw throws true try typealias var where while
""")
_TYPES = words("""
Amplify AmplifyModelRegistration AmplifyModels Bool CodingKeys DefaultModelIdentifier Double
Foundation IdentifierFormat IdentifierProtocol Int List Model ModelIdentifiable
ModelIdentifierFormat ModelKey ModelRegistry Temporal UUID defineSchema encode id keys model
rootPath rule schema
""")
_LAZY_TYPES = _TYPES | {"FieldPath", "ModelPath", "Path", "PropertyContainerPath"}
_LAZY_MODELS = _LAZY_TYPES | words("""
Decoder Encoder LazyReference bool date datetime didSet double get int sending set string time
willSet
""")
_OPERATIONS = words("create read update delete")
_PROVIDERS = words("apiKey iam oidc userPools function")


def check_swift(schema: NativeSchema) -> None:
    """Raise a SchemaError if the files of a schema would not compile."""
    flags = schema.flags
    checker = PlatformChecker(
        schema=schema,
        language="Swift",
        reserved=_RESERVED,
        operations=_OPERATIONS,
        providers=_PROVIDERS if flags.emit_auth_provider else None,
    )
    checker.check_types()
    lazy = flags.generate_models_for_lazy_load_and_custom_selection_set
    taken = _LAZY_TYPES if lazy else _TYPES
    # The model of a many-to-many relation may have the name of another type.
    others = {entry.name for entry in schema.types} | {entry.name for entry in schema.enums}
    for model in schema.models:
        checker.check_type_name(model, (_LAZY_MODELS if lazy else _TYPES) | others)
        _check_model(checker, model, flags)
    for entry in schema.types:
        checker.check_keys(entry)
        checker.check_type_name(entry, taken | {"Embeddable"})
        _check_custom_type(checker, entry)
    for enum in schema.enums:
        checker.check_type_name(enum, taken | {"EnumPersistable", "__"})
        for name, value in enum.cases(camel_case).items():
            checker.check_name(enum.offset, f"{enum.name}.{value}", name)
    _check_recursion(checker, schema)
    checker.raise_errors()


def _check_field_name(
    checker: PlatformChecker, owner: str, field: NativeField, taken: set[str]
) -> None:
    path = f"{owner}.{field.name}"
    checker.check_name(field.offset, path, field.name, reserved=frozenset("_"))
    if field.name in taken:
        checker.refuse_clash(field.offset, path)


def _check_model(checker: PlatformChecker, model: NativeModel, flags: FeatureFlags) -> None:
    fields = swift_fields(model, flags)
    taken = _taken_names(fields, flags)
    for field in fields:
        path, offset = f"{model.name}.{field.name}", field.source.offset
        _check_field_name(checker, model.name, field.source, taken)
        if field.name == "id" and field.type != "String":
            checker.refuse("platform-id-type", offset, f"{path} is not a string")
        if field.is_key and flags.uses_full_primary_keys and field.source.kind != "scalar":
            message = f"{path}, of the primary key, has the type {field.source.type}"
            checker.refuse("platform-key-type", offset, message)
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
    if any(field.name == "id" for field in fields):
        names.add("UUID")
    if flags.generate_models_for_lazy_load_and_custom_selection_set:
        names.add("Path")
        if flags.uses_full_primary_keys:
            names |= {"IdentifierFormat", "IdentifierProtocol"}
    references = [field for field in fields if field.is_lazy]
    if references:
        names |= {"container", "decoder", "encoder", "values", "List", "LazyReference"}
        names |= {field.element.partition(".")[0] for field in fields}
        names |= {f"_{field.name}" for field in references}
    return names


def _check_custom_type(checker: PlatformChecker, entry: NativeType) -> None:
    for field in entry.fields:
        _check_field_name(checker, entry.name, field, {"CodingKeys", "allCases"})
    for directive in entry.directives:
        rules = directive.arguments.get("rules") if directive.name == "auth" else None
        declared = rules if isinstance(rules, list) else []
        if any(True for _ in auth_rules(rule for rule in declared if isinstance(rule, dict))):
            checker.refuse_type("platform-type-directive", entry, "has auth rules")


def _check_recursion(checker: PlatformChecker, schema: NativeSchema) -> None:
    """Refuse structs that contain themselves, whose size would be infinite."""
    stored = {
        entry.name: [field for field in entry.fields if _is_inline(field, schema.flags)]
        for entry in schema.objects
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


def _is_inline(field: NativeField, flags: FeatureFlags) -> bool:
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
