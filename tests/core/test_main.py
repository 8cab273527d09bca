"""The entry point, before and after the command line's own code, which a stub stands for."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

import amplify_modelgen
from amplify_modelgen import __main__ as entry_point
from support.fast_path_state import MESSAGE, save

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = str(Path(amplify_modelgen.__file__).parent.parent)
PACKAGES = str(Path(msgspec.__file__).parent.parent)
EXPENSIVE = (
    "argparse", "boto3", "collections", "contextlib", "dataclasses", "enum", "graphql", "hashlib",
    "importlib.metadata", "json", "logging", "msgspec", "pathlib", "pluggy", "re", "rich",
    "signal", "subprocess", "tomli", "tomllib", "types", "typing",
)  # fmt: skip
START = f"""
import sys
sys.path[:0] = {[SOURCES, PACKAGES]!r}
sys.argv[1:] = ["check"]
"""
STUB = """
import types
command = types.ModuleType("amplify_modelgen.cli.main")
sys.modules["amplify_modelgen.cli"] = types.ModuleType("amplify_modelgen.cli")
sys.modules["amplify_modelgen.cli.main"] = command
def run_command(argv):
    {body}
command.main = run_command
"""
RUN = """
from amplify_modelgen.__main__ import main
sys.exit(main())
"""


def stub(body: str) -> str:
    return STUB.format(body="; ".join(line.strip() for line in body.strip().splitlines()))


def run(program: str, **options: Any) -> subprocess.CompletedProcess[str]:
    # Without site, whose .pth files may load modules.
    arguments = [sys.executable, "-E", "-s", "-S", "-c", START + program]
    if options.pop("unbuffered", False):
        arguments.insert(1, "-u")
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.run(arguments, check=False, text=True, timeout=30, **options)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def saved(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a root for which `run` finds the result of `check`."""
    path = run("print(repr(sys.path))").stdout
    context = run("from amplify_modelgen.fast_path import _context; print(_context())").stdout
    assert path
    from amplify_modelgen import fast_path

    monkeypatch.setattr(fast_path, "_context", lambda: context.removesuffix("\n"))
    save("check")
    return root


class TestCachedResult:
    def test_message_is_printed_and_the_command_does_not_run(self, saved: Path) -> None:
        done = run(stub("raise AssertionError") + RUN, cwd=saved)
        assert (done.returncode, done.stdout, done.stderr) == (0, f"{MESSAGE}\n", "")

    def test_command_runs_in_doubt(self, saved: Path) -> None:
        (saved / "file").write_text("new")
        done = run(stub("print(argv); return 3") + RUN, cwd=saved)
        assert (done.returncode, done.stdout, done.stderr) == (3, "['check']\n", "")

    def test_nothing_expensive_is_imported(self, saved: Path) -> None:
        done = run("from amplify_modelgen.__main__ import main; main(); print(*sys.modules)",
                   cwd=saved)  # fmt: skip
        message, loaded = done.stdout.splitlines()
        assert message == MESSAGE
        assert [name for name in EXPENSIVE if name in loaded.split()] == []

    def test_empty_message_prints_nothing(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert root == Path.cwd()
        save("check", "--quiet", message="")
        monkeypatch.setattr(sys, "argv", ["amplify-modelgen", "check", "--quiet"])
        assert entry_point.main() == 0
        assert capsys.readouterr().out == ""


INTERRUPT = """
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupt())
"""


class TestInterrupts:
    @pytest.mark.parametrize("module", ["fast_path", "cli", "cli.main"])
    def test_interrupt_of_an_import(self, root: Path, module: str) -> None:
        done = run(INTERRUPT.format(module=f"amplify_modelgen.{module}") + RUN, cwd=root)
        assert (done.returncode, done.stdout, done.stderr) == (130, "", "")

    @pytest.mark.parametrize(
        "body",
        [
            "raise KeyboardInterrupt",
            "raise RuntimeError from KeyboardInterrupt()",
        ],
    )
    def test_interrupt_of_the_command(self, root: Path, body: str) -> None:
        done = run(stub(body) + RUN, cwd=root)
        assert (done.returncode, done.stdout, done.stderr) == (130, "", "")

    def test_bug_is_not_hidden(self, root: Path) -> None:
        done = run(stub("raise RuntimeError('bug')") + RUN, cwd=root)
        assert done.returncode == 1
        assert "RuntimeError: bug" in done.stderr

    def test_circular_chain_of_exceptions_ends(self, root: Path) -> None:
        body = "a, b = ValueError('a'), ValueError('b'); a.__cause__ = b; b.__cause__ = a; raise a"
        assert run(stub(body) + RUN, cwd=root).returncode == 1

    def test_interrupt_that_cannot_be_raised(self, root: Path) -> None:
        body = """
            import signal
            C = type("C", (), {"__del__": lambda _: signal.raise_signal(signal.SIGINT)})
            c = C()
            del c
            print("not reached", flush=True)
        """
        done = run(stub(body) + RUN, cwd=root)
        assert (done.returncode, done.stdout, done.stderr) == (130, "", "")

    def test_other_exception_that_cannot_be_raised(self, root: Path) -> None:
        body = "C = type('C', (), {'__del__': lambda _: 1 / 0}); c = C(); del c; return 0"
        done = run(stub(body) + RUN, cwd=root)
        assert done.returncode == 0
        assert "ZeroDivisionError" in done.stderr

    def test_second_interrupt_exits_at_once(self, root: Path) -> None:
        (root / "program.py").write_text(
            START
            + stub("pass")
            + """
import signal, time
def run_command(argv):
    try:
        signal.raise_signal(signal.SIGINT)
    finally:
        signal.raise_signal(signal.SIGINT)
        print("not reached", flush=True)
command.main = run_command
"""
            + RUN
        )
        done = subprocess.run([sys.executable, "program.py"], check=False, cwd=root,
                              capture_output=True, timeout=30)  # fmt: skip
        assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")

    def test_ignored_interrupts_stay_ignored(self, root: Path) -> None:
        # As for a process in the background of a shell script.
        body = "import signal; signal.raise_signal(signal.SIGINT); return 1"
        program = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        done = run(program + stub(body) + RUN, cwd=root)
        assert (done.returncode, done.stderr) == (1, "")

    @pytest.mark.parametrize("seed", range(10))
    def test_interrupt_at_any_moment(self, root: Path, seed: int) -> None:
        body = "print('ready', flush=True); import json, argparse, logging; return 0"
        program = START + stub(body) + RUN
        with subprocess.Popen(
            [sys.executable, "-E", "-s", "-c", program],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=root,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(random.Random(seed).uniform(0, 0.06))
            for _ in range(seed % 2 + 1):
                process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=10)
        assert process.returncode in (0, 130)
        assert errors.decode() == ""


@pytest.fixture(params=["buffered", "unbuffered"])
def unbuffered(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "unbuffered")


@pytest.fixture
def broken_pipe() -> Iterator[int]:
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


FULL = "amplify-modelgen: cannot write the output: no space left on device\n"
PRINTS = "print('x' * 10); return 1"
PRINTS_MUCH = "print('x' * 100_000); return 1"


class TestStreams:
    @pytest.mark.parametrize("body", [PRINTS, PRINTS_MUCH])
    def test_full_disk(self, root: Path, body: str, *, unbuffered: bool) -> None:
        with Path("/dev/full").open("w") as full:
            done = run(stub(body) + RUN, cwd=root, stdout=full, unbuffered=unbuffered)
        assert (done.returncode, done.stderr) == (3, FULL)

    def test_full_disk_with_a_cached_result(self, saved: Path, *, unbuffered: bool) -> None:
        with Path("/dev/full").open("w") as full:
            done = run(RUN, cwd=saved, stdout=full, unbuffered=unbuffered)
        assert (done.returncode, done.stderr) == (3, FULL)

    def test_full_disk_is_reported_once(self, root: Path) -> None:
        body = "print('x'); print('failed', file=sys.stderr); return 3"
        with Path("/dev/full").open("w") as full:
            done = run(stub(body) + RUN, cwd=root, stdout=full)
        assert (done.returncode, done.stderr) == (3, "failed\n")

    @pytest.mark.parametrize("body", [PRINTS, PRINTS_MUCH])
    def test_full_disk_behind_both_streams(
        self, root: Path, body: str, *, unbuffered: bool
    ) -> None:
        with Path("/dev/full").open("w") as full:
            done = run(stub(body) + RUN, cwd=root, stdout=full, stderr=full, unbuffered=unbuffered)
        assert done.returncode == 3

    def test_full_disk_behind_stderr(self, root: Path) -> None:
        body = "sys.stderr.write('x'); return 1"
        with Path("/dev/full").open("w") as full:
            done = run(stub("sys.stderr.reconfigure(line_buffering=False, write_through=False);"
                            + body) + RUN, cwd=root, stderr=full)  # fmt: skip
        assert done.returncode == 1

    def test_closed_pipe(self, root: Path, broken_pipe: int, *, unbuffered: bool) -> None:
        done = run(stub(PRINTS) + RUN, cwd=root, stdout=broken_pipe, unbuffered=unbuffered)
        # A buffered message is lost after the command has ended: its exit code counts.
        assert (done.returncode, done.stderr) == (0 if unbuffered else 1, "")

    def test_closed_pipe_with_a_cached_result(
        self, saved: Path, broken_pipe: int, *, unbuffered: bool
    ) -> None:
        done = run(RUN, cwd=saved, stdout=broken_pipe, unbuffered=unbuffered)
        assert (done.returncode, done.stderr) == (0, "")

    @pytest.mark.parametrize("closed", ["0", "1", "2", "0 1", "1 2", "0 1 2"])
    def test_closed_streams(self, root: Path, closed: str) -> None:
        body = """
            import os
            number = os.open("out", os.O_CREAT | os.O_WRONLY)
            print("lost")
            print("lost", file=sys.stderr)
            sys.stdin.read()
            os.write(number, b"%d" % number)
            return 1
        """
        (root / "program.py").write_text(START + stub(body) + RUN)
        redirections = " ".join(f"{number}>&-" for number in closed.split())
        command = f"exec {sys.executable} -E -s program.py {redirections}"
        done = subprocess.run(
            ["sh", "-c", command], check=False, cwd=root, stdin=subprocess.DEVNULL,
            capture_output=True, timeout=30,
        )  # fmt: skip
        assert done.returncode == 1
        assert int((root / "out").read_text()) > 2
        if "2" not in closed:
            assert done.stderr == b"lost\n"

    def test_stream_without_a_descriptor(self, root: Path) -> None:
        program = """
import io
class Full(io.StringIO):
    def write(self, text):
        raise OSError(28, "No space left on device")
sys.stdout = Full()
"""
        done = run(program + stub(PRINTS) + RUN, cwd=root)
        assert (done.returncode, done.stderr) == (3, FULL)


def test_module_is_a_command(root: Path) -> None:
    program = stub("print(argv); return 2") + (
        "import runpy; runpy.run_module('amplify_modelgen', run_name='__main__')"
    )
    done = run(program, cwd=root)
    assert (done.returncode, done.stdout, done.stderr) == (2, "['check']\n", "")
