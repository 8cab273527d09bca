"""The class of a model or custom type, in the order of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .dart_json import from_json, to_json, to_text
from .dart_schema import schema_definition, static_members
from .dart_types import CORE, dart_class

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amplify_modelgen.modelgen import FeatureFlags, NativeModel, NativeType

    from .dart_types import DartClass, DartField

_DEPRECATED = (
    "@Deprecated('[getId] is being deprecated in favor of custom primary key feature. "
    "Use getter [modelIdentifier] to get model identifier.')"
)
_MESSAGES = f"{CORE}AmplifyExceptionMessages.codeGenRequiredFieldForceCast"
_CATCH = [
    "} catch(e) {",
    f"  throw {CORE}AmplifyCodeGenModelException(",
    f"      {_MESSAGES}ExceptionMessage,",
    "      recoverySuggestion:",
    f"        {_MESSAGES}RecoverySuggestion,",
    "      underlyingException: e.toString()",
    "      );",
    "}",
]


def class_file(entry: NativeModel | NativeType, flags: FeatureFlags) -> list[str]:
    """Return the lines of a model or custom type after the first comments."""
    dart = dart_class(entry, flags)
    is_model = bool(dart.key)
    name = dart.name
    methods = _methods(dart)
    lines = [
        *class_imports(has_lists=any(field.field.is_list for field in dart.fields)),
        f"class {name} extends {CORE}Model {{" if is_model else f"class {name} {{",
        *([f"  static const classType = const _{name}ModelType();"] if is_model else []),
        *(f"  {_member(field)}" for field in dart.fields),
        "",
        *indent(line for index, body in enumerate(methods) for line in ["", *body][not index :]),
        "",
        *(indent(static_members(dart)) if is_model else []),
        *indent(schema_definition(entry, dart, flags)),
        "}",
    ]
    return [*lines, *(_model_type(name) if is_model else []), *_identifier(dart)]


def indent(lines: Iterable[str], width: int = 2) -> list[str]:
    """Return the lines with more indentation, empty ones included."""
    return [" " * width + line for line in lines]


def class_imports(*, has_lists: bool) -> list[str]:
    """Return the imports of a class, with the empty lines around them."""
    collection = ["import 'package:collection/collection.dart';"] if has_lists else []
    core = "import 'package:amplify_core/amplify_core.dart' as amplify_core;"
    return ["", "import 'ModelProvider.dart';", core, *collection, "", ""]


def _member(field: DartField) -> str:
    return f"final {field.type}{'' if field.is_id else '?'} {field.member};"


def _methods(dart: DartClass) -> list[list[str]]:
    return [
        *(_model_methods(dart) if dart.key else []),
        *(_getter(field) for field in dart.fields if not field.is_id),
        _internal(dart),
        _factory(dart),
        ["bool equals(Object other) {", "  return this == other;", "}"],
        _equality(dart),
        ["@override", "int get hashCode => toString().hashCode;"],
        _to_string(dart),
        _copy_with(dart),
        _copy_with_values(dart),
        _separated(from_json(dart)),
        _to_json(dart),
        ["Map<String, Object?> toMap() => {", *_entries(dart), "};"],
    ]


def _model_methods(dart: DartClass) -> list[list[str]]:
    instance = ["@override", "getInstanceType() => classType;"]
    if not dart.has_identifier:
        return [instance, ["@override", "String getId() {", "  return id;", "}"]]
    identifier = "id" if dart.key[0] == "id" else "modelIdentifier.serializeAsString()"
    get_id = [_DEPRECATED, "@override", f"String getId() => {identifier};"]
    head = f"{dart.identifier} get modelIdentifier {{"
    is_id = dart.key == ("id",)
    values = [
        f"    {field.name}: {field.member}{'' if field.is_id else '!'},"
        for field in dart.key_fields
    ]
    values[-1] = values[-1].removesuffix(",")
    call = [f"  return {dart.identifier}(", *values, "  );"]
    if is_id:
        return [instance, get_id, [head, *indent(call), "}"]]
    return [instance, get_id, [head, "  try {", *indent(call), *indent(_CATCH), "}"]]


def _getter(field: DartField) -> list[str]:
    if not field.is_required:
        return [f"{field.type}? get {field.name} {{", f"  return {field.member};", "}"]
    body = ["try {", f"  return {field.member}!;", *_CATCH]
    return [f"{field.type} get {field.name} {{", *indent(body), "}"]


def _internal(dart: DartClass) -> list[str]:
    parameters = ", ".join(
        ("required " if field.is_required else "") + ("this.id" if field.is_id else field.name)
        for field in dart.fields
    )
    values = ", ".join(f"{field.member} = {field.name}" for field in dart.fields if not field.is_id)
    tail = f": {values};" if values else ";"
    return [f"const {dart.name}._internal({{{parameters}}}){tail}"]


def _factory(dart: DartClass) -> list[str]:
    parameters = ", ".join(
        f"required {field.type} {field.name}"
        if field.is_required and not field.is_id
        else f"{field.type}? {field.name}"
        for field in dart.writable
    )
    values = [f"{field.name}: {_factory_value(field)}" for field in dart.writable]
    return [
        f"factory {dart.name}({{{parameters}}}) {{",
        *indent(_call(f"{dart.name}._internal", values)),
        "}",
    ]


def _factory_value(field: DartField) -> str:
    name = field.name
    if field.is_id:
        return f"id == null ? {CORE}UUID.getUUID() : id"
    if field.field.is_list:
        return f"{name} != null ? List<{field.element}>.unmodifiable({name}) : {name}"
    return name


def _call(function: str, values: list[str], *, closed: bool = True) -> list[str]:
    lines = [f"  {value}," for value in values[:-1]]
    last = [f"  {value}" for value in values[-1:]]
    if closed:
        return [f"return {function}(", *lines, *(f"{line});" for line in last)]
    return [f"return {function}(", *lines, *last, ");"]


def _equality(dart: DartClass) -> list[str]:
    comparisons = [
        f"DeepCollectionEquality().equals({field.member}, other.{field.member})"
        if field.field.is_list
        else f"{field.member} == other.{field.member}"
        for field in dart.writable
    ]
    return [
        "@override",
        "bool operator ==(Object other) {",
        "  if (identical(other, this)) return true;",
        f"  return other is {dart.name} &&",
        *(f"    {line} &&" for line in comparisons[:-1]),
        f"    {comparisons[-1]};",
        "}",
    ]


def _to_string(dart: DartClass) -> list[str]:
    written = [field for field in dart.fields if field.relation not in {"HAS_ONE", "HAS_MANY"}]
    writes = [f'buffer.write("{field.name}=" + {to_text(field)} + ", ");' for field in written]
    writes = [*writes[:-1], *(line.removesuffix(' + ", ");') + ");" for line in writes[-1:])]
    return [
        "@override",
        "String toString() {",
        "  var buffer = new StringBuffer();",
        "  ",
        f'  buffer.write("{dart.name} {{");',
        *indent(writes),
        '  buffer.write("}");',
        "  ",
        "  return buffer.toString();",
        "}",
    ]


def _copied(dart: DartClass) -> list[DartField]:
    return [field for field in dart.writable if not dart.is_fixed(field)]


def _constructor(dart: DartClass) -> str:
    # The factory has no parameters for the automatic timestamps.
    return f"{dart.name}._internal" if dart.has_timestamps else dart.name


def _copy_with(dart: DartClass) -> list[str]:
    parameters = ", ".join(f"{field.type}? {field.name}" for field in _copied(dart))
    values = [
        f"{field.name}: {field.name}"
        if dart.is_fixed(field)
        else f"{field.name}: {field.name} ?? this.{field.name}"
        for field in dart.writable
    ]
    head = f"{{{parameters}}}" if parameters else ""
    return [
        f"{dart.name} copyWith({head}) {{",
        *indent(_call(_constructor(dart), values)),
        "}",
    ]


def _copy_with_values(dart: DartClass) -> list[str]:
    parameters = [
        f"  ModelFieldValue<{field.type}{'' if field.field.required else '?'}>? {field.name},"
        for field in _copied(dart)
    ]
    name = f"{dart.name} copyWithModelFieldValues("
    head = [f"{name}) {{"]
    if parameters:
        head = [f"{name}{{", *parameters[:-1], parameters[-1].removesuffix(","), "}) {"]
    values = [
        f"{field.name}: {field.name}"
        if dart.is_fixed(field)
        else f"{field.name}: {field.name} == null ? this.{field.name} : {field.name}.value"
        for field in dart.writable
    ]
    return [*head, *indent(_call(_constructor(dart), values, closed=False)), "}"]


def _separated(lines: list[str]) -> list[str]:
    """Return the initializers of a constructor with a comma between them."""
    starts = [index for index, line in enumerate(lines) if _is_initializer(line)]
    ends = {index - 1 for index in starts[1:]}
    separated = [line + ("," if index in ends else "") for index, line in enumerate(lines)]
    return [*separated[:-1], f"{separated[-1]};"]


def _is_initializer(line: str) -> bool:
    return line.startswith("  : ") or (line.startswith("    ") and line[4] != " ")


def _to_json(dart: DartClass) -> list[str]:
    values = ", ".join(f"'{field.name}': {to_json(field)}" for field in dart.fields)
    return ["Map<String, dynamic> toJson() => {", f"  {values}", "};"]


def _entries(dart: DartClass) -> list[str]:
    lines = [f"  '{field.name}': {field.member}," for field in dart.fields]
    return [*lines[:-1], lines[-1].removesuffix(",")]


def _model_type(name: str) -> list[str]:
    return [
        "",
        f"class _{name}ModelType extends {CORE}ModelType<{name}> {{",
        f"  const _{name}ModelType();",
        "  ",
        "  @override",
        f"  {name} fromJson(Map<String, dynamic> jsonData) {{",
        f"    return {name}.fromJson(jsonData);",
        "  }",
        "  ",
        "  @override",
        "  String modelName() {",
        f"    return '{name}';",
        "  }",
        "}",
    ]


def _identifier(dart: DartClass) -> list[str]:
    if not dart.has_identifier:
        return []
    methods = _identifier_methods(dart.identifier, list(dart.key))
    return [
        "",
        f"class {dart.identifier} implements {CORE}ModelIdentifier<{dart.name}> {{",
        *(f"  final {field.type} {field.name};" for field in dart.key_fields),
        "",
        *indent(line for index, body in enumerate(methods) for line in ["", *body][not index :]),
        "}",
    ]


def _identifier_methods(name: str, names: list[str]) -> list[list[str]]:
    required = [f"  required this.{key}," for key in names]
    return [
        [f"const {name}({{", *required[:-1], f"  required this.{names[-1]}}});"],
        [
            "@override",
            "Map<String, dynamic> serializeAsMap() => (<String, dynamic>{",
            *(f"  '{key}': {key}," for key in names[:-1]),
            f"  '{names[-1]}': {names[-1]}",
            "});",
        ],
        [
            "@override",
            "List<Map<String, dynamic>> serializeAsList() => serializeAsMap()",
            "  .entries",
            "  .map((entry) => (<String, dynamic>{ entry.key: entry.value }))",
            "  .toList();",
        ],
        ["@override", "String serializeAsString() => serializeAsMap().values.join('#');"],
        [
            "@override",
            f"String toString() => '{name}({', '.join(f'{key}: ${key}' for key in names)})';",
        ],
        [
            "@override",
            "bool operator ==(Object other) {",
            "  if (identical(this, other)) {",
            "    return true;",
            "  }",
            "  ",
            f"  return other is {name} &&",
            *(f"    {key} == other.{key} &&" for key in names[:-1]),
            f"    {names[-1]} == other.{names[-1]};",
            "}",
        ],
        [
            "@override",
            "int get hashCode =>",
            *(f"  {key}.hashCode ^" for key in names[:-1]),
            f"  {names[-1]}.hashCode;",
        ],
    ]
