from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.cli.console import note, say

if TYPE_CHECKING:
    import pytest


def test_results_go_to_stdout_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    say("one\ntwo")
    assert capsys.readouterr() == ("one\ntwo\n", "")


def test_the_rest_goes_to_stderr_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    note("one\n\x1btwo")
    assert capsys.readouterr() == ("", "one \\x1btwo\n")
