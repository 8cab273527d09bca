from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.files.lock import parse_lock
from amplify_modelgen.files.state import state_folder
from amplify_modelgen_plugins.local import running_server
from faults.children import command, run_in_child, start_child, wait_for
from faults.matrix import impatient, with_canaries
from faults.projects import CHANGED, SCHEMA, make_project

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")

ROUNDS = int(os.environ.get("AMPLIFY_MODELGEN_ROUNDS", "10"))
PROCESSES = 8
TARGETS = [f"api{number:02}" for number in range(20)]
GENERATE = command("generate", "--no-progress")


def test_many_runs_at_once_tear_nothing_and_all_end(memory: Path) -> None:
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
        # One of them writes; whoever comes later finds nothing to do.
        assert sorted(each.code for each in ended) == [0] * (PROCESSES - 1) + [1]
        assert run_in_child(command("check"), logs, project.root).code == 0
        lock = parse_lock((project.root / "amplify-modelgen.lock").read_text())
        assert len(lock) == len(TARGETS)
        assert not [path for path in project.files() if path.endswith(".tmp")]
        state = {path.name for path in state_folder(project.root).iterdir()}
        assert state <= {"running.lock", "unchanged"}


def test_runs_at_once_start_each_job_once(memory: Path) -> None:
    project, logs = make_project(memory / "work"), memory / "logs"
    project.configure(*TARGETS, backend="aws")
    with running_server(job_time=0.1) as server:
        for name in TARGETS:
            server.deploy(SCHEMA, app_id="d1", environment="dev", resource=name)
        work = impatient(with_canaries(GENERATE, server.url))
        runs = [start_child(work, logs / str(number), project.root) for number in range(PROCESSES)]
        ended = [wait_for(run, seconds=60) for run in runs]
        starts = [
            each.resource
            for each in server.requests
            if each.operation == "GenerateBackendAPIModels"
        ]
    assert sorted(each.code for each in ended) == [0] * (PROCESSES - 1) + [1]
    assert sorted(starts) == TARGETS


def test_a_run_that_is_killed_lets_the_others_go_on(memory: Path) -> None:
    project, logs = make_project(memory / "work"), memory / "logs"
    project.configure(*TARGETS)
    runs = [start_child(GENERATE, logs / str(number), project.root) for number in range(4)]
    time.sleep(0.15)
    os.kill(runs[0].process, signal.SIGKILL)
    ended = [wait_for(run, seconds=60) for run in runs]
    assert all(each.code in (0, 1) for each in ended[1:])
    assert run_in_child(command("check"), logs, project.root).code == 0
