"""docs/iam.md names exactly the actions that the backend `aws` calls."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen import Target
from amplify_modelgen_plugins.aws import AwsBackend, backend
from unit.aws.scripted import Scripted, answer, scripted

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "iam.md").read_text(encoding="utf-8")
TARGET = Target(app_id="d1", environment="dev", resource="blog", region="us-east-1")
JOB = {"jobId": "j1", "status": "PENDING"}
LISTED = {
    **JOB,
    "appId": "d1",
    "backendEnvironmentName": "dev",
    "jobId": "j2",
    "operation": "GenerateBackendAPIModels",
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    with scripted() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        server.script = {
            "GenerateBackendAPIModels": [None],
            "GetBackendAPI": [answer({"appId": "d1"})],
            "GetBackendAPIModels": [answer({"models": "{}", "status": "LATEST"})],
            "GetBackendJob": [answer(JOB)],
            "ListBackendJobs": [answer({"jobs": [LISTED]})],
            "UpdateBackendAPI": [answer(JOB)],
        }
        yield server


def called(server: Scripted) -> set[str]:
    """Use all of the backend, and return the operations that were asked for."""
    aws = AwsBackend(pause=lambda _seconds: None)
    aws.deployed_schema(TARGET)
    aws.push_schema(TARGET, "type Post @model { id: ID! }")
    assert aws.start(TARGET).id == "j2"
    aws.job(TARGET, "j1")
    aws.models(TARGET)
    aws.close()
    return {asked.operation for asked in server.asked}


def policies() -> list[dict[str, Any]]:
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


def actions() -> list[str]:
    whole, push = policies()
    return sorted([*whole["Statement"][0]["Action"], push["Action"]])


def test_the_policies_allow_what_is_called_and_no_more(server: Scripted) -> None:
    assert actions() == sorted(f"amplifybackend:{name}" for name in called(server))


def test_the_table_explains_every_action() -> None:
    assert sorted(re.findall(r"^\| `(\S+)` \|", PAGE, re.MULTILINE)) == actions()


def test_no_module_names_another_operation() -> None:
    from botocore.loaders import Loader

    operations = Loader().load_service_model("amplifybackend", "service-2")["operations"]
    folder = Path(backend.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    named = {name for name in operations if f'"{name}"' in sources}
    assert sorted(f"amplifybackend:{name}" for name in named) == actions()


def test_both_statements_are_about_the_same_resources() -> None:
    whole, push = policies()
    assert whole["Statement"][0]["Resource"] == push["Resource"]
