"""TypeScript text that the emitters `javascript` and `typescript` share.

Line breaks are Prettier's, as far as names of usual length go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.plugin import Artifact
from amplify_modelgen_plugins.emitters.schema_model import HEADER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amplify_modelgen_plugins.emitters.schema_model import Field

    from .datastore_types import DataStoreEnum, DataStoreSchema, DataStoreType, ModuleNames

DATASTORE = "@aws-amplify/datastore"
_WIDTH = 80
# All other scalars are strings.
_SCALARS = {"Boolean": "boolean", "Int": "number", "Float": "number", "AWSTimestamp": "number"}


class Declarations(Struct, frozen=True, kw_only=True):
    """The types of a schema's models and custom types, and those of their classes.

    `nominal_enums` says that enums are TypeScript's own, whose members differ from equal strings.
    """

    names: ModuleNames
    nominal_enums: bool

    def types(self, declared: DataStoreType) -> list[str]:
        """Return the types of the instances: `EagerPost`, `LazyPost`, and `Post`, one of them."""
        name = declared.name
        eager, lazy = self.names.eager[name], self.names.lazy[name]
        values = [self._eager(field) for field in declared.fields]
        if declared.identifier is None:
            # Nothing in a custom type is loaded later: it comes with the model that holds it.
            return [
                f"export type {eager} = {block(values)};",
                f"export type {lazy} = {eager};",
                f"export type {name} = {eager};",
            ]
        meta = self._meta(declared)
        loaded = [
            self._lazy(field) if is_relation(field) else value
            for field, value in zip(declared.fields, values, strict=True)
        ]
        return [
            f"export type {eager} = {block([meta, *values])};",
            f"export type {lazy} = {block([meta, *loaded])};",
            self._choice(name, eager, lazy),
        ]

    def constructor(self, declared: DataStoreType) -> str:
        """Return the type of the class: how instances are made and copied."""
        name = declared.name
        if declared.identifier is None:
            return f"new (init: {name}) => {name}"
        init = f"{self.names.helpers['ModelInit']}<{name}>"
        draft = f"{self.names.helpers['MutableModel']}<{name}>"
        mutator = fit(
            f"    mutator: (draft: {draft}) => {draft} | void,",
            f"    mutator: (\n      draft: {draft},\n    ) => {draft} | void,",
        )
        return (
            f"{{\n  new (init: {init}): {name};\n"
            f"  copyOf(\n    source: {name},\n{mutator}\n  ): {name};\n}}"
        )

    def _meta(self, model: DataStoreType) -> str:
        lines = [f"identifier: {self._identifier(model)};"]
        read_only = " | ".join(f'"{field.name}"' for field in model.fields if field.read_only)
        if read_only:
            lines.append(f"readOnlyFields: {read_only};")
        return f"readonly [{self.names.helpers['__modelMeta__']}]: {block(lines, '  ')};"

    def _identifier(self, model: DataStoreType) -> str:
        fields = ", ".join(f'"{field}"' for field in model.key)
        key = f"[{fields}]" if model.identifier == "CompositeIdentifier" else fields
        return f"{self.names.helpers[str(model.identifier)]}<{model.name}, {key}>"

    def _choice(self, name: str, eager: str, lazy: str) -> str:
        helpers = self.names.helpers
        start = (
            f"export type {name} = {helpers['LazyLoading']} "
            f"extends {helpers['LazyLoadingDisabled']}"
        )
        return fit(f"{start} ? {eager} : {lazy};", f"{start}\n  ? {eager}\n  : {lazy};")

    def _eager(self, field: Field) -> str:
        """Return the property of a field whose value is available at once."""
        value = self._value(field)
        if field.many:
            item = value if field.item_required else f"{value} | null"
            value = f"({item})[]" if "|" in item else f"{item}[]"
        if field.required:
            return f"readonly {field.name}: {value};"
        return f"readonly {field.name}?: {value} | null;"

    def _lazy(self, field: Field) -> str:
        """Return the property of a relation that DataStore loads on access."""
        helper = self.names.helpers["AsyncCollection" if field.many else "AsyncItem"]
        value = field.type if field.many or field.required else f"{field.type} | undefined"
        return f"readonly {field.name}: {helper}<{value}>;"

    def _value(self, field: Field) -> str:
        if field.kind == "scalar":
            return _SCALARS.get(field.type, "string")
        if field.kind == "enum" and self.nominal_enums:
            return f"{field.type} | `${{{field.type}}}`"
        return field.type


def is_relation(field: Field) -> bool:
    """Return whether DataStore loads the field, of a model, on access."""
    return field.kind == "model" and field.relation is not None


def used_helpers(schema: DataStoreSchema) -> tuple[str, ...]:
    """Return the types of DataStore that the declarations need, in a fixed order."""
    if not schema.models:
        return ()
    related = [field for model in schema.models for field in model.fields if is_relation(field)]
    return (
        "ModelInit",
        "MutableModel",
        "__modelMeta__",
        *sorted({str(model.identifier) for model in schema.models}),
        "LazyLoading",
        "LazyLoadingDisabled",
        *(["AsyncCollection"] if any(field.many for field in related) else []),
        *(["AsyncItem"] if any(not field.many for field in related) else []),
    )


def enum_object(enum: DataStoreEnum) -> str:
    """Return the object of an enum, without a semicolon."""
    members = block(f'{key}: "{value}",' for key, value in enum.members)
    return f"export const {enum.name} = {members}"


def enum_declaration(enum: DataStoreEnum) -> str:
    """Return the declaration of that object as an enum, whose members can be used as types."""
    members = block(f'{key} = "{value}",' for key, value in enum.members)
    return f"export declare enum {enum.name} {members}"


def enum_constant(enum: DataStoreEnum) -> str:
    """Return the object and its type for one module, in syntax that can be erased."""
    name = enum.name
    return (
        f"{enum_object(enum)} as const;\n\n"
        f"export type {name} = (typeof {name})[keyof typeof {name}];"
    )


def module(path: str, *parts: str | bytes) -> Artifact:
    """Return the file of a module: the header, then its parts."""
    lines = [f"// {HEADER}".encode()]
    for part in parts:
        lines += [b"", part if isinstance(part, bytes) else part.encode()]
    return Artifact(path=path, content=b"\n".join([*lines, b""]))


def import_from(source: str, *names: str, types: bool = False) -> str:
    """Return an import of names."""
    start = "import type" if types else "import"
    end = f'from "{source}";'
    return fit(f"{start} {{ {', '.join(names)} }} {end}", f"{start} {listed(names)} {end}")


def fit(*choices: str) -> str:
    """Return the first of the texts without a line that is too long, else the last."""
    for text in choices[:-1]:
        if len(text) <= _WIDTH or max(map(len, text.split("\n"))) <= _WIDTH:
            return text
    return choices[-1]


def block(lines: Iterable[str], indent: str = "") -> str:
    """Return lines in braces, two spaces deeper than `indent`."""
    body = f"\n{indent}  ".join(lines)
    return f"{{\n{indent}  {body}\n{indent}}}" if body else "{}"


def listed(names: Iterable[str]) -> str:
    """Return names in braces, each on a line with a comma."""
    return block(f"{name}," for name in names)
