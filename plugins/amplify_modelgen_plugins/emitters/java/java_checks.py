"""What cannot be written in Java: names that clash, auth rules and types that do not compile."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from amplify_modelgen.modelgen import camel_case, constant_case, pascal_case
from amplify_modelgen_plugins.emitters.platform_faults import PlatformChecker, words
from amplify_modelgen_plugins.emitters.platforms import has_rules

from .java_types import java_class

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amplify_modelgen.modelgen import NativeModel, NativeSchema, NativeType

    from .java_types import JavaClass

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
_OPERATIONS = words("create read update delete")


def check_java(schema: NativeSchema) -> None:
    """Raise a SchemaError if the files of a schema would not compile."""
    checker = PlatformChecker(
        schema=schema, language="Java", reserved=_WORDS, operations=_OPERATIONS
    )
    checker.check_types()
    for model in schema.models:
        imported = _CLASSES_OF_RULES if has_rules(model) else frozenset()
        _check_type(checker, model, _CLASSES_OF_MODELS | imported, schema)
        _check_model(checker, model)
    for entry in schema.types:
        _check_type(checker, entry, _CLASSES_OF_TYPES, schema)
    for enum in schema.enums:
        checker.check_type_name(enum, _CLASSES_OF_ENUMS)
        for value in enum.cases(constant_case).values():
            checker.check_name(enum.offset, f"{enum.name}.{value}", value, reserved=_WORDS)
    checker.raise_errors()


def _check_type(
    checker: PlatformChecker,
    entry: NativeModel | NativeType,
    classes: frozenset[str],
    schema: NativeSchema,
) -> None:
    java = java_class(entry, schema.flags)
    required = {field.name for field in java.steps}
    nested = {"Builder", "CopyOfBuilder", *java.interfaces}
    nested |= {java.identifier} if java.has_identifier else set()
    checker.check_type_name(entry, classes | nested, camel_case(entry.name))
    for field in java.fields:
        path, offset = f"{entry.name}.{field.name}", field.source.offset
        checker.check_name(offset, path, field.name, field.method, field.constant, reserved=_WORDS)
        hides_class = field.element in nested or field.name in {"Objects", "ObjectsCompat"}
        hides_string = field.name == "String" and field.type != "String"
        is_step = field.name in required and pascal_case(field.name) == "Build"
        if hides_class or hides_string or is_step:
            checker.refuse_clash(offset, path)
        is_serializable = not field.source.is_list and field.source.kind != "nonModel"
        if java.has_identifier and field.name in java.key and not is_serializable:
            message = f"{path}, of the primary key, is not serializable"
            checker.refuse("platform-key-type", offset, message)
        if java.key == ("id",) == (field.name,) and field.type != "String":
            checker.refuse("platform-id-type", offset, f"{path} is not a string")
    _check_clashes(checker, java)


def _check_clashes(checker: PlatformChecker, java: JavaClass) -> None:
    """Refuse fields whose methods or constants have the same name."""
    methods = Counter(field.method for field in java.fields)
    members = Counter(_members(java))
    for field in java.fields:
        is_repeated = methods[field.method] > 1 or field.method in _OBJECT_MEMBERS
        is_constant = bool(java.key) and field.is_writable and members[field.constant] > 1
        if is_repeated or is_constant or members[field.name] > 1:
            checker.refuse_clash(field.source.offset, f"{java.name}.{field.name}")


def _members(java: JavaClass) -> Iterable[str]:
    yield from (field.name for field in java.fields)
    if java.key:
        yield from (field.constant for field in java.writable)
    if java.has_identifier and len(java.key) > 1:
        yield java.identifier_member
    if java.is_lazy:
        yield "rootPath"


def _check_model(checker: PlatformChecker, model: NativeModel) -> None:
    for field in model.fields:
        path = f"{model.name}.{field.name}"
        checker.check_rules(path, field.offset, field.auth)
        if field.association:
            checker.check_text(path, field.offset, "".join(field.association.targets or ()))
