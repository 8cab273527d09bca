from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.files.lock import parse_lock
from faults.children import command, run_in_child
from faults.matrix import CANARIES, SPARED, STRUCK, impatient, prepared, run_row, with_canaries
from faults.page import check_page
from faults.rows import ROWS

if TYPE_CHECKING:
    from pathlib import Path

    from faults.matrix import Result
    from faults.rows import Row

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")


@pytest.fixture(scope="module")
def messages() -> dict[str, tuple[int, str]]:
    """The exit code and message of each row that ran."""
    return {}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_fault(row: Row, memory: Path, messages: dict[str, tuple[int, str]]) -> None:
    result = run_row(row, memory)
    assert result.ended.code == row.code, result.ended
    check_told_once(result)
    check_files(result, survived=row.code == 1)
    check_spared(result)
    check_silence(result)
    assert result.starts <= row.starts
    outcome = result.outcome(STRUCK)
    said = outcome["reason"] if row.code != 1 else "survived"
    messages[row.name] = (result.ended.code, said)


def check_told_once(result: Result) -> None:
    """One target failed, with one line that says why and one that says what to do."""
    assert "Traceback" not in result.ended.stdout + result.ended.stderr
    failed = [line for line in result.ended.stdout.split("\n") if ": failed: " in line]
    assert len(failed) == (result.ended.code != 1)
    outcome = result.outcome(STRUCK)
    assert (outcome["hint"] is not None) == bool(failed)
    assert "internal error" not in result.ended.stderr


def check_files(result: Result, *, survived: bool) -> None:
    before, after = result.files_of("blog")
    assert (before != after) == survived
    old = parse_lock(result.before["amplify-modelgen.lock"].decode())
    new = parse_lock(result.after["amplify-modelgen.lock"].decode())
    assert (old["d1struck/blog@dev"] != new["d1struck/blog@dev"]) == survived
    assert not [path for path in result.after if path.endswith(".tmp")]


def check_spared(result: Result) -> None:
    """The other target was finished."""
    assert result.outcome(SPARED)["outcome"] == "generated"
    before, after = result.files_of("shop")
    assert before != after


def check_silence(result: Result) -> None:
    """No credential is in anything that was said or kept."""
    files = b"".join(result.after.values()).decode("utf-8", "replace")
    for text in (result.ended.stdout, result.ended.stderr, result.written, files):
        assert not [canary for canary in CANARIES if canary in text]


def test_a_refused_connection_fails_every_target_and_changes_nothing(memory: Path) -> None:
    project = prepared(memory, ROWS[0])
    before = project.files()
    work = impatient(with_canaries(command("generate", "--timeout=3"), "http://127.0.0.1:1"))
    ended = run_in_child(work, memory / "logs", project.root)
    assert (ended.code, project.files()) == (3, before)
    assert ended.stdout.count("the connection was refused or has no route") == 2
    assert not [canary for canary in CANARIES if canary in ended.stdout + ended.stderr]


def test_the_page_tells_of_every_row(messages: dict[str, tuple[int, str]]) -> None:
    if len(messages) < len(ROWS):
        pytest.skip("not every row was run")
    check_page("matrix", messages)
