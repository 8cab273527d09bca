from __future__ import annotations

import subprocess
import sys

import pytest

from amplify_modelgen import modelgen
from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen import (
    FeatureFlags,
    find_problems,
    generate_models,
    to_javascript,
    to_json,
)

ENUM_AND_TYPE = """{
    "version": 1,
    "models": {},
    "enums": {
        "E": {
            "name": "E",
            "values": [
                "a"
            ]
        }
    },
    "nonModels": {
        "N": {
            "name": "N",
            "fields": {
                "x": {
                    "name": "x",
                    "isArray": true,
                    "type": {
                        "enum": "E"
                    },
                    "isRequired": true,
                    "attributes": [],
                    "isArrayNullable": true
                }
            }
        }
    }
}"""


def test_introspection_schema_equals_amplifys_text() -> None:
    models = generate_models("enum E { a } type N { x: [E!] }")
    assert to_json(models.introspection) == ENUM_AND_TYPE


def test_datastore_schema_ends_with_its_versions() -> None:
    document = generate_models("type Todo @model { n: String }").datastore
    assert document is not None
    assert list(document) == ["models", "enums", "nonModels", "codegenVersion", "version"]
    assert document["version"] == "e090b1a5367b0045b68d880dfcbe5348"


def test_to_javascript_returns_a_module() -> None:
    assert to_javascript({"enums": {}}) == 'export const schema = {\n    "enums": {}\n};'


def test_invalid_schema_raises_an_error_with_a_position() -> None:
    with pytest.raises(SchemaError, match=r"^2:6: A\.x refers to the type Bee") as raised:
        generate_models("type A @model {\n  x: Bee\n}")
    assert [diagnostic.line for diagnostic in raised.value.diagnostics] == [2]


def test_problems_are_sorted_by_position() -> None:
    found = find_problems("type A { x: One y: Two }")
    assert [problem.column for problem in found] == [13, 20]


def test_importing_the_engine_does_not_import_graphql_core() -> None:
    program = "import sys, amplify_modelgen.modelgen; sys.exit('graphql' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_models_contain_the_schema_and_the_flags() -> None:
    flags = FeatureFlags(add_timestamp_fields=False)
    models = generate_models("enum E { a }", flags)
    assert (models.schema, models.flags) == ("enum E { a }", flags)


def test_public_names_are_listed_before_they_are_imported() -> None:
    program = (
        "from amplify_modelgen import modelgen; import pydoc; "
        "assert {*modelgen.__all__} <= {*dir(modelgen)}; "
        "assert 'generate_models' in pydoc.render_doc(modelgen)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_unknown_names_raise_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'generate_swift'"):
        _ = modelgen.generate_swift
