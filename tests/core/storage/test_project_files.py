from __future__ import annotations

import logging
import os
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.errors import ConfigError
from amplify_modelgen.storage import directories
from amplify_modelgen.storage.directories import is_git_name
from amplify_modelgen.storage.project_files import MAX_BYTES, DirectoryEntry, ProjectFiles

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=["descriptors", "paths"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a root; the tests run with directory descriptors and as on Windows."""
    if request.param == "paths":
        monkeypatch.setattr(directories, "_HAS_DESCRIPTORS", False)
    path = tmp_path / "root"
    path.mkdir()
    return path


@pytest.fixture
def files(root: Path) -> Iterator[ProjectFiles]:
    with ProjectFiles(root) as opened:
        yield opened


def test_reads_a_file(root: Path, files: ProjectFiles) -> None:
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "b" / "c.graphql").write_bytes(b"\xef\xbb\xbftype A\r\n\rx\n")
    assert files.read_bytes("a/b/c.graphql") == b"\xef\xbb\xbftype A\r\n\rx\n"
    assert files.read_text("a/b/c.graphql") == "type A\n\nx\n"


@pytest.mark.parametrize("path", ["a", "a/b/c", "file/below"])
def test_missing_file_is_none(root: Path, files: ProjectFiles, path: str) -> None:
    (root / "file").write_text("")
    assert files.read_bytes(path) is None
    assert files.read_text(path) is None
    assert files.list_directory(path) == ()


def test_empty_and_large_files(root: Path, files: ProjectFiles) -> None:
    (root / "empty").write_bytes(b"")
    (root / "full").write_bytes(b"x" * MAX_BYTES)
    with (root / "large").open("wb") as file:
        file.truncate(3_000_000_000)
    assert files.read_bytes("empty") == b""
    assert len(files.read_bytes("full") or b"") == MAX_BYTES
    with pytest.raises(ConfigError, match="large is larger than 20,000,000 bytes"):
        files.read_bytes("large")


def test_file_is_opened_once(root: Path, files: ProjectFiles) -> None:
    opened = []
    sys.addaudithook(lambda event, args: opened.append(args[0]) if event == "open" else None)
    (root / "a").write_text("x")
    opened.clear()
    files.read_text("a")
    files.read_bytes("a")
    assert [Path(str(path)).name for path in opened].count("a") == 1


def test_text_that_is_not_utf8_is_not_quoted(root: Path, files: ProjectFiles) -> None:
    (root / "a").write_bytes(b"secret\xff")
    with pytest.raises(ConfigError) as caught:
        files.read_text("a")
    assert caught.value.message == "a is not UTF-8 text: invalid byte at position 7"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../x", "a/../x", "./a", "a//b", "a/", "/", "a\0b", ".", "..", "//a"],
)
def test_path_outside_is_refused(files: ProjectFiles, path: str) -> None:
    with pytest.raises(ConfigError, match="is not a path below the root"):
        files.read_bytes(path)


@pytest.mark.parametrize(
    "path", [".git/config", ".GIT/HEAD", "sub/.git", "sub/.Git/x", "git~1/x", ".git /x", ".git./x"]
)
def test_git_directory_is_not_read(root: Path, files: ProjectFiles, path: str) -> None:
    (root / "sub" / ".git").mkdir(parents=True)
    with pytest.raises(ConfigError, match="is inside a git directory"):
        files.read_bytes(path)
    with pytest.raises(ConfigError, match="is inside a git directory"):
        files.list_directory(path)


def test_names_that_are_git_on_some_file_system() -> None:
    assert all(map(is_git_name, [".git", ".GIT", ".g\u200cit", "GIT~1", ".git::$DATA", ".git. . "]))
    assert not any(map(is_git_name, [".gitignore", "git", ".github", "\u00e4", "git~2", ".gi"]))


def test_link_on_the_way_is_refused(root: Path, files: ProjectFiles, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    (root / "a").mkdir()
    (root / "a" / "link").symlink_to(outside)
    for read in (files.read_bytes, files.read_text, files.list_directory):
        with pytest.raises(ConfigError) as caught:
            read("a/link/secret")
        assert caught.value.message.startswith("a/link is a symbolic link; ")
        assert caught.value.hint
    with pytest.raises(ConfigError, match="a/link is a symbolic link"):
        files.list_directory("a/link")


@pytest.mark.parametrize("target", ["inside", "nowhere", "link", "/dev/zero"])
def test_link_to_a_file_is_refused(root: Path, files: ProjectFiles, target: str) -> None:
    (root / "inside").write_text("x")
    (root / "link").symlink_to(target)
    with pytest.raises(ConfigError, match="link is a symbolic link"):
        files.read_bytes("link")


def test_root_may_be_reached_through_a_link(root: Path, tmp_path: Path) -> None:
    (root / "a").write_text("x")
    (tmp_path / "alias").symlink_to(root)
    with ProjectFiles(tmp_path / "alias") as files:
        assert files.read_text("a") == "x"


@pytest.mark.parametrize("name", ["missing", "file"])
def test_root_that_is_not_a_directory(root: Path, name: str) -> None:
    (root / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot open the root"):
        ProjectFiles(root / name)


def test_other_entries_are_refused(
    root: Path, files: ProjectFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "directory").mkdir()
    os.mkfifo(root / "fifo")
    monkeypatch.chdir(root)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        for name in ("directory", "fifo", "socket"):
            with pytest.raises(ConfigError, match=f"{name} is not a regular file"):
                files.read_bytes(name)
    assert files.list_directory("fifo") == ()


def test_unreadable_file(root: Path, files: ProjectFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "a").write_text("x")

    def fail(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "read", fail)
    with pytest.raises(ConfigError, match="cannot read a: permission denied"):
        files.read_bytes("a")


def test_name_that_is_too_long(files: ProjectFiles) -> None:
    with pytest.raises(ConfigError, match="file name too long"):
        files.read_bytes("a" * 300)
    with pytest.raises(ConfigError, match="file name too long"):
        files.list_directory("a" * 300)


def test_list_directory(root: Path, files: ProjectFiles) -> None:
    (root / "b").mkdir()
    (root / "a").write_text("")
    (root / "c").symlink_to("b")
    os.mkfifo(root / "d")
    kinds = [("a", "file"), ("b", "directory"), ("c", "link"), ("d", "other")]
    expected = tuple(DirectoryEntry(name=name, kind=kind) for name, kind in kinds)  # type: ignore[arg-type]
    assert files.list_directory("") == expected
    assert files.list_directory("b") == ()


def test_directories_that_were_listed_and_have_a_file(root: Path, files: ProjectFiles) -> None:
    for directory in ("b", "a/c", "not-listed", "other/deep"):
        (root / directory).mkdir(parents=True)
        (root / directory / "x.toml").touch()
    (root / "x.toml").touch()
    (root / "d" / "x.toml").mkdir(parents=True)
    (root / "other" / ".git").touch()
    (root / "other" / "x.toml").touch()
    (root / ".git").mkdir()
    for directory in ("b", "", "a", "a/c", "d", "other"):
        files.list_directory(directory)
    assert files.find_listed("x.toml") == ["", "a/c", "b"]
    assert files.find_listed("y.toml") == []


def test_directory_is_listed_once(root: Path, files: ProjectFiles) -> None:
    (root / "a").write_text("")
    first = files.list_directory("")
    (root / "b").write_text("")
    assert files.list_directory("") is first
    assert len(files.list_directory("", all_names=True)) == 2
    assert files.list_directory("", all_names=True) is files.list_directory("")


def test_name_that_is_not_utf8_is_skipped(
    root: Path, files: ProjectFiles, caplog: pytest.LogCaptureFixture
) -> None:
    (root / "a").mkdir()
    Path(os.fsdecode(os.fsencode(root) + b"/a/\xff")).write_text("")
    Path(os.fsdecode(os.fsencode(root) + b"/\xfe")).write_text("")
    with caplog.at_level(logging.WARNING):
        assert [entry.name for entry in files.list_directory("")] == ["a"]
        assert files.list_directory("a") == ()
    assert caplog.messages == [
        r"skipping '\udcfe': its name is not UTF-8",
        r"skipping 'a/\udcff': its name is not UTF-8",
    ]


def _make_deep(root: Path, depth: int) -> None:
    """Create d/d/.../d with a file and a sibling directory at each level."""
    descriptor = os.open(root, os.O_RDONLY)
    for _ in range(depth):
        os.close(os.open("a.graphql", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
        os.mkdir("d", dir_fd=descriptor)
        os.mkdir("e", dir_fd=descriptor)
        child = os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = child
    os.close(descriptor)


def _remove_deep(root: Path, depth: int) -> None:
    # Neither `rm` of every system nor shutil can remove 1,500 levels.
    for _ in range(depth):
        (root / "a.graphql").unlink()
        (root / "e").rmdir()
        (root / "d").rename(root.parent / "d")
        root.rmdir()
        (root.parent / "d").rename(root)


def _walk(files: ProjectFiles) -> int:
    count = 0
    pending = [""]
    while pending:
        directory = pending.pop()
        for entry in files.list_directory(directory):
            path = f"{directory}/{entry.name}" if directory else entry.name
            if entry.kind == "directory":
                pending.append(path)
            else:
                assert files.read_text(path) == ""
                count += 1
    return count


def test_depth_is_neither_recursive_nor_quadratic(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    root = tmp_path / "deep"
    root.mkdir()
    _make_deep(root, 1500)
    opened = 0

    def count(event: str, _: object) -> None:
        nonlocal opened
        opened += event in ("open", "os.scandir")

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        sys.addaudithook(count)
        start = time.monotonic()
        with ProjectFiles(root) as files:
            opened = 0
            assert _walk(files) == 1500
            assert opened < 50_000
            assert len(files.fingerprints()) == 1 + 1500 + 3001
        assert time.monotonic() - start < 5
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        _remove_deep(root, 1500)


def test_descriptors_are_closed(root: Path) -> None:
    (root / "a" / "b").mkdir(parents=True)
    before = len(list(Path("/proc/self/fd").iterdir()))
    with ProjectFiles(root) as files:
        files.list_directory("a/b")
        files.read_bytes("a/b/c")
        with pytest.raises(ConfigError):
            files.read_bytes("a")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def _kinds(files: ProjectFiles) -> dict[str, str]:
    lines = files.fingerprints()
    assert lines[0].startswith("opened ")
    return {line.split("//")[0].split(" ")[-1]: line.split(" ")[0] for line in lines[1:]}


def test_fingerprint_of_each_path(root: Path, files: ProjectFiles) -> None:
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "b" / "c").write_text("x")
    (root / "link").symlink_to("a")
    files.read_bytes("a/b/c")
    files.read_bytes("x/y")
    files.list_directory("none")
    assert _kinds(files) == {
        "a": "parent",
        "a/b": "parent",
        "a/b/c": "file",
        "x/y": "absent",
        "none": "absent",
    }
    files.list_directory("a")
    files.list_directory("", all_names=True)
    with pytest.raises(ConfigError):
        files.read_bytes("link")
    assert _kinds(files) == {
        "": "all",
        "a": "directory",
        "a/b": "parent",
        "a/b/c": "file",
        "x/y": "absent",
        "none": "absent",
        "link": "failed",
    }
