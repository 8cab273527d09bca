"""Faults of the AmplifyBackend API: one target fails with one message, the other is generated."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.storage.lockfile import parse_lockfile
from support.child_processes import command, run_in_child
from support.fault_rows import ROWS
from support.fault_runs import (
    CANARIES,
    FAULTY,
    HEALTHY,
    prepare_project,
    run_row,
    with_canaries,
    with_short_waits,
)
from support.reliability_page import check_page

if TYPE_CHECKING:
    from pathlib import Path

    from support.fault_rows import Row
    from support.fault_runs import Result

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")


@pytest.fixture(scope="module")
def messages() -> dict[str, tuple[int, str]]:
    """The exit code and message of each row that ran."""
    return {}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_fault(row: Row, memory: Path, messages: dict[str, tuple[int, str]]) -> None:
    result = run_row(row, memory)
    assert result.finished.code == row.code, result.finished
    _check_reported_once(result)
    _check_files(result, survived=row.code == 1)
    _check_healthy_target(result)
    _check_no_canary(result)
    assert result.starts <= row.starts
    message = result.outcome(FAULTY)["reason"] if row.code != 1 else "survived"
    messages[row.name] = (result.finished.code, message)


def _check_reported_once(result: Result) -> None:
    """At most one target failed, with one line for the reason and a hint."""
    assert "Traceback" not in result.finished.stdout + result.finished.stderr
    failed = [line for line in result.finished.stdout.split("\n") if ": failed: " in line]
    assert len(failed) == (result.finished.code != 1)
    assert (result.outcome(FAULTY)["hint"] is not None) == bool(failed)
    assert "internal error" not in result.finished.stderr


def _check_files(result: Result, *, survived: bool) -> None:
    before, after = result.files_of("blog")
    assert (before != after) == survived
    lock = parse_lockfile(result.after["amplify-modelgen.lock"].decode())
    assert [path for path in lock if path.startswith("models/blog.")] == (
        sorted(after) if survived else []
    )
    assert not [path for path in result.after if path.endswith(".tmp")]


def _check_healthy_target(result: Result) -> None:
    assert result.outcome(HEALTHY)["outcome"] == "generated"
    before, after = result.files_of("shop")
    assert before != after


def _check_no_canary(result: Result) -> None:
    """No credential is in any output or file."""
    files = b"".join(result.after.values()).decode("utf-8", "replace")
    for text in (result.finished.stdout, result.finished.stderr, result.written, files):
        assert not [canary for canary in CANARIES if canary in text]


def test_a_refused_connection_fails_every_target_and_changes_nothing(memory: Path) -> None:
    project = prepare_project(memory, ROWS[0])
    before = project.files()
    work = command("generate", "--backend=aws", "--timeout=6")
    work = with_short_waits(with_canaries(work, "http://127.0.0.1:1"))
    finished = run_in_child(work, memory / "logs", project.root)
    assert (finished.code, project.files()) == (3, before)
    assert finished.stdout.count(": failed: ") == 2
    assert "127.0.0.1:1" in finished.stdout
    assert not [canary for canary in CANARIES if canary in finished.stdout + finished.stderr]


def test_the_page_has_every_row(messages: dict[str, tuple[int, str]]) -> None:
    if len(messages) < len(ROWS):
        pytest.skip("not every row was run")
    check_page("matrix", messages)
