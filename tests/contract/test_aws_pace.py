from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from amplify_modelgen.records import Target
from amplify_modelgen_plugins.aws import AwsBackend, clients
from amplify_modelgen_plugins.aws.pace import Pace
from amplify_modelgen_plugins.local import running_server

if TYPE_CHECKING:
    import pytest

BLOG = Target(app_id="d1", environment="dev", resource="blog", region="us-east-1")


def test_a_backend_keeps_its_pace_on_the_wire(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(clients, "Pace", partial(Pace, sleep=waits.append))
    with running_server() as server:
        server.deploy("type A @model", app_id="d1", environment="dev", resource="blog")
        monkeypatch.setenv("AWS_ENDPOINT_URL_AMPLIFYBACKEND", server.url)
        backend = AwsBackend(per_second=0.5)
        for _ in range(3):
            backend.deployed_schema(BLOG)
        backend.close()
    assert [round(wait) for wait in waits] == [2, 4]
