"""What a project of Amplify Gen 2 gets from the file that it has for clients.

`gen_2/amplify_outputs.json` has the introspection document that Amplify's generator made of the
schema of a data model in TypeScript: `a.model`, `a.customType`, `a.enum`, `a.hasMany`,
`a.identifier`, authorization rules, and custom operations.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.modelgen import generate_models
from amplify_modelgen_plugins.emitters import json_documents, mermaid, typescript
from support.emitted import load, python_text

if TYPE_CHECKING:
    from amplify_modelgen.plugin import Models

HERE = Path(__file__).with_name("gen_2")
OUTPUTS: dict[str, Any] = json.loads((HERE / "amplify_outputs.json").read_text())
DOCUMENT = OUTPUTS["data"]["model_introspection"]
FILES = {
    "amplify_outputs.json": OUTPUTS,
    "amplifyconfiguration.json": {
        "aws_project_region": "us-east-1",
        "aws_appsync_graphqlEndpoint": OUTPUTS["data"]["url"],
        "modelIntrospection": DOCUMENT,
    },
}


@pytest.fixture(params=FILES)
def models(request: pytest.FixtureRequest) -> Models:
    return generate_models(json.dumps(FILES[request.param], indent=2), documents=("introspection",))


def test_it_has_what_projects_have() -> None:
    assert {"models", "nonModels", "enums", "queries", "mutations", "subscriptions", "inputs"} < {
        *DOCUMENT
    }
    kinds = {
        field["association"]["connectionType"]
        for model in DOCUMENT["models"].values()
        for field in model["fields"].values()
        if "association" in field
    }
    assert kinds == {"HAS_MANY", "HAS_ONE", "BELONGS_TO"}


def test_types(models: Models) -> None:
    (artifact,) = typescript.emit_types(models, {})
    assert artifact.content.decode() == (HERE / "models.ts").read_text()


def test_the_document(models: Models) -> None:
    introspection = json_documents.modelgen_emitters()[0]
    (artifact,) = introspection.emit(models, {})
    assert json.loads(artifact.content) == DOCUMENT
    assert artifact.content.startswith(b'{\n    "version": 1,\n    "models": {\n')


def test_the_diagram(models: Models) -> None:
    (artifact,) = mermaid.emit(models, {})
    text = artifact.content.decode()
    for line in (
        '        AWSDateTime sentAt PK "AWSDateTime!"\n',
        "        ID postId FK, UK\n",
        '    "Post" |o--o{ "Comment" : "comments / post"\n',
        '    "Comment" |o..o| "CommentMeta" : "meta"\n',
        "| `PostStatus` | `DRAFT`, `inReview`, `published` |\n",
    ):
        assert line in text


@pytest.mark.parametrize("style", ["dataclass", "typeddict"])
def test_python(models: Models, style: str, tmp_path: Path) -> None:
    module = load(python_text(models, style), tmp_path)
    response = {
        "id": "1",
        "title": "Hello",
        "status": "inReview",
        "blogId": "2",
        "comments": {"items": [{"author": "a@example.com", "sentAt": "2026-01-02T03:04:05Z"}]},
    }
    if style == "typeddict":
        post = module.from_dict(module.Post, response)
        comment = post["comments"][0]["sentAt"]
    else:
        post = module.Post.from_dict(response)
        comment = post.comments[0].sentAt
        assert post.status is module.PostStatus.inReview
        assert "comments" not in post.to_input()
    assert comment.isoformat() == "2026-01-02T03:04:05+00:00"
