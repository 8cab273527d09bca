"""The emitter `swift`: models for Amplify's library for iOS, as Amplify CLI generates them.

`struct_file` writes `X.swift`, `schema_file` writes `X+Schema.swift`; `AmplifyModels.swift`, which
registers the models, is written here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen import modelgen
from amplify_modelgen.plugin import Artifact, Emitter, hookimpl
from amplify_modelgen_plugins.emitters.loaders import loader_description
from amplify_modelgen_plugins.emitters.schema_model import HEADER, has_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from amplify_modelgen.modelgen import FeatureFlags, NativeModel, NativeSchema, NativeType
    from amplify_modelgen.plugin import Description, Models

_LOADER = "AmplifyModels.swift"


def emit(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
    """Return two files for each model and custom type, one for each enum, and the loader.

    Raises:
        SchemaError: the schema is invalid, or Swift cannot express it.
    """
    from .swift_checks import check

    schema = modelgen.native_schema(models.schema or "", models.flags, count_files)
    check(schema)
    files = dict(_files(schema))
    return [Artifact(path=path, content=_content(lines)) for path, lines in files.items()]


def file_names(sdl: str, flags: FeatureFlags) -> list[str]:
    """Return the names of the files that Amplify's generator writes for a schema.

    Raises:
        SchemaError: the schema is invalid.
    """
    paths = _paths(modelgen.native_schema(sdl, flags, count_files))
    return [*dict(paths), _LOADER]


def count_files(schema: NativeSchema) -> int:
    """Return the number of files that Amplify's generator writes for a schema."""
    return len(dict(_paths(schema))) + 1


def _paths(schema: NativeSchema) -> Iterator[tuple[str, str]]:
    """Yield the path of each file, except the loader's, and the name that it is for."""
    for entry in (each for each in schema.declarations if each.has_file):
        yield f"{entry.name}.swift", entry.name
        if not entry.is_enum:
            yield f"{entry.name}+Schema.swift", entry.name


def _files(schema: NativeSchema) -> Iterator[tuple[str, list[str]]]:
    from .schema_file import model_schema, type_schema
    from .struct_file import enum, model_struct, type_struct

    contents: dict[str, list[str]] = {}
    for model in schema.models:
        contents[f"{model.name}.swift"] = model_struct(model, schema.flags)
        contents[f"{model.name}+Schema.swift"] = model_schema(model, schema.flags)
    for custom_type in schema.types:
        contents[f"{custom_type.name}.swift"] = type_struct(custom_type, schema.flags)
        contents[f"{custom_type.name}+Schema.swift"] = type_schema(custom_type, schema.flags)
    owners: list[NativeModel | NativeType] = [*schema.models, *schema.types]
    used = {field.type for owner in owners for field in owner.fields}
    for entry in schema.enums:
        contents[f"{entry.name}.swift"] = enum(entry, is_used=entry.name in used)
    for path, _ in _paths(schema):
        # A root type without the default name has files, although it is not a model or custom type.
        yield path, contents.get(path, [])
    yield _LOADER, _loader(schema)


def _loader(schema: NativeSchema) -> list[str]:
    names = [model.name for model in schema.models]
    lines = [f"    ModelRegistry.register(modelType: {name}.self)" for name in names]
    return [
        "",
        "final public class AmplifyModels: AmplifyModelRegistration {",
        f'  public let version: String = "{schema.version}"',
        "  ",
        "  public func registerModels(registry: ModelRegistry.Type) {",
        *(lines or ["    "]),
        "  }",
        "}",
    ]


def _content(lines: Iterable[str]) -> bytes:
    head = (f"// {HEADER}", "// swiftlint:disable all", "import Amplify", "import Foundation", "")
    # Strings may have lone surrogates, which UTF-8 does not have.
    return "\n".join([*head, *lines]).encode("utf-8", "replace")


def recognizes(path: str, content: bytes) -> bool:
    """Return whether this emitter or Amplify CLI wrote a file."""
    from .swift_recognition import is_amplify_file

    return has_header(path, content) or is_amplify_file(content)


def describe(files: Mapping[str, bytes]) -> Description | None:
    """Return the version and the models that the loader registers."""
    version = rb'let version: String = "(\w+)"'
    return loader_description(files, _LOADER, version, rb"\(modelType: (\w+)\.self\)")


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    """Return the emitter."""
    return [
        Emitter(
            name="swift",
            help="models for Amplify's library for iOS in Swift",
            emit=emit,
            recognizes=recognizes,
            describe=describe,
            owns=has_header,
            needs=frozenset({"schema"}),
        )
    ]
