"""Answers of a backend that are large, slow or without an end: bounded in memory and time."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
import time
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support.child_processes import command, run_in_child, start_child, wait_for
from support.endless_replies import ENDLESS, endless_body, endless_continue, slow_body
from support.fault_projects import CHANGED, SCHEMA, Project, make_project
from support.scripted_server import ScriptedServer, response, scripted_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.child_processes import Finished

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")

INTROSPECTION = {"version": 1, "models": {}, "enums": {}, "nonModels": {}}
PUSH, START, POLL, FETCH = (
    "UpdateBackendAPI",
    "GenerateBackendAPIModels",
    "GetBackendJob",
    "GetBackendAPIModels",
)
# What a run may need in addition to what it has when it begins.
MEMORY = 400_000_000


def models(document: dict[str, object]) -> dict[str, str]:
    text = json.dumps(document)
    return {"models": text, "modelIntrospectionSchema": text, "status": "LATEST"}


def deployed(schema: str) -> bytes:
    return response({"resourceName": "blog", "resourceConfig": {"transformSchema": schema}})


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A backend whose calls succeed; another schema is deployed until the push."""
    with scripted_server() as server:
        place = {"appId": "d1", "backendEnvironmentName": "dev"}
        answers: dict[str, dict[str, Any]] = {
            PUSH: {"jobId": "u1", "operation": PUSH, "status": "COMPLETED"},
            START: {"jobId": "j1", "operation": START, "status": "IN_PROGRESS"},
            POLL: {"jobId": "j1", "operation": START, "status": "COMPLETED"},
            FETCH: models(INTROSPECTION),
        }
        server.script = {name: [response(place | body)] for name, body in answers.items()}
        server.script["GetBackendAPI"] = [deployed(SCHEMA), deployed(CHANGED)]
        yield server


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = make_project(tmp_path / "work")
    made.configure("blog", backend="aws")
    made.change("blog")
    return made


def generate(project: Project, url: str, timeout: int) -> Finished:
    work = command("generate", "--push-schema", "--no-progress", f"--timeout={timeout}")
    return run_in_child(_bounded(work, url), project.checkout.parent / "logs", project.root)


def _bounded(work: Callable[[], int], url: str) -> Callable[[], int]:
    def run() -> int:
        import resource

        size = re.search(r"VmSize:\s+(\d+) kB", Path("/proc/self/status").read_text())
        assert size is not None
        resource.setrlimit(resource.RLIMIT_AS, (int(size[1]) * 1024 + MEMORY,) * 2)
        keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
        os.environ |= {**keys, "AWS_ENDPOINT_URL": url}
        return work()

    return run


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux limits memory so")
@pytest.mark.parametrize(
    ("operation", "reply"),
    [
        *((START, reply) for reply in ENDLESS),
        *product(("GetBackendAPI", PUSH, POLL, FETCH), (endless_body, slow_body, endless_continue)),
    ],
)
def test_an_endless_answer_ends_the_run(
    project: Project, server: ScriptedServer, operation: str, reply: object
) -> None:
    server.script[operation] = [reply]
    before, began = project.files(), time.monotonic()
    ended = generate(project, server.url, timeout=2)
    assert time.monotonic() - began < 30
    assert ended.code == 3, ended
    assert ended.stdout.count("blog@dev: failed: ") == 1
    assert "Traceback" not in ended.stderr
    assert project.files() == before
    assert server.count(PUSH) == 1 or operation == "GetBackendAPI"


def test_models_that_the_next_run_could_not_read_are_not_written(
    project: Project, server: ScriptedServer
) -> None:
    large = {**INTROSPECTION, "models": {"A": "x" * 20_000_000}}
    server.script[FETCH] = [response(models(large))]
    before = project.files()
    ended = generate(project, server.url, timeout=60)
    assert ended.code == 2, ended
    assert "models/blog/introspection.json would be larger than 20,000,000 bytes" in ended.stdout
    assert project.files() == before


@pytest.mark.parametrize("source", ["process", "token file"])
def test_credentials_that_never_come_end_the_run(
    project: Project, tmp_path: Path, source: str
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = shlex.join([sys.executable, "-c", f"open({str(pipe)!r}).read()"])
    role = f"role_arn = arn:aws:iam::1:role/a\nweb_identity_token_file = {pipe}"
    profile = f"credential_process = {reading}" if source == "process" else role
    (tmp_path / "config").write_text(f"[default]\n{profile}\n")

    def work() -> int:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            os.environ.pop(name, None)
        os.environ["AWS_CONFIG_FILE"] = str(tmp_path / "config")
        return command("generate", "--no-progress", "--timeout=1")()

    ended = wait_for(start_child(work, tmp_path / "logs", project.root), seconds=20)
    # Lets the process end that waits for the other side of the pipe.
    os.close(os.open(pipe, os.O_RDWR | os.O_NONBLOCK))
    assert ended.code == 3, ended
    assert "the backend 'aws' did not answer within 1 s" in ended.stdout
