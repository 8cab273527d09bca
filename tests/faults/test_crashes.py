from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.files.state import state_folder
from faults.children import Ended, command, run_in_child
from faults.crash import counted, dying
from faults.projects import Project, make_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")

GENERATE = command("generate", "--no-progress")
CHECK = command("check")
ORDER = "an earlier run was interrupted while it wrote; that has been put in order"
STATE = {"running.lock", "unchanged", "jobs.jsonl", "jobs.new"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A checkout before a run (`kept`), and its files before and after one that nobody killed."""

    project: Project
    kept: Path
    old: dict[str, bytes]
    new: dict[str, bytes]
    points: tuple[str, ...]
    logs: Path

    def run(self, work: Callable[[], int]) -> Ended:
        return run_in_child(work, self.logs, self.project.root)


def _first(project: Project, _: Callable[[Callable[[], int]], Ended]) -> None:
    project.configure("blog")


def _again(project: Project, run: Callable[[Callable[[], int]], Ended]) -> None:
    project.configure("blog")
    assert run(GENERATE).code == 1
    project.change("blog")


def _many_first(project: Project, _: Callable[[Callable[[], int]], Ended]) -> None:
    project.configure("blog", "shop", "chat")


def _many_again(project: Project, run: Callable[[Callable[[], int]], Ended]) -> None:
    project.configure("blog", "shop", "chat", outputs=2)
    assert run(GENERATE).code == 1
    project.change("blog", "chat")


def _removal(project: Project, run: Callable[[Callable[[], int]], Ended]) -> None:
    project.configure("blog", "shop", "chat", outputs=2)
    assert run(GENERATE).code == 1
    project.configure("blog", "shop", "chat", outputs=1)
    project.change("shop")


# How the checkout is prepared, its root, whether it is git's, and the least number of points.
SCENARIOS = {
    "first generation": (_first, ".", True, 45),
    "regeneration": (_again, ".", True, 45),
    "first generation of three targets": (_many_first, ".", True, 70),
    "regeneration of two targets of three": (_many_again, ".", True, 70),
    "removal of former outputs": (_removal, ".", True, 55),
    "a root inside a checkout": (_removal, "services/api", True, 45),
    "no git": (_removal, ".", False, 45),
}


@pytest.fixture(params=SCENARIOS)
def scenario(request: pytest.FixtureRequest, memory: Path) -> Scenario:
    prepare, root, git, least = SCENARIOS[request.param]
    project = make_project(memory / "work", root, git=git)
    logs, report = memory / "logs", memory / "points"
    run = partial(run_in_child, logs=logs, folder=project.root)
    prepare(project, run)
    project.keep(memory / "kept")
    old = project.files()
    assert run(counted(GENERATE, report)).code == 1
    new, points = project.files(), tuple(report.read_text().split("\n"))
    assert len(points) >= least
    return Scenario(
        project=project,
        kept=memory / "kept",
        old=old,
        new=new,
        points=points,
        logs=logs,
    )


def left_behind(project: Project) -> set[str]:
    """Return what a dead run has left in the state folder."""
    folder = state_folder(project.root)
    return {path.name for path in folder.iterdir()} - STATE if folder.exists() else set()


def check_not_torn(scenario: Scenario) -> None:
    for path, content in scenario.project.files().items():
        if not path.endswith(".tmp"):
            assert content in (scenario.old.get(path), scenario.new.get(path)), path


def crash(scenario: Scenario, deadly: int) -> bool:
    """Kill a run at a point; return whether it was writing."""
    scenario.project.restore(scenario.kept)
    ended = scenario.run(dying(GENERATE, deadly))
    assert ended.code == -signal.SIGKILL, ended.stderr
    check_not_torn(scenario)
    return "journal" in left_behind(scenario.project)


def mend_by_generating(scenario: Scenario, *, writing: bool) -> None:
    mended = scenario.run(GENERATE)
    assert mended.code in (0, 1), mended.stderr
    assert (ORDER in mended.stderr) == writing
    assert scenario.project.files() == scenario.new


def mend_by_checking(scenario: Scenario, *, writing: bool) -> None:
    mended = scenario.run(CHECK)
    files = scenario.project.files()
    assert files in (scenario.old, scenario.new)
    assert mended.code == (files == scenario.old), mended.stderr
    assert (ORDER in mended.stderr) == writing
    assert left_behind(scenario.project) <= {_memory(scenario.project)}
    assert scenario.run(GENERATE).code == (files == scenario.old)
    assert scenario.project.files() == scenario.new


def _memory(project: Project) -> str:
    """Return the name of a memory that a run was writing as it died; the next one sweeps it."""
    names = [name for name in left_behind(project) if name.startswith("unchanged.")]
    assert len(names) < 2
    return names[0] if names else "unchanged"


def test_a_run_killed_anywhere_is_finished_or_taken_back(scenario: Scenario) -> None:
    for deadly in range(1, len(scenario.points) + 1):
        writing = crash(scenario, deadly)
        mend = mend_by_generating if deadly % 2 else mend_by_checking
        mend(scenario, writing=writing)
        assert left_behind(scenario.project) == set(), scenario.points[deadly - 1]
        assert scenario.run(CHECK).code == 0


def test_there_are_at_least_200_crash_points() -> None:
    assert sum(least for *_, least in SCENARIOS.values()) >= 200
