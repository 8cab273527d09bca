"""The static part of a class: its query fields, and its schema for DataStore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen_plugins.emitters.native_auth import RULE_KEYS, auth_rules, operations

from .dart_types import CORE, DartField

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen.modelgen import (
        Association,
        FeatureFlags,
        NativeField,
        NativeModel,
        NativeType,
    )

    from .dart_types import DartClass

_TYPE_ENUM = f"{CORE}ModelFieldTypeEnum"
_TYPES = {
    **dict.fromkeys(("ID", "String", "AWSEmail", "AWSJSON", "AWSURL", "AWSPhone"), "string"),
    "AWSIPAddress": "string",
    "Int": "int",
    "Float": "double",
    "Boolean": "bool",
    "AWSDate": "date",
    "AWSTime": "time",
    "AWSDateTime": "dateTime",
    "AWSTimestamp": "timestamp",
}
_FACTORIES = {"HAS_ONE": "hasOne", "HAS_MANY": "hasMany", "BELONGS_TO": "belongsTo"}
_DEFINITION = "modelSchemaDefinition"
_PROVIDERS = {"IDENTITYPOOL": "IAM"}


def static_members(dart: DartClass) -> list[str]:
    """Return the query fields of a model."""
    lines = []
    if dart.has_identifier:
        type_ = f"{CORE}QueryModelIdentifier<{dart.identifier}>"
        lines.append(f"static final {type_} MODEL_IDENTIFIER = {type_}();")
    for field in dart.writable:
        head = f"static final {field.constant} = {CORE}QueryField("
        if field.field.kind != "model":
            lines.append(f'{head}fieldName: "{field.name}");')
            continue
        model = _field_type("model", f"ofModelName: '{field.field.type}'")
        lines += [head, f'  fieldName: "{field.name}",', f"  fieldType: {model});"]
    return lines


def schema_definition(
    entry: NativeModel | NativeType, dart: DartClass, flags: FeatureFlags
) -> list[str]:
    """Return the definition of the schema of a model or custom type."""
    from amplify_modelgen.modelgen import pluralize

    blocks = [
        [
            f'{_DEFINITION}.name = "{dart.name}";',
            f'{_DEFINITION}.pluralName = "{pluralize(dart.name)}";',
        ]
    ]
    rules = [_auth_rule(rule) for rule in auth_rules(getattr(entry, "auth", ()))]
    if rules:
        blocks.append(_list("authRules", rules))
    indexes = [
        [f"{CORE}ModelIndex(fields: const [{_strings(index.fields)}], name: {_name(index.name)})"]
        for index in getattr(entry, "indexes", ())
    ]
    if indexes:
        blocks.append(_list("indexes", indexes))
    blocks += [_add_field(dart, field, flags) for field in dart.fields]
    body = [line for block in blocks for line in (*block, "")][:-1]
    argument = f"{CORE}ModelSchemaDefinition {_DEFINITION}"
    return [
        f"static var schema = {CORE}Model.defineSchema(define: ({argument}) {{",
        *(f"  {line}" for line in body),
        "});",
    ]


def _strings(values: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f'"{value}"' for value in values)


def _name(name: str | None) -> str:
    return f'"{name}"' if name else "null"


def _list(name: str, items: list[list[str]]) -> list[str]:
    lines = [line for item in items for line in (*item[:-1], f"{item[-1]},")]
    lines[-1] = lines[-1].removesuffix(",")
    return [f"{_DEFINITION}.{name} = [", *(f"  {line}" for line in lines), "];"]


def _auth_rule(rule: Mapping[str, object]) -> list[str]:
    parts = [f"  authStrategy: {CORE}AuthStrategy.{str(rule['allow']).upper()},"]
    for key in RULE_KEYS:
        value = rule.get(key)
        if key == "provider" and value:
            provider = str(value).upper()
            name = _PROVIDERS.get(provider, provider)
            parts.append(f"  provider: {CORE}AuthRuleProvider.{name},")
        elif isinstance(value, list):
            parts.append(f"  {key}: [ {_strings(list(map(str, value)))} ],")
        elif value is not None and key != "provider":
            parts.append(f'  {key}: "{value}",')
    names = [f"    {CORE}ModelOperation.{name.upper()}," for name in operations(rule)]
    names = [*names[:-1], names[-1].removesuffix(",")] if names else ["    "]
    return [f"{CORE}AuthRule(", *parts, "  operations: const [", *names, "  ])"]


def _add_field(dart: DartClass, field: DartField, flags: FeatureFlags) -> list[str]:
    head = f"{_DEFINITION}.addField({CORE}ModelFieldDefinition."
    if field.is_id and dart.key:
        return [f"{head}id());"]
    factory, parts = _definition(dart, field, flags)
    lines = [f"  {part}," for part in parts]
    return [f"{head}{factory}(", *lines[:-1], lines[-1].removesuffix(","), "));"]


def _definition(dart: DartClass, field: DartField, flags: FeatureFlags) -> tuple[str, list[str]]:
    """Return the factory of a field definition, and its arguments."""
    declared = field.field
    key = f"key: {dart.name}.{field.constant}"
    if declared.association:
        required = f"isRequired: {_bool(declared.required)}"
        parts = [key, required, *_relation(declared, declared.association, flags)]
        return _FACTORIES[declared.association.kind], parts
    name = f"fieldName: '{field.name}'"
    required = f"isRequired: {_bool(field.is_required)}"
    array = ["isArray: true"] if declared.is_list else []
    type_ = f"ofType: {_type(declared)}"
    if declared.read_only:
        return "nonQueryField", [name, required, "isReadOnly: true", *array, type_]
    if declared.kind == "nonModel":
        return "embedded", [name, required, *array, type_]
    if not dart.key:
        return "customTypeField", [name, required, *array, type_]
    return "field", [key, required, *array, type_]


def _bool(value: bool) -> str:  # noqa: FBT001
    return str(value).lower()


def _relation(declared: NativeField, association: Association, flags: FeatureFlags) -> list[str]:
    model = f"ofModelName: '{declared.type}'"
    if association.kind != "BELONGS_TO":
        (associated, *_) = association.associated or ("",)
        return [model, f"associatedKey: {declared.type}.{associated.upper()}"]
    targets = association.targets or ()
    if not flags.uses_full_primary_keys:
        return [f"targetName: '{targets[0]}'", model]
    names = ", ".join(f"'{name}'" for name in targets)
    return [f"targetNames: [{names}]", model]


def _type(declared: NativeField) -> str:
    if declared.kind == "nonModel":
        name = "embeddedCollection" if declared.is_list else "embedded"
        return _field_type(name, f"ofCustomTypeName: '{declared.type}'")
    # The schema of a custom type has models as strings.
    name = "enumeration" if declared.kind == "enum" else _TYPES.get(declared.type, "string")
    if declared.is_list:
        return _field_type("collection", f"ofModelName: {_TYPE_ENUM}.{name}.name")
    return _field_type(name)


def _field_type(name: str, *arguments: str) -> str:
    return f"{CORE}ModelFieldType({', '.join([f'{_TYPE_ENUM}.{name}', *arguments])})"
