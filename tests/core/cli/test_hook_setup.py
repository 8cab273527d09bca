from __future__ import annotations

import io
import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from amplify_modelgen.cli import hook_setup
from amplify_modelgen.cli.main import main

# Both without types.
yaml: Any = import_module("yaml")
load_config: Any = import_module("pre_commit.clientlib").load_config

EXAMPLE = Path(__file__).parents[3] / "examples" / "blog"
HOOKS = Path(".pre-commit-config.yaml")
EXISTING = """\
# our hooks
default_stages: [pre-commit]
repos:
# the first one
- repo: local
  hooks:
  - id: one  # a comment
    name: one
    language: system
    entry: |
      - repo: not an item

# not ours
exclude: ^vendor/
"""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def hook_ids(text: str) -> list[str]:
    return [hook["id"] for repo in yaml.safe_load(text)["repos"] for hook in repo["hooks"]]


@pytest.mark.usefixtures("project")
def test_the_hooks_are_written_and_models_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 0
    assert hook_ids(HOOKS.read_text()) == ["amplify-modelgen", "amplify-modelgen-validate"]
    shown = capsys.readouterr().out
    assert shown.startswith(
        "found blog@dev: blog.graphql\n  maintains introspection  models/blog.json\n"
        "blog@dev: stale: models/blog.json is missing\n"
    )
    assert "\ncreated .pre-commit-config.yaml\nnext: pre-commit " in shown
    assert shown.endswith("next: pre-commit install\n")
    assert len(load_config(HOOKS)["repos"]) == 1
    assert not Path("models").exists()


@pytest.mark.usefixtures("project")
def test_they_are_written_once(capsys: pytest.CaptureFixture[str]) -> None:
    main(["init"])
    text = HOOKS.read_text()
    assert main(["init", "--yes"]) == 0
    assert HOOKS.read_text() == text
    assert capsys.readouterr().out.endswith("has the hooks already\n")


def test_the_file_is_that_of_the_repository(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = project / "apps" / "web"
    inner.mkdir(parents=True)
    for name in ("amplify-modelgen.toml", "blog.graphql"):
        (project / name).rename(inner / name)
    monkeypatch.chdir(inner)
    assert main(["init"]) == 0
    assert (project / HOOKS).is_file()
    assert not (inner / HOOKS).exists()


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_existing_file_is_extended_and_otherwise_unchanged(newline: str) -> None:
    HOOKS.write_bytes(EXISTING.replace("\n", newline).encode())
    assert main(["init", "--yes"]) == 0
    assert len(load_config(HOOKS)["repos"]) == 2
    text = HOOKS.read_bytes().decode()
    assert text.count(newline) == text.count("\n")
    assert hook_ids(text) == ["one", "amplify-modelgen", "amplify-modelgen-validate"]
    assert yaml.safe_load(text)["exclude"] == "^vendor/"
    before, start, after = text.replace("\r\n", "\n").partition("- repo: https://")
    block, end, after = after.partition("    - id: amplify-modelgen-validate\n")
    assert before + after == EXISTING
    assert start
    assert end
    assert block.count("\n") == 4


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    "text",
    [
        "repos:\n  - repo: local\n    hooks: [{id: one}]",
        "repos: # all\n    - repo: local\n      hooks: [{id: one}]\n\n",
        "---\nrepos:\n- {repo: local, hooks: [{id: one}]}\nci: {skip: [one]}\n...\n",
        "repos:\n- repo: local\n  hooks: [{id: one}]\n---\n",
    ],
)
def test_the_block_has_the_indentation_of_the_list(text: str) -> None:
    HOOKS.write_text(text)
    assert main(["init", "--yes"]) == 0
    first = HOOKS.read_text().split("\n---\n", maxsplit=1)[0]
    assert hook_ids(first) == ["one", "amplify-modelgen", "amplify-modelgen-validate"]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    "text",
    [
        "repos: []\n",
        "repos:\n",
        "repos:\n  other: 1\n",
        "ci: {}\n",
        '"repos":\n- repo: local\n',
        "repos:\n- repo: local\nrepos:\n- repo: local\n",
        "repos:\n-\trepo: local\n",
    ],
)
def test_an_unusual_file_is_left_alone(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    HOOKS.write_text(text)
    assert main(["init", "--yes"]) == 2
    assert HOOKS.read_text() == text
    shown = capsys.readouterr()
    assert "      - id: amplify-modelgen\n" in shown.out
    assert "has no list 'repos:' that a block can be appended to" in shown.err


@pytest.mark.usefixtures("project")
def test_without_a_terminal_nothing_is_changed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    HOOKS.write_text(EXISTING)
    assert main(["init"]) == 2
    assert HOOKS.read_text() == EXISTING
    shown = capsys.readouterr()
    assert "      - id: amplify-modelgen\n" in shown.out
    assert "no terminal to ask whether to extend it\n  add the block by hand, or pass --yes" in (
        shown.err
    )


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("YES\n", 0), ("\n", 2), ("", 2)])
def test_the_user_is_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    HOOKS.write_text(EXISTING)
    assert main(["init"]) == code
    assert (HOOKS.read_text() == EXISTING) is (code == 2)
    assert "append it to .pre-commit-config.yaml? [y/N] " in capsys.readouterr().out


@pytest.mark.usefixtures("project")
@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_is_not_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other.yaml").write_text(EXISTING)
    HOOKS.symlink_to(tmp_path / "other.yaml")
    assert main(["init", "--yes"]) == 2
    assert (tmp_path / "other.yaml").read_text() == EXISTING
    assert ".pre-commit-config.yaml" in capsys.readouterr().err


def test_a_directory_without_a_project_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 2
    assert not HOOKS.exists()
    assert "no targets: no Amplify project" in capsys.readouterr().err


@pytest.mark.parametrize(("version", "revision"), [("1.2.3", "v1.2.3"), ("1.2.3.dev4+g5", "main")])
@pytest.mark.usefixtures("project")
def test_the_revision_is_the_installed_release(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    version: str,
    revision: str,
) -> None:
    monkeypatch.setattr(hook_setup, "__version__", version)
    main(["init"])
    repos: Any = yaml.safe_load(HOOKS.read_text())["repos"]
    assert repos[0]["rev"] == revision
    assert ("next: pre-commit autoupdate" in capsys.readouterr().out) is (revision == "main")


@pytest.mark.usefixtures("project")
def test_a_remote_schema_is_found_too(capsys: pytest.CaptureFixture[str]) -> None:
    text = Path("amplify-modelgen.toml").read_text().replace('schema = "blog.graphql"\n', "")
    Path("amplify-modelgen.toml").write_text(text)
    assert main(["init"]) == 0
    assert "found blog@dev: a schema in the backend\n" in capsys.readouterr().out


def test_a_project_without_models_has_none_to_maintain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(EXAMPLE / "amplify", tmp_path / "amplify")
    (tmp_path / "amplify/backend/api/blog/transform.conf.json").unlink()
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    shown = capsys.readouterr().out
    assert "/schema.graphql\n  maintains no files yet\namplify-modelgen: 1 target valid" in shown
