"""Rows against the embedded backend over HTTP, which runs in the benchmark's own process."""

from __future__ import annotations

import shutil
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from measure import Sample, Samples, Side, side_by_side, start, watched

from amplify_modelgen_plugins.local import running_server

if TYPE_CHECKING:
    from places import Place

    from amplify_modelgen_plugins.local import RunningServer

APP, ENVIRONMENT = "d2abcdefghij", "dev"
_TARGETS = 200
_JOB_SECONDS = 2.0
_RUNS = 5
_HERE = Path(__file__).resolve().parent


def one_target(place: Place) -> list[Samples]:
    """One target through the whole command, and through the smallest script."""
    root = place.project(1, 10, backend="aws", emitters=2)
    with running_server() as server:
        _deploy(server, root)
        env = _env(server)

        def forget() -> None:
            (root / "amplify-modelgen.lock").unlink(missing_ok=True)
            shutil.rmtree(root / "models", ignore_errors=True)

        ours = Side(words=[place.ours, "generate"], cwd=root, env=env, prepare=forget, codes=(1,))
        words: list[str | Path] = [
            place.script("python"),
            _HERE / "calls.py",
            APP,
            ENVIRONMENT,
            "api000",
        ]
        return side_by_side([ours, Side(words=words, env=env)], 15)


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
def many_targets(place: Place, latency: float) -> list[Samples]:
    """200 targets at once: from the first request on, held against one job's length.

    Memory and the requests for each target are counted as well, and held against 1.
    """
    found = tuple(_once(place, latency) for _ in range(_RUNS))
    ideal = Sample(seconds=_JOB_SECONDS, megabytes=1, requests=1)
    return [Samples(each=found), Samples(each=(ideal,))]


def _once(place: Place, latency: float) -> Sample:
    root = place.project(_TARGETS, 2, backend="aws", emitters=2)
    faults = [f"latency={latency}"] if latency else []
    with running_server(job_time=_JOB_SECONDS, faults=faults) as server:
        _deploy(server, root)
        side = Side(words=[place.ours, "generate", "--no-progress"], cwd=root, env=_env(server))
        process = start(side)
        while not server.requests and process.poll() is None:
            time.sleep(0.001)
        # The first request was noted when it had been answered, late by the latency.
        began = time.perf_counter() - latency
        megabytes = watched(process)
        seconds = time.perf_counter() - began
        _, errors = process.communicate()
        if process.returncode != 1 or b"onnection pool" in errors:
            raise SystemExit(errors.decode())
        requests = len(server.requests) / _TARGETS
    # The project stays until the end: where many files were removed, ext4 takes ten times as long
    # to make others for some minutes.
    return Sample(seconds=seconds, megabytes=megabytes, requests=requests)
