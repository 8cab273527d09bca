"""Each example of a phone app is up to date: our own check of a copy of it passes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
MODELS = {
    "android": "app/src/main/java/com/amplifyframework/datastore/generated/model",
    "flutter": "lib/models",
    "ios": "amplify/generated/models",
}


@pytest.mark.parametrize("name", MODELS)
def test_the_models_of_an_example_are_up_to_date(name: str, tmp_path: Path) -> None:
    project = tmp_path / name
    shutil.copytree(EXAMPLES / name, project)
    command = [sys.executable, "-m", "amplify_modelgen", "check"]
    done = subprocess.run(command, check=False, cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr

    removed = min((project / MODELS[name]).iterdir())
    removed.unlink()
    done = subprocess.run(command, check=False, cwd=project, capture_output=True, text=True)
    assert done.returncode == 1
    assert removed.name in done.stdout
