"""Amplify's GraphQL transformer: install it once, and send schemas to one Node process.

Requires Node and npm, and network access for the first use (300 MB on disk for version 2, 40 MB
for version 1).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from emitters.npm import MissingPeerError, install

PROJECTS = {1: Path(__file__).with_name("judge-1"), 2: Path(__file__).with_name("judge")}
# A schema costs up to 4 MB, which the transformer keeps until its process ends.
_SCHEMAS_PER_PROCESS = 300
_REQUEST_TIMEOUT = 120


class Judge:
    """Node processes, one after the other, that compile schemas; a context manager.

    `version` is that of the transformer.
    """

    def __init__(self, version: int = 2) -> None:
        self._project = PROJECTS[version]
        install(self._project)
        self._directory = TemporaryDirectory(ignore_cleanup_errors=True)
        self._process: subprocess.Popen[str] | None = None
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._directory.cleanup()

    def close(self) -> None:
        """Kill the process, if there is one."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
        self._process, self._count = None, 0

    def refusal(self, schema: str, *, respect: bool = True) -> str | None:
        """Return the error that a schema is refused with, or None if a push accepts it."""
        return self._compile(schema, respect=respect).get("error")

    def compiled(self, schema: str, *, respect: bool = True) -> str:
        """Return what a schema compiles to. Raises ValueError if it is refused."""
        response = self._compile(schema, respect=respect)
        if "error" in response:
            raise ValueError(response["error"])
        compiled: str = response["schema"]
        return compiled

    def _compile(self, schema: str, *, respect: bool) -> dict[str, Any]:
        if self._count == _SCHEMAS_PER_PROCESS:
            self.close()
        process = self._process = self._process or _start(self._project, self._directory.name)
        self._count += 1
        assert process.stdin is not None
        assert process.stdout is not None
        request = {"schema": schema, "respect": respect, "synthesize": True}
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        watchdog = threading.Timer(_REQUEST_TIMEOUT, process.kill)
        watchdog.start()
        try:
            line = process.stdout.readline()
        finally:
            watchdog.cancel()
        if not line:
            raise MissingPeerError("the judge's process ended without a response")
        response: dict[str, Any] = json.loads(line)
        return response


def _start(project: Path, temporary: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [shutil.which("node") or "node", "judge.js"],
        cwd=project,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "TMPDIR": temporary},
    )
