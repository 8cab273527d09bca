"""Crashes of what puts things in order: recovery, taking back, and the memory of jobs."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.files.state import state_folder
from amplify_modelgen_plugins.local import running_server
from core_values import ScriptedBackend, job
from faults.children import command, run_in_child, start_child, wait_for
from faults.crash import CrashPoints, counted, dying
from faults.matrix import impatient, with_canaries
from faults.projects import SCHEMA, make_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from faults.projects import Project

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")

GENERATE = command("generate", "--no-progress")
PUSH = command("generate", "--no-progress", "--push-schema")
CHECK = command("check")


@pytest.fixture
def project(memory: Path) -> Project:
    """A project of two targets that were generated once, and whose schemas have changed since."""
    made = make_project(memory / "work")
    made.configure("blog", "shop")
    assert run_in_child(GENERATE, memory / "logs", made.root).code == 1
    made.change("blog", "shop")
    return made


def refusing(work: Callable[[], int], refused: str) -> Callable[[], int]:
    """Return the work whose renames to a path that ends in `refused` fail, as on a bad disk."""

    def run() -> int:
        replace, module = os.replace, os

        def failing(source: Any, to: Any) -> None:
            if str(to).endswith(refused):
                raise OSError(5, "Input/output error")
            replace(source, to)

        setattr(module, "replace", failing)  # noqa: B010 (a module's function, for this child)
        return work()

    return run


def test_a_recovery_that_is_killed_is_recovered_from(project: Project, memory: Path) -> None:
    kept, logs, old = memory / "kept", memory / "logs", project.files()
    _die_between_renames(project, memory)
    project.keep(kept)
    assert run_in_child(counted(CHECK, memory / "points"), logs, project.root).code == 0
    new = project.files()
    assert new.keys() == old.keys()
    for deadly in range(1, len((memory / "points").read_text().split("\n")) + 1):
        project.restore(kept)
        assert run_in_child(dying(CHECK, deadly), logs, project.root).code == -signal.SIGKILL
        assert run_in_child(CHECK, logs, project.root).code == 0
        assert project.files() == new


def _die_between_renames(project: Project, memory: Path) -> None:
    kept, points = memory / "before", memory / "points"
    project.keep(kept)
    assert run_in_child(counted(GENERATE, points), memory / "logs", project.root).code == 1
    project.restore(kept)
    deadly = points.read_text().split("\n").index("after replace") + 1
    assert run_in_child(dying(GENERATE, deadly), memory / "logs", project.root).code < 0


@pytest.mark.parametrize("refused", ["shop/introspection.json", "amplify-modelgen.lock"])
def test_taking_back_that_is_killed_is_finished(
    project: Project, memory: Path, refused: str
) -> None:
    kept, logs, old = memory / "kept", memory / "logs", project.files()
    project.keep(kept)
    failing = refusing(GENERATE, refused)
    ended = run_in_child(counted(failing, memory / "points"), logs, project.root)
    assert (ended.code, project.files()) == (3, old)
    assert "no file was changed" in ended.stderr + ended.stdout
    points = (memory / "points").read_text().split("\n")
    for deadly in range(points.index("before replace") + 1, len(points) + 1):
        project.restore(kept)
        assert run_in_child(dying(failing, deadly), logs, project.root).code < 0
        ended = run_in_child(CHECK, logs, project.root)
        files = project.files()
        assert files == old or ended.code == 0, points[deadly - 1]
        assert run_in_child(GENERATE, logs, project.root).code == (files == old)
        assert not any(path.endswith(".tmp") for path in project.files())


def _with_a_slow_job(work: Callable[[], int], left: list[str]) -> Callable[[], int]:
    """Return the work on a backend whose job takes three polls; `left` are the calls it saw."""

    def run() -> int:
        from amplify_modelgen import plugins
        from amplify_modelgen.jobs import following

        running = [job("IN_PROGRESS")] * 3
        backend = ScriptedBackend(start=[job("PENDING")], job=[*running, job()])
        patched: Any = plugins.Plugins
        patched.backend = lambda *_: backend
        slow: Any = following
        slow.FIRST_WAIT = 0.001
        code = work()
        left.extend(str(call[0]) for call in backend.calls)
        return code

    return run


def test_a_job_that_was_started_is_adopted_wherever_the_run_died(memory: Path) -> None:
    project, logs, points = make_project(memory / "work"), memory / "logs", memory / "points"
    project.configure("blog")
    project.keep(memory / "kept")
    work = _with_a_slow_job(GENERATE, [])
    assert run_in_child(counted(work, points), logs, project.root).code == 1
    names = points.read_text().split("\n")
    adopted = 0
    for deadly in range(1, len(names) + 1):
        project.restore(memory / "kept")
        assert run_in_child(dying(work, deadly), logs, project.root).code == -signal.SIGKILL
        noted = (state_folder(project.root) / "jobs.jsonl").exists()
        again = run_in_child(_telling(memory / "calls"), logs, project.root)
        assert again.code in (0, 1), again.stderr
        calls = (memory / "calls").read_text().split()
        assert ("start" in calls) == (not noted and bool(calls)), names[deadly - 1]
        adopted += noted
        leftover = {path.name for path in state_folder(project.root).rglob("*")}
        assert leftover <= {"running.lock", "unchanged"}
    assert adopted


def _telling(place: Path) -> Callable[[], int]:
    def run() -> int:
        calls: list[str] = []
        code = _with_a_slow_job(GENERATE, calls)()
        place.write_text("\n".join(calls))
        return code

    return run


def test_a_push_that_was_under_way_is_gone_on_with(memory: Path) -> None:
    project, logs = make_project(memory / "work"), memory / "logs"
    project.configure("blog", backend="aws")
    project.change("blog")
    with running_server(job_time=1.0) as server:
        server.deploy(SCHEMA, app_id="d1", environment="dev", resource="blog")
        work = impatient(with_canaries(PUSH, server.url))
        run = start_child(work, logs, project.root)
        deadline = time.monotonic() + 10
        while not any(each.operation == "GetBackendJob" for each in server.requests):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.kill(run.process, signal.SIGKILL)
        assert wait_for(run, seconds=10).code == -signal.SIGKILL
        assert run_in_child(work, logs, project.root).code == 1
        sent = Counter(each.operation for each in server.requests)
    assert (sent["UpdateBackendAPI"], sent["GenerateBackendAPIModels"]) == (1, 1)


def test_a_point_that_is_never_reached_kills_nobody(project: Project, memory: Path) -> None:
    assert CrashPoints(1).passed == []
    assert run_in_child(dying(CHECK, 10_000), memory / "logs", project.root).code == 1
