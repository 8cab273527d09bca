"""docs/tutorial.md and docs/merge-conflicts.md: their commands print what the pages show."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from typing import TYPE_CHECKING

import pytest

from support.pages import DOCS, ROOT, blocks

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = "amplify/backend/api/blog/schema.graphql"


def shell(directory: Path, line: str) -> str:
    """Return what a command prints on both streams."""
    path = os.pathsep.join((sysconfig.get_path("scripts"), os.environ["PATH"]))
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=directory,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The example with a field that its models lack, committed."""
    directory = tmp_path / "blog"
    shutil.copytree(ROOT / "examples" / "blog", directory)
    edit(directory, "  title: String!\n", "  title: String!\n  subtitle: String\n")
    shell(directory, "git init -q -b main && git add --all && git commit -qm All")
    return directory


def edit(directory: Path, old: str, new: str) -> None:
    path = directory / SCHEMA
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_tutorial_prints_what_it_shows(project: Path) -> None:
    transcripts = blocks(DOCS / "tutorial.md", "console")
    assert len(transcripts) == 4
    for transcript in transcripts:
        lines = []
        for line in transcript.splitlines():
            if line.startswith("$ "):
                lines += [line, *shell(project, line[2:]).splitlines()]
        assert without_pinning(lines) == without_pinning(transcript.splitlines())


def without_pinning(lines: list[str]) -> list[str]:
    """Leave out what only versions that are not released print."""
    return [line for line in lines if not line.startswith("next: pre-commit autoupdate ")]


def test_a_conflict_in_schema_and_models_is_resolved(project: Path) -> None:
    regenerate, merge_driver = blocks(DOCS / "merge-conflicts.md", "sh")
    shell(project, "amplify-modelgen generate; git add -A; git commit -qm Models; git branch other")
    for branch, field in (("main", "first: Int"), ("other", "second: Int")):
        shell(project, f"git switch -q {branch}")
        edit(project, "  subtitle: String\n", f"  subtitle: String\n  {field}\n")
        shell(project, "amplify-modelgen generate; git commit -qam Change")
    assert "CONFLICT" in shell(project, "git merge main")
    text = (project / SCHEMA).read_text(encoding="utf-8")
    lines = [
        line
        for line in text.splitlines(keepends=True)
        if not line.startswith(("<<<", "===", ">>>"))
    ]
    (project / SCHEMA).write_text("".join(lines), encoding="utf-8")
    assert "regenerated" in shell(project, regenerate)
    assert "up to date" in shell(project, "git commit -qm Merge && amplify-modelgen check")
    assert "<<<" not in shell(project, "cat src/models/*")
    shell(project, merge_driver)
    assert shell(project, "git config merge.ours.driver") == "true\n"
