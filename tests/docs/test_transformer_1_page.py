"""docs/transformer-1.md shows what the commands print, and its schema works with every backend."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.cli.main import main
from amplify_modelgen.modelgen import FeatureFlags
from amplify_modelgen_plugins.serve import running_server
from support.pages import DOCS, blocks

if TYPE_CHECKING:
    from pathlib import Path

PAGE = DOCS / "transformer-1.md"
SCHEMA = "amplify/backend/api/blog/schema.graphql"
(SDL,) = blocks(PAGE, "graphql")
DISAGREEMENT, ONE_TO_ONE, KEY_FIELD = blocks(PAGE, "text")
AUTHOR = """
type Author @model { id: ID! name: String }
"""
FILES = {
    "amplify/.config/project-config.json": '{"projectName": "blog", "frontend": "javascript"}',
    "amplify/team-provider-info.json": (
        '{"dev": {"awscloudformation": {"AmplifyAppId": "d2abc", "Region": "us-east-1"}}}'
    ),
    "amplify/backend/api/blog/transform.conf.json": '{"ResolverConfig": {"project": {}}}',
    SCHEMA: SDL,
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(line: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main(shlex.split(line))
    return code, capsys.readouterr().out


def set_flags(project: Path, **flags: int) -> None:
    features = {"features": {"graphqltransformer": flags}}
    (project / "amplify/cli.json").write_text(json.dumps(features))


@pytest.mark.parametrize(
    ("flags", "models", "push"),
    [
        ({"transformerversion": 2, "useexperimentalpipelinedtransformer": True}, 2, 2),
        ({}, 1, 1),
        ({"useexperimentalpipelinedtransformer": True}, 2, 2),
        ({"transformerversion": 2}, 2, 1),
    ],
)
def test_the_version_follows_the_table(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    flags: dict[str, int],
    models: int,
    push: int,
) -> None:
    set_flags(project, **flags)
    code, output = run("validate", capsys)
    assert code == (1 if push == 2 else 0)
    assert ("select transformer version 2" in output) is (models == 2)


def test_the_disagreement_is_reported_as_on_the_page(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_flags(project, transformerversion=2, useexperimentalpipelinedtransformer=True)
    _, output = run("validate", capsys)
    assert DISAGREEMENT.strip() in output
    assert output.count("schema.graphql:") == 1
    assert "(the flags are set in amplify/cli.json)" in output


def test_the_error_is_the_one_of_the_page(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    post = SDL.replace(
        "  title: String!\n",
        "  title: String!\n  authorID: ID!\n\n\n\n\n\n"
        '  author: Author! @connection(fields: ["authorID"])\n',
    )
    (project / SCHEMA).write_text(post + AUTHOR)
    code, output = run("validate", capsys)
    assert code == 1
    assert ONE_TO_ONE.strip() in output


def test_the_error_of_a_push_is_the_one_of_the_page(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / SCHEMA).write_text(SDL.replace('fields: ["postID"]) {', 'fields: ["post_id"]) {'))
    code, output = run("validate", capsys)
    assert code == 1
    assert KEY_FIELD.strip() in output


def test_the_models_are_the_same_from_every_backend(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("generate", capsys)[0] == 1
    assert run("check", capsys)[0] == 0
    files = {path: path.read_bytes() for path in project.glob("src/models/*")}
    assert files
    flags = FeatureFlags(
        transformer_version=1,
        use_experimental_pipelined_transformer=False,
        respect_primary_key_attributes_on_connection_field=False,
        add_timestamp_fields=False,
    )
    with running_server() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_AMPLIFYBACKEND", server.url)
        server.deploy(SDL, app_id="d2abc", environment="dev", resource="blog", flags=flags)
        for path in files:
            path.unlink()
        assert run("generate --backend aws --create", capsys)[0] == 1
        assert run("check --remote --backend aws", capsys)[0] == 0
    assert {path: path.read_bytes() for path in files} == files


def test_the_steps_of_the_migration_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("generate", capsys)[0] == 1
    set_flags(project, transformerversion=2, useexperimentalpipelinedtransformer=True)
    second = SDL.replace('@connection(keyName: "byPost", fields: ["id"])', "@hasMany")
    second = second.replace(' @key(name: "byPost", fields: ["postID"])', "").replace(
        '@connection(fields: ["postID"])', "@belongsTo"
    )
    (project / SCHEMA).write_text(second)
    code, output = run("generate", capsys)
    assert code == 1
    assert "warning" not in output
