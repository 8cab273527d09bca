"""`amplify-modelgen serve` as a process: its output, its signals, its limits."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from support.serve_clients import BLOG, DEV, SDL, client_of

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = (sys.executable, "-m", "amplify_modelgen", "serve")
PROJECT = {
    "amplify/.config/project-config.json": '{"projectName": "blog", "frontend": "javascript"}',
    "amplify/team-provider-info.json": (
        '{"dev": {"awscloudformation": {"AmplifyAppId": "d2abc", "Region": "us-east-1"}}}'
    ),
    "amplify/cli.json": '{"features": {"graphqltransformer": {"transformerversion": 2}}}',
    "amplify/backend/api/blog/schema.graphql": SDL,
}
# Sends a signal before each line that the main thread executes in `Event.set`.
SIGNALS_IN_EVENT_SET = """
import os, runpy, signal, sys, threading

def trace(frame, event, argument):
    code = frame.f_code
    if code.co_filename != threading.__file__ or code.co_name != "set":
        return None
    if event == "line":
        os.kill(os.getpid(), signal.SIGINT)
    return trace

def install(number, handler):
    sys.settrace(trace)  # not earlier: tracing is slow
    return original(number, handler)

original, signal.signal = signal.signal, install
runpy.run_module("amplify_modelgen", run_name="__main__", alter_sys=True)
"""
posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals or limits")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in PROJECT.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@contextmanager
def _serving(
    *arguments: str, cwd: Path, command: tuple[str, ...] = COMMAND
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with subprocess.Popen(
        [*command, *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def _stop(process: subprocess.Popen[str], *signals: int) -> tuple[int, str]:
    for number in signals:
        process.send_signal(number)
    _, err = process.communicate(timeout=20)
    return process.returncode, err


def _run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], cwd=cwd, capture_output=True, text=True, timeout=60, check=False
    )


def test_project_is_served_until_sigterm(project: Path) -> None:
    with _serving(cwd=project) as (process, url):
        assert client_of(url).generate_backend_api_models(**BLOG)["Status"] == "COMPLETED"
        code, err = _stop(process, signal.SIGTERM)
    assert code == 0
    assert "--app-id d2abc --backend-environment-name dev --resource-name blog" in err
    assert f"export AWS_ENDPOINT_URL_AMPLIFYBACKEND={url}\n" in err


@posix_only
def test_sigint_stops_the_server(tmp_path: Path) -> None:
    with _serving(cwd=tmp_path) as (process, _):
        assert _stop(process, signal.SIGINT)[0] == 0


@posix_only
def test_signal_inside_a_locked_section_stops_the_server(tmp_path: Path) -> None:
    """A handler that calls `Event.set` deadlocks if it interrupts another `Event.set`."""
    command = (sys.executable, "-c", SIGNALS_IN_EVENT_SET, "serve")
    with _serving(cwd=tmp_path, command=command) as (process, _):
        assert _stop(process, signal.SIGTERM)[0] == 0


@posix_only
@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_many_signals_at_once_stop_the_server(tmp_path: Path, second: int) -> None:
    for _ in range(3):
        with _serving(cwd=tmp_path) as (process, _):
            assert _stop(process, *([signal.SIGINT, second] * 10))[0] == 0


@posix_only
def test_signal_during_a_request_stops_the_server(project: Path) -> None:
    with _serving("--fault", "hang=60", cwd=project) as (process, url):
        parts = urlsplit(url)
        with socket.create_connection((parts.hostname or "", parts.port or 0)) as connection:
            connection.sendall(
                b"POST /backend/d2abc/details HTTP/1.1\r\nHost: localhost\r\n"
                b"Content-Length: 2\r\n\r\n{}"
            )
            started = time.monotonic()
            assert _stop(process, signal.SIGTERM, signal.SIGINT)[0] == 0
            assert time.monotonic() - started < 10


def _cpu_seconds(process: subprocess.Popen[str]) -> float:
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_more_connections_than_descriptors_use_no_cpu(project: Path) -> None:
    """The listening socket stays readable while no connection can be accepted."""
    limited = ("sh", "-c", 'ulimit -n 64; exec "$@"', "sh", *COMMAND)
    with _serving(cwd=project, command=limited) as (process, url):
        parts = urlsplit(url)
        client_of(url).generate_backend_api_models(**BLOG)
        with ExitStack() as stack:
            for _ in range(100):
                address = (parts.hostname or "", parts.port or 0)
                stack.enter_context(socket.create_connection(address, timeout=10))
            time.sleep(0.5)
            before = _cpu_seconds(process)
            time.sleep(2.0)
            assert _cpu_seconds(process) - before < 0.4
        assert client_of(url).get_backend_api_models(**BLOG)["Status"] == "LATEST"
        assert _stop(process, signal.SIGTERM)[0] == 0


def test_idle_connection_does_not_delay_the_shutdown(project: Path) -> None:
    with _serving(cwd=project) as (process, url):
        client = client_of(url)
        client.get_backend(AppId="d2abc")
        assert _stop(process, signal.SIGTERM)[0] == 0


def test_database_file_survives_a_restart(project: Path, tmp_path: Path) -> None:
    arguments = ("--database", str(tmp_path / "backend.json"))
    with _serving(*arguments, cwd=project) as (process, url):
        job_id = client_of(url).generate_backend_api_models(**BLOG)["JobId"]
        _stop(process, signal.SIGTERM)
    with _serving(*arguments, "--empty", cwd=project) as (_, url):
        client = client_of(url)
        assert client.get_backend_api_models(**BLOG)["Status"] == "LATEST"
        assert client.list_backend_jobs(**DEV)["Jobs"][0]["JobId"] == job_id


def test_second_server_with_the_same_database_is_a_usage_error(tmp_path: Path) -> None:
    arguments = ("--empty", "--database", "backend.json")
    with _serving(*arguments, cwd=tmp_path):
        done = _run(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "another server uses it" in done.stderr


def test_verbose_prints_requests(project: Path) -> None:
    arguments = ("--verbose", "--fault", "GetBackend:latency=0.01")
    with _serving(*arguments, cwd=project) as (process, url):
        client = client_of(url)
        client.get_backend(AppId="d2abc")
        with pytest.raises(client.exceptions.NotFoundException):
            client.get_backend(AppId="d2\x1bzzz")
        err = _stop(process, signal.SIGTERM)[1]
    assert "POST /backend/d2abc/details 200 latency " in err
    assert "POST /backend/d2%1Bzzz/details 404 NotFoundException " in err
    assert "fake" not in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--host", "0.0.0.0"], "0.0.0.0 is not a loopback address"),
        (["--fault", "throtle"], "unknown fault 'throtle'"),
        (["--database", "missing/backend.json"], "No such file or directory"),
        (["--database", "."], "it is not a regular file"),
        (["--port", "99999"], "cannot listen on 127.0.0.1, port 99999"),
        (["--port=-1"], "cannot listen on 127.0.0.1, port -1"),
        (["--job-time", "soon"], "is not a number of seconds"),
        (["--job-time", "inf"], "is not a number of seconds"),
    ],
)
def test_invalid_arguments_are_usage_errors(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    done = _run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_stdout_is_an_error(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            COMMAND, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60,
            check=False,
        )  # fmt: skip
    assert done.returncode == 3
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_unsafe_listen_allows_any_address(tmp_path: Path) -> None:
    with _serving("--host", "0.0.0.0", "--unsafe-listen", cwd=tmp_path) as (process, url):
        client = client_of(url.replace("0.0.0.0", "127.0.0.1"))
        with pytest.raises(client.exceptions.NotFoundException):
            client.get_backend(AppId="d2abc")
        assert _stop(process, signal.SIGTERM)[0] == 0
