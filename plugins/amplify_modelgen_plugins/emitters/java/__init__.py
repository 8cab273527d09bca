"""The emitter `java`: the models of an Android app, as `amplify codegen models` writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Artifact, Emitter, hookimpl
from amplify_modelgen_plugins.emitters.loaders import loader_description
from amplify_modelgen_plugins.emitters.schema_model import owns_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen.modelgen import FeatureFlags, NativeSchema
    from amplify_modelgen.plugin import Description, Models

_SUFFIX = ".java"


def emit(models: Models, options: Mapping[str, object]) -> list[Artifact]:
    """Return a file for each model, custom type and enum, and the model provider.

    Raises:
        SchemaError: Amplify would refuse the schema, or write code that does not compile.
    """
    del options
    from amplify_modelgen.modelgen import native_schema

    from .java_checks import check_java
    from .layout import source

    schema = native_schema(models.schema or "", models.flags, _count_files)
    check_java(schema)
    return [
        Artifact(path=name + _SUFFIX, content=source(lines))
        for name, lines in _files(schema, models.flags).items()
    ]


def _count_files(schema: NativeSchema) -> int:
    """Return how many files Amplify's generator writes."""
    from .java_types import is_lazy

    paths = sum(entry.is_model for entry in schema.declarations) if is_lazy(schema.flags) else 0
    return 1 + sum(entry.has_file for entry in schema.declarations) + paths


def _files(schema: NativeSchema, flags: FeatureFlags) -> dict[str, list[str]]:
    """Return the lines of each file by its name, without the package."""
    from .java_classes import model_file, model_imports, type_file
    from .java_types import is_lazy
    from .provider import enum_file, path_file, path_imports, provider_file

    files = {"AmplifyModelProvider": provider_file(schema)}
    files |= {
        entry.name: ["", *model_imports(has_rules=False)]
        for entry in schema.declarations
        if entry.has_file
    }
    files |= {model.name: model_file(model, flags) for model in schema.models}
    # A type with the default name of a root type has no file, whatever it is.
    files |= {entry.name: type_file(entry, flags) for entry in schema.types if entry.name in files}
    files |= {entry.name: enum_file(entry) for entry in schema.enums}
    if is_lazy(flags):
        files |= {
            f"{entry.name}Path": path_imports() for entry in schema.declarations if entry.is_model
        }
        files |= {f"{model.name}Path": path_file(model) for model in schema.models}
    return files


def describe(files: Mapping[str, bytes]) -> Description | None:
    """Return the version and the names of the models in `AmplifyModelProvider.java`."""
    version = rb'AMPLIFY_MODEL_VERSION = "(\w+)"'
    return loader_description(files, "AmplifyModelProvider.java", version, rb"\b(\w+)\.class\b")


owns = owns_files(_SUFFIX)


def recognizes(path: str, content: bytes) -> bool:
    """Whether this project or Amplify CLI wrote a file."""
    from .layout import PACKAGE

    if owns(path, content):
        return True
    text = content.decode("utf-8", "replace")
    return path.endswith(_SUFFIX) and PACKAGE in text and any(mark in text for mark in _MARKS)


_MARKS = (
    "/** This is an auto generated class representing the ",
    "/** Auto generated enum from GraphQL schema. */",
    " *  Contains the set of model classes that implement {@link Model}",
)
"""The comments by which files of Amplify CLI are recognized. All its generations write them."""


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    """Return the emitter."""
    return [
        Emitter(
            name="java",
            help="model classes for Android in Java",
            emit=emit,
            recognizes=recognizes,
            owns=owns,
            describe=describe,
            needs=frozenset({"schema"}),
        )
    ]
