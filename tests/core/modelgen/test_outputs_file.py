"""Files of Amplify Gen 2 as a source of models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.cli import main as cli
from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen import find_problems, generate_introspection, generate_models
from support.pages import DOCS, blocks

if TYPE_CHECKING:
    from pathlib import Path

SDL = "type Post @model { id: ID! title: String }"
DOCUMENT = generate_introspection(SDL)
FILES: dict[str, Any] = {
    "amplify_outputs.json": {"version": "1", "data": {"url": "x", "model_introspection": DOCUMENT}},
    "amplifyconfiguration.json": {"aws_project_region": "x", "modelIntrospection": DOCUMENT},
    "model-introspection.json": DOCUMENT,
}


@pytest.mark.parametrize("name", FILES)
def test_the_document_is_found(name: str) -> None:
    text = "\ufeff" + json.dumps(FILES[name], indent=2)
    assert generate_models(text, documents=("introspection",)).introspection == DOCUMENT
    assert find_problems(text, documents=("introspection",)) == ()


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ('{"data": }', "the file is not valid JSON", 1),
        ('{\n"data": 1,}', "the file is not valid JSON", 2),
        ('{"data": {}}', "the file has no model introspection document", 1),
        ('{"data": []}', "the file has no model introspection document", 1),
        ('{"a":' * 100_000, "the file is not valid JSON", 1),
    ],
)
def test_what_has_no_document_is_an_error(text: str, message: str, line: int) -> None:
    with pytest.raises(SchemaError) as caught:
        generate_introspection(text)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.message.startswith(message)
    assert diagnostic.line == line
    assert find_problems(text, documents=("introspection",)) == (diagnostic,)


def test_other_documents_need_a_schema() -> None:
    with pytest.raises(SchemaError, match="needs the GraphQL schema, which is not in"):
        generate_models(json.dumps(DOCUMENT))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of Amplify Gen 2 with the configuration of the page."""
    (tmp_path / ".git").mkdir()
    page = DOCS / "how-models-are-generated.md"
    (tmp_path / "amplify-modelgen.toml").write_text(blocks(page, "toml")[0])
    outputs = json.dumps(FILES["amplify_outputs.json"])
    (tmp_path / "amplify_outputs.json").write_text(outputs)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_outputs_are_generated_and_checked(project: Path) -> None:
    assert cli.main(["generate"]) == 1
    assert cli.main(["check"]) == 0
    assert "class Post" in (project / "tools/models.py").read_text()
    assert "export type Post" in (project / "src/models.ts").read_text()
    assert "erDiagram" in (project / "docs/models.md").read_text()
    changed = generate_introspection("type Post @model { id: ID! name: String }")
    (project / "amplify_outputs.json").write_text(json.dumps({"modelIntrospection": changed}))
    assert cli.main(["check"]) == 1


def test_preview_and_diff_read_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "new.graphql").write_text("type Post @model { id: ID! }")
    assert cli.main(["preview", "amplify_outputs.json", "--format", "mermaid"]) == 0
    assert "erDiagram" in capsys.readouterr().out
    assert cli.main(["diff", "amplify_outputs.json", "new.graphql", "--fail-on", "breaking"]) == 1
    assert "breaking   title" in capsys.readouterr().out


@pytest.mark.parametrize(
    "emitter", ["datastore", "javascript", "typescript", "swift", "java", "dart"]
)
def test_an_output_that_needs_more_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str], emitter: str
) -> None:
    (project / "amplify-modelgen.toml").write_text(
        '[[target]]\nresource = "app"\nsource = "amplify_outputs.json"\n'
        f'outputs = [{{ emitter = "{emitter}", path = "models" }}]\n'
    )
    assert cli.main(["generate"]) == 1
    message = "an output needs the GraphQL schema, which is not in a file of Amplify Gen 2"
    shown = capsys.readouterr().out
    assert message in shown
    assert "introspection, mermaid, python, typescript-types" in shown
    assert not (project / "models").exists()
    assert cli.main(["preview", "--format", emitter, "amplify_outputs.json"]) == 1
    assert message in capsys.readouterr().err


def test_schema_and_source_exclude_each_other(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "amplify-modelgen.toml").write_text(
        '[[target]]\nresource = "app"\nschema = "a.graphql"\nsource = "b.json"\n'
        'outputs = [{ emitter = "introspection", path = "models" }]\n'
    )
    assert cli.main(["check"]) == 2
    assert "expected schema or source, found both" in capsys.readouterr().err
