from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.errors import WriteError
from amplify_modelgen.files.journal import Journal, Move, is_interrupted, recover
from amplify_modelgen.files.state import checkout_folder, state_folder
from amplify_modelgen.tokens import file_digest

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = b"old\n", b"new\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    (folder / ".git").mkdir(parents=True)
    (folder / "root").mkdir()
    return folder


def move(path: str = "a", before: bytes | None = None) -> Move:
    digest = None if before is None else file_digest(before)
    return Move(path=path, temporary=f"{path}.tmp", before=digest)


def died(root: Path, *moves: Move, sealed: bool = True) -> None:
    """Leave what a run leaves that dies before its first move."""
    journal = Journal(root)
    for each in moves:
        if each.temporary is not None:
            journal.note(each.temporary)
            (root / each.temporary).write_bytes(NEW)
    if sealed:
        journal.seal(moves)
    journal.leave()


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_without_a_journal_there_is_nothing_to_do(checkout: Path) -> None:
    assert not is_interrupted(checkout)
    assert not recover(checkout)


@pytest.mark.parametrize("sealed", [True, False])
def test_a_link_in_the_place_of_a_temporary_file_leads_nowhere(
    checkout: Path, *, sealed: bool
) -> None:
    (checkout / "package.json").write_bytes(OLD)
    died(checkout, move(), sealed=sealed)
    (checkout / "a.tmp").unlink()
    (checkout / "a.tmp").symlink_to("package.json")
    if sealed:
        with pytest.raises(WriteError, match="has become a link"):
            recover(checkout)
        (checkout / "a.tmp").unlink()
    assert recover(checkout)
    assert files(checkout) == {"package.json": OLD}


@pytest.mark.parametrize("temporary", ["..", "folder", "../outside.tmp", "link/outside.tmp", "\0"])
def test_only_what_is_below_the_root_is_removed(checkout: Path, temporary: str) -> None:
    outside = checkout.parent / "outside.tmp"
    outside.write_bytes(OLD)
    (checkout / "folder").mkdir()
    (checkout / "link").symlink_to(checkout.parent, target_is_directory=True)
    journal = Journal(checkout)
    journal.note(temporary)
    journal.leave()
    assert recover(checkout)
    assert outside.read_bytes() == OLD
    assert (checkout / "folder").is_dir()


def test_a_run_that_was_not_sealed_is_taken_back(checkout: Path) -> None:
    died(checkout, move(), sealed=False)
    assert is_interrupted(checkout)
    assert recover(checkout)
    assert files(checkout) == {}
    assert not is_interrupted(checkout)


def test_a_sealed_run_is_finished(checkout: Path) -> None:
    (checkout / "b").write_bytes(OLD)
    (checkout / "gone").write_bytes(OLD)
    died(checkout, move(), move("b", OLD), Move(path="gone", before=file_digest(OLD)))
    assert recover(checkout)
    assert files(checkout) == {"a": NEW, "b": NEW}


def test_moves_that_were_made_are_not_made_again(checkout: Path) -> None:
    died(checkout, move("a"), move("b"))
    (checkout / "a.tmp").replace(checkout / "a")
    (checkout / "a").write_bytes(b"edited since")
    recover(checkout)
    assert files(checkout) == {"a": b"edited since", "b": NEW}


@pytest.mark.parametrize("edited", ["a", "b"])
def test_where_a_file_was_changed_since_nothing_is_moved(checkout: Path, edited: str) -> None:
    died(checkout, move("a"), move("b"))
    (checkout / edited).write_bytes(b"mine")
    recover(checkout)
    assert files(checkout) == {edited: b"mine"}


def test_another_root_of_the_checkout_is_put_in_order(checkout: Path) -> None:
    died(checkout / "root", move())
    recover(checkout)
    assert files(checkout / "root") == {"a": NEW}


def test_a_checkout_that_was_moved_is_put_in_order(checkout: Path) -> None:
    died(checkout / "root", move())
    moved = checkout.rename(checkout.with_name("moved"))
    recover(moved)
    assert files(moved / "root") == {"a": NEW}


def test_the_last_seal_holds(checkout: Path) -> None:
    journal = Journal(checkout)
    (checkout / "a.tmp").write_bytes(NEW)
    journal.note("a.tmp")
    journal.seal([move()])
    journal.seal([])
    journal.leave()
    recover(checkout)
    assert files(checkout) == {}


@pytest.mark.parametrize(
    "record",
    [
        {"moves": [{"path": "../up", "temporary": "a.tmp"}]},
        {"moves": [{"path": "a", "temporary": "../up"}]},
        {"moves": [{"path": "a\0", "temporary": None}]},
        {"moves": [{"other": "a"}]},
        {"moves": {"path": "a"}},
        {"moves": 1},
        {"temporary": "../up"},
        {"temporary": "\0"},
        {"root": "\0"},
        ["root"],
    ],
)
def test_what_is_no_move_below_the_root_is_not_made(checkout: Path, record: object) -> None:
    (checkout / "up").write_bytes(OLD)
    state = state_folder(checkout)
    state.mkdir()
    (state / "journal").write_text('{"root": "root"}\n' + json.dumps(record) + "\n{cut o")
    assert recover(checkout)
    assert files(checkout) == {"up": OLD}


def test_a_run_goes_on_where_no_journal_can_be_kept(checkout: Path) -> None:
    state_folder(checkout).write_text("in the way")
    journal = Journal(checkout)
    journal.note("a.tmp")
    journal.seal([])
    journal.leave()
    journal.end()
    assert not is_interrupted(checkout)


def test_outside_git_a_checkout_is_its_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", os.fspath(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", os.fspath(tmp_path / "cache"))
    assert checkout_folder(tmp_path) == tmp_path
    died(tmp_path, move())
    recover(tmp_path)
    assert files(tmp_path) == {"a": NEW}


def test_what_still_cannot_be_written_is_told_and_kept(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: str, to: str) -> None:
        raise PermissionError(13, "Permission denied", source, None, to)

    died(checkout, move())
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        with pytest.raises(WriteError, match="interrupted while it wrote, and a cannot be written"):
            recover(checkout)
    assert is_interrupted(checkout)
    assert recover(checkout)
    assert files(checkout) == {"a": NEW}


def test_of_a_state_folder_that_cannot_be_read_nothing_is_known(plain_folder: Path) -> None:
    (plain_folder / ".git").mkdir()
    folder = state_folder(plain_folder)
    folder.mkdir(mode=0o000)
    try:
        assert not is_interrupted(plain_folder)
    finally:
        folder.chmod(0o700)
