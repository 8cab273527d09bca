"""Install npm projects, which are next to the tests that need them, from their lock files.

Needs Node and npm; the first use needs the network.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path
from tempfile import gettempdir

from filelock import FileLock

_INSTALL_SECONDS = 300


class MissingPeerError(Exception):
    """Node, npm or the network is missing, as the message says."""


def install(project: Path, *options: str) -> None:
    """Install what the lock file of `project` pins, unless it is installed already.

    `options` are those of npm. Raises MissingPeerError.
    """
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise MissingPeerError(f"{program} is not on PATH")
    stamp = project / "node_modules" / ".installed"
    digest = hashlib.sha256((project / "package-lock.json").read_bytes()).hexdigest()
    # Workers of one run need the same project at the same time.
    with FileLock(Path(gettempdir()) / f"npm-{digest}.lock"):
        if not stamp.exists() or stamp.read_text() != digest:
            _npm_ci(project, options)
            stamp.write_text(digest)


def _npm_ci(project: Path, options: tuple[str, ...]) -> None:
    # Resolved through PATH because npm is a script with an extension on Windows.
    npm = shutil.which("npm") or "npm"
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(
            [*command, *options],
            check=False,
            cwd=project,
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise MissingPeerError(
            f"npm ci did not finish within {_INSTALL_SECONDS} seconds"
        ) from error
    if done.returncode:
        raise MissingPeerError(f"npm ci failed: {done.stderr.strip()[-300:]}")
