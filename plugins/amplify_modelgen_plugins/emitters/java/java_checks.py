"""What cannot be written in Java: names that clash, auth rules and types that do not compile."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from amplify_modelgen.modelgen import camel_case, constant_case, pascal_case
from amplify_modelgen_plugins.emitters.native_auth import auth_rules, has_rules
from amplify_modelgen_plugins.emitters.platform_faults import PlatformChecker, words

from .java_types import TYPES, java_class

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amplify_modelgen.modelgen import NativeModel, NativeSchema, NativeType

    from .java_types import JavaClass

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS = words("""
abstract assert boolean break byte case catch char class const continue default do double else
enum extends final finally float for goto if implements import instanceof int interface long
native new package private protected public return short static strictfp super switch
synchronized this throw throws transient try void volatile while true false null _
""")
_CLASSES_OF_ALL = words("""
Deprecated Override SuppressWarnings Object StringBuilder AmplifyModelProvider
""")
_CLASSES_OF_TYPES = _CLASSES_OF_ALL | {"Temporal", "List", "Objects", "ObjectsCompat"}
_CLASSES_OF_MODELS = _CLASSES_OF_TYPES | words("""
Arrays BelongsTo HasMany HasOne HashSet Immutable Index Model ModelConfig ModelField
ModelIdentifier ModelProvider QueryField Set Type UUID ModelList ModelReference
LoadedModelReferenceImpl ModelPath PropertyPath NonNull Nullable
""")
_CLASSES_OF_RULES = words("AuthRule AuthStrategy ModelOperation")
_CLASSES_OF_ENUMS = _CLASSES_OF_ALL | {"Class"}
# Amplify's generator looks fields up in a JavaScript object, which has these already.
_OBJECT_MEMBERS = words("""
constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf
""")
_OPERATIONS = frozenset({"create", "read", "update", "delete"})


def check_java(schema: NativeSchema) -> None:
    """Raise a SchemaError if the files of a schema would not compile."""
    checker = PlatformChecker(schema, "Java")
    checker.check_types()
    for model in schema.models:
        imported = _CLASSES_OF_RULES if has_rules(model) else frozenset()
        _check_type(checker, model, _CLASSES_OF_MODELS | imported, schema)
        _check_model(checker, model)
    for entry in schema.types:
        _check_type(checker, entry, _CLASSES_OF_TYPES, schema)
    for enum in schema.enums:
        _check_word(checker, enum.offset, enum.name, enum.name)
        if enum.name in _CLASSES_OF_ENUMS:
            _refuse_class(checker, enum.offset, enum.name)
        for value in enum.cases(constant_case).values():
            _check_word(checker, enum.offset, f"{enum.name}.{value}", value)
    checker.raise_errors()


def _check_type(
    checker: PlatformChecker,
    entry: NativeModel | NativeType,
    classes: frozenset[str],
    schema: NativeSchema,
) -> None:
    java = java_class(entry, schema.flags)
    _check_word(checker, entry.offset, entry.name, entry.name, camel_case(entry.name))
    nested = {"BuildStep", "Builder", "CopyOfBuilder", *map(java.step, java.steps)}
    required = {field.name for field in java.steps}
    nested |= {java.identifier} if java.has_identifier else set()
    if entry.name in classes | nested:
        _refuse_class(checker, entry.offset, entry.name)
    for field in java.fields:
        path = f"{entry.name}.{field.name}"
        names = (field.name, field.method, field.constant)
        _check_word(checker, field.field.offset, path, *names)
        hidden = field.name == "String" and field.type != "String"
        if field.element in nested or field.name in {"Objects", "ObjectsCompat"} or hidden:
            _refuse_class(checker, field.field.offset, path)
        is_serializable = not field.field.is_list and field.field.kind != "nonModel"
        if java.has_identifier and field.name in java.key and not is_serializable:
            message = f"{path}, of the primary key, is not serializable"
            checker.refuse("platform-key-type", field.field.offset, message)
        if field.name in required and pascal_case(field.name) == "Build":
            _refuse_class(checker, field.field.offset, path)
    _check_clashes(checker, java)


def _check_word(checker: PlatformChecker, offset: int, path: str, *names: str) -> None:
    for name in names:
        if name in _WORDS or not _IDENTIFIER.fullmatch(name):
            message = f"{path} is not a name in Java ({name or 'nothing is left of it'})"
            checker.refuse("platform-name", offset, message)
            return


def _refuse_class(checker: PlatformChecker, offset: int, path: str) -> None:
    message = f"{path} hides a class that the code uses"
    checker.refuse("platform-name-clash", offset, message)


def _check_clashes(checker: PlatformChecker, java: JavaClass) -> None:
    """Refuse fields whose methods or constants have the same name."""
    methods = Counter(field.method for field in java.fields)
    members = Counter(_members(java))
    for field in java.fields:
        is_repeated = methods[field.method] > 1 or field.method in _OBJECT_MEMBERS
        is_constant = bool(java.key) and field.is_writable and members[field.constant] > 1
        if is_repeated or is_constant or members[field.name] > 1:
            message = f"{java.name}.{field.name} has the name of another member"
            checker.refuse("platform-name-clash", field.field.offset, message)


def _members(java: JavaClass) -> Iterable[str]:
    yield from (field.name for field in java.fields)
    if java.key:
        yield from (field.constant for field in java.fields if field.is_writable)
    if java.has_identifier and len(java.key) > 1:
        yield java.identifier[:1].lower() + java.identifier[1:]
    if java.is_lazy:
        yield "rootPath"


def _check_model(checker: PlatformChecker, model: NativeModel) -> None:
    checker.check_id(model, [name for name, type_ in TYPES.items() if type_ == "String"])
    checker.check_rules(model.name, model.offset, auth_rules(model.auth), _OPERATIONS)
    for index in model.indexes:
        for text in (index.name or "", *index.fields):
            checker.check_text(model.name, model.offset, text)
    for field in model.fields:
        path = f"{model.name}.{field.name}"
        checker.check_rules(path, field.offset, auth_rules(field.auth), _OPERATIONS)
        for name in (field.association.targets or ()) if field.association else ():
            checker.check_text(path, field.offset, name)
