from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from amplify_modelgen_plugins._staging import stageable


def git(*words: str) -> None:
    subprocess.run(["git", *words], check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, the working directory, that knows `known` and `gone`, and ignores `ignored`."""
    root = tmp_path / "checkout"
    root.mkdir()
    monkeypatch.chdir(root)
    git("init", "-q")
    for name in ("known", "gone"):
        Path(name).write_text("old")
    Path(".gitignore").write_text("ignored\n")
    git("add", "-A")
    Path("known").write_text("new")
    Path("gone").unlink()
    return root


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("known", "known"),
        ("gone", "gone"),
        ("new [1]*.json", "new [1]*.json"),
        ("-new", "./-new"),
        (":new", "./:new"),
    ],
)
def test_git_adds_what_is_named(checkout: Path, path: str, typed: str) -> None:
    if path != "gone":
        (checkout / path).write_text("new")
    assert stageable([path], checkout) == [typed]
    git("add", typed)


def test_what_git_would_refuse_is_left_out(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (checkout / "link").symlink_to(tmp_path / "elsewhere")
    for path in ("ignored", "link/file"):
        (checkout / path).write_text("new")
    assert stageable(["ignored", "known", "link/file", "never"], checkout) == ["known"]


def test_a_file_that_git_knows_counts_although_it_is_ignored(checkout: Path) -> None:
    (checkout / "ignored").write_text("old")
    git("add", "-f", "ignored")
    assert stageable(["ignored"], checkout) == ["ignored"]


def test_paths_are_those_of_the_working_directory(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkout / "sub").mkdir()
    monkeypatch.chdir(checkout / "sub")
    assert stageable(["gone", "known"], checkout) == ["../gone", "../known"]


def test_outside_git_nothing_is_to_be_staged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("new")
    monkeypatch.chdir(tmp_path)
    assert stageable(["a"], tmp_path) == []


def test_without_git_nothing_is_to_be_staged(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert stageable(["known"], checkout) == []


def test_a_run_of_no_known_root_names_all() -> None:
    assert stageable(["-a", "b"], None) == ["./-a", "b"]
