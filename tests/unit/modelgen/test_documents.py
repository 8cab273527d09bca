from __future__ import annotations

import subprocess
import sys

import pytest

from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen import find_problems, generate_models, to_javascript, to_json

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


def test_introspection_is_written_as_amplify_writes_it() -> None:
    models = generate_models("enum E { a } type N { x: [E!] }")
    assert to_json(models.introspection) == ENUM_AND_TYPE


def test_a_datastore_schema_ends_with_its_versions() -> None:
    document = generate_models("type Todo @model { n: String }").datastore
    assert list(document) == ["models", "enums", "nonModels", "codegenVersion", "version"]
    assert document["version"] == "e090b1a5367b0045b68d880dfcbe5348"


def test_a_datastore_schema_is_a_javascript_module() -> None:
    assert to_javascript({"enums": {}}) == 'export const schema = {\n    "enums": {}\n};'


def test_a_schema_that_amplify_refuses_is_an_error_with_its_place() -> None:
    with pytest.raises(SchemaError, match=r"^2:6: A\.x refers to the type Bee") as raised:
        generate_models("type A @model {\n  x: Bee\n}")
    assert [problem.line for problem in raised.value.problems] == [2]


def test_all_problems_are_found_in_their_order() -> None:
    found = find_problems("type A { x: One y: Two }")
    assert [problem.column for problem in found] == [13, 20]


def test_the_engine_is_imported_without_graphql() -> None:
    program = "import sys, amplify_modelgen.modelgen; sys.exit('graphql' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
