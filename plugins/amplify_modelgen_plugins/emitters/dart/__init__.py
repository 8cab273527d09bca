"""The emitter `dart`: the models of a Flutter app, as `amplify codegen models` writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Artifact, Emitter, hookimpl
from amplify_modelgen_plugins.emitters.loaders import loader_description
from amplify_modelgen_plugins.emitters.schema_model import owns_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen.modelgen import NativeEnum, NativeSchema
    from amplify_modelgen.plugin import Description, Models

_SUFFIX = ".dart"
_PROVIDER = "ModelProvider"
_MARK = "// NOTE: This file is generated and may not follow lint rules defined in your app"
"""A comment of Amplify CLI. Its generations of 2020 and 2021 write two others."""
_OLD_MARKS = (
    " Amazon.com, Inc. or its affiliates. All Rights Reserved.",
    "// ignore_for_file: public_member_api_docs",
)


def emit(models: Models, options: Mapping[str, object]) -> list[Artifact]:
    """Return a file for each model, custom type and enum, and the model provider.

    Raises:
        SchemaError: Amplify would refuse the schema, or write code that does not compile.
    """
    del options
    from amplify_modelgen.modelgen import native_schema

    from .dart_checks import check_dart
    from .model_provider import source

    schema = native_schema(models.schema or "", models.flags, _count_files)
    check_dart(schema)
    return [
        Artifact(path=name + _SUFFIX, content=source(lines))
        for name, lines in _files(schema).items()
    ]


def _count_files(schema: NativeSchema) -> int:
    """Return how many files Amplify's generator writes."""
    return 1 + sum(entry.has_file for entry in schema.declarations)


def _files(schema: NativeSchema) -> dict[str, list[str]]:
    """Return the lines of each file by its name, without its first comments."""
    from .dart_classes import class_file, class_imports
    from .model_provider import provider_file

    files = {
        entry.name: class_imports(has_lists=False)[:-1]
        for entry in schema.declarations
        if entry.has_file
    }
    files |= {model.name: class_file(model, schema.flags) for model in schema.models}
    files |= {entry.name: class_file(entry, schema.flags) for entry in schema.types}
    files |= {entry.name: _enum_file(entry) for entry in schema.enums}
    return {**files, _PROVIDER: provider_file(schema)}


def _enum_file(entry: NativeEnum) -> list[str]:
    from amplify_modelgen.modelgen import constant_case

    values = list(entry.cases(constant_case).values())
    lines = [*(f"  {value}," for value in values[:-1]), f"  {values[-1]}"]
    return ["", f"enum {entry.name} {{", *lines, "}"]


def describe(files: Mapping[str, bytes]) -> Description | None:
    """Return the version and the names of the models in `ModelProvider.dart`."""
    version = rb'String version = "(\w+)"'
    return loader_description(files, "ModelProvider.dart", version, rb'\bcase "(\w+)":')


owns = owns_files(_SUFFIX)


def recognizes(path: str, content: bytes) -> bool:
    """Whether this project or Amplify CLI wrote a file."""
    if owns(path, content):
        return True
    text = content.decode("utf-8", "replace")
    is_generated = _MARK in text or all(mark in text for mark in _OLD_MARKS)
    return path.endswith(_SUFFIX) and is_generated


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    """Return the emitter."""
    return [
        Emitter(
            name="dart",
            help="model classes for Flutter in Dart",
            emit=emit,
            recognizes=recognizes,
            owns=owns,
            describe=describe,
            needs=frozenset({"schema"}),
        )
    ]
