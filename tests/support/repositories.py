"""Git repositories for tests."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def git(directory: Path, *arguments: str) -> str:
    """Run git and return its output."""
    done = subprocess.run(
        ["git", *arguments], cwd=directory, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def write_files(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def commit(root: Path, files: dict[str, str], message: str = "change") -> str:
    """Create or extend the repository at `root`; return the id of the commit."""
    write_files(root, files)
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)
    return git(root, "rev-parse", "HEAD")


def make_program(path: Path, script: str) -> Path:
    """Write an executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def make_hostile_directory(directory: Path, marker: Path) -> None:
    """Lay `directory` out as a bare repository whose programs create `marker`."""
    program = make_program(directory / "program", f"touch '{marker}'\nexit 1")
    for name in ("post-index-change", "pre-commit", "reference-transaction"):
        make_program(directory / "hooks" / name, f"touch '{marker}'")
    for name in ("objects", "refs/heads"):
        (directory / name).mkdir(parents=True)
    (directory / "HEAD").write_text("ref: refs/heads/main\n")
    (directory / "config").write_text(
        f"""[core]
	repositoryformatversion = 0
	bare = false
	worktree = {directory}
	fsmonitor = {program}
	hooksPath = {directory / "hooks"}
	sshCommand = {program}
[protocol "ext"]
	allow = always
[filter "x"]
	clean = {program}
[diff]
	external = {program}
"""
    )
    (directory / ".gitattributes").write_text("* filter=x\n")


def git_variables() -> dict[str, str]:
    """Return the variables with which git calls a hook of another repository."""
    return {"GIT_DIR": ".git", "GIT_INDEX_FILE": os.devnull, "GIT_WORK_TREE": os.devnull}
