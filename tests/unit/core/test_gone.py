from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.cli import main as cli
from amplify_modelgen.files.lock import NAME, read_lock

if TYPE_CHECKING:
    from collections.abc import Callable

WEB, ADMIN = "apps/web/amplify", "apps/admin/amplify"
KEYS = [f"{ADMIN}/backend/api/blog", f"{WEB}/backend/api/blog"]
MODELS = "apps/admin/src/models/model-introspection.json"
SDL = "type Post @model {\n  id: ID!\n}\n"


def write_project(root: Path, amplify: str) -> None:
    (root / amplify / ".config").mkdir(parents=True)
    frontend = {"frontend": "javascript", "javascript": {"config": {"SourceDir": "src"}}}
    (root / amplify / ".config" / "project-config.json").write_text(json.dumps(frontend))
    (root / amplify / "backend" / "api" / "blog").mkdir(parents=True)
    (root / amplify / "backend" / "api" / "blog" / "schema.graphql").write_text(SDL)


def generated(root: Path, *amplify: str) -> Path:
    """Write projects, one for each `amplify/` folder, and generate their models."""
    (root / "amplify-modelgen.toml").write_text('backend = "local"\n')
    for each in amplify:
        write_project(root, each)
    assert run(root, "generate") == 1
    return root


def run(root: Path, *words: str) -> int:
    return cli.main([*words, "--root", str(root)])


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two projects and their models; the working directory."""
    monkeypatch.chdir(tmp_path)
    return generated(tmp_path, WEB, ADMIN)


def hide(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody list a folder, or look below it; also root is refused."""
    for name in ("scandir", "stat", "lstat"):
        monkeypatch.setattr(
            os, name, _refusing(getattr(os, name), folder, listed=name == "scandir")
        )


def _refusing(look: Callable[..., Any], hidden: Path, *, listed: bool) -> Callable[..., Any]:
    def refuse(path: Any, *rest: Any, **named: Any) -> Any:
        place = Path(path) if isinstance(path, str | Path) else Path()
        if hidden in place.parents or (listed and place == hidden):
            raise PermissionError(13, "Permission denied", path)
        return look(path, *rest, **named)

    return refuse


@pytest.mark.parametrize(
    "folder", ["apps/admin", f"{ADMIN}/backend", f"{ADMIN}/backend/api", KEYS[0]]
)
@pytest.mark.parametrize("verb", ["generate", "check"])
def test_what_cannot_be_read_is_not_taken_for_deleted(
    root: Path,
    folder: str,
    verb: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with monkeypatch.context() as patched:
        hide(root / folder, patched)
        assert run(root, verb) == 2
    told = capsys.readouterr().err
    assert f"amplify-modelgen: cannot read {folder}" in told
    assert ": permission denied\n" in told
    assert sorted(read_lock(root)) == KEYS
    assert (root / MODELS).exists()


def test_a_folder_that_no_target_was_in_is_left_out_with_a_word(
    root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (root / "private").mkdir()
    hide(root / "private", monkeypatch)
    assert run(root, "check") == 0
    assert "private is left out: cannot read it: permission denied" in caplog.messages


@pytest.mark.parametrize(
    "limits", [["--target", "blog"], [f"{WEB}/backend/api/blog/schema.graphql"]]
)
def test_a_limited_run_leaves_targets_that_are_gone_alone(root: Path, limits: list[str]) -> None:
    shutil.rmtree(root / ADMIN)
    (root / WEB / "backend/api/blog/schema.graphql").write_text(
        f"{SDL}type Tag @model {{ id: ID! }}"
    )
    assert run(root, "generate", *limits) == 1
    assert run(root, "check", *limits) == 0
    assert sorted(read_lock(root)) == KEYS
    assert (root / MODELS).exists()


def test_what_is_removed_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(root / ADMIN)
    capsys.readouterr()
    assert run(root, "generate") == 1
    assert capsys.readouterr().out.splitlines()[:3] == [
        f"{KEYS[0]}: gone: the lock named it, and there is no such target any more",
        f"  removed    {MODELS}",
        "amplify-modelgen: 1 target up to date, 1 target gone: its models were removed",
    ]


def test_models_that_were_edited_are_not_said_to_be_removed(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(root / ADMIN)
    (root / MODELS).write_text("mine")
    assert run(root, "generate") == 1
    assert "amplify-modelgen: 1 target up to date, 1 target gone\n" in capsys.readouterr().out


def git(root: Path, *words: str) -> None:
    settings = ("-c", "core.excludesFile=", "-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", "-C", str(root), *settings, *words], check=True)


def test_a_sparse_checkout_does_not_delete(root: Path) -> None:
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "all")
    git(root, "sparse-checkout", "set", "apps/web")
    assert not (root / ADMIN).exists()
    assert run(root, "check") == 0
    assert run(root, "generate") == 0
    assert sorted(read_lock(root)) == KEYS
    git(root, "sparse-checkout", "disable")
    shutil.rmtree(root / ADMIN)
    assert run(root, "check") == 1


def test_without_git_what_is_not_there_is_gone(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(root / ADMIN)
    monkeypatch.setenv("PATH", "")
    assert run(root, "check") == 1


@pytest.mark.parametrize("key", ["d1/blog@dev", "a\0b", "amplify-modelgen.toml/a", "../a"])
def test_what_is_not_there_is_gone(root: Path, key: str) -> None:
    lock = root / NAME
    lock.write_text(lock.read_text().replace(KEYS[0], key))
    assert run(root, "check") == 1
    assert run(root, "generate") == 1
    assert sorted(read_lock(root)) == KEYS
