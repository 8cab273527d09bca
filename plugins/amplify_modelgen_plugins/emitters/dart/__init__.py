"""The emitter `dart`: the models of a Flutter app, as `amplify codegen models` writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Artifact, Emitter, hookimpl
from amplify_modelgen_plugins.emitters.platforms import describe_loader
from amplify_modelgen_plugins.emitters.schema_model import owns_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen.modelgen import NativeSchema
    from amplify_modelgen.plugin import Description, Models

_MARK = "// NOTE: This file is generated and may not follow lint rules defined in your app"
"""A comment of Amplify CLI. Its generations of 2020 and 2021 write two others."""
_OLD_MARKS = (
    " Amazon.com, Inc. or its affiliates. All Rights Reserved.",
    "// ignore_for_file: public_member_api_docs",
)


def emit(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
    """Return a file for each model, custom type and enum, and the model provider.

    Raises:
        SchemaError: Amplify would refuse the schema, or write code that does not compile.
    """
    from amplify_modelgen.modelgen import native_schema

    from .dart_checks import check_dart
    from .dart_files import all_files, source

    schema = native_schema(models.schema or "", models.flags, _count_files)
    check_dart(schema)
    return [
        Artifact(path=f"{name}.dart", content=source(lines))
        for name, lines in all_files(schema).items()
    ]


def _count_files(schema: NativeSchema) -> int:
    """Return how many files Amplify's generator writes."""
    return 1 + sum(entry.has_file for entry in schema.declarations)


owns = owns_files(".dart")


def recognizes(path: str, content: bytes) -> bool:
    """Return whether this project or Amplify CLI wrote a file."""
    text = content.decode("utf-8", "replace")
    is_amplify = _MARK in text or all(mark in text for mark in _OLD_MARKS)
    return owns(path, content) or (path.endswith(".dart") and is_amplify)


def describe(files: Mapping[str, bytes]) -> Description | None:
    """Return the version and the names of the models in `ModelProvider.dart`."""
    version = rb'String version = "(\w+)"'
    return describe_loader(files, "ModelProvider.dart", version, rb'\bcase "(\w+)":')


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
