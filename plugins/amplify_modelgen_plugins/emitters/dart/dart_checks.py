"""What cannot be written in Dart: names that clash, and types that do not compile."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from amplify_modelgen_plugins.emitters.platform_faults import PlatformChecker, words

from .dart_types import dart_class

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from amplify_modelgen.modelgen import NativeEnum, NativeModel, NativeSchema, NativeType

    from .dart_types import DartClass

_WORDS = words("""
abstract as assert async await break case catch class const continue covariant default deferred
do dynamic else enum export extends extension external factory false final finally for Function
get hide if implements import in interface is library mixin new null on operator part rethrow
return set show static super switch sync this throw true try typedef var void while with yield
""")
"""The words that Amplify's generator refuses as names."""
_CLASSES = words("""
DeepCollectionEquality Deprecated List MODEL_IDENTIFIER Map ModelFieldValue Object String
StringBuffer amplify_core bool int
""")
_CLASSES_OF_TYPES = _CLASSES | {"Exception", "ModelProvider", "double", "num"}
_MEMBERS = words("""
schema hashCode toString equals copyWith copyWithModelFieldValues toJson toMap runtimeType
noSuchMethod
""")
_MEMBERS_OF_MODELS = words("classType modelIdentifier getId getInstanceType")
_ENUM_MEMBERS = words("values index hashCode toString runtimeType noSuchMethod")
_OPERATIONS = words("create read update delete get list sync listen search")
_PROVIDERS = words("apiKey oidc iam userPools function identityPool") | {""}


def check_dart(schema: NativeSchema) -> None:
    """Raise a SchemaError if the files of a schema would not compile."""
    checker = PlatformChecker(
        schema=schema,
        language="Dart",
        reserved=_WORDS,
        operations=_OPERATIONS,
        providers=_PROVIDERS,
        forbidden="$",
    )
    checker.check_types()
    classes = [dart_class(entry, schema.flags) for entry in schema.objects]
    identifiers = {dart.identifier for dart in classes if dart.has_identifier}
    for entry, dart in zip(schema.objects, classes, strict=True):
        _check_class(checker, entry, dart, identifiers)
    for model in schema.models:
        _check_model(checker, model)
    for custom in schema.types:
        if any(directive.name in {"auth", "key"} for directive in custom.directives):
            checker.refuse_type("platform-type-directive", custom, "has an auth rule or a key")
    for enum in schema.enums:
        _check_type_name(checker, enum, _CLASSES | identifiers)
        for value in enum.values:
            path = f"{enum.name}.{value}"
            checker.check_name(enum.offset, path, value, reserved=_WORDS)
            if value in _ENUM_MEMBERS or value == enum.name:
                checker.refuse_clash(enum.offset, path)
    checker.raise_errors()


def _check_type_name(
    checker: PlatformChecker, entry: NativeModel | NativeType | NativeEnum, taken: AbstractSet[str]
) -> None:
    checker.check_type_name(entry, taken)
    if entry.name.startswith("_"):
        message = f"{entry.name} begins with an underscore: other files cannot use it"
        checker.refuse("platform-name", entry.offset, message)


def _check_class(
    checker: PlatformChecker,
    entry: NativeModel | NativeType,
    dart: DartClass,
    identifiers: set[str],
) -> None:
    _check_type_name(checker, entry, _CLASSES_OF_TYPES | identifiers)
    constants = [field.constant for field in dart.writable if dart.key]
    members = Counter([*(field.name for field in dart.fields), *constants])
    elements = {field.element for field in dart.fields}
    used = {dart.name, *_CLASSES, *_MEMBERS, *elements, *identifiers}
    used |= {"num"} if elements & {"int", "double"} else set()
    if dart.key:
        used |= _MEMBERS_OF_MODELS
    else:
        used -= {"Deprecated", "MODEL_IDENTIFIER"}
    for field in dart.fields:
        path, offset = f"{entry.name}.{field.name}", field.source.offset
        names = {field.name, *([field.constant] if field.constant in constants else [])}
        checker.check_name(offset, path, field.name, reserved=_WORDS)
        if field.name.startswith("_"):
            checker.refuse("platform-name", offset, f"{path} begins with an underscore")
        if names & used or any(members[name] > 1 for name in names):
            checker.refuse_clash(offset, path)
        if field.is_id and (field.type != "String" or not field.is_required):
            checker.refuse("platform-id-type", offset, f"{path} is not a required string")
        is_copied = not field.source.read_only and not dart.is_fixed(field)
        is_mixed = field.is_required and not field.source.required
        if is_copied and is_mixed and not dart.has_timestamps:
            message = f"the list {path} must not be null, but its items may be"
            checker.refuse("platform-list", offset, message)


def _check_model(checker: PlatformChecker, model: NativeModel) -> None:
    if any(rule.get("allow") is None for rule in model.auth):
        checker.refuse_type("platform-auth", model, "has an auth rule without a strategy")
    for field in model.fields:
        for name in (field.association.targets or ()) if field.association else ():
            # The only strings in single quotes.
            checker.check_text(f"{model.name}.{field.name}", field.offset, name, "'")
