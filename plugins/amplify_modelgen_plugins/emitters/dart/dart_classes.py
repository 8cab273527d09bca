"""The files of the Dart classes: models, custom types, enums, and the model provider.

The templates are those of `render`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.modelgen import constant_case
from amplify_modelgen_plugins.emitters.platforms import indent, render, separate
from amplify_modelgen_plugins.emitters.schema_model import HEADER

from .dart_schema import schema_definition, static_members
from .dart_types import CORE, dart_class, from_json, to_json, to_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amplify_modelgen.modelgen import FeatureFlags, NativeModel, NativeSchema, NativeType

    from .dart_types import DartClass, DartField

_IGNORED_LINTS = """
public_member_api_docs annotate_overrides dead_code dead_codepublic_member_api_docs
depend_on_referenced_packages file_names library_private_types_in_public_api
no_leading_underscores_for_library_prefixes no_leading_underscores_for_local_identifiers
non_constant_identifier_names null_check_on_nullable_type_parameter
override_on_non_overriding_member prefer_adjacent_string_concatenation prefer_const_constructors
prefer_if_null_operators prefer_interpolation_to_compose_strings slash_for_doc_comments
sort_child_properties_last unnecessary_const unnecessary_constructor_name unnecessary_late
unnecessary_new unnecessary_null_aware_assignments
unnecessary_nullable_for_final_variable_declarations unnecessary_string_interpolations
use_build_context_synchronously
"""


def source(lines: Iterable[str]) -> bytes:
    """Return a file: the header, the lints that are ignored, and its lines."""
    ignored = f"// ignore_for_file: {', '.join(_IGNORED_LINTS.split())}"
    return "\n".join([f"// {HEADER}", "", ignored, *lines]).encode()


def all_files(schema: NativeSchema) -> dict[str, list[str]]:
    """Return the lines of each file by its name, without its first comments."""
    empty = render(_IMPORTS, collection=[])[:-1]
    files = {entry.name: empty for entry in schema.declarations if entry.has_file}
    for entry in schema.objects:
        files[entry.name] = _class_file(entry, schema.flags)
    for enum in schema.enums:
        values = separate(list(enum.cases(constant_case).values()))
        files[enum.name] = ["", f"enum {enum.name} {{", *indent(values), "}"]
    return {**files, "ModelProvider": _provider_file(schema)}


_PROVIDER = """

import 'package:amplify_core/amplify_core.dart' as amplify_core;
$imports

$exports

class ModelProvider implements amplify_core.ModelProviderInterface {
  @override
  String version = "$version";
  @override
  List<amplify_core.ModelSchema> modelSchemas = [$models];
  @override
  List<amplify_core.ModelSchema> customTypeSchemas = [$types];
  static final ModelProvider _instance = ModelProvider();

  static ModelProvider get instance => _instance;
  $end
  amplify_core.ModelType getModelTypeByModelName(String modelName) {
    switch(modelName) {
      $cases
      default:
        throw Exception("Failed to find model in model provider for model name: " + modelName);
    }
  }
}


class ModelFieldValue<T> {
  const ModelFieldValue.value(this.value);

  final T value;
}

"""


def _provider_file(schema: NativeSchema) -> list[str]:
    models = sorted(model.name for model in schema.models)
    types = sorted(entry.name for entry in schema.types)
    exported = sorted([*models, *types, *(entry.name for entry in schema.enums)])
    return render(
        _PROVIDER,
        version=schema.version,
        imports=[f"import '{name}.dart';" for name in (*models, *types)],
        exports=[f"export '{name}.dart';" for name in exported],
        models=", ".join(f"{name}.schema" for name in models),
        types=", ".join(f"{name}.schema" for name in types),
        cases=[
            line for name in models for line in (f'case "{name}":', f"  return {name}.classType;")
        ],
    )


_IMPORTS = """

import 'ModelProvider.dart';
import 'package:amplify_core/amplify_core.dart' as amplify_core;
$collection


"""
_CLASS = """
class $name$base {
  $members

  $getters
  const $name._internal({$internal_parameters})$initializers;
  $end
  factory $name({$factory_parameters}) {
    return $name._internal(
      $factory_values
  }
  $end
  bool equals(Object other) {
    return this == other;
  }
  $end
  @override
  bool operator ==(Object other) {
    if (identical(other, this)) return true;
    return other is $name &&
      $comparisons
  }
  $end
  @override
  int get hashCode => toString().hashCode;
  $end
  @override
  String toString() {
    var buffer = new StringBuffer();
    $end
    buffer.write("$name {");
    $writes
    buffer.write("}");
    $end
    return buffer.toString();
  }
  $end
  $name copyWith($copy_parameters) {
    return $constructor(
      $copied
  }
  $end
  $copy_with_values
    return $constructor(
      $copied_values
    );
  }
  $end
  $name.fromJson(Map<String, dynamic> json)  $end
    $from_json
  $end
  Map<String, dynamic> toJson() => {
    $to_json
  };
  $end
  Map<String, Object?> toMap() => {
    $entries
  };

  $static_members
  $schema
}
$model_type
$identifier
"""
_MODEL_TYPE = """

class $type extends amplify_core.ModelType<$name> {
  const $type();
  $end
  @override
  $name fromJson(Map<String, dynamic> jsonData) {
    return $name.fromJson(jsonData);
  }
  $end
  @override
  String modelName() {
    return '$name';
  }
}
"""


_GET_ID = """
@override
String getId() {
  return id;
}

"""
_GET_IDENTIFIER = """
$deprecated
@override
String getId() => $id;

$identifier get modelIdentifier {
  $body
}

"""
_DEPRECATED = (
    "@Deprecated('[getId] is being deprecated in favor of custom primary key feature. "
    "Use getter [modelIdentifier] to get model identifier.')"
)
_CATCH = """
} catch(e) {
  throw amplify_core.AmplifyCodeGenModelException(
      amplify_core.AmplifyExceptionMessages.codeGenRequiredFieldForceCastExceptionMessage,
      recoverySuggestion:
        amplify_core.AmplifyExceptionMessages.codeGenRequiredFieldForceCastRecoverySuggestion,
      underlyingException: e.toString()
      );
}
""".strip().split("\n")
_IDENTIFIER = """

class $identifier implements amplify_core.ModelIdentifier<$name> {
  $members

  const $identifier({
    $parameters
  $end
  @override
  Map<String, dynamic> serializeAsMap() => (<String, dynamic>{
    $entries
  });
  $end
  @override
  List<Map<String, dynamic>> serializeAsList() => serializeAsMap()
    .entries
    .map((entry) => (<String, dynamic>{ entry.key: entry.value }))
    .toList();
  $end
  @override
  String serializeAsString() => serializeAsMap().values.join('#');
  $end
  @override
  String toString() => '$identifier($text)';
  $end
  @override
  bool operator ==(Object other) {
    if (identical(this, other)) {
      return true;
    }
    $end
    return other is $identifier &&
      $comparisons
  }
  $end
  @override
  int get hashCode =>
    $hashes
}
"""


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
        static = static_members(dart)
        model_type = render(_MODEL_TYPE, name=name, type=f"_{name}ModelType")
    initializers = ", ".join(f"{field.member} = {field.name}" for field in private)
    written = [field for field in dart.fields if field.is_stored]
    writes = [f'buffer.write("{field.name}=" + {to_text(field)}' for field in written]
    json = ",\n".join(f"{field.member} = {from_json(field)}" for field in dart.fields)
    first, *others = f"{json};".split("\n")
    definition = render(
        _CLASS,
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
        schema=schema_definition(entry, dart),
        model_type=model_type,
        identifier=_identifier(dart) if dart.has_identifier else [],
        **_copies(dart),
    )
    return [*render(_IMPORTS, collection=collection), *definition]


def _model_methods(dart: DartClass) -> list[str]:
    instance = ["@override", "getInstanceType() => classType;", ""]
    if not dart.has_identifier:
        return [*instance, *render(_GET_ID)]
    values = [
        f"{field.name}: {field.member}{'' if field.is_id else '!'}" for field in dart.key_fields
    ]
    body = [f"  return {dart.identifier}(", *indent(separate(values), 4), "  );"]
    get_identifier = render(
        _GET_IDENTIFIER,
        deprecated=_DEPRECATED,
        id="id" if dart.key[0] == "id" else "modelIdentifier.serializeAsString()",
        identifier=dart.identifier,
        body=body if dart.key == ("id",) else _guarded(body),
    )
    return [*instance, *get_identifier]


def _getter(field: DartField) -> list[str]:
    if not field.is_required:
        return [f"{field.type}? get {field.name} {{", f"  return {field.member};", "}", ""]
    body = _guarded([f"  return {field.member}!;"])
    return [f"{field.type} get {field.name} {{", *indent(body), "}", ""]


def _guarded(body: list[str]) -> list[str]:
    """Return a statement that throws an exception of Amplify's library for a null."""
    return ["try {", *body, *_CATCH]


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
    return {
        # The factory has no parameters for the automatic timestamps.
        "constructor": f"{dart.name}._internal" if dart.has_timestamps else dart.name,
        "copy_parameters": f"{{{parameters}}}" if copied else "",
        "copied": separate(
            [
                f"{field.name}: {field.name}"
                if dart.is_fixed(field)
                else f"{field.name}: {field.name} ?? this.{field.name}"
                for field in dart.writable
            ],
            ",",
            ");",
        ),
        "copy_with_values": [f"{head}{{", *indent(separate(values)), "}) {"]
        if copied
        else [f"{head}) {{"],
        "copied_values": separate(
            [
                f"{field.name}: {field.name}"
                if dart.is_fixed(field)
                else f"{field.name}: {field.name} == null ? this.{field.name} : {field.name}.value"
                for field in dart.writable
            ]
        ),
    }


def _identifier(dart: DartClass) -> list[str]:
    return render(
        _IDENTIFIER,
        identifier=dart.identifier,
        name=dart.name,
        members=[f"final {field.type} {field.name};" for field in dart.key_fields],
        parameters=separate([f"required this.{key}" for key in dart.key], ",", "});"),
        entries=separate([f"'{key}': {key}" for key in dart.key]),
        text=", ".join(f"{key}: ${key}" for key in dart.key),
        comparisons=separate([f"{key} == other.{key}" for key in dart.key], " &&", ";"),
        hashes=separate([f"{key}.hashCode" for key in dart.key], " ^", ";"),
    )
