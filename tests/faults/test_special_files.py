"""FIFOs and sockets in place of files: refused without waiting."""

from __future__ import annotations

import os
import shutil
import socket
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.storage.checkout_state import PendingJobs
from support.child_processes import Finished, command, start_child, wait_for
from support.fault_projects import Project, make_project

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")

EXAMPLE = Path(__file__).parents[2] / "examples" / "blog"
QUICKLY = 20


@pytest.fixture
def project(memory: Path) -> Project:
    made = make_project(memory / "work")
    made.configure("blog")
    return made


def run_quickly(project: Project, *words: str) -> Finished:
    """Run a command, and kill it if it waits for a FIFO."""
    return work_quickly(project, command(*words))


def work_quickly(project: Project, work: Callable[[], int]) -> Finished:
    child = start_child(work, project.checkout.parent / "logs", project.root)
    return wait_for(child, seconds=QUICKLY)


def make_fifo(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    with chdir(path.parent), socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)


SPECIAL = pytest.mark.parametrize("make", [make_fifo, make_socket], ids=["fifo", "socket"])
INPUTS = (
    *("amplify-modelgen.toml", "pyproject.toml", "blog.graphql", "amplify-modelgen.lock"),
    "models/blog/introspection.json",
)


@SPECIAL
@pytest.mark.parametrize("command", ["generate", "check"])
@pytest.mark.parametrize("path", INPUTS)
def test_a_special_file_is_refused_at_once(
    project: Project, path: str, command: str, make: Callable[[Path], None]
) -> None:
    assert run_quickly(project, "generate", "--no-progress").code == 1
    assert run_quickly(project, "generate", "--no-progress").code == 0
    make(project.root / path)
    ended = run_quickly(project, command)
    assert ended.code == 2, ended
    assert path in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


@SPECIAL
@pytest.mark.parametrize("path", ["amplify/.config/project-config.json", "amplify/cli.json"])
def test_a_special_file_of_amplify_is_refused_at_once(
    memory: Path, path: str, make: Callable[[Path], None]
) -> None:
    project = Project(root=memory / "work", checkout=memory / "work")
    shutil.copytree(EXAMPLE, project.root)
    assert run_quickly(project, "generate", "--backend=local", "--force").code in (0, 1)
    make(project.root / path)
    ended = run_quickly(project, "generate", "--backend=local")
    assert ended.code == 2, ended
    assert path in ended.stderr


@SPECIAL
@pytest.mark.parametrize("name", ["last-check", "last-generate", "last-check.tmp"])
def test_a_special_file_in_place_of_a_cached_result_is_ignored(
    project: Project, name: str, make: Callable[[Path], None]
) -> None:
    assert run_quickly(project, "check").code == 1
    make(project.checkout / ".git" / "amplify-modelgen" / name)
    check_unaffected(project)


@SPECIAL
@pytest.mark.parametrize("name", ["running.lock", "pending-jobs.jsonl"])
def test_a_special_file_in_place_of_a_state_file_is_ignored(
    project: Project, name: str, make: Callable[[Path], None]
) -> None:
    make(project.state / name)
    check_unaffected(project)


def check_unaffected(project: Project) -> None:
    assert run_quickly(project, "generate", "--no-progress").code == 1
    assert run_quickly(project, "generate", "--no-progress").code == 0
    assert run_quickly(project, "check").code == 0


@SPECIAL
def test_a_special_file_in_place_of_pending_jobs_costs_a_second_job_at_most(
    project: Project, make: Callable[[Path], None]
) -> None:
    PendingJobs(project.root).add("blog", "digest", "job")
    make(project.state / "pending-jobs.jsonl")

    def get_and_add() -> int:
        pending = PendingJobs(project.root)
        found = pending.get("blog", "digest")
        pending.add("blog", "digest", "job")
        return 0 if found is None else 1

    assert work_quickly(project, get_and_add).code == 0


@SPECIAL
def test_a_special_file_in_place_of_a_report_is_refused_at_once(
    project: Project, make: Callable[[Path], None]
) -> None:
    path = project.checkout.parent / "report"
    make(path)
    ended = run_quickly(project, "generate", f"--report=json={path}")
    assert ended.code == 3
    assert f"cannot write {path}: report is not a regular file" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_summary_that_is_a_fifo_is_refused_at_once(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_fifo(project.checkout.parent / "summary")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(project.checkout.parent / "summary"))
    ended = run_quickly(project, "generate", "--report=github")
    assert ended.code == 3
    assert "summary" in ended.stderr
    assert "Traceback" not in ended.stderr
