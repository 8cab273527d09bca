"""Windows has to skip this suite with a reason; it does not have the modules that POSIX has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "conftest")
# What stands for Windows: the modules that it lacks, once our own code has taken its pick.
WINDOWS = """
import importlib, sys
import amplify_modelgen.files.exclusive
import amplify_modelgen_plugins.local.server, multiprocessing.pool, subprocess
for name in ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
importlib.import_module(sys.argv[1])
"""


@pytest.mark.parametrize("name", MODULES)
def test_a_module_can_be_collected_on_windows(name: str) -> None:
    words = [sys.executable, "-c", WINDOWS, f"faults.{name}"]
    ended = subprocess.run(words, cwd=FOLDER.parent, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
