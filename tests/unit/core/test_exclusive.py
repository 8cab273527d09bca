from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.errors import ModelgenError
from amplify_modelgen.files.exclusive import exclusive
from amplify_modelgen.files.state import state_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def _nobody_waits() -> None:
    pytest.fail("nobody holds the checkout")


def test_a_free_checkout_is_held_at_once_and_let_go(checkout: Path) -> None:
    for _ in range(2):
        with exclusive(checkout, 0, _nobody_waits):
            pass


def test_a_second_run_says_that_it_waits_and_gives_up_in_the_end(checkout: Path) -> None:
    said: list[str] = []
    with (
        exclusive(checkout, 0, _nobody_waits),
        pytest.raises(ModelgenError, match="another run"),
        exclusive(checkout, 0.1, lambda: said.append("waiting")),
    ):
        pytest.fail("two runs hold one checkout")
    assert said == ["waiting"]


def test_it_is_let_go_when_the_run_fails(checkout: Path) -> None:
    with pytest.raises(ZeroDivisionError), exclusive(checkout, 0, _nobody_waits):
        raise ZeroDivisionError
    with exclusive(checkout, 0, _nobody_waits):
        pass


_COUNT = """
import sys
from pathlib import Path
from amplify_modelgen.files.exclusive import exclusive

counter = Path(sys.argv[1]) / "counter"
for _ in range(20):
    with exclusive(counter.parent, 60, lambda: None):
        counter.write_text(str(int(counter.read_text()) + 1))
"""


def test_processes_take_turns(checkout: Path) -> None:
    (checkout / "counter").write_text("0")
    command = [sys.executable, "-c", _COUNT, str(checkout)]
    runs = [subprocess.Popen(command) for _ in range(3)]
    assert [run.wait() for run in runs] == [0, 0, 0]
    assert (checkout / "counter").read_text() == "60"


def test_a_state_folder_that_cannot_be_written_holds_nobody(checkout: Path) -> None:
    state_folder(checkout).write_text("a file where the folder should be")
    with exclusive(checkout, 0, _nobody_waits), exclusive(checkout, 0, _nobody_waits):
        pass
