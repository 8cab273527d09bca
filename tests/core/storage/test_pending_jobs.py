from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.storage import checkout_state
from amplify_modelgen.storage.checkout_state import PendingJobs

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "root" / ".git").mkdir(parents=True)
    return tmp_path / "root"


def state_file(checkout: Path) -> Path:
    return checkout / ".git" / "amplify-modelgen" / "pending-jobs.jsonl"


def test_next_run_continues_a_job(checkout: Path) -> None:
    PendingJobs(checkout).add("src/models", "d1", "job-1")
    assert PendingJobs(checkout).get("src/models", "d1") == "job-1"


def test_job_of_another_schema_or_target_is_not_continued(checkout: Path) -> None:
    jobs = PendingJobs(checkout)
    jobs.add("a", "d1", "job-1")
    assert jobs.get("a", "d2") is None
    assert jobs.get("b", "d1") is None
    jobs.add("a", "d2", "job-2")
    assert PendingJobs(checkout).get("a", "d2") == "job-2"
    assert PendingJobs(checkout).get("a", "d1") is None


def test_ended_job_is_discarded(checkout: Path) -> None:
    jobs = PendingJobs(checkout)
    jobs.add("a", "d", "1")
    jobs.add("b", "d", "2")
    jobs.discard("a")
    jobs.discard("never added")
    assert PendingJobs(checkout).get("a", "d") is None
    assert PendingJobs(checkout).get("b", "d") == "2"
    jobs.discard("b")
    assert state_file(checkout).read_bytes() == b""


def test_discarding_nothing_writes_nothing(checkout: Path) -> None:
    PendingJobs(checkout).discard("a")
    assert not state_file(checkout).exists()


def test_file_does_not_grow_over_runs(checkout: Path) -> None:
    for _ in range(50):
        jobs = PendingJobs(checkout)
        jobs.add("a", "d", "1")
        jobs.add("b", "d", "2")
        jobs.discard("a")
    assert len(state_file(checkout).read_bytes().splitlines()) < 5


def test_writing_is_linear(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = 0

    def count(descriptor: int, content: bytes) -> int:
        nonlocal written
        written += len(content)
        return write(descriptor, content)

    write = os.write
    monkeypatch.setattr(os, "write", count)
    jobs = PendingJobs(checkout)
    for number in range(1000):
        jobs.add(f"p{number}", "d", f"job-{number}")
    for number in range(1000):
        jobs.discard(f"p{number}")
    assert written < 2000 * 250


def test_threads_share_it(checkout: Path) -> None:
    jobs = PendingJobs(checkout)

    def work(number: int) -> None:
        for turn in range(20):
            jobs.add(f"{number}-{turn}", "d", f"job {number} {turn}")
            if turn % 2:
                jobs.discard(f"{number}-{turn}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    again = PendingJobs(checkout)
    for number in range(8):
        for turn in range(20):
            expected = None if turn % 2 else f"job {number} {turn}"
            assert again.get(f"{number}-{turn}", "d") == expected


def test_another_root_is_not_believed(checkout: Path, tmp_path: Path) -> None:
    PendingJobs(checkout).add("a", "d", "1")
    (checkout / "sub").mkdir()
    assert PendingJobs(checkout / "sub").get("a", "d") is None
    shutil.move(checkout, tmp_path / "moved")
    assert PendingJobs(tmp_path / "moved").get("a", "d") is None


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\n", b"{}\n", b"[" * 100_000, b'{"root": 1}\n', b"\0" * 100, b"null\n", b"7"],
)
def test_garbage_is_ignored_and_replaced(checkout: Path, content: bytes) -> None:
    PendingJobs(checkout).add("a", "d", "1")
    state_file(checkout).write_bytes(content)
    jobs = PendingJobs(checkout)
    assert jobs.get("a", "d") is None
    jobs.add("a", "d", "2")
    assert PendingJobs(checkout).get("a", "d") == "2"


def test_incomplete_last_line_keeps_those_before(checkout: Path) -> None:
    jobs = PendingJobs(checkout)
    jobs.add("a", "d", "1")
    jobs.add("b", "d", "2")
    content = state_file(checkout).read_bytes()
    state_file(checkout).write_bytes(content[:-5])
    again = PendingJobs(checkout)
    assert (again.get("a", "d"), again.get("b", "d")) == ("1", None)


def test_large_file_is_not_read(checkout: Path) -> None:
    PendingJobs(checkout).add("a", "d", "1")
    with state_file(checkout).open("r+b") as file:
        file.truncate(3_000_000_000)
    assert PendingJobs(checkout).get("a", "d") is None


def _link_to_victim(path: Path) -> None:
    path.symlink_to(path.parents[2] / "victim")


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, _link_to_victim])
def test_file_that_is_something_else_costs_a_second_job(
    checkout: Path, make: Callable[[Path], object]
) -> None:
    (checkout / "victim").write_text("precious")
    state_file(checkout).parent.mkdir()
    make(state_file(checkout))
    jobs = PendingJobs(checkout)
    jobs.add("a", "d", "1")
    jobs.add("b", "d", "1")
    jobs.discard("a")
    assert jobs.get("a", "d") is None
    assert jobs.get("b", "d") == "1"
    assert (checkout / "victim").read_text() == "precious"


def test_file_that_is_replaced_during_the_run(checkout: Path) -> None:
    jobs = PendingJobs(checkout)
    jobs.add("a", "d", "1")
    state_file(checkout).unlink()
    jobs.add("b", "d", "2")
    state_file(checkout).symlink_to("/dev/full")
    jobs.add("c", "d", "3")
    assert jobs.get("c", "d") == "3"


@pytest.mark.parametrize("name", ["half \ud800", "\udcff"])
def test_text_that_cannot_be_encoded_is_not_stored(checkout: Path, name: str) -> None:
    PendingJobs(checkout).add(name, "d", "1")
    PendingJobs(checkout).add("a", "d", name)
    assert PendingJobs(checkout).get(name, "d") is None
    assert PendingJobs(checkout).get("a", "d") is None


def test_no_state_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    jobs = PendingJobs(tmp_path)
    jobs.add("a", "d", "1")
    assert jobs.get("a", "d") == "1"
    assert list(tmp_path.iterdir()) == []


def test_limit_is_small() -> None:
    assert checkout_state._MAX_BYTES < 10_000_000
