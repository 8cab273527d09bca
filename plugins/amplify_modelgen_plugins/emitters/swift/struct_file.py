"""The file `X.swift`: the struct of a model or custom type, or an enum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen import modelgen

from .swift_fields import SwiftField, quoted, string, swift_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amplify_modelgen.modelgen import FeatureFlags, NativeEnum, NativeModel, NativeType

_EMPTY = "  "


def model_struct(model: NativeModel, flags: FeatureFlags) -> list[str]:
    """Return the struct of a model: properties, initializers, and how lazy ones are coded."""
    fields = swift_fields(model, flags)
    relations = [field for field in fields if field.is_lazy]
    return [
        f"public struct {quoted(model.name)}: Model {{",
        *(line for field in fields for line in _property(field)),
        _EMPTY,
        *_initializers(fields),
        *(line for field in relations for line in _setter(field)),
        *(_coding(fields) if relations else ()),
        "}",
    ]


def type_struct(custom_type: NativeType, flags: FeatureFlags) -> list[str]:
    """Return the struct of a custom type."""
    fields = [SwiftField(field, flags) for field in custom_type.fields]
    return [
        f"public struct {quoted(custom_type.name)}: Embeddable {{",
        *(f"  var {field.name}: {field.optional_type}" for field in fields),
        "}",
    ]


def enum(entry: NativeEnum, *, is_used: bool) -> list[str]:
    """Return an enum. Its cases are in camel case; the values of the schema are the raw values."""
    return [
        f"public enum {quoted(declared_name(entry, is_used=is_used))}: String, EnumPersistable {{",
        *(
            f"  case {_case(name, value)}"
            for name, value in entry.cases(modelgen.camel_case).items()
        ),
        "}",
    ]


def declared_name(entry: NativeEnum, *, is_used: bool) -> str:
    """Return the name of an enum's declaration.

    Amplify declares all in Pascal case, but the fields of an enum refer to its own name.
    """
    return entry.name if is_used else modelgen.pascal_case(entry.name)


def _case(name: str, value: str) -> str:
    return quoted(name) if name == value else f"{quoted(name)} = {string(value)}"


def _property(field: SwiftField) -> Iterator[str]:
    if field.is_lazy:
        yield f"  internal var _{field.source.name}: LazyReference<{field.type}>"
        yield f"  public var {field.name}: {field.optional_type}   {{"
        yield "      get async throws { "
        yield f"        try await _{field.source.name}.{_getter(field)}()"
        yield "      } "
        yield "    }"
    else:
        word = "let" if field.is_key else "var"
        yield f"  public {word} {field.name}: {field.optional_type}"


def _getter(field: SwiftField) -> str:
    return "require" if field.is_required else "get"


def _initializers(fields: Sequence[SwiftField]) -> Iterator[str]:
    """Yield one without the read-only fields, which calls an internal one with all fields."""
    writable = [field for field in fields if not field.source.read_only]
    access = "public"
    if len(writable) < len(fields):
        yield from _parameters("public", writable)
        arguments = [f"{field.name}: {_argument(field)}" for field in fields]
        yield f"    self.init({_SEPARATOR.join(arguments)})"
        yield "  }"
        access = "internal"
    yield from _parameters(access, fields)
    yield from (f"      {_assignment(field)}" for field in fields)
    yield "  }"


_SEPARATOR = ",\n      "


def _parameters(access: str, fields: Iterable[SwiftField]) -> Iterator[str]:
    yield f"  {access} init({_SEPARATOR.join(field.parameter for field in fields)}) {{"


def _argument(field: SwiftField) -> str:
    return "nil" if field.source.read_only else field.name


def _assignment(field: SwiftField) -> str:
    if field.is_lazy:
        return f"self._{field.source.name} = LazyReference({field.name})"
    return f"self.{field.name} = {field.name}"


def _setter(field: SwiftField) -> Iterator[str]:
    name = field.source.name
    yield f"  public mutating func set{name[0].upper()}{name[1:]}(_ {field.parameter}) {{"
    yield f"    {_assignment(field)}"
    yield "  }"


def _coding(fields: Sequence[SwiftField]) -> Iterator[str]:
    """Yield how a model with lazy references is decoded and encoded."""
    yield "  public init(from decoder: Decoder) throws {"
    yield "      let values = try decoder.container(keyedBy: CodingKeys.self)"
    yield from (f"      {_decoding(field)}" for field in fields)
    yield "  }"
    yield "  public func encode(to encoder: Encoder) throws {"
    yield "      var container = encoder.container(keyedBy: CodingKeys.self)"
    for field in fields:
        value = f"_{field.source.name}" if field.is_lazy else field.name
        yield f"      try container.encode({value}, forKey: .{field.name})"
    yield "  }"


def _decoding(field: SwiftField) -> str:
    key = f"forKey: .{field.name})"
    if field.is_lazy:
        return (
            f"_{field.source.name} = try values.decodeIfPresent(LazyReference<{field.type}>.self, "
            f"{key} ?? LazyReference(identifiers: nil)"
        )
    if field.is_collection:
        return f"{field.name} = try values.decodeIfPresent({field.type}?.self, {key} ?? .init()"
    if field.source.required:
        return f"{field.name} = try values.decode({field.type}.self, {key}"
    if not field.source.is_list:
        return f"{field.name} = try? values.decode({field.type}?.self, {key}"
    if field.is_required:
        # Amplify's `try?` would give an optional, which the property is not.
        return f"{field.name} = try values.decode({field.type}.self, {key}"
    return f"{field.name} = try? values.decode([{field.element}].self, {key}"
