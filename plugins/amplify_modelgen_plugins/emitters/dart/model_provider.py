"""The file that lists all models, and the comments that every file begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen_plugins.emitters.schema_model import HEADER

from .dart_types import CORE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amplify_modelgen.modelgen import NativeSchema

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


def provider_file(schema: NativeSchema) -> list[str]:
    """Return the lines of the model provider after the first comments."""
    models = sorted(model.name for model in schema.models)
    types = sorted(entry.name for entry in schema.types)
    exported = sorted([*models, *types, *(entry.name for entry in schema.enums)])
    return [
        "",
        "import 'package:amplify_core/amplify_core.dart' as amplify_core;",
        *(f"import '{name}.dart';" for name in (*models, *types)),
        "",
        *(f"export '{name}.dart';" for name in exported),
        "",
        f"class ModelProvider implements {CORE}ModelProviderInterface {{",
        "  @override",
        f'  String version = "{schema.version}";',
        "  @override",
        f"  List<{CORE}ModelSchema> modelSchemas = [{_schemas(models)}];",
        "  @override",
        f"  List<{CORE}ModelSchema> customTypeSchemas = [{_schemas(types)}];",
        "  static final ModelProvider _instance = ModelProvider();",
        "",
        "  static ModelProvider get instance => _instance;",
        *(_model_types(models) if models else []),
        "}",
        "",
        "",
        "class ModelFieldValue<T> {",
        "  const ModelFieldValue.value(this.value);",
        "",
        "  final T value;",
        "}",
        "",
    ]


def _schemas(names: list[str]) -> str:
    return ", ".join(f"{name}.schema" for name in names)


def _model_types(models: list[str]) -> list[str]:
    message = '"Failed to find model in model provider for model name: " + modelName'
    cases = [
        line
        for name in models
        for line in (f'      case "{name}":', f"        return {name}.classType;")
    ]
    return [
        "  ",
        f"  {CORE}ModelType getModelTypeByModelName(String modelName) {{",
        "    switch(modelName) {",
        *cases,
        "      default:",
        f"        throw Exception({message});",
        "    }",
        "  }",
    ]
