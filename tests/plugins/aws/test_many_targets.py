"""Two hundred targets at once, through boto3 and HTTP."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from amplify_modelgen.jobs.run_target import RemoteState, TargetRequest, generate_models
from amplify_modelgen.jobs.runner import run_jobs
from amplify_modelgen.plugin import Settings, Target
from amplify_modelgen_plugins.aws.backend import AwsBackend
from amplify_modelgen_plugins.serve import running_server
from support.job_backends import MemoryPendingJobs

if TYPE_CHECKING:
    from amplify_modelgen.storage.checkout_state import PendingJobs

SDL = "type Post @model { id: ID! title: String! }\n"
COUNT = 200


@pytest.mark.long
@pytest.mark.parametrize("fault", ["latency=0", "latency=0.08", "throttle=300"])
def test_many_targets_finish_with_few_requests(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"api{number}" for number in range(COUNT)]
    with running_server(job_time=2.0, faults=[fault]) as server:
        for name in names:
            server.deploy(SDL, app_id="d1", environment="dev", resource=name)
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        backend = AwsBackend()
        requests = [
            TargetRequest(
                target=Target(
                    app_id="d1", environment="dev", resource=name, name=name, region="us-east-1"
                ),
                sdl=SDL,
                key=name,
            )
            for name in names
        ]
        pending = cast("PendingJobs", MemoryPendingJobs())
        settings = Settings(root=Path(), backend="aws")
        results = run_jobs(requests, generate_models, backend, settings, pending, lambda _: None)
        backend.close()
        counts = Counter(request.operation for request in server.requests)
    assert all(isinstance(result, RemoteState) and result.models for result in results.values())
    assert counts["GenerateBackendAPIModels"] == COUNT
    assert counts["GetBackendJob"] <= 5 * COUNT
