"""The static part of a class: its query fields, and its schema for DataStore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.modelgen import pluralize
from amplify_modelgen_plugins.emitters.platforms import auth_rules, indent, quoted_list, separate

from .dart_types import CORE, DartField

if TYPE_CHECKING:
    from amplify_modelgen.modelgen import (
        Association,
        NativeIndex,
        NativeModel,
        NativeType,
    )
    from amplify_modelgen_plugins.emitters.platforms import AuthRule

    from .dart_types import DartClass

_TYPE_ENUM = f"{CORE}ModelFieldTypeEnum"
_FACTORIES = {"HAS_ONE": "hasOne", "HAS_MANY": "hasMany", "BELONGS_TO": "belongsTo"}
_DEFINITION = "modelSchemaDefinition"
_PROVIDERS = {"identityPool": "IAM"}


def static_members(dart: DartClass) -> list[str]:
    """Return the query fields of a model."""
    lines = []
    if dart.has_identifier:
        type_ = f"{CORE}QueryModelIdentifier<{dart.identifier}>"
        lines.append(f"static final {type_} MODEL_IDENTIFIER = {type_}();")
    for field in dart.writable:
        head = f"static final {field.constant} = {CORE}QueryField("
        if field.source.kind != "model":
            lines.append(f'{head}fieldName: "{field.name}");')
            continue
        model = _field_type("model", f"ofModelName: '{field.source.type}'")
        lines += [head, f'  fieldName: "{field.name}",', f"  fieldType: {model});"]
    return lines


def schema_definition(entry: NativeModel | NativeType, dart: DartClass) -> list[str]:
    """Return the definition of the schema of a model or custom type."""
    blocks = [
        [
            f'{_DEFINITION}.name = "{dart.name}";',
            f'{_DEFINITION}.pluralName = "{pluralize(dart.name)}";',
        ],
        *_list("authRules", [_auth_rule(rule) for rule in auth_rules(getattr(entry, "auth", ()))]),
        *_list("indexes", [[_index(index)] for index in entry.indexes if dart.key]),
        *(_add_field(dart, field) for field in dart.fields),
    ]
    argument = f"{CORE}ModelSchemaDefinition {_DEFINITION}"
    return [
        f"static var schema = {CORE}Model.defineSchema(define: ({argument}) {{",
        *indent([line for block in blocks for line in (*block, "")][:-1]),
        "});",
    ]


def _index(index: NativeIndex) -> str:
    name = f'"{index.name}"' if index.name else "null"
    return f"{CORE}ModelIndex(fields: const [{quoted_list(index.fields)}], name: {name})"


def _list(name: str, items: list[list[str]]) -> list[list[str]]:
    if not items:
        return []
    lines = separate(["\n".join(indent(item)) for item in items])
    return [[f"{_DEFINITION}.{name} = [", *"\n".join(lines).split("\n"), "];"]]


def _auth_rule(rule: AuthRule) -> list[str]:
    parts = [f"authStrategy: {CORE}AuthStrategy.{rule.allow.upper()},"]
    for key, value in rule.arguments.items():
        if key != "provider":
            quoted = f"[ {quoted_list(value)} ]" if isinstance(value, list) else f'"{value}"'
            parts.append(f"{key}: {quoted},")
        elif value:
            name = _PROVIDERS.get(value, value.upper())
            parts.append(f"provider: {CORE}AuthRuleProvider.{name},")
    names = [f"{CORE}ModelOperation.{name.upper()}" for name in rule.operations]
    parts += ["operations: const [", *indent(separate(names) or [""])]
    return [f"{CORE}AuthRule(", *indent(parts), "  ])"]


def _add_field(dart: DartClass, field: DartField) -> list[str]:
    head = f"{_DEFINITION}.addField({CORE}ModelFieldDefinition."
    if field.is_id and dart.key:
        return [f"{head}id());"]
    factory, parts = _definition(dart, field)
    return [f"{head}{factory}(", *indent(separate(parts)), "));"]


def _definition(dart: DartClass, field: DartField) -> tuple[str, list[str]]:
    """Return the factory of a field definition, and its arguments."""
    declared = field.source
    key = f"key: {dart.name}.{field.constant}"
    if declared.association:
        required = f"isRequired: {_bool(declared.required)}"
        parts = [key, required, *_relation(field, declared.association)]
        return _FACTORIES[declared.association.kind], parts
    name = f"fieldName: '{field.name}'"
    required = f"isRequired: {_bool(field.is_required)}"
    array = ["isArray: true"] if declared.is_list else []
    type_ = f"ofType: {_type(field)}"
    if declared.read_only:
        return "nonQueryField", [name, required, "isReadOnly: true", *array, type_]
    if declared.kind == "nonModel":
        return "embedded", [name, required, *array, type_]
    if not dart.key:
        return "customTypeField", [name, required, *array, type_]
    return "field", [key, required, *array, type_]


def _bool(value: bool) -> str:  # noqa: FBT001
    return str(value).lower()


def _relation(field: DartField, association: Association) -> list[str]:
    model = f"ofModelName: '{field.source.type}'"
    if field.relation != "BELONGS_TO":
        (associated, *_) = association.associated or ("",)
        return [model, f"associatedKey: {field.source.type}.{associated.upper()}"]
    targets = association.targets or ()
    if not field.flags.uses_full_primary_keys:
        return [f"targetName: '{targets[0]}'", model]
    names = ", ".join(f"'{name}'" for name in targets)
    return [f"targetNames: [{names}]", model]


def _type(field: DartField) -> str:
    kind, is_list = field.source.kind, field.source.is_list
    if kind == "nonModel":
        name = "embeddedCollection" if is_list else "embedded"
        return _field_type(name, f"ofCustomTypeName: '{field.element}'")
    # The schema of a custom type has models as strings.
    name = {"enum": "enumeration", "model": "string"}.get(kind, "")
    if kind == "scalar":
        scalar = field.element.removeprefix(f"{CORE}Temporal")
        name = scalar[0].lower() + scalar[1:]
    if is_list:
        return _field_type("collection", f"ofModelName: {_TYPE_ENUM}.{name}.name")
    return _field_type(name)


def _field_type(name: str, *arguments: str) -> str:
    return f"{CORE}ModelFieldType({', '.join([f'{_TYPE_ENUM}.{name}', *arguments])})"
