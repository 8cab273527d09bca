"""Kill runs with SIGKILL: every file is old or new, and the next run completes the work."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.digests import file_digest
from amplify_modelgen.storage.checkout_state import PendingJobs
from amplify_modelgen.storage.lockfile import LOCKFILE, LockEntry, render_lockfile
from amplify_modelgen_plugins.serve import running_server
from support.child_processes import command, run_in_child, start_child, wait_for
from support.crash_points import CrashPoints, counted, dying
from support.fault_projects import SCHEMA, make_project
from support.fault_runs import with_canaries, with_short_waits
from support.job_backends import ScriptedBackend, make_job

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.child_processes import Finished
    from support.fault_projects import Project

    Run = Callable[[Callable[[], int]], Finished]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")

GENERATE = command("generate", "--no-progress")
PUSH = command("generate", "--no-progress", "--push-schema")
CHECK = command("check")
STATE_FILES = {"running.lock", "pending-jobs.jsonl", "last-check", "last-generate"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A copy of a project before a run, and its files before and after an undisturbed run."""

    project: Project
    copy: Path
    old: dict[str, bytes]
    new: dict[str, bytes]
    points: tuple[str, ...]
    logs: Path

    def run(self, work: Callable[[], int]) -> Finished:
        return run_in_child(work, self.logs, self.project.root)


def _first(project: Project, _: Run) -> None:
    project.configure("blog")


def _again(project: Project, run: Run) -> None:
    project.configure("blog")
    assert run(GENERATE).code == 1
    project.change("blog")


def _many_first(project: Project, _: Run) -> None:
    project.configure("blog", "shop", "chat")


def _many_again(project: Project, run: Run) -> None:
    project.configure("blog", "shop", "chat", outputs=2)
    assert run(GENERATE).code == 1
    project.change("blog", "chat")


def _locked(project: Project, run: Run) -> None:
    """Lock outputs as after `generate --backend aws`; the local backend drops their lines."""
    _many_again(project, run)
    paths = [path for path in project.files() if path.startswith("models/")]
    entries = {
        path: LockEntry(inputs="0" * 64, content=file_digest(path, project.files()[path]))
        for path in paths
    }
    (project.root / LOCKFILE).write_text(render_lockfile(entries))


def _without_state(project: Project, run: Run) -> None:
    """Let nothing be written in the git directory, as if it were read-only."""
    _again(project, run)
    shutil.rmtree(project.state)
    project.state.touch()


# How the checkout is prepared, its root, whether it has `.git`, and the minimum number of points.
SCENARIOS = {
    "first generation": (_first, ".", True, 20),
    "regeneration": (_again, ".", True, 15),
    "first generation of three targets": (_many_first, ".", True, 35),
    "regeneration of two targets of three": (_many_again, ".", True, 40),
    "removal of the lock": (_locked, ".", True, 40),
    "a root inside a checkout": (_locked, "services/api", True, 40),
    "no git": (_locked, ".", False, 40),
    "no state": (_without_state, ".", True, 10),
}


@pytest.fixture(params=SCENARIOS)
def scenario(request: pytest.FixtureRequest, memory: Path) -> Scenario:
    prepare, root, git, least = SCENARIOS[request.param]
    project = make_project(memory / "work", root, git=git)
    logs, report = memory / "logs", memory / "points"
    run = partial(run_in_child, logs=logs, directory=project.root)
    prepare(project, run)
    project.save(memory / "copy")
    old = project.files()
    assert run(counted(GENERATE, report)).code == 1
    new, points = project.files(), tuple(report.read_text().split("\n"))
    assert (LOCKFILE in old, LOCKFILE in new) == (prepare is _locked, False)
    assert len(points) >= least
    return Scenario(
        project=project, copy=memory / "copy", old=old, new=new, points=points, logs=logs
    )


def test_a_killed_run_leaves_old_or_new_files_and_the_next_run_completes_it(
    scenario: Scenario,
) -> None:
    for deadly in range(1, len(scenario.points) + 1):
        scenario.project.restore(scenario.copy)
        killed = scenario.run(dying(GENERATE, deadly))
        assert killed.code == -signal.SIGKILL, killed.stderr
        _check_not_torn(scenario)
        if deadly % 2:
            _check_writes_nothing(scenario)
        completed = scenario.run(GENERATE)
        assert completed.code in (0, 1), completed.stderr
        assert scenario.project.files() == scenario.new, scenario.points[deadly - 1]
        assert scenario.run(CHECK).code == 0


def _check_not_torn(scenario: Scenario) -> None:
    for path, content in scenario.project.files().items():
        if not path.endswith(".tmp"):
            assert content in (scenario.old.get(path), scenario.new.get(path)), path


def _check_writes_nothing(scenario: Scenario) -> None:
    before = scenario.project.files()
    models = {path for path in scenario.new if path.startswith("models/")}
    is_complete = all(before.get(path) == scenario.new[path] for path in models)
    checked = scenario.run(CHECK)
    assert checked.code == (0 if is_complete else 1), checked
    assert scenario.project.files() == before


def test_there_are_at_least_200_crash_points() -> None:
    assert sum(least for *_, least in SCENARIOS.values()) >= 200


def test_a_point_that_is_never_reached_kills_nothing(memory: Path) -> None:
    project = make_project(memory / "work")
    project.configure("blog")
    assert CrashPoints(1).passed == []
    assert run_in_child(dying(CHECK, 10_000), memory / "logs", project.root).code == 1


def test_check_writes_no_file_of_the_project(memory: Path) -> None:
    project = make_project(memory / "work")
    project.configure("blog", "shop")
    before = project.files()
    for arguments in (["check"], ["validate"], ["check", "--backend", "aws"]):
        run_in_child(command(*arguments), memory / "logs", project.root)
        assert project.files() == before


def _with_slow_job(work: Callable[[], int], calls: list[str]) -> Callable[[], int]:
    """Return `work` with a backend whose job takes three polls; its calls are added to `calls`."""

    def run() -> int:
        from amplify_modelgen import plugin_manager
        from amplify_modelgen.jobs import run_target

        backend = ScriptedBackend(
            start_job=[make_job("PENDING")], get_job=[make_job("IN_PROGRESS")] * 3 + [make_job()]
        )
        manager: Any = plugin_manager.PluginManager
        manager.backend = lambda *_: backend
        waits: Any = run_target
        waits._FIRST_WAIT = 0.001
        code = work()
        calls.extend(str(call[0]) for call in backend.calls if call[0] != "close")
        return code

    return run


def _recording(report: Path) -> Callable[[], int]:
    def run() -> int:
        calls: list[str] = []
        code = _with_slow_job(GENERATE, calls)()
        report.write_text("\n".join(calls))
        return code

    return run


def test_a_started_job_is_continued_after_a_kill_at_any_point(memory: Path) -> None:
    project, logs, points = make_project(memory / "work"), memory / "logs", memory / "points"
    project.configure("blog")
    project.save(memory / "copy")
    work = _with_slow_job(GENERATE, [])
    assert run_in_child(counted(work, points), logs, project.root).code == 1
    names = points.read_text().split("\n")
    continued = 0
    for deadly in range(1, len(names) + 1):
        project.restore(memory / "copy")
        assert run_in_child(dying(work, deadly), logs, project.root).code == -signal.SIGKILL
        pending = bool(PendingJobs(project.root)._entries)
        again = run_in_child(_recording(memory / "calls"), logs, project.root)
        assert again.code in (0, 1), again.stderr
        calls = (memory / "calls").read_text().split()
        assert ("start_job" in calls) == (not pending and bool(calls)), names[deadly - 1]
        continued += pending
        assert not PendingJobs(project.root)._entries
        assert {path.name for path in project.state.iterdir()} <= STATE_FILES
        assert not project.temporary_files()
    assert continued


def test_a_deployment_that_was_interrupted_is_continued(memory: Path) -> None:
    project, logs = make_project(memory / "work"), memory / "logs"
    project.configure("blog", backend="aws")
    project.change("blog")
    with running_server(job_time=1.0) as server:
        server.deploy(SCHEMA, app_id="d1", environment="dev", resource="blog")
        work = with_short_waits(with_canaries(PUSH, server.url))
        run = start_child(work, logs, project.root)
        deadline = time.monotonic() + 10
        while not any(request.operation == "GetBackendJob" for request in server.requests):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.kill(run.process, signal.SIGKILL)
        assert wait_for(run, seconds=10).code == -signal.SIGKILL
        assert run_in_child(work, logs, project.root).code == 1
        sent = Counter(request.operation for request in server.requests)
    assert (sent["UpdateBackendAPI"], sent["GenerateBackendAPIModels"]) == (1, 1)
