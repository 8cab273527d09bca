"""Commands in processes of their own that begin where this one stands: no start-up to pay for."""

from __future__ import annotations

import os
import sys
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a process ended: its exit code, or minus the signal that killed it, and its output."""

    code: int
    stdout: str
    stderr: str


def run_in_child(work: Callable[[], int], logs: Path, folder: Path) -> Ended:
    """Fork, do `work` in `folder`, and return how that ended. Output goes through `logs`."""
    _warm()
    logs.mkdir(parents=True, exist_ok=True)
    child = _fork()
    if child == 0:
        _live(work, logs, folder)
    _, status = os.waitpid(child, 0)
    return Ended(
        code=os.waitstatus_to_exitcode(status),
        stdout=(logs / "stdout").read_text(errors="surrogateescape"),
        stderr=(logs / "stderr").read_text(errors="surrogateescape"),
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
    from amplify_modelgen.cli import main
    from faults.projects import make_project

    with TemporaryDirectory() as folder, redirect_stdout(StringIO()):
        project = make_project(Path(folder) / "warm")
        project.configure("blog", outputs=2)
        with chdir(project.root):
            assert main(["generate", "--no-progress"]) == 1
            assert main(["check"]) == 0
