from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import filelock
import pytest

import amplify_modelgen
from amplify_modelgen.errors import ModelgenError
from amplify_modelgen.storage.checkout_state import checkout_lock

PACKAGES = [str(Path(amplify_modelgen.__file__).parent.parent)]

TURN = """
import sys, time
sys.path[:0] = {packages!r}
from pathlib import Path
from amplify_modelgen.storage.checkout_state import checkout_lock
with checkout_lock(Path({root!r}), 30, lambda: None) as is_held:
    assert is_held
    log = Path({root!r}, "log")
    with log.open("a") as file:
        file.write("in\\n")
    time.sleep(0.05)
    with log.open("a") as file:
        file.write("out\\n")
    {end}
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def never() -> None:
    raise AssertionError("nothing holds the lock")


def run(root: Path, end: str = "pass") -> subprocess.Popen[bytes]:
    program = TURN.format(packages=PACKAGES, root=str(root), end=end)
    return subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL)


def test_free_checkout_is_locked_and_released(checkout: Path) -> None:
    for _ in range(2):
        with checkout_lock(checkout, 0, never) as is_held:
            assert is_held


def test_second_run_waits_once_and_gives_up(checkout: Path) -> None:
    waits: list[float] = []
    start = time.monotonic()
    with (
        checkout_lock(checkout, 0, never),
        pytest.raises(ModelgenError, match=r"for more than 0\.2 s") as caught,
        checkout_lock(checkout, 0.2, lambda: waits.append(time.monotonic())),
    ):
        raise AssertionError("the lock is held")
    assert len(waits) == 1
    assert 0.2 <= time.monotonic() - start < 2
    assert caught.value.exit_code == 3
    assert "--timeout" in (caught.value.hint or "")


def test_lock_is_released_if_the_run_fails(checkout: Path) -> None:
    with pytest.raises(KeyError), checkout_lock(checkout, 0, never):
        raise KeyError
    with checkout_lock(checkout, 0, never) as is_held:
        assert is_held


def test_processes_take_turns(checkout: Path) -> None:
    processes = [run(checkout) for _ in range(4)]
    assert [process.wait() for process in processes] == [0] * 4
    assert (checkout / "log").read_text() == "in\nout\n" * 4


def test_lock_of_a_killed_process_is_released(checkout: Path) -> None:
    assert run(checkout, "import os; os._exit(9)").wait() == 9
    with checkout_lock(checkout, 0, never) as is_held:
        assert is_held


@pytest.mark.parametrize("kind", ["link", "fifo", "directory"])
def test_lock_file_that_is_something_else(checkout: Path, kind: str) -> None:
    directory = checkout / ".git" / "amplify-modelgen"
    directory.mkdir()
    victim = checkout / "victim"
    victim.write_text("precious")
    lock = directory / "running.lock"
    if kind == "link":
        lock.symlink_to(victim)
    elif kind == "fifo":
        os.mkfifo(lock)
    else:
        lock.mkdir()
    with checkout_lock(checkout, 0, never) as is_held:
        assert not is_held
    assert victim.read_text() == "precious"


def test_state_that_cannot_be_written_has_no_lock(checkout: Path) -> None:
    (checkout / ".git" / "amplify-modelgen").touch()
    with checkout_lock(checkout, 0, never) as is_held:
        assert not is_held


def test_no_state_directory_has_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    with checkout_lock(tmp_path, 0, never) as is_held:
        assert not is_held


@pytest.mark.parametrize("error", [OSError(95, "Operation not supported"), NotImplementedError()])
def test_file_system_without_locks(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)
    with checkout_lock(checkout, 0, never) as is_held:
        assert not is_held
