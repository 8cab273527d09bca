"""The files of the Swift models, in their order: structs and enums, their schemas, the loader.

The templates are those of `render`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.modelgen import camel_case, pascal_case
from amplify_modelgen_plugins.emitters.platforms import auth_rules, indent, render, separate
from amplify_modelgen_plugins.emitters.schema_model import HEADER

from .swift_fields import SwiftField, key_constant, member, quoted, string, swift_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amplify_modelgen.modelgen import (
        Association,
        FeatureFlags,
        NativeEnum,
        NativeModel,
        NativeSchema,
        NativeType,
    )
    from amplify_modelgen_plugins.emitters.platforms import PlatformRule

_SEPARATOR = ",\n      "
_METHODS = {"HAS_ONE": "hasOne", "HAS_MANY": "hasMany", "BELONGS_TO": "belongsTo"}


def source(lines: Iterable[str]) -> bytes:
    """Return a file: the header, the imports and its lines."""
    head = (f"// {HEADER}", "// swiftlint:disable all", "import Amplify", "import Foundation", "")
    # Strings may have lone surrogates, which UTF-8 does not have.
    return "\n".join([*head, *lines]).encode("utf-8", "replace")


def all_files(schema: NativeSchema) -> dict[str, list[str]]:
    """Return the lines of the files of all types by name."""
    files = {}
    for model in schema.models:
        fields = swift_fields(model, schema.flags)
        files[f"{model.name}.swift"] = _model_struct(model, fields)
        files[f"{model.name}+Schema.swift"] = _model_schema(model, fields, schema.flags)
    for entry in schema.types:
        fields = [SwiftField(field, schema.flags) for field in entry.fields]
        properties = [f"  var {field.quoted}: {field.optional_type}" for field in fields]
        head = f"public struct {quoted(entry.name)}: Embeddable {{"
        files[f"{entry.name}.swift"] = [head, *properties, "}"]
        definition = _schema(entry, fields, schema.flags, _indexes(entry, schema.flags), [])
        head = f"extension {quoted(entry.name)} {{"
        files[f"{entry.name}+Schema.swift"] = [head, *definition, "}"]
    used = {field.type for owner in schema.objects for field in owner.fields}
    for enum in schema.enums:
        # Amplify declares all in Pascal case, but the fields of an enum refer to its own name.
        name = enum.name if enum.name in used else pascal_case(enum.name)
        files[f"{enum.name}.swift"] = _enum(enum, quoted(name))
    return files


def loader(schema: NativeSchema) -> list[str]:
    """Return the lines of the file that registers all models."""
    models = [f"ModelRegistry.register(modelType: {model.name}.self)" for model in schema.models]
    return render("swift/loader", version=schema.version, models=models or [""])


def _enum(entry: NativeEnum, name: str) -> list[str]:
    """Return an enum. Its cases are in camel case; the values of the schema are the raw values."""
    cases = [
        quoted(case) if case == value else f"{quoted(case)} = {string(value)}"
        for case, value in entry.cases(camel_case).items()
    ]
    return [
        f"public enum {name}: String, EnumPersistable {{",
        *(f"  case {case}" for case in cases),
        "}",
    ]


# The struct of a model: properties, initializers, and how lazy relations are coded.


def _model_struct(model: NativeModel, fields: Sequence[SwiftField]) -> list[str]:
    lazy = [field for field in fields if field.is_lazy]
    lines = [
        *(line for field in fields for line in _property(field)),
        "",
        *_initializers(fields),
        *(line for field in lazy for line in _setter(field)),
    ]
    if lazy:
        encoding = [
            f"try container.encode({_variable(field)}, forKey: .{field.quoted})" for field in fields
        ]
        lines += render("swift/coding", decoding=list(map(_decoding, fields)), encoding=encoding)
    return [f"public struct {quoted(model.name)}: Model {{", *indent(lines), "}"]


def _property(field: SwiftField) -> list[str]:
    if not field.is_lazy:
        return [f"public {'let' if field.is_key else 'var'} {field.quoted}: {field.optional_type}"]
    getter = "require" if field.is_required else "get"
    return [
        f"internal var _{field.name}: LazyReference<{field.type}>",
        f"public var {field.quoted}: {field.optional_type}   {{",
        "    get async throws { ",
        f"      try await _{field.name}.{getter}()",
        "    } ",
        "  }",
    ]


def _initializers(fields: Sequence[SwiftField]) -> Iterator[str]:
    """Yield one without the read-only fields, which calls an internal one with all fields."""
    writable = [field for field in fields if not field.source.read_only]
    access = "public"
    if len(writable) < len(fields):
        arguments = _SEPARATOR.join(
            f"{field.quoted}: {'nil' if field.source.read_only else field.quoted}"
            for field in fields
        )
        yield f"public init({_parameters(writable)}) {{"
        yield from (f"  self.init({arguments})", "}")
        access = "internal"
    yield f"{access} init({_parameters(fields)}) {{"
    yield from (f"    {_assignment(field)}" for field in fields)
    yield "}"


def _parameters(fields: Iterable[SwiftField]) -> str:
    return _SEPARATOR.join(field.parameter for field in fields)


def _variable(field: SwiftField) -> str:
    return f"_{field.name}" if field.is_lazy else field.quoted


def _assignment(field: SwiftField) -> str:
    value = f"LazyReference({field.quoted})" if field.is_lazy else field.quoted
    return f"self.{_variable(field)} = {value}"


def _setter(field: SwiftField) -> list[str]:
    head = f"public mutating func set{field.name[0].upper()}{field.name[1:]}(_ {field.parameter})"
    return [f"{head} {{", f"  {_assignment(field)}", "}"]


def _decoding(field: SwiftField) -> str:
    attempt, type_, default = "try", field.type, ""
    if field.is_lazy:
        attempt, type_ = "try", f"LazyReference<{type_}>"
        default = " ?? LazyReference(identifiers: nil)"
    elif field.is_collection:
        type_, default = f"{type_}?", " ?? .init()"
    # Of a required list, Amplify's `try?` would give an optional, which the property is not.
    elif not field.source.required and not field.is_required:
        attempt, type_ = "try?", f"[{field.element}]" if field.source.is_list else f"{type_}?"
    method = "decodeIfPresent" if default else "decode"
    value = f"{attempt} values.{method}({type_}.self, forKey: .{field.quoted}){default}"
    return f"{_variable(field)} = {value}"


# The schema of a model or custom type: what Amplify's library has to know about it.


def _model_schema(
    model: NativeModel, fields: Sequence[SwiftField], flags: FeatureFlags
) -> list[str]:
    """Return the extensions of a model: its schema, its identifier, and paths if it is lazy."""
    by_name = {field.name: field for field in fields}
    key = [by_name[name] for name in model.key]
    attributes, identifier = _indexes(model, flags), []
    if flags.uses_full_primary_keys:
        components = ", ".join(f"{key_constant(model.name)}.{field.member}" for field in key)
        attributes.append(f".primaryKey(fields: [{components}])")
        identifier = _identifier(model, key)
    is_lazy = flags.generate_models_for_lazy_load_and_custom_selection_set
    # The constant of the keys would hide the function.
    function = "rule" if key_constant(model.name) != "rule" else f"{model.name}.rule"
    rules = [f"{function}({_auth_rule(rule, flags)})" for rule in auth_rules(model.auth)]
    return [
        f"extension {quoted(model.name)} {{",
        *_schema(model, fields, flags, attributes, rules),
        *(render("swift/path_class", name=model.name) if is_lazy else ()),
        "}",
        *identifier,
        *(_path_extension(model.name, fields) if is_lazy else ()),
    ]


def _schema(
    entry: NativeModel | NativeType,
    fields: Sequence[SwiftField],
    flags: FeatureFlags,
    attributes: list[str],
    rules: list[str],
) -> list[str]:
    keys = key_constant(entry.name)
    has_list_name = flags.transformer_version == 2 or flags.improve_pluralization  # noqa: PLR2004
    plurals = ["listPluralName", "syncPluralName"] if has_list_name else ["pluralName"]
    return render(
        "swift/schema",
        name=entry.name,
        keys=keys,
        cases=[f"case {field.quoted}" for field in fields],
        rules=_block("model.authRules = [", rules, "]"),
        plurals=[f"model.{name} = {string(entry.plural)}" for name in plurals],
        attributes=_block("model.attributes(", attributes, ")"),
        fields=separate([_definition(field, keys) for field in fields]),
    )


def _block(head: str, items: list[str], tail: str) -> list[str]:
    return [head, *indent(separate(items)), tail, ""] if items else []


def _auth_rule(rule: PlatformRule, flags: FeatureFlags) -> str:
    parts = [f"allow: .{rule.allow}"]
    for key, value in rule.arguments.items():
        if key != "provider":
            parts.append(f"{key}: {_strings(value) if isinstance(value, list) else string(value)}")
        elif value and flags.emit_auth_provider:
            parts.append(f"provider: .{value}")
    operations = ", ".join(f".{name}" for name in rule.operations)
    return ", ".join([*parts, f"operations: [{operations}]"])


def _strings(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(string, texts))}]"


def _indexes(entry: NativeModel | NativeType, flags: FeatureFlags) -> list[str]:
    indexes = entry.indexes if flags.generate_index_rules else ()
    return [
        f".index(fields: {_strings(index.fields)}, "
        f"name: {string(index.name) if index.name else 'nil'})"
        for index in indexes
    ]


def _definition(field: SwiftField, keys: str) -> str:
    """Return the definition of a field in a model's schema."""
    is_required = field.is_required and not field.is_collection
    head = f"{keys}.{field.member}, is: .{'required' if is_required else 'optional'}"
    association = field.source.association
    if association:
        return f".{_METHODS[association.kind]}({head}, {_relation(field, association)})"
    if field.name == "id" and field.source.type == "ID" and not field.flags.uses_full_primary_keys:
        return ".id()"
    read_only = "isReadOnly: true, " if field.source.read_only else ""
    return f".field({head}, {read_only}ofType: {field.schema_type})"


def _relation(field: SwiftField, association: Association) -> str:
    parts = [f"ofType: {field.element}.self"]
    if association.associated is not None:
        partner = f"{field.element}.keys.{member(association.associated[0])}"
        if association.by_references:
            parts.append(f"associatedFields: [{partner}]")
        else:
            parts.append(f"associatedWith: {partner}")
    if association.targets and field.flags.uses_full_primary_keys:
        parts.append(f"targetNames: {_strings(association.targets)}")
    elif association.targets:
        parts.append(f"targetName: {string(association.targets[0])}")
    return ", ".join(parts)


def _identifier(model: NativeModel, key: Sequence[SwiftField]) -> list[str]:
    """Return the extensions that describe the primary key: the id alone, or other fields."""
    if model.key == ("id",):
        return render("swift/identifier", name=model.name)
    parameters = _SEPARATOR.join(f"{field.quoted}: {field.element}" for field in key)
    values = ", ".join(f'(name: "{field.name}", value: {field.quoted})' for field in key)
    return render("swift/custom_identifier", name=model.name, parameters=parameters, values=values)


def _path_extension(name: str, fields: Iterable[SwiftField]) -> Iterator[str]:
    """Yield the properties by which a query selects fields, and those of related models."""
    yield f"extension ModelPath where ModelType == {name} {{"
    for field in fields:
        if field.relation:
            kind, collection = "ModelPath", "isCollection: true, " if field.source.is_list else ""
            value = f'{field.element}.Path(name: "{field.name}", {collection}parent: self)'
        elif field.source.kind == "scalar":
            kind, value = "FieldPath", f'{field.path_method}("{field.name}")'
        else:
            continue
        yield f"  public var {field.quoted}: {kind}<{field.element}>   {{"
        yield from (f"      {value} ", "    }")
    yield "}"
