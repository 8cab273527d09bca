from __future__ import annotations

from argparse import ArgumentParser, Namespace

import pytest

from amplify_modelgen_plugins.local.arguments import add_arguments


def _parsed(*words: str) -> Namespace:
    parser = ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)


def test_nothing_need_be_said() -> None:
    assert vars(_parsed()) == {
        "host": "127.0.0.1",
        "port": 0,
        "unsafe_listen": False,
        "database": ":memory:",
        "job_time": 0.0,
        "fault": [],
        "empty": False,
        "verbose": False,
    }


def test_faults_add_up() -> None:
    assert _parsed("--fault", "cut", "--fault", "stall").fault == ["cut", "stall"]


@pytest.mark.parametrize("port", ["0", "65535"])
def test_a_port_is_a_number(port: str) -> None:
    assert _parsed("--port", port).port == int(port)


@pytest.mark.parametrize("port", ["65536", "-1", "http", "", "\N{SUPERSCRIPT TWO}"])
def test_another_port_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _parsed(f"--port={port}")
    assert "is not a port from 0 to 65535" in capsys.readouterr().err


def test_a_job_time_is_a_number_of_seconds() -> None:
    assert _parsed("--job-time", "0.5").job_time == 0.5


@pytest.mark.parametrize("seconds", ["-1", "inf", "nan", "soon"])
def test_another_job_time_is_refused(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _parsed(f"--job-time={seconds}")
    assert "is not a number of seconds" in capsys.readouterr().err
