from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.errors import ConfigError, WriteError
from amplify_modelgen.files.journal import is_interrupted, recover
from amplify_modelgen.files.transaction import Transaction
from amplify_modelgen.records import Artifact, FileChange
from amplify_modelgen.tokens import file_digest

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = b"old\n", b"new\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def new(path: str, content: bytes = NEW) -> Artifact:
    return Artifact(path=path, content=content)


def files(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in root.iterdir() if path.is_file()}


def test_nothing_is_in_place_before_the_commit(root: Path) -> None:
    with closing(Transaction(root)) as transaction:
        assert transaction.stage([new("a")]) == (FileChange(path="a", action="created"),)
        assert "a" not in files(root)
        transaction.commit()
        assert files(root) == {"a": NEW}
    assert not is_interrupted(root)


def test_what_is_not_committed_is_gone(root: Path) -> None:
    with closing(Transaction(root)) as transaction:
        transaction.stage([new("a")])
    assert files(root) == {}


def test_a_commit_of_nothing_does_nothing(root: Path) -> None:
    with closing(Transaction(root)) as transaction:
        transaction.commit()
    assert files(root) == {}


def test_a_former_file_is_removed_unless_it_was_edited(root: Path) -> None:
    (root / "former").write_bytes(OLD)
    (root / "edited").write_bytes(b"mine")
    obsolete = dict.fromkeys(("former", "edited", "missing"), file_digest(OLD))
    with closing(Transaction(root)) as transaction:
        changes = transaction.stage([], obsolete)
        transaction.commit()
    assert changes == (FileChange(path="former", action="removed"),)
    assert files(root) == {"edited": b"mine"}


def test_a_former_file_that_is_edited_before_the_commit_is_kept(root: Path) -> None:
    (root / "former").write_bytes(OLD)
    with closing(Transaction(root)) as transaction:
        transaction.stage([], {"former": file_digest(OLD)})
        (root / "former").write_bytes(b"mine")
        transaction.commit()
    assert files(root) == {"former": b"mine"}


@pytest.mark.parametrize("content", [OLD, NEW])
def test_a_former_file_that_another_target_writes_is_kept(root: Path, content: bytes) -> None:
    (root / "a").write_bytes(OLD)
    with closing(Transaction(root)) as transaction:
        transaction.stage([], {"a": file_digest(OLD)})
        transaction.stage([new("a", content)])
        transaction.commit()
    assert files(root) == {"a": content}


def test_two_targets_cannot_write_one_file(root: Path) -> None:
    with closing(Transaction(root)) as transaction:
        transaction.stage([new("a")])
        with pytest.raises(ConfigError, match="a would be written by two targets"):
            transaction.stage([new("b"), new("a")])
        transaction.commit()
    assert files(root) == {"a": NEW}


def test_a_removed_file_comes_back_where_a_later_move_fails(root: Path) -> None:
    (root / "former").write_bytes(OLD)
    with closing(Transaction(root)) as transaction:
        transaction.stage([], {"former": file_digest(OLD)})
        transaction.stage([new("b")])
        next(root.glob(".b.*")).unlink()
        with pytest.raises(WriteError, match="b cannot be written: No such file"):
            transaction.commit()
    assert files(root) == {"former": OLD}


def test_where_the_moves_cannot_be_noted_nothing_is_moved(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with closing(Transaction(root)) as transaction:
        transaction.stage([new("a")])
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(WriteError, match="noted in the state folder: No space left") as caught:
            transaction.commit()
    assert caught.value.hint is not None
    assert "the disk that the git folder is on" in caught.value.hint
    assert files(root) == {}
    assert not is_interrupted(root)


def test_a_folder_in_the_way_at_the_commit_leaves_all_as_it_was(root: Path) -> None:
    with closing(Transaction(root)) as transaction:
        transaction.stage([new("a"), new("b")])
        (root / "b").mkdir()
        with pytest.raises(ConfigError, match="b is a folder"):
            transaction.commit()
    assert files(root) == {}


def test_a_folder_that_comes_in_the_way_of_the_moves_is_left_there(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    replace = os.replace

    def meddling(source: str, to: str) -> None:
        replace(source, to)
        (root / "b").mkdir(exist_ok=True)

    with closing(Transaction(root)) as transaction:
        transaction.stage([new("a"), new("b")])
        monkeypatch.setattr(os, "replace", meddling)
        with pytest.raises(ConfigError, match="b is a folder"):
            transaction.commit()
    assert files(root) == {}
    assert (root / "b").is_dir()


def test_what_cannot_be_put_back_is_put_in_order_by_the_next_run(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    replace, made = os.replace, [0]

    def failing(source: str, to: str) -> None:
        made[0] += 1
        if made[0] > 1:
            raise OSError(5, "disk on fire")
        replace(source, to)

    (root / "a").write_bytes(OLD)
    with monkeypatch.context() as patch, closing(Transaction(root)) as transaction:
        transaction.stage([new("a"), new("b")])
        patch.setattr(os, "replace", failing)
        with pytest.raises(WriteError, match=r"not every other be put back: .*disk on fire"):
            transaction.commit()
    assert is_interrupted(root)
    recover(root)
    assert files(root) == {"a": OLD}


def test_a_disk_that_is_full_for_what_has_to_be_put_back_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    (root / "a").write_bytes(OLD)
    with closing(Transaction(root)) as transaction:
        transaction.stage([new("a"), new("b")])
        next(root.glob(".b.*")).unlink()
        sync, made = os.fsync, [0]

        def full(number: int) -> None:
            made[0] += 1
            if made[0] > 1:
                raise OSError(28, "no space left")
            sync(number)

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(WriteError, match="not every other be put back: a cannot be written"):
            transaction.commit()
    assert is_interrupted(root)


def test_a_second_interrupt_leaves_the_rest_to_the_next_run(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    replace, made = os.replace, [0]

    def interrupted(source: str, to: str) -> None:
        made[0] += 1
        if made[0] > 1:
            raise KeyboardInterrupt
        replace(source, to)

    (root / "a").write_bytes(OLD)
    with monkeypatch.context() as patch, closing(Transaction(root)) as transaction:
        transaction.stage([new("a"), new("b")])
        patch.setattr(os, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            transaction.commit()
    assert is_interrupted(root)
    recover(root)
    assert files(root) == {"a": OLD}
