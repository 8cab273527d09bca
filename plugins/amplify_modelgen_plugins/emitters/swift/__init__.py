"""The emitter `swift`: the models of an iOS app, as `amplify codegen models` writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Artifact, Emitter, hookimpl
from amplify_modelgen_plugins.emitters.platforms import describe_loader
from amplify_modelgen_plugins.emitters.schema_model import owns_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from amplify_modelgen.modelgen import FeatureFlags, NativeSchema
    from amplify_modelgen.plugin import Description, Models

_LOADER = "AmplifyModels.swift"


def emit(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
    """Return two files for each model and custom type, one for each enum, and the loader.

    Raises:
        SchemaError: Amplify would refuse the schema, or write code that does not compile.
    """
    from amplify_modelgen.modelgen import native_schema

    from .swift_checks import check_swift
    from .swift_files import all_files, loader, source

    schema = native_schema(models.schema or "", models.flags, _count_files)
    check_swift(schema)
    files = all_files(schema)
    # A root type without the default name has files, although it is not a model or custom type.
    contents = {name: files.get(name, []) for name in _names(schema)} | {_LOADER: loader(schema)}
    return [Artifact(path=path, content=source(lines)) for path, lines in contents.items()]


def file_names(sdl: str, flags: FeatureFlags) -> list[str]:
    """Return the names of the files that Amplify's generator writes for a schema.

    Raises:
        SchemaError: the schema is invalid.
    """
    from amplify_modelgen.modelgen import native_schema

    return [*dict.fromkeys(_names(native_schema(sdl, flags, _count_files))), _LOADER]


def _names(schema: NativeSchema) -> Iterator[str]:
    """Yield the name of each file, except the loader's."""
    for entry in (each for each in schema.declarations if each.has_file):
        yield f"{entry.name}.swift"
        if not entry.is_enum:
            yield f"{entry.name}+Schema.swift"


def _count_files(schema: NativeSchema) -> int:
    return len(set(_names(schema))) + 1


owns = owns_files(".swift")


def recognizes(path: str, content: bytes) -> bool:
    """Return whether this emitter or Amplify CLI wrote a file, and nothing was added to it."""
    if owns(path, content):
        return True
    lines = [line.strip() for line in content.decode("utf-8", "replace").splitlines()]
    return lines[:3] == _HEAD and all(re.fullmatch(_LINE, line) for line in lines)


_HEAD = ["// swiftlint:disable all", "import Amplify", "import Foundation"]
_NAME = r"`?\w+`?"
_TYPE = r"[\w.<>\[\]?`]+"
_PARAMETER = rf"(?:_ )?{_NAME}: {_TYPE}(?: = (?:\[\]|nil|UUID\(\)\.uuidString))?"
_END = r"(?:,|\) \{|\) -> Self \{)"

_SHAPES = rf"""
public struct {_NAME}: (?:Model|Embeddable) \{{
(?:public |internal )?(?:let|var) {_NAME}: {_TYPE}(?: +\{{)?
get async throws \{{
try await \w+\.(?:get|require)\(\)
(?:public|internal) init\((?:{_PARAMETER}{_END}|\) \{{)
{_PARAMETER}{_END}
(?:self\.init\()?{_NAME}: {_NAME}[,)]
self\.{_NAME} = (?:LazyReference\()?{_NAME}\)?
public mutating func set\w+\({_PARAMETER}\) \{{
public init\(from decoder: Decoder\) throws \{{
let values = try decoder\.container\(keyedBy: CodingKeys\.self\)
{_NAME} = try\?? values\.decode(?:IfPresent)?\(.*\)(?: \?\? .*)?
public func encode\(to encoder: Encoder\) throws \{{
var container = encoder\.container\(keyedBy: CodingKeys\.self\)
try container\.encode\({_NAME}, forKey: \.{_NAME}\)
public enum {_NAME}: String, EnumPersistable \{{
case {_NAME}(?: = "\w+")?
extension {_NAME}(?:: ModelIdentifiable|\.IdentifierProtocol)? \{{
extension ModelPath where ModelType == {_NAME} \{{
public enum CodingKeys: String, ModelKey \{{
public static let keys = CodingKeys\.self
public static let schema = defineSchema \{{ model in
let {_NAME} = {_NAME}\.keys
model\.authRules = \[
rule\(allow: \..*\),?
model\.(?:plural|listPlural|syncPlural)Name = "\w*"
model\.(?:attributes|fields)\(
\.(?:id|index|primaryKey|field|hasMany|hasOne|belongsTo)\(.*\),?
public class Path: ModelPath<\w+> \{{ \}}
public static var rootPath: PropertyContainerPath\? \{{ Path\(\) \}}
public typealias Identifier(?:Format|Protocol) = [\w.<>, ]+
public static func identifier\({_PARAMETER}{_END}
\.make\(fields:\[.*\]\)
\w+\("\w+"\)
\w+\.Path\(name: "\w+",(?: isCollection: true,)? parent: self\)
final public class AmplifyModels: AmplifyModelRegistration \{{
public let version: String = "[0-9a-f]{{32}}"
public func registerModels\(registry: ModelRegistry\.Type\) \{{
ModelRegistry\.register\(modelType: \w+\.self\)
import (?:Amplify|Foundation)
[\])}}]*
// swiftlint:disable all
//  ?MARK: - (?:CodingKeys|ModelSchema)
// Contains the set of classes that conforms to the `Model` protocol\.
"""
"""The shape of each line of any version of Amplify's generator."""
# No text can be split into the parts of a repetition in two ways: they match in linear time.
_LINE = _SHAPES.replace("\n", "|")


def describe(files: Mapping[str, bytes]) -> Description | None:
    """Return the version and the models that the loader registers."""
    version = rb'let version: String = "(\w+)"'
    return describe_loader(files, _LOADER, version, rb"\(modelType: (\w+)\.self\)")


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
            owns=owns,
            needs=frozenset({"schema"}),
        )
    ]
