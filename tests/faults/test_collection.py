"""Windows must skip this suite with a reason, although it lacks modules of POSIX."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

DIRECTORY = Path(__file__).parent
MODULES = sorted(path.stem for path in DIRECTORY.glob("*.py") if path.stem != "conftest")
# Emulates Windows: removes the modules that it lacks, after the imports that check for them.
WINDOWS = """
import importlib, sys
import filelock, multiprocessing.pool, subprocess
import amplify_modelgen_plugins.serve.server
for name in ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
importlib.import_module(sys.argv[1])
"""


@pytest.mark.parametrize("name", MODULES)
def test_a_module_can_be_collected_on_windows(name: str) -> None:
    words = [sys.executable, "-c", WINDOWS, f"faults.{name}"]
    ended = subprocess.run(words, cwd=DIRECTORY.parent, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
