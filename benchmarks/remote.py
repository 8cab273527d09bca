"""Rows with the backend `aws`, against `serve` in the process of the benchmark."""

from __future__ import annotations

import shutil
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from measure import Sample, Samples, Side, compare, peak_memory, start_process

from amplify_modelgen_plugins.serve import running_server

if TYPE_CHECKING:
    from workbench import Workbench

    from amplify_modelgen_plugins.serve import RunningServer

APP, ENVIRONMENT = "d2abcdefghij", "dev"
_TARGETS = 200
_JOB_SECONDS = 2.0
_RUNS = 5
_HERE = Path(__file__).resolve().parent


def one_target(bench: Workbench) -> list[Samples]:
    """Measure the command with one target, and the smallest script for the same job."""
    root = bench.project(1, 10, backend="aws", emitters=2)
    with running_server() as server:
        _deploy(server, root)
        env = _env(server)

        def remove_models() -> None:
            (root / "amplify-modelgen.lock").unlink(missing_ok=True)
            shutil.rmtree(root / "models", ignore_errors=True)

        ours = Side(
            argv=[bench.command, "generate"], cwd=root, env=env, prepare=remove_models, codes=(1,)
        )
        argv: list[str | Path] = [
            bench.script("python"),
            _HERE / "boto3_script.py",
            APP,
            ENVIRONMENT,
            "api000",
        ]
        return compare([ours, Side(argv=argv, env=env)], 15)


def _deploy(server: RunningServer, root: Path) -> None:
    for file in (root / "schemas").iterdir():
        server.deploy(file.read_text(), app_id=APP, environment=ENVIRONMENT, resource=file.stem)


def _env(server: RunningServer) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL_AMPLIFYBACKEND": server.url,
        "AWS_ACCESS_KEY_ID": "benchmark",
        "AWS_SECRET_ACCESS_KEY": "benchmark",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@cache
def many_targets(bench: Workbench) -> list[Samples]:
    """Measure 200 targets, from the first request on, and compare with the length of a job.

    The reference of memory and of the requests for each target is 1.
    """
    samples = tuple(_run_many(bench) for _ in range(_RUNS))
    reference = Sample(seconds=_JOB_SECONDS, megabytes=1, requests=1)
    return [Samples(samples=samples), Samples(samples=(reference,))]


def _run_many(bench: Workbench) -> Sample:
    root = bench.project(_TARGETS, 2, backend="aws", emitters=2)
    with running_server(job_time=_JOB_SECONDS) as server:
        _deploy(server, root)
        side = Side(argv=[bench.command, "generate", "--no-progress"], cwd=root, env=_env(server))
        process = start_process(side)
        while not server.requests and process.poll() is None:
            time.sleep(0.001)
        start_time = time.perf_counter()
        megabytes = peak_memory(process)
        seconds = time.perf_counter() - start_time
        _, errors = process.communicate()
        if process.returncode != 1 or b"onnection pool" in errors:
            raise SystemExit(errors.decode())
        requests = len(server.requests) / _TARGETS
    # The project is kept until the end: after many files were removed, ext4 takes ten times as
    # long to create others for some minutes.
    return Sample(seconds=seconds, megabytes=megabytes, requests=requests)
