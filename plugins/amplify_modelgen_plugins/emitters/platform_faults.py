"""What Amplify's generators write for Swift, Java and Dart that does not compile.

Where the file can be corrected without changing anything else, the emitter does so. Otherwise it
refuses the schema, before anything is written. Values of a wrong type are refused even if the
code compiles. `FAULTS` is the table in docs/emitters.md, which `python tools/platform_faults.py`
writes. Checked with the compilers in tests/emitters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeGuard

from msgspec import Struct

from amplify_modelgen.modelgen import Diagnostics

from .native_auth import RULE_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from amplify_modelgen.modelgen import NativeModel, NativeSchema, NativeType

Outcome = Literal["refused", "corrected", "written"]


class PlatformFault(Struct, frozen=True, kw_only=True):
    """A kind of fault, what happens to it in each language, and how to avoid it in the schema.

    `written` means that Amplify's output compiles, or is kept for the reason in docs/emitters.md.
    """

    cause: str
    fix: str
    swift: Outcome = "refused"
    java: Outcome = "refused"
    dart: Outcome = "refused"


FAULTS = {
    "platform-enum-name": PlatformFault(
        cause="an enum name is not in Pascal case, as `post_status` or `APIStatus`; Amplify "
        "declares another name than it uses",
        fix="none needed",
        swift="corrected",
        java="corrected",
        dart="corrected",
    ),
    "platform-name": PlatformFault(
        cause="a type, field or enum value is a word of the language, or becomes one, or no "
        "identifier is left of it",
        fix="rename it",
    ),
    "platform-name-clash": PlatformFault(
        cause="two names of a type are equal in the language, or a name is used by the generated "
        "code or the library",
        fix="rename one of the two",
    ),
    "platform-uuid-name": PlatformFault(
        cause="a field is called `uuid`, which hides the class UUID",
        fix="none needed",
        swift="written",
        java="corrected",
        dart="written",
    ),
    "platform-import": PlatformFault(
        cause="a custom type has lists of dates or times, but no single one; Amplify imports "
        "nothing for them",
        fix="none needed",
        swift="written",
        java="corrected",
        dart="written",
    ),
    "platform-id-type": PlatformFault(
        cause="the id that is the primary key is not a single string",
        fix="declare `id: ID!`, or another field as primary key",
    ),
    "platform-auth": PlatformFault(
        cause="an auth rule has no strategy, or an operation or a provider that the library does "
        "not have",
        fix="use create, update, delete and read, and the providers of AppSync",
    ),
    "platform-value": PlatformFault(
        cause="a value of an auth rule has a wrong type, even if the code would compile",
        fix="write the operations and groups as lists, and the other values in quotes",
    ),
    "platform-string": PlatformFault(
        cause='a group, claim or index name has a character that ends a string, as `"` or `\\`',
        fix="use other characters",
    ),
    "platform-key": PlatformFault(
        cause="a `@key` has no argument `fields`", fix="name fields, or remove it"
    ),
    "platform-empty-type": PlatformFault(
        cause="a custom type has no fields", fix="add a field, or remove the type"
    ),
    "platform-extension": PlatformFault(
        cause="a type has an extension, but no definition; Amplify writes no file for it",
        fix="write `type` instead of `extend type`",
    ),
    "platform-self-relation": PlatformFault(
        cause="a many-to-many relation connects a model with itself; Amplify writes its fields "
        "twice",
        fix="define the join model, with two @belongsTo fields",
    ),
    "platform-type-directive": PlatformFault(
        cause="a custom type has `@auth` or `@key`",
        fix="remove it: it has no effect",
        java="written",
    ),
    "platform-no-models": PlatformFault(
        cause="the schema has no models", fix="add a model", swift="written", java="written"
    ),
    "platform-list": PlatformFault(
        cause="a list with `[T]!`, and the flag addtimestampfields is off",
        fix="write `[T!]!` or `[T]`, or turn the flag on",
        swift="written",
        java="written",
    ),
    "platform-key-type": PlatformFault(
        cause="a field of the primary key is a custom type, an enum (Swift only) or a list (Java "
        "only)",
        fix="use a scalar type, such as String",
        dart="written",
    ),
    "platform-recursion": PlatformFault(
        cause="a custom type contains itself, or, without lazy loading, two models have each other "
        "(@hasOne, @belongsTo)",
        fix="make one of the fields a list, remove one, or, for models, set "
        "codegen.generatemodelsforlazyloadandcustomselectionset in amplify/cli.json",
        java="written",
        dart="written",
    ),
    "platform-keyword": PlatformFault(
        cause="a field or enum value is a word that Amplify does not quote, as `class` or `func`",
        fix="none needed",
        swift="corrected",
        java="refused",
        dart="refused",
    ),
    "platform-model-in-type": PlatformFault(
        cause="a custom type has a field whose type is a model",
        fix="none needed",
        swift="corrected",
        java="written",
        dart="written",
    ),
    "platform-decoder": PlatformFault(
        cause="with lazy loading, a required list has items that may be null, as `[Int]!`",
        fix="none needed",
        swift="corrected",
        java="written",
        dart="written",
    ),
    "platform-empty-enum": PlatformFault(
        cause="an enum has no values", fix="add a value, or remove the enum", java="written"
    ),
}
"""The kinds of faults, by the rule of their diagnostics."""

_TEXT = re.compile(r"[^\x00-\x1f\x7f\"\\\ud800-\udfff]*")


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


class PlatformChecker:
    """Collects what cannot be written in a language; `raise_errors` ends a run with them."""

    def __init__(self, schema: NativeSchema, language: str) -> None:
        self._schema = schema
        self._language = language
        self._diagnostics = Diagnostics()

    def refuse(self, rule: str, offset: int, message: str) -> None:
        """Add what would not compile, at an offset of the schema; the rule says how to avoid it."""
        self._add(rule, offset, f"{message}, so the {self._language} code would not compile")

    def _add(self, rule: str, offset: int, message: str) -> None:
        self._diagnostics.rule = rule
        self._diagnostics.error(offset, message, FAULTS[rule].fix)

    def raise_errors(self) -> None:
        """Raise a SchemaError if there are errors."""
        self._schema.raise_for(self._diagnostics)

    def check_types(self) -> None:
        """Check what no language supports: types without fields or without a definition."""
        declared = {entry.name for entry in self._schema.declarations}
        # The others do not list custom types, so that such a file is only missing if it is used.
        types = self._schema.types if self._language == "Dart" else ()
        entries: list[NativeModel | NativeType] = [*self._schema.models, *types]
        for entry in entries:
            if entry.name not in declared:
                message = f"{entry.name} is extended, but not defined"
                self.refuse("platform-extension", entry.offset, message)
        for custom in self._schema.types:
            if not custom.fields:
                message = f"{custom.name} has no fields"
                self.refuse("platform-empty-type", custom.offset, message)
        for model in self._schema.models:
            if model.repeated:
                message = f"{model.name} connects a model with itself"
                self.refuse("platform-self-relation", model.offset, message)
            self.check_keys(model)

    def check_keys(self, entry: NativeModel | NativeType) -> None:
        """Check that the keys of a type name their fields, if they are written."""
        is_written = self._language != "Swift" or self._schema.flags.generate_index_rules
        if is_written and not all(index.has_fields for index in entry.indexes):
            self.refuse("platform-key", entry.offset, f"a key of {entry.name} has no fields")

    def check_id(self, model: NativeModel, strings: Iterable[str]) -> None:
        """Check that an id that is the whole primary key is a single string."""
        for field in model.fields:
            if model.key == ("id",) == (field.name,) and (
                field.is_list or field.type not in strings
            ):
                message = f"{model.name}.id is not a string"
                self.refuse("platform-id-type", field.offset, message)

    def check_rules(
        self,
        path: str,
        offset: int,
        rules: Iterable[Mapping[str, object]],
        operations: frozenset[str] | None,
        forbidden: str = "",
    ) -> None:
        """Check the operations and the strings of auth rules; any operation is valid if None."""
        for rule in rules:
            named = rule["operations"]
            if not _is_texts(named):
                message = f"operations of an auth rule of {path} is not a list of names"
                self._add("platform-value", offset, message)
                continue
            for name in named:
                if operations is not None and name not in operations:
                    message = f"the library has no operation {name} (auth rule of {path})"
                    self.refuse("platform-auth", offset, message)
            for key in RULE_KEYS:
                value = rule.get(key)
                texts = value if key == "groups" else [value]
                if value is None:
                    continue
                if _is_texts(texts):
                    for text in texts:
                        self.check_text(path, offset, text, forbidden)
                else:
                    expected = "a list of strings" if key == "groups" else "a string"
                    message = f"{key} of an auth rule of {path} is not {expected}"
                    self._add("platform-value", offset, message)

    def check_text(self, path: str, offset: int, text: str, forbidden: str = "") -> None:
        """Check that a value of the schema can be written between quotes."""
        if not _TEXT.fullmatch(text) or any(character in text for character in forbidden):
            message = f"a string of {path} has a quote, backslash or control character"
            self.refuse("platform-string", offset, message)


def _is_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
