"""Commands in processes of their own that begin where this one stands: no start-up to pay for."""

from __future__ import annotations

import os
import signal
import sys
import time
import warnings
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_BROKEN = 99
_LOOK = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a process ended: its exit code, or minus the signal that killed it, and its output."""

    code: int
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A process that runs, and the folder that its output goes to."""

    process: int
    logs: Path


def run_in_child(work: Callable[[], int], logs: Path, folder: Path) -> Ended:
    """Fork, do `work` in `folder`, and return how that ended. Output goes through `logs`."""
    return wait_for(start_child(work, logs, folder), seconds=120)


def start_child(work: Callable[[], int], logs: Path, folder: Path) -> Child:
    """Fork and do `work` in `folder`; the caller waits for it."""
    _warm()
    logs.mkdir(parents=True, exist_ok=True)
    process = _fork()
    if process == 0:
        _live(work, logs, folder)
    return Child(process=process, logs=logs)


def wait_for(child: Child, *, seconds: float) -> Ended:
    """Return how a child ended; one that takes longer than `seconds` is killed (code -9)."""
    deadline = time.monotonic() + seconds
    while (ended := os.waitpid(child.process, os.WNOHANG)) == (0, 0):
        if time.monotonic() > deadline:
            os.kill(child.process, signal.SIGKILL)
        time.sleep(_LOOK)
    return Ended(
        code=os.waitstatus_to_exitcode(ended[1]),
        stdout=(child.logs / "stdout").read_text(errors="surrogateescape"),
        stderr=(child.logs / "stderr").read_text(errors="surrogateescape"),
    )


def command(*words: str) -> Callable[[], int]:
    """Return the work that the command line with these words does, early exit included."""

    def run() -> int:
        from amplify_modelgen.unchanged import main

        return main(words)

    return run


def _fork() -> int:
    with warnings.catch_warnings():
        # Python 3.12 warns of threads; whatever ran before this test has left none that matters.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _live(work: Callable[[], int], logs: Path, folder: Path) -> None:
    code = _BROKEN
    try:
        for name, number in (("stdout", 1), ("stderr", 2)):
            os.dup2(os.open(logs / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 (for life)
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 (for life)
        os.chdir(folder)
        code = work()
        sys.stdout.flush()
        sys.stderr.flush()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else _BROKEN
    except BaseException:  # noqa: BLE001 (nothing may go back into the test that forked)
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


@cache
def _warm() -> None:
    """Do once what every child would import the same modules for."""
    from amplify_modelgen.cli.main import main
    from faults.projects import make_project

    with TemporaryDirectory() as folder, redirect_stdout(StringIO()):
        project = make_project(Path(folder) / "warm")
        project.configure("blog", outputs=2)
        with chdir(project.root):
            assert main(["generate", "--no-progress"]) == 1
            assert main(["check"]) == 0
