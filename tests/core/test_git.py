from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen import git as git_module
from amplify_modelgen.errors import ConfigError, ModelgenError
from amplify_modelgen.git import (
    GitError,
    GitResult,
    addable_paths,
    changed_paths,
    check_ignore,
    git_command,
    ignored_directories,
    list_tree,
    read_objects,
    repository_prefix,
    resolve_commit,
    run_git,
)
from support.repositories import commit, git, git_variables, make_hostile_directory, make_program

if TYPE_CHECKING:
    from collections.abc import Callable

MISSING = "1" * 40

FUNCTIONS: dict[str, Callable[[Path], object]] = {
    "run_git": lambda root: run_git(root, "status", "--porcelain"),
    "ignored_directories": ignored_directories,
    "check_ignore": lambda root: check_ignore(root, ["a"]),
    "addable_paths": lambda root: addable_paths(root, ["a"]),
    "repository_prefix": repository_prefix,
    "resolve_commit": lambda root: resolve_commit(root, "HEAD"),
    "list_tree": lambda root: list_tree(root, "HEAD", ""),
    "read_objects": lambda root: read_objects(root, [MISSING], 1000),
    "changed_paths": lambda root: changed_paths(root, "HEAD"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with two commits; `generated/` is ignored."""
    root = tmp_path / "checkout"
    commit(root, {"known": "old", "gone": "old", ".gitignore": "generated/\n*.log\n"})
    commit(root, {"sub/deep/file": "content", "sub/other": "text"})
    return root


def fake_git(directory: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    make_program(directory / "git", script)
    monkeypatch.setenv("PATH", f"{directory}{os.pathsep}{os.environ['PATH']}")


# Untrusted repositories


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("inside", [False, True])
def test_programs_of_a_bare_repository_in_a_subdirectory_do_not_run(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, inside: bool
) -> None:
    directory = root / "packages" / "hostile"
    marker = tmp_path / "marker"
    make_hostile_directory(directory, marker)
    if inside:
        commit(root, {"a": "content"})
    monkeypatch.chdir(directory)
    try:
        FUNCTIONS[name](directory)
    except GitError as error:
        assert "looks like a bare git repository" in error.message  # noqa: PT017
    assert not marker.exists()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_git_itself_rejects_a_bare_repository(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    directory = root / "hostile"
    marker = tmp_path / "marker"
    make_hostile_directory(directory, marker)
    monkeypatch.chdir(directory)
    monkeypatch.setattr(git_module, "_reject_bare_repository", lambda _: None)
    if name == "run_git":
        result = run_git(directory, "status")
        assert "safe.bareRepository" in result.error
    else:
        try:
            FUNCTIONS[name](directory)
        except ModelgenError as error:
            assert "bareRepository" in error.message or "revision" in error.message  # noqa: PT017
    assert not marker.exists()


def test_the_hostile_directory_runs_programs_without_protection(root: Path, tmp_path: Path) -> None:
    directory = root / "hostile"
    marker = tmp_path / "marker"
    make_hostile_directory(directory, marker)
    subprocess.run(["git", "status"], cwd=directory, check=False, capture_output=True)
    assert marker.exists()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_programs_of_the_own_configuration_do_not_run(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    marker = tmp_path / "marker"
    program = make_program(tmp_path / "program", f"touch '{marker}'\nexit 1")
    make_program(tmp_path / "hooks" / "post-index-change", f"touch '{marker}'")
    git(root, "config", "core.fsmonitor", str(program))
    git(root, "config", "core.hooksPath", str(tmp_path / "hooks"))
    git(root, "config", "diff.external", str(program))
    os.utime(root / "known", (0, 0))
    monkeypatch.chdir(root)
    FUNCTIONS[name](root)
    assert not marker.exists()


def test_a_remote_helper_does_not_run_for_a_missing_object(root: Path, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    program = make_program(tmp_path / "program", f"touch '{marker}'\nexit 1")
    for key, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{program}",
        "protocol.ext.allow": "always",
    }.items():
        git(root, "config", key, value)
    assert read_objects(root, [MISSING], 1000) == {}
    assert not marker.exists()


def test_a_bare_layout_with_a_common_directory_is_rejected(tmp_path: Path) -> None:
    for name in ("HEAD", "commondir"):
        (tmp_path / name).write_text("")
    with pytest.raises(GitError, match="looks like a bare git repository") as caught:
        run_git(tmp_path, "status")
    assert caught.value.hint


def test_a_file_called_head_is_not_a_repository(root: Path) -> None:
    (root / "sub" / "HEAD").write_text("")
    assert repository_prefix(root / "sub") == "sub/"


def test_git_is_not_searched_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_program(tmp_path / "git", f"touch '{tmp_path / 'marker'}'")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".{os.pathsep}")
    with pytest.raises(GitError, match="git is not installed") as caught:
        run_git(tmp_path, "status")
    assert caught.value.hint == "install git, or add it to PATH"
    assert not (tmp_path / "marker").exists()


# run_git


def test_variables_of_a_git_hook_do_not_count(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in git_variables().items():
        monkeypatch.setenv(name, value)
    assert repository_prefix(root / "sub") == "sub/"


def test_output_and_exit_code_are_returned(root: Path) -> None:
    result = run_git(root, "hash-object", "--stdin", stdin=b"content")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == b"6b584e8ece562ebffc15d38808cd6b98fc3d97ea\n"
    result = run_git(root, "cat-file", "-t", MISSING)
    assert result.returncode == 128
    assert result.error.startswith("fatal: ")


@pytest.mark.parametrize(
    ("stderr", "error"),
    [
        ("fatal: one\nhint: two\n\n", "fatal: one"),
        ("something\nelse\n", "else"),
        ("fatal: \x1b[31mred", "fatal: \\x1b[31mred"),
        ("", "exit code 7"),
    ],
)
def test_the_error_is_one_line(stderr: str, error: str) -> None:
    assert GitResult(returncode=7, stdout=b"", stderr=stderr).error == error


def test_a_timeout_ends_git_and_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_git(tmp_path, monkeypatch, "sleep 60 & sleep 60")
    started = time.monotonic()
    with pytest.raises(GitError, match=r"^git status did not finish within 0.2 s$"):
        run_git(tmp_path, "status", timeout=0.2)
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("script", ["exec cat /dev/zero", "cat /dev/zero & cat /dev/zero"])
def test_output_over_the_limit_ends_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    fake_git(tmp_path, monkeypatch, script)
    with pytest.raises(GitError, match=r"^git status returned more than 1,000,000 bytes$"):
        run_git(tmp_path, "status", max_bytes=1_000_000)


def test_output_at_the_limit_is_returned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path, monkeypatch, "printf 0123456789")
    assert run_git(tmp_path, "status", max_bytes=10).stdout == b"0123456789"
    with pytest.raises(GitError, match="more than 9 bytes"):
        run_git(tmp_path, "status", max_bytes=9)


def test_a_long_error_does_not_block_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path, monkeypatch, "head -c 1000000 /dev/zero >&2; echo done")
    result = run_git(tmp_path, "status")
    assert result.stdout == b"done\n"
    assert len(result.stderr) == 100_000


def test_git_may_end_before_it_has_read_its_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_git(tmp_path, monkeypatch, "exit 3")
    assert run_git(tmp_path, "status", stdin=b"x" * 1_000_000).returncode == 3


def test_an_interrupt_ends_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> bytes:
        if threading.current_thread() is threading.main_thread():
            raise KeyboardInterrupt
        return b""

    fake_git(tmp_path, monkeypatch, "sleep 60")
    monkeypatch.setattr(git_module, "_read", interrupt)
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_git(tmp_path, "status", stdin=b"")
    assert time.monotonic() - started < 30


def test_an_interrupt_before_git_is_read_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = threading.Thread.start

    def interrupt(thread: threading.Thread) -> None:
        if not isinstance(thread, threading.Timer):
            raise KeyboardInterrupt
        start(thread)

    fake_git(tmp_path, monkeypatch, "sleep 60")
    monkeypatch.setattr(threading.Thread, "start", interrupt)
    started, others = time.monotonic(), set(threading.enumerate())
    with pytest.raises(KeyboardInterrupt):
        run_git(tmp_path, "status")
    assert time.monotonic() - started < 30
    # Python waits for threads that are no daemons.
    assert all(thread.daemon for thread in threading.enumerate() if thread not in others)


@pytest.mark.parametrize("argument", ["nul\0byte", "half\ud800character"])
def test_an_argument_that_no_program_takes_is_an_error(root: Path, argument: str) -> None:
    with pytest.raises(GitError, match=r"^cannot run git: "):
        run_git(root, "rev-parse", argument)


def test_a_missing_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GitError, match=r"^cannot run git: .*No such file"):
        run_git(tmp_path / "missing", "status")


# ignored_directories


def test_ignored_directories_are_relative_to_the_root(root: Path) -> None:
    for path in ("generated", "sub/generated", "sub/tracked"):
        (root / path).mkdir(parents=True)
        (root / path / "file").write_text("")
    (root / "sub" / "x.log").write_text("")
    assert ignored_directories(root) == {"generated/", "sub/generated/"}
    assert ignored_directories(root / "sub") == {"generated/"}


def test_outside_a_checkout_no_directory_is_ignored(tmp_path: Path) -> None:
    assert ignored_directories(tmp_path) == frozenset()


@pytest.mark.parametrize("path", ["", "/nonexistent"])
def test_without_git_no_directory_is_ignored(
    root: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    (root / "generated").mkdir()
    monkeypatch.setenv("PATH", path)
    assert ignored_directories(root) == frozenset()


def test_a_checkout_of_another_user_is_an_error(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(ConfigError, match=r"^git failed to list ignored files: fatal: ") as caught:
        ignored_directories(root / "sub")
    assert "detected dubious ownership" in caught.value.message
    hint = f"git config --global --add safe.directory {root.resolve()}"
    assert (caught.value.hint or "").endswith(hint)


def test_broken_settings_of_the_user_do_not_count_outside_a_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken").write_text("[")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "broken"))
    assert ignored_directories(tmp_path) == frozenset()


def test_a_worktree_without_its_git_directory_ignores_nothing(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /nonexistent\n")
    assert ignored_directories(tmp_path) == frozenset()


# check_ignore


def test_ignored_paths_have_the_pattern_that_ignores_them(root: Path) -> None:
    (root / "sub" / ".gitignore").write_text("# comment\nother*\n!keep.log\n")
    paths = ["known", "a.log", "sub/keep.log", "sub/other", "sub/other [1]", "generated/x", ":a"]
    assert check_ignore(root, paths) == {
        "a.log": ".gitignore:2",
        "sub/other [1]": "sub/.gitignore:2",
        "generated/x": ".gitignore:1",
    }
    assert check_ignore(root / "sub", ["other", "other2"]) == {"other2": "sub/.gitignore:2"}


def test_a_path_in_a_submodule_does_not_hide_the_others(root: Path, tmp_path: Path) -> None:
    commit(tmp_path / "library", {"file": ""})
    command = ("-c", "protocol.file.allow=always", "submodule", "--quiet", "add")
    git(root, *command, str(tmp_path / "library"), "library")
    (root / "link").symlink_to(tmp_path)
    paths = ["a.log", "library/x", "link/y", "b.log", "known"]
    assert set(check_ignore(root, paths)) == {"a.log", "b.log"}


@pytest.mark.parametrize("paths", [[], ["half\ud800character"], ["nul\0.log"]])
def test_paths_that_cannot_exist_are_not_ignored(root: Path, paths: list[str]) -> None:
    assert check_ignore(root, paths) == {}


def test_without_git_or_a_checkout_nothing_is_ignored(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert check_ignore(tmp_path, ["a.log"]) == {}
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert check_ignore(root, ["a.log", "b.log"]) == {}
    monkeypatch.setenv("PATH", "")
    assert check_ignore(root, ["a.log"]) == {}


# addable_paths


@pytest.fixture
def checkout(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository as working directory; `known` was changed and `gone` removed."""
    monkeypatch.chdir(root)
    (root / "known").write_text("new")
    (root / "gone").unlink()
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
def test_changed_paths_can_be_added(checkout: Path, path: str, typed: str) -> None:
    if path != "gone":
        (checkout / path).write_text("new")
    assert addable_paths(checkout, [path]) == [typed]
    git(checkout, "add", typed)


def test_paths_that_git_would_reject_are_left_out(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (checkout / "link").symlink_to(tmp_path / "elsewhere")
    for path in ("a.log", "link/file"):
        (checkout / path).write_text("new")
    assert addable_paths(checkout, ["a.log", "known", "link/file", "never"]) == ["known"]


def test_a_tracked_path_can_be_added_although_it_is_ignored(checkout: Path) -> None:
    (checkout / "a.log").write_text("old")
    git(checkout, "add", "-f", "a.log")
    assert addable_paths(checkout, ["a.log"]) == ["a.log"]


def test_paths_to_add_are_relative_to_the_working_directory(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout / "sub")
    assert addable_paths(checkout, ["gone", "known"]) == ["../gone", "../known"]


def test_many_paths_are_asked_for_in_several_commands(checkout: Path) -> None:
    paths = [f"file{number:03}" for number in range(250)]
    for path in paths:
        (checkout / path).touch()
    assert addable_paths(checkout, paths) == paths
    assert addable_paths(checkout, []) == []


def test_outside_a_checkout_no_path_can_be_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("new")
    monkeypatch.chdir(tmp_path)
    assert addable_paths(tmp_path, ["a"]) == []


def test_without_git_no_path_can_be_added(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert addable_paths(checkout, ["known"]) == []


def test_a_removed_working_directory_is_not_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert addable_paths(Path("relative"), ["a"]) == []


# Revisions


def test_a_revision_is_resolved(root: Path) -> None:
    head = git(root, "rev-parse", "HEAD")
    assert resolve_commit(root, "HEAD") == head
    assert resolve_commit(root, head[:8]) == head
    assert resolve_commit(root, "HEAD~1") == git(root, "rev-parse", "HEAD~1")


@pytest.mark.parametrize("revision", ["nonexistent", "--all", "", "HEAD:known", "HEAD~99", "a..b"])
def test_an_unknown_revision_is_none(root: Path, revision: str) -> None:
    assert resolve_commit(root, revision) is None


def test_the_prefix_outside_a_checkout_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GitError, match=r"^git failed: fatal: not a git repository"):
        repository_prefix(tmp_path)


def test_a_tree_is_listed_and_read(root: Path) -> None:
    (root / "link").symlink_to("known")
    commit(root, {"sub/ä [1]*": "ä", ":magic/x": "magic"})
    tree = list_tree(root / "sub", "HEAD", "")
    assert sorted(tree) == [
        *(".gitignore", ":magic/x", "gone", "known"),
        *("sub/deep/file", "sub/other", "sub/ä [1]*"),
    ]
    assert sorted(list_tree(root, "HEAD", "sub")) == ["deep/file", "other", "ä [1]*"]
    assert sorted(list_tree(root, "HEAD", ":magic")) == ["x"]
    assert list_tree(root, "HEAD", "su") == list_tree(root, "HEAD", "sub/other") == {}
    ids = [tree["sub/ä [1]*"], tree["sub/deep/file"], tree["known"], tree["gone"]]
    contents = read_objects(root, ids, 1000)
    assert [contents[each] for each in ids] == ["ä".encode(), b"content", b"old", b"old"]
    with pytest.raises(GitError, match="more than 20 bytes"):
        read_objects(root, ids, 20)


def test_no_objects_are_read_for_no_ids(root: Path) -> None:
    assert read_objects(root, [], 1000) == {}


def test_missing_objects_are_left_out(root: Path) -> None:
    known = list_tree(root, "HEAD", "")["known"]
    assert read_objects(root, [MISSING, known, MISSING], 1000) == {known: b"old"}


def test_a_missing_tree_is_an_error(root: Path) -> None:
    with pytest.raises(GitError, match=r"^git failed: fatal: "):
        list_tree(root, MISSING, "")


# changed_paths


def test_a_clean_working_tree_has_no_changes(root: Path) -> None:
    (root / "a.log").write_text("ignored")
    os.utime(root / "known", (0, 0))
    before = (root / ".git" / "index").stat()
    assert changed_paths(root, "HEAD") == []
    after = (root / ".git" / "index").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_changes_are_staged_unstaged_untracked_and_removed(root: Path) -> None:
    (root / "known").write_text("new")
    (root / "gone").unlink()
    (root / "sub" / "new").write_text("untracked")
    (root / "sub" / "staged").write_text("staged")
    git(root, "add", "sub/staged")
    (root / "sub" / "deep" / "file").chmod(0o755)
    os.utime(root / "sub" / "other", (0, 0))
    below = ["deep/file", "new", "staged"]
    assert changed_paths(root, "HEAD") == ["gone", "known", *(f"sub/{path}" for path in below)]
    assert changed_paths(root / "sub", "HEAD") == below


def test_changes_count_from_the_named_commit(root: Path) -> None:
    assert changed_paths(root, "HEAD~1") == ["sub/deep/file", "sub/other"]


def test_a_staged_change_that_was_undone_is_not_a_change(root: Path) -> None:
    (root / "known").write_text("new")
    git(root, "add", "known")
    (root / "known").write_text("old")
    assert changed_paths(root, "HEAD") == []


def test_line_endings_that_git_converts_are_not_a_change(root: Path) -> None:
    commit(root, {"text": "line\n", ".gitattributes": "text text eol=crlf\n"})
    (root / "text").write_bytes(b"line\r\n")
    assert changed_paths(root, "HEAD") == []


@pytest.mark.parametrize("name", ['"quoted"', "line\nbreak", "a\tb", ":magic"])
def test_a_name_may_have_any_characters(root: Path, name: str) -> None:
    commit(root, {name: "same"})
    os.utime(root / name, (0, 0))
    assert changed_paths(root, "HEAD") == []
    (root / name).write_text("other")
    assert changed_paths(root, "HEAD") == [name]


def test_a_filter_that_fails_is_an_error(root: Path) -> None:
    commit(root, {".gitattributes": "known filter=broken\n"})
    git(root, "config", "filter.broken.clean", "false")
    git(root, "config", "filter.broken.required", "true")
    os.utime(root / "known", (0, 0))
    with pytest.raises(GitError, match=r"^git failed: fatal: known: clean filter 'broken' failed"):
        changed_paths(root, "HEAD")


def test_an_unknown_commit_to_compare_with_is_an_error(root: Path) -> None:
    with pytest.raises(GitError, match=r"^git does not know the revision 'nonexistent'$"):
        changed_paths(root, "nonexistent")


def test_a_command_to_type_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    paths = ("a/b.js", "$(touch x)/b.js", "a;b c", "-rf/b.js", ":(top)x")
    typed = "a/b.js '$(touch x)/b.js' 'a;b c' ./-rf/b.js './:(top)x'"
    assert git_command(tmp_path, "rm", *paths) == f"git rm {typed}"
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path / "a")
    assert git_command(tmp_path, "rm", "a/b.js", "c.js") == "git rm b.js ../c.js"
