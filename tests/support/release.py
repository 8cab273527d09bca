"""The revision that the documentation names."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def documented_revision() -> str:
    """Return the newest release tag, or `main` before the first release."""
    command = ["git", "tag", "--list", "v[0-9]*", "--sort=-version:refname"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return (done.stdout.split() or ["main"])[0]
