"""What cannot be written in Dart: names that clash, and types that do not compile."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from amplify_modelgen_plugins.emitters.native_auth import auth_rules
from amplify_modelgen_plugins.emitters.platform_faults import PlatformChecker, words

from .dart_types import TYPES, dart_class

if TYPE_CHECKING:
    from collections.abc import Iterable

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
_ENUM_MEMBERS = words("""
values index hashCode toString runtimeType noSuchMethod
""")
_OPERATIONS = words("""
create read update delete get list sync listen search
""")
_PROVIDERS = words("""
apiKey oidc iam userPools function identityPool
""")
# A relation may name foreign keys in any string.
_IDENTIFIER = re.compile("[A-Za-z_][A-Za-z0-9_]*")
_STRINGS = [name for name, type_ in TYPES.items() if type_ == "String"]


def check_dart(schema: NativeSchema) -> None:
    """Raise a SchemaError if the files of a schema would not compile."""
    checker = PlatformChecker(schema, "Dart")
    checker.check_types()
    if not schema.models:
        checker.refuse("platform-no-models", 0, "the schema has no models")
    types: tuple[NativeModel | NativeType, ...] = (*schema.models, *schema.types)
    classes = [dart_class(entry, schema.flags) for entry in types]
    identifiers = {dart.identifier for dart in classes if dart.has_identifier}
    for entry, dart in zip(types, classes, strict=True):
        _check_class(checker, entry, dart, identifiers)
    for model in schema.models:
        _check_model(checker, model)
    for custom in schema.types:
        if any(directive.name in {"auth", "key"} for directive in custom.directives):
            message = f"{custom.name} has an auth rule or a key, but is not a model"
            checker.refuse("platform-type-directive", custom.offset, message)
    for enum in schema.enums:
        _check_enum(checker, enum, identifiers)
    checker.raise_errors()


def _check_enum(checker: PlatformChecker, enum: NativeEnum, identifiers: set[str]) -> None:
    _check_word(checker, enum.offset, enum.name, enum.name)
    if enum.name in _CLASSES | identifiers:
        _refuse_clash(checker, enum.offset, enum.name)
    if not enum.values:
        checker.refuse("platform-empty-enum", enum.offset, f"{enum.name} has no values")
    for value in enum.values:
        path = f"{enum.name}.{value}"
        _check_word(checker, enum.offset, path, value)
        if value in _ENUM_MEMBERS or value == enum.name:
            _refuse_clash(checker, enum.offset, path)


def _check_word(checker: PlatformChecker, offset: int, path: str, name: str) -> None:
    if name in _WORDS:
        checker.refuse("platform-name", offset, f"{path} is a reserved word in Dart")
    elif not _IDENTIFIER.fullmatch(name):
        checker.refuse("platform-name", offset, f"{path} is not an identifier")


def _refuse_clash(checker: PlatformChecker, offset: int, path: str) -> None:
    message = f"{path} has the name of another member or class"
    checker.refuse("platform-name-clash", offset, message)


def _check_class(
    checker: PlatformChecker,
    entry: NativeModel | NativeType,
    dart: DartClass,
    identifiers: set[str],
) -> None:
    _check_word(checker, entry.offset, entry.name, entry.name)
    if entry.name in _CLASSES_OF_TYPES | identifiers:
        _refuse_clash(checker, entry.offset, entry.name)
    members = Counter(_members(dart))
    elements = {field.element for field in dart.fields}
    classes = {dart.name, *_CLASSES, *elements, *identifiers}
    classes |= {"num"} if elements & {"int", "double"} else set()
    if dart.key:
        classes |= _MEMBERS_OF_MODELS
    else:
        classes -= {"Deprecated", "MODEL_IDENTIFIER"}
    for field in dart.fields:
        path, offset = f"{entry.name}.{field.name}", field.field.offset
        names = {field.name, *([field.constant] if dart.key and not field.field.read_only else [])}
        _check_word(checker, offset, path, field.name)
        if field.name.startswith("_"):
            checker.refuse("platform-name", offset, f"{path} begins with an underscore")
        if names & (classes | _MEMBERS) or any(members[name] > 1 for name in names):
            _refuse_clash(checker, offset, path)
    _check_values(checker, dart)


def _members(dart: DartClass) -> Iterable[str]:
    yield from (field.name for field in dart.fields)
    if dart.key:
        yield from (field.constant for field in dart.writable)


def _check_values(checker: PlatformChecker, dart: DartClass) -> None:
    """Check what the types of constructor parameters do not allow."""
    for field in dart.fields:
        path, offset = f"{dart.name}.{field.name}", field.field.offset
        if field.is_id and (field.type != "String" or not field.is_required):
            checker.refuse("platform-id-type", offset, f"{path} is not a required string")
        is_copied = not field.field.read_only and not dart.is_fixed(field)
        is_mixed = field.is_required and not field.field.required
        if is_copied and is_mixed and not dart.has_timestamps:
            message = f"the list {path} must not be null, but its items may be"
            checker.refuse("platform-list", offset, message)


def _check_model(checker: PlatformChecker, model: NativeModel) -> None:
    rules = list(auth_rules(model.auth))
    checker.check_rules(model.name, model.offset, rules, _OPERATIONS, forbidden="$")
    for rule in rules:
        provider = rule.get("provider")
        if isinstance(provider, str) and provider and provider not in _PROVIDERS:
            message = f"the library has no provider {provider} (auth rule of {model.name})"
            checker.refuse("platform-auth", model.offset, message)
    if any(rule.get("allow") is None for rule in model.auth):
        message = f"an auth rule of {model.name} has no strategy"
        checker.refuse("platform-auth", model.offset, message)
    for index in model.indexes:
        for text in (index.name or "", *index.fields):
            checker.check_text(model.name, model.offset, text, "$")
    for field in model.fields:
        for name in (field.association.targets or ()) if field.association else ():
            # The only strings in single quotes.
            checker.check_text(f"{model.name}.{field.name}", field.offset, name, "$'")
