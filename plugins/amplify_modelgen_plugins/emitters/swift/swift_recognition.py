"""Recognize the Swift files that `amplify codegen models` writes, also those of older versions.

A file is recognized only if nothing was added to it by hand: each of its lines has the shape of a
generated one.
"""

from __future__ import annotations

import re

_NAME = r"`?\w+`?"
_TYPE = r"[\w.<>\[\]?`]+"
_PARAMETER = rf"(?:_ )?{_NAME}: {_TYPE}(?: = (?:\[\]|nil|UUID\(\)\.uuidString))?"
_END = r"(?:,|\) \{|\) -> Self \{)"

_STRUCT = rf"""
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
"""
_SCHEMA = rf"""
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
"""
_LOADER = r"""
final public class AmplifyModels: AmplifyModelRegistration \{
public let version: String = "[0-9a-f]{32}"
public func registerModels\(registry: ModelRegistry\.Type\) \{
ModelRegistry\.register\(modelType: \w+\.self\)
"""
_OTHER = r"""
import (?:Amplify|Foundation)
[\])}]*
// swiftlint:disable all
//  ?MARK: - (?:CodingKeys|ModelSchema)
// Contains the set of classes that conforms to the `Model` protocol\.
"""
# No text can be split into the parts of a repetition in two ways: they match in linear time.
_LINE = re.compile("|".join(f"{_STRUCT}{_SCHEMA}{_LOADER}{_OTHER}".split("\n")))
_HEAD = ["// swiftlint:disable all", "import Amplify", "import Foundation"]


def is_amplify_file(content: bytes) -> bool:
    """Return whether Amplify CLI wrote a file, judged by its lines."""
    lines = [line.strip() for line in content.decode("utf-8", "replace").splitlines()]
    return lines[:3] == _HEAD and all(map(_LINE.fullmatch, lines))
