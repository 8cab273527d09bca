"""javac compiles what we write, and does not compile what we refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.errors import SchemaError
from conformance import corpus, platform_schemas
from conformance.platforms import PROFILES, emit
from emitters.java.javac import compile_cases
from emitters.refusals import corpus_cases, peer_files

if TYPE_CHECKING:
    from pathlib import Path

    from amplify_modelgen.modelgen import FeatureFlags

pytestmark = pytest.mark.usefixtures("javac")

_NAMES = """
Boolean Build Builder Class Default FIELD List LIST Model NameStep Object Objects ObjectsCompat
QueryField ROOT_PATH Set String Temporal Type UUID _ _1 __ build class class_ enum int java kind
package postIdentifier rootPath serialVersionUID super_ uuid value
"""


def java_files(schema: str, flags: FeatureFlags) -> dict[str, str] | None:
    """Return our files, or None if we refuse the schema."""
    try:
        return emit("java", schema, flags)
    except SchemaError:
        return None


def test_all_files_of_the_corpus_compile(tmp_path: Path) -> None:
    schemas = {
        **platform_schemas.SCHEMAS,
        **{
            case.name: case.schema
            for case in corpus.cases()
            if case.name.startswith("applications/") and case.flags.uses_transformer_2
        },
    }
    cases = {
        f"{name}, {profile}": files
        for name, schema in schemas.items()
        for profile, flags in PROFILES.items()
        if (files := java_files(schema, flags))
    }
    assert len(cases) > 150
    assert compile_cases(cases, tmp_path) == {}


def names_as_fields_and_types() -> dict[str, str]:
    """Return schemas in which each name is a field, a key, a model or a custom type."""
    others = "o: Post @belongsTo p: [Post] @hasMany days: [AWSDate] n: Int"
    schemas: dict[str, str] = {}
    for name in _NAMES.split():
        schemas |= {
            f"field {name}": f"type Post @model {{ {name}: ID name2: ID! {others} }}",
            f"required {name}": f"type Post @model {{ {name}: ID! name2: ID! {others} }}",
            f"key {name}": f"type Post @model {{ {name}: ID! @primaryKey {others} }}",
            f"custom {name}": f"type N {{ {name}: ID! d: AWSDate }} type A @model {{ n: N }}",
        }
        if name[0].isupper():
            used = f"type Post @model {{ name: ID! t: {name} o: [AWSDate] }}"
            schemas |= {
                f"type {name}": f"type {name} {{ name: ID! d: AWSDate l: [ID] }} {used}",
                f"model {name}": f"type {name} @model {{ name: ID! d: AWSDate b: Boolean }}",
            }
    return schemas


def test_names_are_refused_if_and_only_if_they_do_not_compile(tmp_path: Path) -> None:
    schemas = names_as_fields_and_types()
    flags = PROFILES["new project"]
    ours = {name: java_files(schema, flags) for name, schema in schemas.items()}
    written = {name: files for name, files in ours.items() if files is not None}
    assert compile_cases(written, tmp_path / "ours") == {}

    refused = peer_files("java", {name: (text, flags) for name, text in schemas.items()})
    compiled = refused.keys() - compile_cases(refused, tmp_path / "peers").keys()
    assert compiled <= {"required Objects", "field Objects", "key Objects", "custom Objects"}


def test_what_is_refused_does_not_compile(tmp_path: Path) -> None:
    refused = peer_files("java", corpus_cases())
    assert len(refused) > 10
    assert refused.keys() == compile_cases(refused, tmp_path).keys()
