"""The AWS CLI as a client, in a separate process with its own environment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen_plugins.serve import RunningServer, running_server
from support.serve_clients import SDL

if TYPE_CHECKING:
    from collections.abc import Iterator

AWS = shutil.which("aws", path=str(Path(sys.executable).parent)) or shutil.which("aws")
DEV = ("--app-id", "d2abc", "--backend-environment-name", "dev")
# Version 2 of the AWS CLI, and version 1, which PyPI has.
SERVICE_ERROR = (254, 255)
BLOG = (*DEV, "--resource-name", "blog")


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with running_server() as server:
        server.deploy(SDL, app_id="d2abc", environment="dev", resource="blog")
        yield server


def _aws(server: RunningServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    assert AWS is not None, "the AWS CLI is a test dependency"
    environment = {
        "AWS_ACCESS_KEY_ID": "fake-id",
        "AWS_SECRET_ACCESS_KEY": "fake-secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1",
        "PATH": os.environ["PATH"],
        "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""),
    }
    return subprocess.run(
        [AWS, "amplifybackend", *arguments, "--endpoint-url", server.url],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _run(server: RunningServer, *arguments: str) -> dict[str, Any]:
    done = _aws(server, *arguments)
    assert done.returncode == 0, done.stderr
    response: dict[str, Any] = json.loads(done.stdout)
    return response


def test_models_are_generated_polled_listed_and_fetched(server: RunningServer) -> None:
    started = _run(server, "generate-backend-api-models", *BLOG)
    job = _run(server, "get-backend-job", *DEV, "--job-id", started["JobId"])
    listed = _run(server, "list-backend-jobs", *DEV, "--max-results", "1")
    models = _run(server, "get-backend-api-models", *BLOG)
    assert started["Operation"] == "GenerateBackendAPIModels"
    assert job["Status"] == "COMPLETED"
    assert listed["Jobs"] == [job]
    assert models["Status"] == "LATEST"
    assert models["Models"].startswith("export const schema = {")


def test_unknown_app_is_an_error(server: RunningServer) -> None:
    done = _aws(
        server,
        "generate-backend-api-models",
        *("--app-id", "d2zzz", "--backend-environment-name", "dev", "--resource-name", "blog"),
    )
    assert done.returncode in SERVICE_ERROR
    assert "(NotFoundException)" in done.stderr
    assert "there is no app d2zzz" in done.stderr


def test_unsupported_operation_is_an_error(server: RunningServer) -> None:
    done = _aws(server, "list-s3-buckets")
    assert done.returncode in SERVICE_ERROR
    assert "(BadRequestException)" in done.stderr
