from __future__ import annotations

import os
from typing import TYPE_CHECKING

from amplify_modelgen.fast_path import find_repository
from amplify_modelgen.storage.checkout_state import StateDirectory

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_repository_is_the_nearest_directory_with_git(tmp_path: Path) -> None:
    top, project = tmp_path / "top", tmp_path / "top" / "sub" / "project"
    (top / ".git").mkdir(parents=True)
    project.mkdir(parents=True)
    assert find_repository(str(project)) == find_repository(str(top)) == str(top)
    (top / "sub" / ".git").write_text("gitdir: ../.git/modules/sub\n")
    assert find_repository(str(project)) == str(top / "sub")
    assert find_repository(str(tmp_path)) is None


def test_state_is_in_the_git_directory(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert StateDirectory(tmp_path).path == tmp_path / ".git" / "amplify-modelgen"
    assert StateDirectory(tmp_path / "a" / "b").path == tmp_path / ".git" / "amplify-modelgen"


def test_two_roots_without_git_have_two_directories(tmp_path: Path) -> None:
    one, other = StateDirectory(tmp_path / "a").path, StateDirectory(tmp_path / "a%2Fb").path
    assert one is not None
    assert other is not None
    assert one.parent == other.parent
    assert one != other
    assert StateDirectory(tmp_path / "a" / "b").path != other


def test_without_git_and_home_there_is_no_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    assert StateDirectory(tmp_path).path is None


def test_unreadable_git_file_uses_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise PermissionError

    (tmp_path / ".git").write_text("gitdir: x\n")
    monkeypatch.setattr(os, "open", refuse)
    directory = StateDirectory(tmp_path).path
    assert directory is not None
    assert not directory.is_relative_to(tmp_path)
