from __future__ import annotations

from argparse import ArgumentParser, Namespace

import pytest

from amplify_modelgen_plugins.serve.command import add_arguments


def _parse(*arguments: str) -> Namespace:
    parser = ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(arguments)


def test_defaults() -> None:
    assert vars(_parse()) == {
        "host": "127.0.0.1",
        "port": 0,
        "unsafe_listen": False,
        "database": ":memory:",
        "job_time": 0.0,
        "fault": [],
        "empty": False,
    }


def test_fault_is_repeatable() -> None:
    assert _parse("--fault", "cut", "--fault", "stall").fault == ["cut", "stall"]


@pytest.mark.parametrize("port", ["0", "65535"])
def test_port(port: str) -> None:
    assert _parse("--port", port).port == int(port)


@pytest.mark.parametrize("port", ["http", "", "\N{SUPERSCRIPT TWO}"])
def test_invalid_port_is_rejected(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _parse(f"--port={port}")
    assert "invalid int value" in capsys.readouterr().err


def test_job_time() -> None:
    assert _parse("--job-time", "0.5").job_time == 0.5


@pytest.mark.parametrize("seconds", ["-1", "inf", "nan", "soon"])
def test_invalid_job_time_is_rejected(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _parse(f"--job-time={seconds}")
    assert "is not a number of seconds" in capsys.readouterr().err
