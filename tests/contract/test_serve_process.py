"""`amplify-modelgen serve` as a process: what it prints, what it serves, how it stops."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from serve_clients import SDL, client_of

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = shutil.which("amplify-modelgen", path=str(Path(sys.executable).parent))
PROJECT = {
    "amplify/.config/project-config.json": '{"projectName": "blog", "frontend": "javascript"}',
    "amplify/team-provider-info.json": (
        '{"dev": {"awscloudformation": {"AmplifyAppId": "d2abc", "Region": "us-east-1"}}}'
    ),
    "amplify/backend/api/blog/schema.graphql": SDL,
}
PLACE = {"AppId": "d2abc", "BackendEnvironmentName": "dev", "ResourceName": "blog"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in PROJECT.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@contextmanager
def _serving(*words: str, cwd: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    assert COMMAND is not None, "the project is installed beside the interpreter"
    with subprocess.Popen(
        [COMMAND, "serve", *words],
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


def _stop(process: subprocess.Popen[str], number: int) -> tuple[int, str]:
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    return process.returncode, err


def _run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    assert COMMAND is not None
    return subprocess.run(
        [COMMAND, "serve", *words], cwd=cwd, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_project_is_served_until_sigterm(project: Path) -> None:
    with _serving(cwd=project) as (process, url):
        assert client_of(url).generate_backend_api_models(**PLACE)["Status"] == "COMPLETED"
        code, err = _stop(process, signal.SIGTERM)
    assert code == 0
    assert "--app-id d2abc --backend-environment-name dev --resource-name blog" in err
    assert f"export AWS_ENDPOINT_URL_AMPLIFYBACKEND={url}\n" in err


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send SIGINT to one process")
def test_it_stops_on_sigint(tmp_path: Path) -> None:
    with _serving(cwd=tmp_path) as (process, _):
        assert _stop(process, signal.SIGINT)[0] == 0


def test_an_open_connection_does_not_hold_it_up(project: Path) -> None:
    with _serving(cwd=project) as (process, url):
        client = client_of(url)
        client.get_backend(AppId="d2abc")
        assert _stop(process, signal.SIGTERM)[0] == 0


def test_a_file_keeps_everything(project: Path, tmp_path: Path) -> None:
    words = ("--database", str(tmp_path / "backend.sqlite"))
    with _serving(*words, cwd=project) as (process, url):
        job = client_of(url).generate_backend_api_models(**PLACE)["JobId"]
        _stop(process, signal.SIGTERM)
    with _serving(*words, "--empty", cwd=project) as (_, url):
        client = client_of(url)
        assert client.get_backend_api_models(**PLACE)["Status"] == "LATEST"
        assert client.list_backend_jobs(AppId="d2abc", BackendEnvironmentName="dev")["Jobs"][0][
            "JobId"
        ] == (job)


def test_requests_are_shown_where_that_is_asked_for(project: Path) -> None:
    words = ("--verbose", "--fault", "GetBackend:latency=0.01")
    with _serving(*words, cwd=project) as (process, url):
        client = client_of(url)
        client.get_backend(AppId="d2abc")
        with pytest.raises(client.exceptions.NotFoundException):
            client.get_backend(AppId="d2\x1bzzz")
        err = _stop(process, signal.SIGTERM)[1]
    assert "POST /backend/d2abc/details 200 latency " in err
    assert "POST /backend/d2%1Bzzz/details 404 NotFoundException " in err
    assert "fake" not in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--host", "0.0.0.0"], "0.0.0.0 is not an address of this machine alone"),
        (["--fault", "throtle"], "no kind of fault is called 'throtle'"),
        (["--database", "missing/backend.sqlite"], "unable to open database file"),
        (["--port", "99999"], "is not a port"),
        (["--job-time", "soon"], "is not a number of seconds"),
        (["--job-time", "inf"], "is not a number of seconds"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, words: list[str], message: str) -> None:
    done = _run(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_any_address_may_be_listened_on_if_that_is_meant(tmp_path: Path) -> None:
    with _serving("--host", "0.0.0.0", "--unsafe-listen", cwd=tmp_path) as (process, url):
        client = client_of(url.replace("0.0.0.0", "127.0.0.1"))
        with pytest.raises(client.exceptions.NotFoundException):
            client.get_backend(AppId="d2abc")
        assert _stop(process, signal.SIGTERM)[0] == 0
