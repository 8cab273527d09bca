"""Interrupt `generate` for 50 targets: each file is old or new, and the next run completes it."""

from __future__ import annotations

import os
import random
import signal
from typing import TYPE_CHECKING

import pytest

from support.child_processes import command, run_in_child
from support.crash_points import counted, dying
from support.fault_projects import CHANGED, SCHEMA, make_project

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")

INTERRUPTS = int(os.environ.get("AMPLIFY_MODELGEN_INTERRUPTS", "200"))
TARGETS = [f"api{number:02}" for number in range(50)]
SIGNALS = (
    (signal.SIGINT,),
    (signal.SIGINT, signal.SIGINT),
    (signal.SIGINT, signal.SIGTERM),
    (signal.SIGTERM, signal.SIGINT),
    (signal.SIGHUP,),
)
CODES = (1, 130, -signal.SIGINT, -signal.SIGTERM, -signal.SIGHUP)
GENERATE = command("generate", "--no-progress")


def test_interrupts_leave_old_or_new_files_and_the_next_run_completes_them(memory: Path) -> None:
    project, logs, report = make_project(memory / "work"), memory / "logs", memory / "points"
    project.configure(*TARGETS)
    assert run_in_child(GENERATE, logs, project.root).code == 1
    versions = [project.files()]
    project.change(*TARGETS)
    assert run_in_child(counted(GENERATE, report), logs, project.root).code == 1
    versions.append(project.files())
    points = len(report.read_text().split("\n"))
    chance, partly = random.Random(17), 0
    for turn in range(INTERRUPTS):
        for name in TARGETS:
            (project.root / f"{name}.graphql").write_text(CHANGED if turn % 2 else SCHEMA)
        work = dying(GENERATE, chance.randint(1, points), chance.choice(SIGNALS))
        ended = run_in_child(work, logs, project.root)
        assert ended.code in CODES, ended
        assert "Traceback" not in ended.stderr, ended
        assert not project.temporary_files()
        wanted, models = versions[turn % 2], project.files()
        assert all(text in (each.get(path) for each in versions) for path, text in models.items())
        changed = sum(text == wanted[path] for path, text in models.items() if "models/" in path)
        partly += 0 < changed < len(TARGETS)
        assert run_in_child(GENERATE, logs, project.root).code in (0, 1)
        assert project.files() == wanted
    assert partly > INTERRUPTS // 2
