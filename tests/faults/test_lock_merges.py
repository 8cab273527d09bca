"""Locks of two branches, merged by git: a line counts if it belongs to a side, or not at all."""

from __future__ import annotations

import os
import random
import subprocess
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.digests import file_digest
from amplify_modelgen.storage.lockfile import (
    LOCKFILE,
    LockEntry,
    parse_lockfile,
    render_lockfile,
)
from amplify_modelgen_plugins.serve import running_server
from support.child_processes import command, run_in_child
from support.fault_projects import SCHEMA, make_project
from support.fault_runs import with_canaries, with_short_waits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PAIRS = int(os.environ.get("AMPLIFY_MODELGEN_PAIRS", "1000"))
PATHS = [f"models/api{number}/{file}.json" for number in range(6) for file in "ab"]
Lock = dict[str, LockEntry]


def make_digest(dice: random.Random) -> str:
    return file_digest("a", dice.choice(b"abcdef").to_bytes())


def make_entry(dice: random.Random) -> LockEntry:
    return LockEntry(inputs=make_digest(dice), content=make_digest(dice))


def random_lock(dice: random.Random) -> Lock:
    return {path: make_entry(dice) for path in PATHS if dice.random() < 0.6}


def make_branch(base: Lock, dice: random.Random) -> Lock:
    """Return the lock of a branch: outputs added, removed and regenerated."""
    branch = dict(base)
    for path in dice.sample(PATHS, dice.randint(0, 3)):
        if path in branch and dice.random() < 0.3:
            del branch[path]
        else:
            branch[path] = make_entry(dice)
    return branch


def merge(directory: Path, *locks: Mapping[str, LockEntry]) -> str:
    """Return the merge of (ours, base, theirs), with git's conflict markers if there are any."""
    files = [directory / name for name in ("ours", "base", "theirs")]
    for file, lock in zip(files, locks, strict=True):
        file.write_text(render_lockfile(lock))
    done = subprocess.run(
        ["git", "merge-file", "-p", *map(str, files)], capture_output=True, text=True, check=False
    )
    return done.stdout


@pytest.mark.parametrize("part", range(10))
def test_a_merged_lock_has_lines_of_its_sides_only(part: int, memory: Path) -> None:
    conflicts = 0
    for number in range(PAIRS // 10):
        dice = random.Random(part * 1_000_000 + number)
        base = random_lock(dice)
        ours, theirs = make_branch(base, dice), make_branch(base, dice)
        text = merge(memory, ours, base, theirs)
        conflicts += "<<<<<<<" in text
        for path, entry in parse_lockfile(text).items():
            assert entry in [side[path] for side in (base, ours, theirs) if path in side]
            # A path that is on both sides of a conflict counts as absent.
            assert text.count(f" {path}\n") == 1
    assert conflicts


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")
@pytest.mark.parametrize("line", [
    "0" * 64 + " " + "f" * 64 + " .git/HEAD",
    "0" * 64 + " " + "f" * 64 + " package.json",
    "0" * 64 + " " + "f" * 64 + " ../outside",
    "0" * 64 + " " + "f" * 64 + " /etc/passwd",
    "0" * 64 + " " + "f" * 64 + " blog.graphql",
    "<<<<<<< ours",
])  # fmt: skip
@pytest.mark.parametrize("backend", ["local", "aws"])
def test_a_forged_line_changes_nothing_but_the_lock(line: str, backend: str, memory: Path) -> None:
    project = make_project(memory / "work")
    project.configure("blog")
    outside = memory / "outside"
    protected = [outside, project.checkout / ".git/HEAD", project.root / "package.json"]
    for file in protected:
        file.write_text("keep")
    (project.root / LOCKFILE).write_text(f"# amplify-modelgen lock 2\n{line}\n")
    with running_server() as server:
        server.deploy(SCHEMA, app_id="d1", environment="dev", resource="blog")
        work = command("generate", "--no-progress", f"--backend={backend}")
        work = with_short_waits(with_canaries(work, server.url))
        before = project.files()
        ended = run_in_child(work, memory / "logs", project.root)
        assert ended.code == 1, ended
        assert run_in_child(command("check"), memory / "logs", project.root).code == 0
    after = project.files()
    changed = {path for path in before.keys() | after if before.get(path) != after.get(path)}
    assert changed <= {LOCKFILE, "models/blog/introspection.json"}
    assert [file.read_text() for file in protected] == ["keep"] * 3
    lock = parse_lockfile((after.get(LOCKFILE) or b"").decode())
    assert lock.keys() == ({"models/blog/introspection.json"} if backend == "aws" else set())
