"""The emitter `java`: the models of an Android app, as `amplify codegen models` writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Artifact, Emitter, hookimpl
from amplify_modelgen_plugins.emitters.platforms import describe_loader
from amplify_modelgen_plugins.emitters.schema_model import owns_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen.modelgen import NativeSchema
    from amplify_modelgen.plugin import Description, Models


def emit(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
    """Return a file for each model, custom type and enum, and the model provider.

    Raises:
        SchemaError: Amplify would refuse the schema, or write code that does not compile.
    """
    from amplify_modelgen.modelgen import native_schema

    from .java_checks import check_java
    from .java_files import all_files, source

    schema = native_schema(models.schema or "", models.flags, _count_files)
    check_java(schema)
    return [
        Artifact(path=f"{name}.java", content=source(lines))
        for name, lines in all_files(schema).items()
    ]


def _count_files(schema: NativeSchema) -> int:
    """Return how many files Amplify's generator writes."""
    from .java_types import is_lazy

    paths = sum(entry.is_model for entry in schema.declarations) if is_lazy(schema.flags) else 0
    return 1 + sum(entry.has_file for entry in schema.declarations) + paths


owns = owns_files(".java")


def recognizes(path: str, content: bytes) -> bool:
    """Whether this project or Amplify CLI wrote a file, by the comments of all its generations."""
    text = content.decode("utf-8", "replace")
    is_amplify = "package com.amplifyframework.datastore.generated.model;" in text and any(
        mark in text
        for mark in (
            "/** This is an auto generated class representing the ",
            "/** Auto generated enum from GraphQL schema. */",
            " *  Contains the set of model classes that implement {@link Model}",
        )
    )
    return owns(path, content) or (path.endswith(".java") and is_amplify)


def describe(files: Mapping[str, bytes]) -> Description | None:
    """Return the version and the names of the models in `AmplifyModelProvider.java`."""
    version = rb'AMPLIFY_MODEL_VERSION = "(\w+)"'
    return describe_loader(files, "AmplifyModelProvider.java", version, rb"\b(\w+)\.class\b")


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
