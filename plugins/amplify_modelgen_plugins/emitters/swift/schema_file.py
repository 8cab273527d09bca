"""The file `X+Schema.swift`: what Amplify's library has to know about a model or custom type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .swift_fields import (
    SwiftField,
    has_full_keys,
    key_constant,
    member,
    quoted,
    string,
    swift_fields,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from amplify_modelgen.modelgen import (
        Association,
        FeatureFlags,
        NativeIndex,
        NativeModel,
        NativeType,
    )

_EMPTY = "    "
_VERSION_2 = 2
# The keys of a rule by its strategy. The library has no other strategies.
_RULE_KEYS = {
    "owner": ("ownerField", "identityClaim"),
    "groups": ("groupClaim",),
    "public": (),
    "private": (),
}
_SEPARATOR = ",\n      "


def model_schema(model: NativeModel, flags: FeatureFlags) -> list[str]:
    """Return the extensions of a model: coding keys, schema, identifier, and paths if lazy."""
    fields = swift_fields(model, flags)
    by_name = {field.source.name: field for field in fields}
    key = [by_name[name] for name in model.key]
    attributes = _indexes(model.indexes, flags)
    if has_full_keys(flags):
        components = ", ".join(f"{key_constant(model.name)}.{field.member}" for field in key)
        attributes.append(f".primaryKey(fields: [{components}])")
    is_lazy = flags.generate_models_for_lazy_load_and_custom_selection_set
    return [
        f"extension {quoted(model.name)} {{",
        *_coding_keys(fields),
        *_schema(model, flags, fields, _auth_rules(model, flags), attributes),
        *(_path_class(model.name) if is_lazy else ()),
        "}",
        *(_identifier(model.name, key) if has_full_keys(flags) else ()),
        *(_path_extension(model.name, fields) if is_lazy else ()),
    ]


def type_schema(custom_type: NativeType, flags: FeatureFlags) -> list[str]:
    """Return the extension of a custom type: coding keys and schema."""
    fields = [SwiftField(field, flags) for field in custom_type.fields]
    attributes = _indexes(custom_type.indexes, flags)
    return [
        f"extension {quoted(custom_type.name)} {{",
        *_coding_keys(fields),
        *_schema(custom_type, flags, fields, [], attributes),
        "}",
    ]


def _coding_keys(fields: Iterable[SwiftField]) -> Iterator[str]:
    yield "  // MARK: - CodingKeys "
    yield "   public enum CodingKeys: String, ModelKey {"
    yield from (f"    case {field.name}" for field in fields)
    yield from ("  }", "  ")
    yield "  public static let keys = CodingKeys.self"


def _schema(
    declared: NativeModel | NativeType,
    flags: FeatureFlags,
    fields: Iterable[SwiftField],
    rules: Sequence[str],
    attributes: Sequence[str],
) -> Iterator[str]:
    keys = key_constant(declared.name)
    yield from ("  //  MARK: - ModelSchema ", "  ")
    yield "  public static let schema = defineSchema { model in"
    yield from (f"    let {keys} = {declared.name}.keys", _EMPTY)
    if rules:
        yield f"    model.authRules = [\n      {_SEPARATOR.join(rules)}\n    ]"
        yield _EMPTY
    has_list_name = flags.transformer_version == _VERSION_2 or flags.improve_pluralization
    for name in ("listPluralName", "syncPluralName") if has_list_name else ("pluralName",):
        yield f"    model.{name} = {string(declared.plural)}"
    yield _EMPTY
    if attributes:
        yield f"    model.attributes(\n      {_SEPARATOR.join(attributes)}\n    )"
        yield _EMPTY
    definitions = _SEPARATOR.join(_definition(field, keys) for field in fields)
    yield f"    model.fields(\n      {definitions}\n    )"
    yield "    }"


def _indexes(indexes: Sequence[NativeIndex], flags: FeatureFlags) -> list[str]:
    if not flags.generate_index_rules:
        return []
    names = [string(index.name) if index.name else "nil" for index in indexes]
    return [
        f".index(fields: {_strings(index.fields)}, name: {name})"
        for name, index in zip(names, indexes, strict=True)
    ]


def _strings(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(string, texts))}]"


def _definition(field: SwiftField, keys: str) -> str:
    """Return the definition of a field in a model's schema."""
    association = field.source.association
    if association:
        return _relation(field, association, keys)
    if field.source.name == "id" and field.source.type == "ID" and not has_full_keys(field.flags):
        return ".id()"
    read_only = "isReadOnly: true, " if field.source.read_only else ""
    attributes = f"{_nullability(field)}, {read_only}ofType: {field.schema_type}"
    return f".field({keys}.{field.member}, {attributes})"


def _nullability(field: SwiftField) -> str:
    is_required = field.is_required and not field.is_collection
    return f"is: .{'required' if is_required else 'optional'}"


def _relation(field: SwiftField, association: Association, keys: str) -> str:
    method = {"HAS_ONE": "hasOne", "HAS_MANY": "hasMany", "BELONGS_TO": "belongsTo"}
    parts = [f"{keys}.{field.member}", _nullability(field), f"ofType: {field.element}.self"]
    if association.associated is not None:
        partner = f"{field.element}.keys.{member(association.associated[0])}"
        if association.by_references:
            parts.append(f"associatedFields: [{partner}]")
        else:
            parts.append(f"associatedWith: {partner}")
    if association.targets and has_full_keys(field.flags):
        parts.append(f"targetNames: {_strings(association.targets)}")
    elif association.targets:
        parts.append(f"targetName: {string(association.targets[0])}")
    return f".{method[association.kind]}({', '.join(parts)})"


def _path_class(name: str) -> Iterator[str]:
    yield f"    public class Path: ModelPath<{name}> {{ }}"
    yield _EMPTY
    yield "    public static var rootPath: PropertyContainerPath? { Path() }"


def _identifier(name: str, key: Sequence[SwiftField]) -> Iterator[str]:
    """Yield the extensions that describe the primary key: the id alone, or other fields."""
    yield from ("", f"extension {name}: ModelIdentifiable {{")
    if [field.source.name for field in key] == ["id"]:
        yield "  public typealias IdentifierFormat = ModelIdentifierFormat.Default"
        yield "  public typealias IdentifierProtocol = DefaultModelIdentifier<Self>"
        yield "}"
        return
    custom = "ModelIdentifierFormat.Custom"
    yield f"  public typealias IdentifierFormat = {custom}"
    yield f"  public typealias IdentifierProtocol = ModelIdentifier<Self, {custom}>"
    yield from ("}", "", f"extension {name}.IdentifierProtocol {{")
    parameters = _SEPARATOR.join(f"{field.name}: {field.element}" for field in key)
    values = ", ".join(f'(name: "{field.source.name}", value: {field.name})' for field in key)
    yield f"  public static func identifier({parameters}) -> Self {{"
    yield f"    .make(fields:[{values}])"
    yield from ("  }", "}")


def _path_extension(name: str, fields: Iterable[SwiftField]) -> Iterator[str]:
    """Yield the properties by which a query selects fields, and those of related models."""
    yield f"extension ModelPath where ModelType == {name} {{"
    for field in fields:
        path = field.source.name
        if field.source.association:
            collection = "isCollection: true, " if field.source.is_list else ""
            model = field.element
            yield f"  public var {field.name}: ModelPath<{model}>   {{"
            yield f'      {model}.Path(name: "{path}", {collection}parent: self) '
            yield "    }"
        elif field.source.kind == "scalar":
            yield f"  public var {field.name}: FieldPath<{field.element}>   {{"
            yield f'      {field.path_method}("{path}") '
            yield "    }"
    yield "}"


def _auth_rules(model: NativeModel, flags: FeatureFlags) -> list[str]:
    # The constant of the keys would hide the function.
    function = "rule" if key_constant(model.name) != "rule" else f"{model.name}.rule"
    return [
        f"{function}({', '.join(_arguments(rule, flags))})"
        for rule in model.auth
        if rule.get("allow") in _RULE_KEYS
    ]


def _arguments(rule: Mapping[str, Any], flags: FeatureFlags) -> Iterator[str]:
    yield f"allow: .{rule['allow']}"
    for key in _RULE_KEYS[rule["allow"]]:
        yield f"{key}: {_text(rule.get(key))}"
    if rule["allow"] == "groups":
        groups = rule.get("groups")
        named = f"groups: {_strings(groups)}" if isinstance(groups, list) else ""
        yield named or 'groupsField: "groups"'
    if flags.emit_auth_provider and rule.get("provider"):
        yield f"provider: .{rule['provider']}"
    yield f"operations: [{', '.join(f'.{name}' for name in rule['operations'])}]"


def _text(value: object) -> str:
    return string("null" if value is None else str(value))
