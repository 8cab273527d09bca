"""The diagram of every recorded schema, parsed by mermaid itself."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.modelgen import generate_models
from amplify_modelgen_plugins.emitters.schema_model import schema_model
from support.emitted import BLOG, mermaid_text, valid_models

if TYPE_CHECKING:
    from collections.abc import Callable

    from amplify_modelgen.plugin import Models

pytestmark = pytest.mark.node

# Keywords of mermaid's language that are valid names in GraphQL.
AWKWARD = """
type One @model { many: [Many] @hasMany one: Int pk: ID FK: uk end: String title: Int }
type Many @model { style: String one: One @belongsTo classDef: Only }
type Only { subgraph: Int class: Int _: Int __x: Int direction: TB }
type u @model { to: erDiagram }
type erDiagram { x: Int }
type TB { x: end }
type end { x: accTitle }
type accTitle { constructor: Int toString: Int x: uk }
enum uk { A }
"""


@pytest.fixture(scope="module")
def schemas() -> dict[str, Models]:
    return valid_models() | {"awkward": generate_models(AWKWARD)}


@pytest.fixture(scope="module")
def understood(
    npm_project: Callable[[Path], Path], schemas: dict[str, Models]
) -> dict[str, dict[str, Any]]:
    peer = npm_project(Path(__file__).parent / "peer")
    diagrams = {name: diagram(mermaid_text(models)) for name, models in schemas.items()}
    done = subprocess.run(
        [shutil.which("node") or "node", "judge.mjs"],
        cwd=peer,
        input=json.dumps(diagrams),
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=300,
    )
    answers: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return answers


def diagram(page: str) -> str:
    (text,) = page.split("```mermaid\n")[1:]
    return text.split("```")[0]


def test_mermaid_draws_all_diagrams(understood: dict[str, dict[str, Any]]) -> None:
    assert {name: each["error"] for name, each in understood.items() if "error" in each} == {}
    assert len(understood) > 300


def test_each_box_is_a_type_with_its_fields(
    schemas: dict[str, Models], understood: dict[str, dict[str, Any]]
) -> None:
    for name, models in schemas.items():
        expected = {
            entry.name: [each.name for each in entry.fields if each.relation is None]
            for entry in schema_model(models).objects
        }
        boxes = {
            box: [unaltered(attribute["name"]) for attribute in attributes]
            for box, attributes in understood[name]["boxes"].items()
        }
        assert boxes == expected, name


def unaltered(name: str) -> str:
    return name[:-1] if name.upper() in ("PK_", "FK_", "UK_") else name


def test_lines_have_the_cardinality_of_the_relationship(
    understood: dict[str, dict[str, Any]],
) -> None:
    lines = understood["examples/blog"]["lines"]
    drawn = {line["label"]: (line["left"], line["right"], line["cardA"]) for line in lines}
    assert drawn["posts / blog"] == ("Blog", "Post", "ZERO_OR_MORE")
    assert drawn["theme"] == ("Blog", "Theme", "ZERO_OR_ONE")
    assert len(lines) == 7
    assert lines[0]["cardB"] == "ONLY_ONE"
    assert BLOG.exists()
