"""Pipes and sockets where files belong: refused at once, and waited for nowhere."""

from __future__ import annotations

import json
import os
import shutil
import socket
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.files.state import JobMemory, state_folder
from faults.children import Ended, command, start_child, wait_for
from faults.projects import Project, make_project

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


def run_quickly(project: Project, *words: str) -> Ended:
    """Run a command that may not wait for a pipe; one that does is killed."""
    return do_quickly(project, command(*words))


def do_quickly(project: Project, work: Callable[[], int]) -> Ended:
    child = start_child(work, project.checkout.parent / "logs", project.root)
    return wait_for(child, seconds=QUICKLY)


def make_pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    with chdir(path.parent), socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)


SPECIAL = pytest.mark.parametrize("make", [make_pipe, make_socket], ids=["pipe", "socket"])
HANDED_OVER = (
    *("amplify-modelgen.toml", "pyproject.toml", "blog.graphql", "amplify-modelgen.lock"),
    "models/blog/introspection.json",
)


@SPECIAL
@pytest.mark.parametrize("verb", ["generate", "check"])
@pytest.mark.parametrize("path", HANDED_OVER)
def test_a_special_file_is_refused_at_once(
    project: Project, path: str, verb: str, make: Callable[[Path], None]
) -> None:
    assert run_quickly(project, "generate", "--no-progress").code == 1
    assert run_quickly(project, "generate", "--no-progress").code == 0
    make(project.root / path)
    ended = run_quickly(project, verb)
    assert ended.code == 2, ended
    assert path in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


@SPECIAL
@pytest.mark.parametrize("path", ["amplify/.config/project-config.json", "amplify/cli.json"])
def test_a_special_file_of_amplifys_is_refused_at_once(
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
@pytest.mark.parametrize("name", ["unchanged", "journal", "running.lock", "jobs.jsonl", "jobs.new"])
def test_a_special_file_among_the_state_is_no_state(
    project: Project, name: str, make: Callable[[Path], None]
) -> None:
    state = project.checkout / ".git" / "amplify-modelgen"
    assert run_quickly(project, "check").code == 1
    make(state / name)
    assert run_quickly(project, "generate", "--no-progress").code == 1
    assert run_quickly(project, "generate", "--no-progress").code == 0
    assert run_quickly(project, "check").code == 0


def test_a_job_memory_that_is_a_pipe_costs_a_second_job_at_most(project: Project) -> None:
    memory = JobMemory(project.root)
    memory.note("blog", "digest", "job")
    for name in ("jobs.jsonl", "jobs.new"):
        make_pipe(state_folder(project.root) / name)

    def recall_and_note() -> int:
        memory = JobMemory(project.root)
        recalled = memory.recall("blog", "digest")
        memory.note("blog", "digest", "job")
        return 0 if recalled is None else 1

    assert do_quickly(project, recall_and_note).code == 0


@SPECIAL
def test_a_report_that_nobody_reads_is_refused_at_once(
    project: Project, make: Callable[[Path], None]
) -> None:
    path = project.checkout.parent / "report"
    make(path)
    ended = run_quickly(project, "generate", f"--report=json={path}")
    assert ended.code == 3
    assert f"the json report cannot be written to {path}: it is a pipe that nobody" in ended.stderr


def test_a_report_may_go_through_a_pipe_that_is_read(project: Project) -> None:
    path = project.checkout.parent / "report"
    make_pipe(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    assert run_quickly(project, "generate", f"--report=json={path}").code == 1
    assert json.loads(os.read(reader, 1_000_000))["exit_code"] == 1
    os.close(reader)


def test_a_summary_that_is_a_pipe_is_refused_at_once(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_pipe(project.checkout.parent / "summary")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(project.checkout.parent / "summary"))
    ended = run_quickly(project, "generate", "--report=github")
    assert ended.code == 3
    assert "the summary cannot be written" in ended.stderr
