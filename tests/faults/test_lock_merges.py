"""Locks of two branches, merged by git: a valid lock, or a conflict that `check` explains."""

from __future__ import annotations

import os
import random
import subprocess
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.cli import main as cli
from amplify_modelgen.errors import ConfigError
from amplify_modelgen.files.lock import Locked, lock_text, parse_lock
from amplify_modelgen.tokens import file_digest
from faults.projects import make_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PAIRS = int(os.environ.get("AMPLIFY_MODELGEN_PAIRS", "1000"))
NAMES = [f"api{number}" for number in range(6)]
Lock = dict[str, Locked]


def digest(dice: random.Random) -> str:
    return file_digest(dice.choice(b"abcdef").to_bytes())


def entry(name: str, dice: random.Random) -> Locked:
    outputs = {f"models/{name}/{file}": digest(dice) for file in dice.sample("abcd", 2)}
    return Locked(schema=digest(dice), settings=digest(dice), outputs=outputs)


def random_lock(dice: random.Random) -> Lock:
    return {name: entry(name, dice) for name in NAMES if dice.random() < 0.6}


def branch_of(base: Lock, dice: random.Random) -> Lock:
    """Return what a branch makes of a lock: targets added, removed and generated anew."""
    branch = dict(base)
    for name in dice.sample(NAMES, dice.randint(0, 3)):
        if name in branch and dice.random() < 0.3:
            del branch[name]
        else:
            branch[name] = entry(name, dice)
    return branch


def merged(place: Path, *locks: Mapping[str, Locked]) -> tuple[str, bool]:
    """Merge (ours, base, theirs) as git does; return the text and whether there is a conflict."""
    files = [place / name for name in ("ours", "base", "theirs")]
    for file, lock in zip(files, locks, strict=True):
        file.write_text(lock_text(lock))
    done = subprocess.run(
        ["git", "merge-file", "-p", *map(str, files)], capture_output=True, text=True, check=False
    )
    return done.stdout, done.returncode != 0


@pytest.mark.parametrize("part", range(10))
def test_random_pairs_give_a_valid_lock_or_a_conflict_that_is_named(
    part: int, memory: Path
) -> None:
    clean, explained = 0, 0
    for number in range(PAIRS // 10):
        dice = random.Random(part * 1_000_000 + number)
        base = random_lock(dice)
        ours, theirs = branch_of(base, dice), branch_of(base, dice)
        text, conflict = merged(memory, ours, base, theirs)
        found = read_or_refused(text)
        if isinstance(found, ConfigError):
            # Where git sees no conflict, a target may still be there twice.
            expected = "an unresolved merge conflict" if conflict else "is there twice"
            assert expected in found.message
            assert found.hint
            explained += not conflict
            continue
        assert not conflict
        clean += 1
        check_merged(found, base, ours, theirs)
    assert clean > 10 * explained


def read_or_refused(text: str) -> Lock | ConfigError:
    try:
        return parse_lock(text)
    except ConfigError as error:
        return error


def check_merged(found: Lock, base: Lock, ours: Lock, theirs: Lock) -> None:
    """Check that every line of a merged lock is of one of its sides, in a section of both."""
    for name, locked in found.items():
        sides = [side[name] for side in (base, ours, theirs) if name in side]
        assert locked.schema in [side.schema for side in sides]
        assert locked.settings in [side.settings for side in sides]
        assert all(
            any(side.outputs.get(path) == digest for side in sides)
            for path, digest in locked.outputs.items()
        )
    assert found.keys() <= ours.keys() | theirs.keys()


def git(root: Path, *words: str) -> int:
    options = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    done = subprocess.run(
        ["git", "-C", str(root), *options, *words], capture_output=True, check=False
    )
    return done.returncode


def test_a_conflict_in_a_real_merge_is_explained_and_mended(
    memory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(memory / "work", git=False)
    monkeypatch.chdir(project.root)
    git(project.root, "init", "-q", "-b", "main")
    project.configure("blog", "shop")
    schema = project.root / "blog.graphql"
    for branch, field in (("main", "title"), ("ours", "ours"), ("theirs", "theirs")):
        git(project.root, "checkout", "-q", "main")
        git(project.root, "checkout", "-q", "-B", branch)
        schema.write_text(f"type Post @model {{ id: ID! {field}: String }}\n")
        assert cli.main(["generate", "--no-progress"]) == 1
        git(project.root, "add", ".")
        assert git(project.root, "commit", "-qm", branch) == 0
    git(project.root, "checkout", "-q", "ours")
    assert git(project.root, "merge", "-q", "theirs") != 0
    capsys.readouterr()
    assert cli.main(["check"]) == 2
    told = capsys.readouterr().err
    assert "an unresolved merge conflict" in told
    assert "git checkout --ours amplify-modelgen.lock" in told
    git(project.root, "checkout", "--ours", ".")
    schema.write_text("type Post @model { id: ID! ours: String theirs: String }\n")
    assert cli.main(["generate", "--no-progress"]) == 1
    assert cli.main(["check"]) == 0
