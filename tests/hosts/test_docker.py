"""The image for CI without Python, where a Docker engine is running."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from hosts.running import copy_example

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long


def _docker(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["docker", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_image_checks_a_project(snapshot: Path, tmp_path: Path) -> None:
    if shutil.which("docker") is None or _docker("info").returncode:
        pytest.skip("no Docker engine is running")
    built = _docker("build", "--tag", "amplify-modelgen-test", snapshot)
    assert built.returncode == 0, built.stderr
    project = copy_example(tmp_path / "blog")
    volume = f"{project}:/project"
    done = _docker("run", "--rm", "--volume", volume, "amplify-modelgen-test", "generate")
    assert done.returncode == 1, done.stdout + done.stderr
    done = _docker("run", "--rm", "--volume", volume, "amplify-modelgen-test")
    assert done.returncode == 0, done.stdout + done.stderr
