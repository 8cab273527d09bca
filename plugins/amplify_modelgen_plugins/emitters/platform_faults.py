"""Schemas for which Amplify's generators write Swift, Java or Dart that does not compile.

If the file cannot be corrected without changing anything else, the emitter refuses the schema.
Values of a wrong type are refused even if the code compiles. `FAULTS` is the table in
docs/emitters.md, which `python tools/platform_faults.py` writes. Checked with the compilers in
tests/emitters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeGuard

from msgspec import Struct

from amplify_modelgen.modelgen import Diagnostics

from .platforms import auth_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from amplify_modelgen.modelgen import NativeModel, NativeSchema, NativeType


class PlatformFault(Struct, frozen=True):
    """A kind of fault, how to avoid it in the schema, and the languages that refuse it."""

    cause: str
    fix: str
    languages: str = "Swift, Java, Dart"


FAULTS = {
    "platform-name": PlatformFault(
        "a type, field or enum value is a word of the language, or becomes one, or no "
        "identifier is left of it",
        "rename it",
    ),
    "platform-name-clash": PlatformFault(
        "two names of a type are equal in the language, or a name is used by the generated code"
        " or the library",
        "rename one of the two",
    ),
    "platform-id-type": PlatformFault(
        "the id that is the primary key is not a single string",
        "declare `id: ID!`, or another field as primary key",
    ),
    "platform-auth": PlatformFault(
        "an auth rule has no strategy, or an operation or a provider that the library does not "
        "have",
        "use create, update, delete and read, and the providers of AppSync",
    ),
    "platform-value": PlatformFault(
        "a value of an auth rule has a wrong type, even if the code would compile",
        "write the operations and groups as lists, and the other values in quotes",
    ),
    "platform-string": PlatformFault(
        'a group, claim or index name has a character that ends a string, as `"` or `\\`',
        "use other characters",
    ),
    "platform-key": PlatformFault("a `@key` has no argument `fields`", "name fields, or remove it"),
    "platform-empty-type": PlatformFault(
        "a custom type has no fields", "add a field, or remove the type"
    ),
    "platform-extension": PlatformFault(
        "a type has an extension, but no definition; Amplify writes no file for it",
        "write `type` instead of `extend type`",
    ),
    "platform-self-relation": PlatformFault(
        "a many-to-many relation connects a model with itself; Amplify writes its fields twice",
        "define the join model, with two @belongsTo fields",
    ),
    "platform-type-directive": PlatformFault(
        "a custom type has `@auth` or `@key`", "remove it: it has no effect", "Swift, Dart"
    ),
    "platform-no-models": PlatformFault("the schema has no models", "add a model", "Dart"),
    "platform-list": PlatformFault(
        "a list with `[T]!`, and the flag addtimestampfields is off",
        "write `[T!]!` or `[T]`, or turn the flag on",
        "Dart",
    ),
    "platform-key-type": PlatformFault(
        "a field of the primary key is a custom type, an enum (Swift only) or a list (Java only)",
        "use a scalar type, such as String",
        "Swift, Java",
    ),
    "platform-recursion": PlatformFault(
        "a custom type contains itself, or, without lazy loading, two models have each other "
        "(@hasOne, @belongsTo)",
        "make one of the fields a list, remove one, or, for models, set "
        "codegen.generatemodelsforlazyloadandcustomselectionset in amplify/cli.json",
        "Swift",
    ),
    "platform-empty-enum": PlatformFault(
        "an enum has no values", "add a value, or remove the enum", "Swift, Dart"
    ),
}
"""The kinds of faults, by the rule of their diagnostics."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TEXT = re.compile(r"[^\x00-\x1f\x7f\"\\\ud800-\udfff]*")


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


class PlatformChecker:
    """Collects what cannot be written in a language; `raise_errors` ends a run with them.

    The library has the `operations` and `providers`; with None any provider is valid. `forbidden`
    are characters that have a meaning in strings.
    """

    def __init__(
        self,
        schema: NativeSchema,
        language: str,
        operations: frozenset[str],
        providers: frozenset[str] | None = None,
        forbidden: str = "",
    ) -> None:
        self._schema = schema
        self._language = language
        self._operations = operations
        self._providers = providers
        self._forbidden = forbidden
        self._diagnostics = Diagnostics()

    def refuse(self, rule: str, offset: int, message: str) -> None:
        """Add what would not compile, at an offset of the schema; the rule says how to avoid it."""
        self._add(rule, offset, f"{message}, so the {self._language} code would not compile")

    def _add(self, rule: str, offset: int, message: str) -> None:
        if self._language in FAULTS[rule].languages:
            self._diagnostics.rule = rule
            self._diagnostics.error(offset, message, FAULTS[rule].fix)

    def raise_errors(self) -> None:
        """Raise a SchemaError if there are errors."""
        self._schema.raise_for(self._diagnostics)

    def check_name(
        self, offset: int, path: str, names: Iterable[str], reserved: frozenset[str] = frozenset()
    ) -> None:
        """Check that the names of a declaration are identifiers, and not reserved words."""
        for name in names:
            if name in reserved or not _IDENTIFIER.fullmatch(name):
                unusable = f"{path} is not a name in {self._language} ({name or 'nothing is left'})"
                self.refuse("platform-name", offset, unusable)
                return

    def refuse_clash(self, offset: int, path: str) -> None:
        """Add a declaration whose name is that of another, or of what the code uses."""
        message = f"the generated code uses the name of {path} otherwise"
        self.refuse("platform-name-clash", offset, message)

    def check_types(self) -> None:
        """Check what no language supports: types without fields or without a definition."""
        schema = self._schema
        declared = {entry.name for entry in schema.declarations}
        if not schema.models:
            self.refuse("platform-no-models", 0, "the schema has no models")
        # The others do not list custom types, so that such a file is only missing if it is used.
        for entry in schema.objects if self._language == "Dart" else schema.models:
            if entry.name not in declared:
                message = f"{entry.name} is extended, but not defined"
                self.refuse("platform-extension", entry.offset, message)
        for custom in schema.types:
            if not custom.fields:
                message = f"{custom.name} has no fields"
                self.refuse("platform-empty-type", custom.offset, message)
        for enum in schema.enums:
            if not enum.values:
                message = f"{enum.name} has no values"
                self.refuse("platform-empty-enum", enum.offset, message)
        for model in schema.models:
            if model.repeated:
                message = f"{model.name} connects a model with itself"
                self.refuse("platform-self-relation", model.offset, message)
            self.check_keys(model)
            self._check_texts(model)

    def check_keys(self, entry: NativeModel | NativeType) -> None:
        """Check that the keys of a type name their fields, if they are written."""
        is_written = self._language != "Swift" or self._schema.flags.generate_index_rules
        if is_written and not all(index.has_fields for index in entry.indexes):
            self.refuse("platform-key", entry.offset, f"a key of {entry.name} has no fields")

    def _check_texts(self, model: NativeModel) -> None:
        self.check_rules(model.name, model.offset, model.auth)
        for index in model.indexes:
            self.check_text(model.name, model.offset, "".join([index.name or "", *index.fields]))

    def check_rules(self, path: str, offset: int, rules: Iterable[Mapping[str, object]]) -> None:
        """Check the operations, the providers and the strings of auth rules."""
        for rule in auth_rules(rules):
            if not _is_texts(rule.operations):
                message = f"operations of an auth rule of {path} is not a list of names"
                self._add("platform-value", offset, message)
                continue
            unknown = [f"operation {name}" for name in set(rule.operations) - self._operations]
            provider = rule.arguments.get("provider")
            if self._providers and isinstance(provider, str) and provider not in self._providers:
                unknown.append(f"provider {provider}")
            for name in unknown:
                message = f"the library has no {name} (auth rule of {path})"
                self.refuse("platform-auth", offset, message)
            for key, value in rule.arguments.items():
                is_list = key == "groups"
                texts = value if is_list else [value]
                if _is_texts(texts):
                    self.check_text(path, offset, "".join(texts))
                elif value is not None:
                    expected = "a list of strings" if is_list else "a string"
                    message = f"{key} of an auth rule of {path} is not {expected}"
                    self._add("platform-value", offset, message)

    def check_text(self, path: str, offset: int, text: str, forbidden: str = "") -> None:
        """Check that a value of the schema can be written between quotes."""
        if not _TEXT.fullmatch(text) or not {*self._forbidden, *forbidden}.isdisjoint(text):
            message = f"a string of {path} has a quote, backslash or control character"
            self.refuse("platform-string", offset, message)


def _is_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
