"""Schemas for which Amplify's generators write Swift, Java or Dart that does not compile.

If the file cannot be corrected without changing anything else, the emitter refuses the schema.
Values of a wrong type are refused even if the code compiles. `FAULTS` is the table in
docs/emitters.md, which `python tools/platform_faults.py` writes. Checked with the compilers in
tests/emitters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeGuard

from msgspec import Struct, field

from amplify_modelgen.modelgen import Diagnostics

from .platforms import auth_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from amplify_modelgen.modelgen import NativeEnum, NativeModel, NativeSchema, NativeType


class PlatformFault(Struct, frozen=True):
    """A kind of fault, how to avoid it in the schema, and the languages that refuse it."""

    cause: str
    fix: str
    languages: str = "Swift, Java, Dart"


FAULTS = {
    "platform-name": PlatformFault(
        "a type, field or enum value is a word of the language, or becomes one, or no "
        "identifier is left of it, or, in Dart, a type or field begins with `_`",
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


class PlatformChecker(Struct, kw_only=True):
    """Collects what cannot be written in a language; `raise_errors` ends a run with them.

    `reserved` words cannot be names of types. The library has the `operations` and `providers`;
    with None any provider is valid. `forbidden` are characters that have a meaning in strings.
    """

    schema: NativeSchema
    language: str
    reserved: frozenset[str]
    operations: frozenset[str]
    providers: frozenset[str] | None = None
    forbidden: str = ""
    diagnostics: Diagnostics = field(default_factory=Diagnostics)

    def refuse(self, rule: str, offset: int, message: str) -> None:
        """Add what would not compile, at an offset of the schema; the rule says how to avoid it."""
        self._add(rule, offset, f"{message}, so the {self.language} code would not compile")

    def refuse_type(
        self, rule: str, entry: NativeModel | NativeType | NativeEnum, problem: str
    ) -> None:
        """Add a type that would not compile."""
        self.refuse(rule, entry.offset, f"{entry.name} {problem}")

    def _add(self, rule: str, offset: int, message: str) -> None:
        if self.language in FAULTS[rule].languages:
            self.diagnostics.rule = rule
            self.diagnostics.error(offset, message, FAULTS[rule].fix)

    def raise_errors(self) -> None:
        """Raise a SchemaError if there are errors."""
        self.schema.raise_for(self.diagnostics)

    def check_name(
        self, offset: int, path: str, *names: str, reserved: AbstractSet[str] = frozenset()
    ) -> None:
        """Check that the names of a declaration are identifiers, and not reserved words."""
        for name in names:
            if name in reserved or not _IDENTIFIER.fullmatch(name):
                unusable = f"{path} is not a name in {self.language} ({name or 'nothing is left'})"
                self.refuse("platform-name", offset, unusable)
                return

    def check_type_name(
        self, entry: NativeModel | NativeType | NativeEnum, taken: AbstractSet[str], *aliases: str
    ) -> None:
        """Check that a type, whose code also uses the aliases, has an unused name."""
        self.check_name(entry.offset, entry.name, entry.name, *aliases, reserved=self.reserved)
        if entry.name in taken:
            self.refuse_clash(entry.offset, entry.name)

    def refuse_clash(self, offset: int, path: str) -> None:
        """Add a declaration whose name is that of another, or of what the code uses."""
        message = f"the name of {path} is already used in the generated code"
        self.refuse("platform-name-clash", offset, message)

    def check_types(self) -> None:
        """Check what no language supports, and the auth rules and strings of models."""
        schema = self.schema
        declared = {entry.name for entry in schema.declarations}
        # The others do not list custom types, so that such a file is only missing if it is used.
        listed = schema.objects if self.language == "Dart" else schema.models
        for entry in listed:
            if entry.name not in declared:
                self.refuse_type("platform-extension", entry, "is extended, but not defined")
        for entry in schema.types:
            if not entry.fields:
                self.refuse_type("platform-empty-type", entry, "has no fields")
        for enum in schema.enums:
            if not enum.values:
                self.refuse_type("platform-empty-enum", enum, "has no values")
        if not schema.models:
            self.refuse("platform-no-models", 0, "the schema has no models")
        for model in schema.models:
            if model.repeated:
                self.refuse_type("platform-self-relation", model, "connects a model with itself")
            self.check_keys(model)
            self.check_rules(model.name, model.offset, model.auth)
            texts = [text for index in model.indexes for text in (index.name or "", *index.fields)]
            self.check_text(model.name, model.offset, "".join(texts))

    def check_keys(self, entry: NativeModel | NativeType) -> None:
        """Check that the keys of a type name their fields, if they are written."""
        is_written = self.language != "Swift" or self.schema.flags.generate_index_rules
        if is_written and not all(index.has_fields for index in entry.indexes):
            self.refuse_type("platform-key", entry, "has a key without fields")

    def check_rules(self, path: str, offset: int, rules: Iterable[Mapping[str, object]]) -> None:
        """Check the operations, the providers and the strings of auth rules."""
        for rule in auth_rules(rules):
            if not _is_texts(rule.operations):
                message = f"operations of an auth rule of {path} is not a list of names"
                self._add("platform-value", offset, message)
                continue
            unknown = [f"operation {name}" for name in set(rule.operations) - self.operations]
            provider = rule.arguments.get("provider")
            if self.providers and isinstance(provider, str) and provider not in self.providers:
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
        if not _TEXT.fullmatch(text) or not {*self.forbidden, *forbidden}.isdisjoint(text):
            message = f"a string of {path} has a quote, backslash or control character"
            self.refuse("platform-string", offset, message)


def _is_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
