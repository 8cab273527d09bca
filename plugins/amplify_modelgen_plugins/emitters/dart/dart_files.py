"""The files of the Dart classes: models, custom types, enums, and the model provider.

The templates are those of `render`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.modelgen import constant_case, pluralize
from amplify_modelgen_plugins.emitters.platforms import (
    auth_rules,
    indent,
    quoted_list,
    render,
    separate,
)
from amplify_modelgen_plugins.emitters.schema_model import HEADER

from .dart_types import CORE, dart_class, from_json, to_json, to_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amplify_modelgen.modelgen import (
        Association,
        FeatureFlags,
        NativeIndex,
        NativeModel,
        NativeSchema,
        NativeType,
    )
    from amplify_modelgen_plugins.emitters.platforms import PlatformRule

    from .dart_types import DartClass, DartField

_TYPE_ENUM = f"{CORE}ModelFieldTypeEnum"
_FACTORIES = {"HAS_ONE": "hasOne", "HAS_MANY": "hasMany", "BELONGS_TO": "belongsTo"}
_DEFINITION = "modelSchemaDefinition"
_PROVIDERS = {"identityPool": "IAM"}


def source(lines: Iterable[str]) -> bytes:
    """Return a file: the header, the lints that are ignored, and its lines."""
    return "\n".join([*render("dart/head", header=HEADER), *lines]).encode()


def all_files(schema: NativeSchema) -> dict[str, list[str]]:
    """Return the lines of each file by its name, without its first comments."""
    empty = render("dart/imports", collection=[])[:-1]
    files = {entry.name: empty for entry in schema.declarations if entry.has_file}
    for entry in schema.objects:
        files[entry.name] = _class_file(entry, schema.flags)
    for enum in schema.enums:
        values = separate(list(enum.cases(constant_case).values()))
        files[enum.name] = ["", f"enum {enum.name} {{", *indent(values), "}"]
    return {**files, "ModelProvider": _provider_file(schema)}


def _provider_file(schema: NativeSchema) -> list[str]:
    models = sorted(model.name for model in schema.models)
    types = sorted(entry.name for entry in schema.types)
    exported = sorted([*models, *types, *(entry.name for entry in schema.enums)])
    return render(
        "dart/provider",
        version=schema.version,
        imports=[f"import '{name}.dart';" for name in (*models, *types)],
        exports=[f"export '{name}.dart';" for name in exported],
        models=", ".join(f"{name}.schema" for name in models),
        types=", ".join(f"{name}.schema" for name in types),
        cases=[
            line for name in models for line in (f'case "{name}":', f"  return {name}.classType;")
        ],
    )


def _class_file(entry: NativeModel | NativeType, flags: FeatureFlags) -> list[str]:
    dart, name = dart_class(entry, flags), entry.name
    has_lists = any(field.source.is_list for field in dart.fields)
    collection = ["import 'package:collection/collection.dart';"] if has_lists else []
    private = [field for field in dart.fields if not field.is_id]
    members = [
        f"final {field.type}{'' if field.is_id else '?'} {field.member};" for field in dart.fields
    ]
    getters = [line for field in private for line in _getter(field)]
    static: list[str] = []
    model_type: list[str] = []
    if dart.key:
        members = [f"static const classType = const _{name}ModelType();", *members]
        getters = [*_model_methods(dart), *getters]
        static = _static_members(dart)
        model_type = render("dart/model_type", name=name, type=f"_{name}ModelType")
    initializers = ", ".join(f"{field.member} = {field.name}" for field in private)
    written = [field for field in dart.fields if field.is_stored]
    writes = [f'buffer.write("{field.name}=" + {to_text(field)}' for field in written]
    json = ",\n".join(f"{field.member} = {from_json(field)}" for field in dart.fields)
    first, *others = f"{json};".split("\n")
    definition = render(
        "dart/class",
        name=name,
        base=f" extends {CORE}Model" if dart.key else "",
        members=members,
        getters=getters,
        internal_parameters=", ".join(map(_internal_parameter, dart.fields)),
        initializers=f": {initializers}" if initializers else "",
        factory_parameters=", ".join(map(_factory_parameter, dart.writable)),
        factory_values=separate(list(map(_factory_value, dart.writable)), ",", ");"),
        comparisons=separate(list(map(_comparison, dart.writable)), " &&", ";"),
        writes=separate(writes, ' + ", ");', ");"),
        from_json=[f": {first}", *indent(others)],
        to_json=", ".join(f"'{field.name}': {to_json(field)}" for field in dart.fields),
        entries=separate([f"'{field.name}': {field.member}" for field in dart.fields]),
        static_members=static,
        schema=_schema_definition(entry, dart),
        model_type=model_type,
        identifier=_identifier(dart) if dart.has_identifier else [],
        **_copies(dart),
    )
    return [*render("dart/imports", collection=collection), *definition]


def _model_methods(dart: DartClass) -> list[str]:
    instance = ["@override", "getInstanceType() => classType;", ""]
    if not dart.has_identifier:
        return [*instance, *render("dart/get_id")]
    values = [
        f"{field.name}: {field.member}{'' if field.is_id else '!'}" for field in dart.key_fields
    ]
    body = [f"  return {dart.identifier}(", *indent(separate(values), 4), "  );"]
    get_identifier = render(
        "dart/get_identifier",
        id="id" if dart.key[0] == "id" else "modelIdentifier.serializeAsString()",
        identifier=dart.identifier,
        body=body if dart.key == ("id",) else render("dart/try", body=body),
    )
    return [*instance, *get_identifier]


def _getter(field: DartField) -> list[str]:
    if not field.is_required:
        return [f"{field.type}? get {field.name} {{", f"  return {field.member};", "}", ""]
    body = render("dart/try", body=[f"  return {field.member}!;"])
    return [f"{field.type} get {field.name} {{", *indent(body), "}", ""]


def _internal_parameter(field: DartField) -> str:
    name = "this.id" if field.is_id else field.name
    return f"required {name}" if field.is_required else name


def _factory_parameter(field: DartField) -> str:
    if field.is_required and not field.is_id:
        return f"required {field.type} {field.name}"
    return f"{field.type}? {field.name}"


def _factory_value(field: DartField) -> str:
    name = field.name
    if field.is_id:
        return f"{name}: id == null ? {CORE}UUID.getUUID() : id"
    if field.source.is_list:
        return f"{name}: {name} != null ? List<{field.element}>.unmodifiable({name}) : {name}"
    return f"{name}: {name}"


def _comparison(field: DartField) -> str:
    if field.source.is_list:
        return f"DeepCollectionEquality().equals({field.member}, other.{field.member})"
    return f"{field.member} == other.{field.member}"


def _copies(dart: DartClass) -> dict[str, str | list[str]]:
    """Return the values of both methods that copy an object."""
    copied = [field for field in dart.writable if not dart.is_fixed(field)]
    parameters = ", ".join(f"{field.type}? {field.name}" for field in copied)
    values = [
        f"ModelFieldValue<{field.type}{'' if field.source.required else '?'}>? {field.name}"
        for field in copied
    ]
    head = f"{dart.name} copyWithModelFieldValues("
    opening = [f"{head}{{", *indent(separate(values)), "}) {"] if copied else [f"{head}) {{"]
    names = [
        (field.name, f"{field.name}: {field.name}", dart.is_fixed(field)) for field in dart.writable
    ]
    old = [pair if fixed else f"{pair} ?? this.{name}" for name, pair, fixed in names]
    new = [
        pair if fixed else f"{pair} == null ? this.{name} : {name}.value"
        for name, pair, fixed in names
    ]
    return {
        # The factory has no parameters for the automatic timestamps.
        "constructor": f"{dart.name}._internal" if dart.has_timestamps else dart.name,
        "copy_parameters": f"{{{parameters}}}" if copied else "",
        "copied": separate(old, ",", ");"),
        "copy_with_values": opening,
        "copied_values": separate(new),
    }


def _identifier(dart: DartClass) -> list[str]:
    return render(
        "dart/identifier",
        identifier=dart.identifier,
        name=dart.name,
        members=[f"final {field.type} {field.name};" for field in dart.key_fields],
        parameters=separate([f"required this.{key}" for key in dart.key], ",", "});"),
        entries=separate([f"'{key}': {key}" for key in dart.key]),
        text=", ".join(f"{key}: ${key}" for key in dart.key),
        comparisons=separate([f"{key} == other.{key}" for key in dart.key], " &&", ";"),
        hashes=separate([f"{key}.hashCode" for key in dart.key], " ^", ";"),
    )


# The static part of a class: its query fields, and its schema for DataStore.


def _static_members(dart: DartClass) -> list[str]:
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


def _schema_definition(entry: NativeModel | NativeType, dart: DartClass) -> list[str]:
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


def _auth_rule(rule: PlatformRule) -> list[str]:
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
