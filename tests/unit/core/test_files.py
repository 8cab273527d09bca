from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from amplify_modelgen.errors import ConfigError, WriteError
from amplify_modelgen.files.paths import read_below, read_if_there, safe_path
from amplify_modelgen.files.transaction import write_all
from amplify_modelgen.records import Artifact, FileChange

NEEDS_SYMLINKS = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")


def artifact(path: str, content: bytes = b"new\n") -> Artifact:
    return Artifact(path=path, content=content)


def tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


def write_failing(
    root: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, *artifacts: Artifact
) -> None:
    """Write artifacts, the last of which cannot be put in its place."""
    replace = Path.replace

    def replace_but_last(self: Path, target: Path) -> Path:
        if target.name == Path(artifacts[-1].path).name:
            raise error
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", replace_but_last)
    write_all(root, artifacts)


def test_files_are_written_in_folders_that_may_not_exist(tmp_path: Path) -> None:
    changes = write_all(tmp_path / "root", [artifact("a.json"), artifact("b/c/d.json", b"")])
    assert tree(tmp_path / "root") == {"a.json": b"new\n", "b/c/d.json": b""}
    assert changes == (
        FileChange(path="a.json", action="created"),
        FileChange(path="b/c/d.json", action="created"),
    )


def test_another_content_replaces_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    assert write_all(tmp_path, [artifact("a")]) == (FileChange(path="a", action="changed"),)
    assert tree(tmp_path) == {"a": b"new\n"}


@pytest.mark.parametrize("content", [b"new\n", b"new\r\n"])
def test_the_same_content_is_left_alone_whichever_its_line_ends(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "a").write_bytes(content)
    os.utime(tmp_path / "a", (1, 1))
    assert write_all(tmp_path, [artifact("a")]) == (FileChange(path="a", action="unchanged"),)
    assert (tmp_path / "a").read_bytes() == content
    assert (tmp_path / "a").stat().st_mtime == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
@pytest.mark.parametrize("mode", [0o755, 0o640, 0o666])
def test_the_mode_of_a_file_is_kept(tmp_path: Path, mode: int) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(mode)
    write_all(tmp_path, [artifact("a")])
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == mode


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_mode_that_the_user_wants(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        write_all(tmp_path, [artifact("a")])
        assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o666 & ~mask
        assert os.umask(mask) == mask
    finally:
        os.umask(before)


def test_if_one_file_cannot_be_replaced_all_are_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old").write_bytes(b"old\r\n")
    (tmp_path / "last").write_bytes(b"last")
    artifacts = artifact("old"), artifact("created"), artifact("last")
    with pytest.raises(WriteError, match="last cannot be written: disk on fire; no file was"):
        write_failing(tmp_path, monkeypatch, OSError(5, "disk on fire"), *artifacts)
    assert tree(tmp_path) == {"old": b"old\r\n", "last": b"last"}


def test_an_interrupt_puts_everything_back_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old").write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        write_failing(tmp_path, monkeypatch, KeyboardInterrupt(), artifact("old"), artifact("b"))
    assert tree(tmp_path) == {"old": b"old"}


def test_a_file_that_cannot_be_put_back_does_not_keep_others_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b").write_bytes(b"old")

    def refuse(_: Path, *, missing_ok: bool = False) -> None:
        if not missing_ok:
            raise PermissionError

    artifacts = artifact("a"), artifact("b"), artifact("c")
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(WriteError):
        write_failing(tmp_path, monkeypatch, OSError(5, "disk on fire"), *artifacts)
    assert (tmp_path / "b").read_bytes() == b"old"


def test_a_full_disk_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="no space left on device"):
        write_all(tmp_path, [artifact("a")])
    assert tree(tmp_path) == {}


def test_a_long_name_leaves_room_for_its_temporary_file(tmp_path: Path) -> None:
    name = "\N{GRINNING FACE}" * 63
    write_all(tmp_path, [artifact(name)])
    assert tree(tmp_path) == {name: b"new\n"}


@pytest.mark.parametrize("path", ["../a", "/a", "b/../../a"])
def test_a_path_outside_the_root_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ConfigError, match=f"{path} is outside the root"):
        write_all(tmp_path, [artifact("first"), artifact(path)])
    assert tree(tmp_path) == {}


def test_a_neighbour_whose_name_begins_like_the_roots_is_outside(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is outside the root"):
        safe_path(tmp_path / "root", "../root-2/a")


@NEEDS_SYMLINKS
def test_a_link_that_leaves_the_root_is_refused(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "link").symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(ConfigError, match="link/a is outside the root"):
        write_all(tmp_path / "root", [artifact("link/a")])
    assert tree(tmp_path) == {}


@NEEDS_SYMLINKS
def test_the_root_may_be_a_link_itself(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "link").symlink_to("root", target_is_directory=True)
    assert safe_path(tmp_path / "link", "a") == Path(os.path.realpath(tmp_path)) / "root" / "a"
    with pytest.raises(ConfigError, match="is outside the root"):
        safe_path(tmp_path / "link", "../link-2/a")


@NEEDS_SYMLINKS
def test_a_link_inside_the_root_stays_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "link").symlink_to("file")
    write_all(tmp_path, [artifact("link")])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new\n"


@NEEDS_SYMLINKS
def test_a_root_that_is_a_link_is_no_way_out(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "root").symlink_to("real")
    write_all(tmp_path / "root", [artifact("a")])
    assert tree(tmp_path / "real") == {"a": b"new\n"}


def test_a_folder_in_the_way_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(ConfigError, match="a is a folder, and a file of that name") as caught:
        write_all(tmp_path, [artifact("first"), artifact("a")])
    assert caught.value.hint == "remove the folder, or give the output another path"
    assert tree(tmp_path) == {}


def test_a_file_where_a_folder_is_wanted_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(WriteError, match="a/b cannot be written: "):
        write_all(tmp_path, [artifact("first"), artifact("a/b")])
    assert tree(tmp_path) == {"a": b"old"}


def test_two_files_of_which_one_is_the_others_folder_are_both_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="a is a folder"):
        write_all(tmp_path, [artifact("a/b"), artifact("a")])
    assert tree(tmp_path) == {}


def test_a_read_only_file_is_not_replaced(plain_folder: Path) -> None:
    (plain_folder / "a").write_bytes(b"old")
    (plain_folder / "a").chmod(0o444)
    with pytest.raises(WriteError, match="a cannot be written: the file is read-only; no file"):
        write_all(plain_folder, [artifact("first"), artifact("a")])
    assert tree(plain_folder) == {"a": b"old"}


def test_a_read_only_folder_is_respected(plain_folder: Path) -> None:
    (plain_folder / "a").mkdir(mode=0o555)
    with pytest.raises(WriteError, match="a/b cannot be written: ") as caught:
        write_all(plain_folder, [artifact("a/b")])
    assert "check the permissions" in (caught.value.hint or "")
    (plain_folder / "a").chmod(0o755)
    assert tree(plain_folder) == {}


def test_an_unreadable_file_is_not_written(plain_folder: Path) -> None:
    (plain_folder / "a").write_bytes(b"old")
    (plain_folder / "a").chmod(0o000)
    with pytest.raises(WriteError, match="a cannot be written: "):
        write_all(plain_folder, [artifact("a")])


def test_a_folder_that_cannot_be_searched_is_an_error_with_a_message(plain_folder: Path) -> None:
    (plain_folder / "a").mkdir()
    (plain_folder / "a").chmod(0o000)
    with pytest.raises(WriteError, match="a/b cannot be written: "):
        write_all(plain_folder, [artifact("a/b")])
    (plain_folder / "a").chmod(0o755)


def test_an_unreadable_file_is_a_configuration_error_to_readers(plain_folder: Path) -> None:
    (plain_folder / "a").write_bytes(b"old")
    (plain_folder / "a").chmod(0o000)
    with pytest.raises(ConfigError, match="a cannot be read: "):
        read_below(plain_folder, "a")


def test_a_file_below_the_root_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\r\n")
    assert read_below(tmp_path, "a") == b"\r\n"


@pytest.mark.parametrize("path", ["missing", "file/below"])
def test_there_is_nothing_to_read_where_no_file_is(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert read_if_there(tmp_path / path) is None
