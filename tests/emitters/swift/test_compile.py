"""Compile the emitter's files, those of the corpus and those that Amplify's generator breaks."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

import pytest

from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen import FeatureFlags, Models
from amplify_modelgen_plugins.emitters import swift
from amplify_modelgen_plugins.emitters.platform_faults import FAULTS
from conformance import corpus, platform_schemas
from conformance.platforms import PROFILES
from emitters.refusals import corpus_cases, peer_files
from emitters.swift.compiler import SwiftCompiler

_LAZY = PROFILES["lazy"]
_EAGER = FeatureFlags(generate_models_for_lazy_load_and_custom_selection_set=False)

CORRECTED = {
    "a keyword as a field": "type A @model { class: Int func: String! init: [Int] Any: Int }",
    "a keyword as a field of a custom type": "type N { init: Int self: Int repeat: Int }",
    "a keyword as a value": "enum E { CLASS FUNC INIT } type A @model { e: E }",
    "an enum that is not in Pascal case": "enum post_status { A } type A @model { s: post_status }",
    "a type whose keys are a keyword": "type Class @model { x: Int } type In { y: Int }",
    "a type whose keys hide a function": "type Rule @model @auth(rules: [{allow: owner}])",
    "a model in a custom type": "type A @model { x: Int } type N { a: A l: [A] }",
    "a required list of optional items": "type A @model { l: [Int]! b: A @hasOne }",
    "a keyword as a key": 'type A @model { where: ID! @primaryKey(sortKeyFields: ["x"]) x: Int! }',
}
REFUSED = {
    "type Model @model { x: Int }": "platform-name-clash",
    "type Any @model { x: Int }": "platform-name",
    "type A @model { self: Int }": "platform-name-clash",
    "type A @model { _: Int }": "platform-name",
    "enum E { _1 } type A @model { e: E }": "platform-name",
    "type A @model { id: Int! }": "platform-id-type",
    "enum E { A } type A @model { e: E! @primaryKey }": "platform-key-type",
    "type A @model @auth(rules: [{allow: owner, operations: [get]}])": "platform-auth",
    "type A @model @auth(rules: [{allow: owner, provider: identityPool}])": "platform-auth",
    "type N @auth(rules: [{allow: owner}]) { x: Int }": "platform-type-directive",
    'type A @model @auth(rules: [{allow: owner, provider: ""}])': "platform-auth",
    "type N { n: N }": "platform-recursion",
    "type A @model { b: B @hasOne } type B @model { a: A @belongsTo }": "platform-recursion",
    "type N": "platform-empty-type",
}


def write(directory: Path, schema: str, flags: FeatureFlags) -> list[Path]:
    directory.mkdir()
    paths = []
    for artifact in swift.emit(Models(schema=schema, flags=flags), {}):
        paths.append(directory / artifact.path)
        paths[-1].write_bytes(artifact.content)
    return paths


@pytest.mark.parametrize("profile", PROFILES)
def test_the_files_of_the_corpus_compile(
    judge: SwiftCompiler, tmp_path: Path, profile: str
) -> None:
    schemas = {
        case.name.replace("/", "-"): case.schema
        for case in corpus.cases()
        if case.name.startswith("applications/")
    } | platform_schemas.SCHEMAS
    errors: list[str] = []
    for name, schema in schemas.items():
        with suppress(SchemaError):
            errors += judge.errors(write(tmp_path / name, schema, PROFILES[profile]))
    assert errors == []


@pytest.mark.parametrize("schema", CORRECTED.values(), ids=CORRECTED)
def test_corrected_files_compile(judge: SwiftCompiler, tmp_path: Path, schema: str) -> None:
    assert judge.errors(write(tmp_path / "lazy", schema, _LAZY)) == []


def test_what_is_refused_does_not_compile(judge: SwiftCompiler, tmp_path: Path) -> None:
    if not isinstance(judge, SwiftCompiler):
        pytest.skip("missing judge: a parser does not find the errors")
    refused = peer_files("swift", corpus_cases())
    assert len(refused) > 10
    assert [name for name, files in refused.items() if not _errors(judge, tmp_path, files)] == []


def _errors(judge: SwiftCompiler, directory: Path, files: dict[str, str]) -> list[str]:
    # Modules with the same names cannot be compiled in one call.
    module = Path(mkdtemp(dir=directory))
    for name, text in files.items():
        (module / name).write_text(text)
    return judge.errors(module.iterdir())


@pytest.mark.parametrize("schema", REFUSED)
def test_other_faults_are_refused(schema: str) -> None:
    with pytest.raises(SchemaError) as raised:
        swift.emit(Models(schema=schema, flags=_EAGER), {})

    (diagnostic,) = raised.value.diagnostics
    assert diagnostic.rule == REFUSED[schema]
    assert diagnostic.hint == FAULTS[REFUSED[schema]].fix
    assert (diagnostic.line, diagnostic.column) != (0, 0)
