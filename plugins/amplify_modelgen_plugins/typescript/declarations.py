"""The declarations of models and custom types, which both emitters write alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from .text import block, fit
from .types import is_relation

if TYPE_CHECKING:
    from .document import Document, Type
    from .identifiers import Identifier
    from .naming import Names
    from .types import Properties


class Declarations(Struct, frozen=True, kw_only=True):
    """The types of a document's models and custom types, and those of their classes."""

    names: Names
    properties: Properties

    def types(self, one: Type) -> list[str]:
        """Return the types of the instances: `EagerPost`, `LazyPost`, and `Post`, one of them."""
        eager, lazy = self.names.eager[one.name], self.names.lazy[one.name]
        values = [self.properties.eager(field) for field in one.fields]
        if one.identifier is None:
            # Nothing in a custom type is loaded later: it comes with the model that holds it.
            return [
                f"export type {eager} = {block(values)};",
                f"export type {lazy} = {eager};",
                f"export type {one.name} = {eager};",
            ]
        meta = self._meta(one, one.identifier)
        loaded = [
            self.properties.lazy(field) if is_relation(field) else value
            for field, value in zip(one.fields, values, strict=True)
        ]
        return [
            f"export type {eager} = {block([meta, *values])};",
            f"export type {lazy} = {block([meta, *loaded])};",
            self._choice(one.name, eager, lazy),
        ]

    def constructor(self, one: Type) -> str:
        """Return the type of the class: how instances are made and copied."""
        if one.identifier is None:
            return f"new (init: {one.name}) => {one.name}"
        init = f"{self.names.helpers['ModelInit']}<{one.name}>"
        draft = f"{self.names.helpers['MutableModel']}<{one.name}>"
        mutator = fit(
            f"    mutator: (draft: {draft}) => {draft} | void,",
            f"    mutator: (\n      draft: {draft},\n    ) => {draft} | void,",
        )
        return (
            f"{{\n  new (init: {init}): {one.name};\n"
            f"  copyOf(\n    source: {one.name},\n{mutator}\n  ): {one.name};\n}}"
        )

    def _meta(self, one: Type, identifier: Identifier) -> str:
        lines = [f"identifier: {self._identifier(one.name, identifier)};"]
        names = " | ".join([f'"{name}"' for name in one.read_only])
        if names:
            lines.append(f"readOnlyFields: {names};")
        return f"readonly [{self.names.helpers['__modelMeta__']}]: {block(lines, '  ')};"

    def _identifier(self, name: str, identifier: Identifier) -> str:
        fields = ", ".join(f'"{field}"' for field in identifier.fields)
        key = f"[{fields}]" if identifier.kind == "CompositeIdentifier" else fields
        return f"{self.names.helpers[identifier.kind]}<{name}, {key}>"

    def _choice(self, name: str, eager: str, lazy: str) -> str:
        helpers = self.names.helpers
        start = (
            f"export type {name} = {helpers['LazyLoading']} "
            f"extends {helpers['LazyLoadingDisabled']}"
        )
        return fit(f"{start} ? {eager} : {lazy};", f"{start}\n  ? {eager}\n  : {lazy};")


def used_helpers(document: Document) -> tuple[str, ...]:
    """Return the types of DataStore that the declarations of a document need, in fixed order."""
    if not document.models:
        return ()
    related = [field for model in document.models for field in model.fields if is_relation(field)]
    return (
        "ModelInit",
        "MutableModel",
        "__modelMeta__",
        *sorted({model.identifier.kind for model in document.models if model.identifier}),
        "LazyLoading",
        "LazyLoadingDisabled",
        *(["AsyncCollection"] if any(field.many for field in related) else []),
        *(["AsyncItem"] if any(not field.many for field in related) else []),
    )
