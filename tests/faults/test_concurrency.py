"""Several runs at the same time: no torn file, no second job, and all of them end."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.storage.lockfile import LOCKFILE, parse_lockfile
from amplify_modelgen_plugins.serve import running_server
from support.child_processes import command, run_in_child, start_child, wait_for
from support.fault_projects import CHANGED, SCHEMA, make_project
from support.fault_runs import with_canaries, with_short_waits

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")

ROUNDS = int(os.environ.get("AMPLIFY_MODELGEN_ROUNDS", "10"))
PROCESSES = 8
TARGETS = [f"api{number:02}" for number in range(20)]
GENERATE = command("generate", "--no-progress")


def test_one_of_many_concurrent_runs_writes(memory: Path) -> None:
    project, logs = make_project(memory / "work"), memory / "logs"
    project.configure(*TARGETS)
    run_in_child(command("check"), logs, project.root)
    for turn in range(ROUNDS):
        for name in TARGETS:
            (project.root / f"{name}.graphql").write_text(CHANGED if turn % 2 else SCHEMA)
        runs = [
            start_child(GENERATE, logs / str(number), project.root) for number in range(PROCESSES)
        ]
        ended = [wait_for(run, seconds=60) for run in runs]
        # One of them writes; the others find nothing to do.
        assert sorted(each.code for each in ended) == [0] * (PROCESSES - 1) + [1]
        assert run_in_child(command("check"), logs, project.root).code == 0
        assert len([path for path in project.files() if path.startswith("models/")]) == len(TARGETS)
        assert not project.temporary_files()
        state = [path for path in (project.checkout / ".git").rglob("*") if path.is_file()]
        assert {path.name for path in state} <= {"running.lock", "last-check", "last-generate"}


def test_concurrent_runs_start_each_job_once(memory: Path) -> None:
    project, logs = make_project(memory / "work"), memory / "logs"
    project.configure(*TARGETS, backend="aws")
    with running_server(job_time=0.1) as server:
        for name in TARGETS:
            server.deploy(SCHEMA, app_id="d1", environment="dev", resource=name)
        work = with_short_waits(with_canaries(GENERATE, server.url))
        runs = [start_child(work, logs / str(number), project.root) for number in range(PROCESSES)]
        ended = [wait_for(run, seconds=60) for run in runs]
        starts = [
            each.resource
            for each in server.requests
            if each.operation == "GenerateBackendAPIModels"
        ]
    assert sorted(each.code for each in ended) == [0] * (PROCESSES - 1) + [1]
    assert sorted(starts) == TARGETS
    assert len(parse_lockfile((project.root / LOCKFILE).read_text())) == len(TARGETS)


def test_a_killed_run_does_not_block_the_others(memory: Path) -> None:
    project, logs = make_project(memory / "work"), memory / "logs"
    project.configure(*TARGETS)
    runs = [start_child(GENERATE, logs / str(number), project.root) for number in range(4)]
    time.sleep(0.15)
    os.kill(runs[0].process, signal.SIGKILL)
    ended = [wait_for(run, seconds=60) for run in runs]
    assert all(each.code in (0, 1) for each in ended[1:])
    assert run_in_child(command("check"), logs, project.root).code == 0
