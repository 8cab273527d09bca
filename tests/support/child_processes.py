"""Run commands in forked processes, which saves the start-up of an interpreter."""

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
_POLL = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The exit code of a process (minus the signal that killed it) and its output."""

    code: int
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A running process, and the directory of its output."""

    process: int
    logs: Path


def run_in_child(work: Callable[[], int], logs: Path, directory: Path) -> Finished:
    """Fork, run `work` in `directory`, and return the result. The output is written to `logs`."""
    return wait_for(start_child(work, logs, directory), seconds=120)


def start_child(work: Callable[[], int], logs: Path, directory: Path) -> Child:
    """Fork and run `work` in `directory` without waiting for it."""
    _warm_up()
    logs.mkdir(parents=True, exist_ok=True)
    process = _fork()
    if process == 0:
        _run_child(work, logs, directory)
    return Child(process=process, logs=logs)


def wait_for(child: Child, *, seconds: float) -> Finished:
    """Return the result of a child; it is killed after `seconds` (code -9)."""
    deadline = time.monotonic() + seconds
    while (ended := os.waitpid(child.process, os.WNOHANG)) == (0, 0):
        if time.monotonic() > deadline:
            os.kill(child.process, signal.SIGKILL)
        time.sleep(_POLL)
    return Finished(
        code=os.waitstatus_to_exitcode(ended[1]),
        stdout=(child.logs / "stdout").read_text(errors="surrogateescape"),
        stderr=(child.logs / "stderr").read_text(errors="surrogateescape"),
    )


def command(*arguments: str) -> Callable[[], int]:
    """Return a function that runs the console script with these arguments."""

    def run() -> int:
        from amplify_modelgen.__main__ import main

        sys.argv = ["amplify-modelgen", *arguments]
        return main()

    return run


def _fork() -> int:
    with warnings.catch_warnings():
        # Python 3.12 warns about threads; those of earlier tests have ended or are idle.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _run_child(work: Callable[[], int], logs: Path, directory: Path) -> None:
    code = _BROKEN
    try:
        for name, number in (("stdout", 1), ("stderr", 2)):
            os.dup2(os.open(logs / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 (stays open)
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 (stays open)
        os.chdir(directory)
        code = work()
        sys.stdout.flush()
        sys.stderr.flush()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else _BROKEN
    except BaseException:  # noqa: BLE001 (must not return into the test that forked)
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


@cache
def _warm_up() -> None:
    """Import in this process what every child would import."""
    from amplify_modelgen.cli.main import main
    from support.fault_projects import make_project

    with TemporaryDirectory() as directory, redirect_stdout(StringIO()):
        project = make_project(Path(directory) / "warm")
        project.configure("blog", outputs=2)
        with chdir(project.root):
            assert main(["generate", "--no-progress"]) == 1
            assert main(["check"]) == 0
