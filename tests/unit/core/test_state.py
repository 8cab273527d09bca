from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from amplify_modelgen.files.state import JobMemory, git_folder, state_folder


def git(*words: str | Path) -> None:
    subprocess.run(["git", *words], check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    checkout = tmp_path / "checkout"
    git("init", "-q", checkout)
    git("-C", checkout, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q",
        "--allow-empty", "--no-verify", "-m", "empty")  # fmt: skip
    return checkout


def remembered(root: Path) -> list[Path]:
    return [path for path in state_folder(root).rglob("*") if path.is_file()]


def test_the_state_lives_in_the_git_folder(checkout: Path) -> None:
    assert state_folder(checkout) == checkout / ".git" / "amplify-modelgen"


def test_a_folder_inside_a_checkout_uses_its_git_folder(checkout: Path) -> None:
    (checkout / "a" / "b").mkdir(parents=True)
    assert git_folder(checkout / "a" / "b") == checkout / ".git"


def test_a_worktree_has_its_own_git_folder(checkout: Path, tmp_path: Path) -> None:
    git("-C", checkout, "worktree", "add", "-q", tmp_path / "worktree")
    assert git_folder(tmp_path / "worktree") == checkout / ".git" / "worktrees" / "worktree"


def test_a_relative_git_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "modules" / "sub").mkdir(parents=True)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / ".git").write_text("gitdir: ../modules/sub\n")
    folder = git_folder(tmp_path / "sub")
    assert folder is not None
    assert folder.samefile(tmp_path / "modules" / "sub")


@pytest.mark.parametrize(
    "text", [b"", b"gitdir: /nowhere/at/all\n", b"here\n", b"gitdir: \0\n", b"gitdir: \xff"]
)
def test_a_git_file_that_leads_nowhere_means_no_git(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / ".git").write_bytes(text)
    assert git_folder(tmp_path) is None


def test_an_unreadable_git_file_means_no_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError

    (tmp_path / ".git").write_text("gitdir: here\n")
    monkeypatch.setattr(Path, "read_text", refuse)
    assert git_folder(tmp_path) is None


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, ".cache"),
        ("linux", {"XDG_CACHE_HOME": "/caches"}, "/caches"),
        ("darwin", {}, "Library/Caches"),
        ("win32", {}, "AppData/Local"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local"),
    ],
)
def test_outside_git_the_state_lives_in_the_users_cache_folder(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    variables: dict[str, str],
    expected: str,
) -> None:
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(sys, "platform", platform)
    assert state_folder(Path("/elsewhere")).parent == tmp_path / expected / "amplify-modelgen"


def test_two_roots_outside_git_have_two_folders() -> None:
    assert state_folder(Path("/one")) != state_folder(Path("/other"))


def test_a_job_is_recalled_by_the_next_run(checkout: Path) -> None:
    JobMemory(checkout).note("blog@dev", "digest", "job-1")
    assert JobMemory(checkout).recall("blog@dev", "digest") == "job-1"


def test_a_job_that_ended_is_forgotten_and_leaves_no_file(checkout: Path) -> None:
    memory = JobMemory(checkout)
    memory.note("blog@dev", "digest", "job-1")
    memory.forget(["blog@dev"])
    assert memory.recall("blog@dev", "digest") is None
    assert remembered(checkout) == []


def test_a_job_for_another_schema_is_not_recalled(checkout: Path) -> None:
    memory = JobMemory(checkout)
    memory.note("blog@dev", "digest", "job-1")
    assert memory.recall("blog@dev", "another") is None


def test_targets_do_not_share_jobs(checkout: Path) -> None:
    memory = JobMemory(checkout)
    memory.note("../blog", "digest", "job-1")
    memory.note("blog", "digest", "job-2")
    assert memory.recall("../blog", "digest") == "job-1"
    assert memory.recall("blog", "digest") == "job-2"


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"1", b"null", b'{"digest": "digest"}', b'{"job": "a"}', b"\xff", b"\x00",
     b'{"digest": "digest", "job": 5}', b"[" * 200_000],
    ids=lambda content: repr(content[:40]),
)  # fmt: skip
def test_garbage_in_the_memory_recalls_nothing(checkout: Path, content: bytes) -> None:
    memory = JobMemory(checkout)
    memory.note("blog", "digest", "job-1")
    (file,) = remembered(checkout)
    file.write_bytes(content)
    assert JobMemory(checkout).recall("blog", "digest") is None


def test_a_line_that_was_cut_off_leaves_those_before_it(checkout: Path) -> None:
    memory = JobMemory(checkout)
    memory.note("blog", "digest", "job-1")
    memory.note("shop", "digest", "job-2")
    (file,) = remembered(checkout)
    file.write_bytes(file.read_bytes()[:-5])
    again = JobMemory(checkout)
    assert (again.recall("blog", "digest"), again.recall("shop", "digest")) == ("job-1", None)


def test_a_job_that_ended_is_forgotten_while_others_run(checkout: Path) -> None:
    memory = JobMemory(checkout)
    memory.note("blog", "digest", "job-1")
    memory.note("shop", "digest", "job-2")
    memory.forget(["blog"])
    again = JobMemory(checkout)
    assert (again.recall("blog", "digest"), again.recall("shop", "digest")) == (None, "job-2")


def test_the_memory_of_many_runs_does_not_grow(checkout: Path) -> None:
    JobMemory(checkout).note("left", "digest", "job-0")
    sizes = set()
    for number in range(5):
        memory = JobMemory(checkout)
        memory.note("blog", "digest", f"job-{number}")
        memory.forget(["blog"])
        sizes.add(sum(file.stat().st_size for file in remembered(checkout)))
    assert len(sizes) == 1
    assert JobMemory(checkout).recall("left", "digest") == "job-0"


def test_a_name_that_is_no_text_is_not_kept(checkout: Path) -> None:
    memory = JobMemory(checkout)
    memory.note("blog", "digest", "\ud800")
    memory.note("shop", "digest", "job-2")
    assert JobMemory(checkout).recall("shop", "digest") == "job-2"


def test_a_memory_that_cannot_be_kept_is_no_error(checkout: Path) -> None:
    (checkout / ".git" / "amplify-modelgen").write_text("a file is in the way")
    memory = JobMemory(checkout)
    memory.note("blog", "digest", "job-1")
    memory.forget(["blog"])
    assert memory.recall("blog", "digest") is None


def test_where_there_is_no_home_the_state_is_temporary(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    assert state_folder(Path("/elsewhere")).is_relative_to(tempfile.gettempdir())


def test_two_roots_of_a_checkout_do_not_share_jobs(checkout: Path) -> None:
    JobMemory(checkout / "one").note("blog", "digest", "job-1")
    assert JobMemory(checkout / "other").recall("blog", "digest") is None
    assert JobMemory(checkout / "one").recall("blog", "digest") == "job-1"
