"""Compile the models of many schemas as one program, and run some of them."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen import FeatureFlags, Models
from amplify_modelgen_plugins.emitters import dart
from conformance import corpus, platform_schemas
from conformance.platforms import PROFILES
from emitters.dart.dart_vm import compile_cases
from emitters.refusals import corpus_cases, peer_files

if TYPE_CHECKING:
    from pathlib import Path

    from emitters.dart.dart_vm import DartVm

_PLACES = """
enum Kind { CITY village }
type Point { x: Float! label: String }
type Place @model {
  name: String!
  kind: Kind
  point: Point!
  others: [Point!]
  tags: [String!]!
  since: AWSDate
  seen: AWSTimestamp
}
"""
_PLACE = {
    "id": "1",
    "name": "Ulm",
    "kind": "village",
    "point": {"x": 1.5, "label": "p"},
    "others": [{"x": 2.0, "label": None}],
    "tags": ["a", "b"],
    "since": "2024-02-29",
    "seen": 5,
    "createdAt": None,
    "updatedAt": None,
}
_ROUND_TRIP = """
import 'dart:convert';
import 'models/ModelProvider.dart';

void main() {
  final json = jsonDecode(r'''%s''') as Map<String, dynamic>;
  final place = Place.fromJson(json);
  print(jsonEncode(Place.fromJson(jsonDecode(jsonEncode(place))).toJson()));
  print(place == Place.fromJson(place.toJson()));
  print(place.copyWith(name: 'Bonn').name);
}
"""


def write(directory: Path, schema: str, flags: FeatureFlags) -> None:
    artifacts = dart.emit(Models(schema=schema, flags=flags), {})
    directory.mkdir()
    for artifact in artifacts:
        (directory / artifact.path).write_bytes(artifact.content)


def test_the_files_of_the_corpus_compile(vm: DartVm, tmp_path: Path) -> None:
    schemas = [case.schema for case in corpus.cases() if case.name.startswith("applications/")]
    schemas += platform_schemas.SCHEMAS.values()
    written: list[str] = []
    # Relations of older projects need an older library than the stubs.
    for flags in (PROFILES["new project"], PROFILES["lazy"]):
        for schema in schemas:
            name = f"s{len(written)}"
            with suppress(SchemaError):
                write(tmp_path / name, schema, flags)
                written.append(name)
    imports = [f"import '{name}/ModelProvider.dart' as {name};\n" for name in written]
    versions = ", ".join(f"{name}.ModelProvider.instance.version" for name in written)
    program = f"{''.join(imports)}void main() => print([{versions}].length);\n"
    (tmp_path / "main.dart").write_text(program)

    result = vm.run(tmp_path / "main.dart")

    assert (result.stdout.strip(), result.stderr) == (str(len(written)), "")
    assert len(written) > len(schemas)


def test_a_model_is_the_same_after_a_round_trip(vm: DartVm, tmp_path: Path) -> None:
    write(tmp_path / "models", _PLACES, FeatureFlags())
    (tmp_path / "main.dart").write_text(_ROUND_TRIP % json.dumps(_PLACE))

    result = vm.run(tmp_path / "main.dart")

    assert result.stderr == ""
    place, is_equal, name = result.stdout.splitlines()
    assert json.loads(place) == _PLACE
    assert (is_equal, name) == ("true", "Bonn")


def test_what_is_refused_does_not_compile(vm: DartVm, tmp_path: Path) -> None:
    refused = peer_files("dart", corpus_cases())
    # The stubs are those of a library that has no longer the argument that older projects need.
    refused = {
        name: {
            file: re.sub(r"targetName: ('[^']*')", r"targetNames: [\1]", text)
            for file, text in files.items()
        }
        for name, files in refused.items()
    }
    assert len(refused) > 10
    assert refused.keys() == compile_cases(vm, refused, tmp_path).keys()
