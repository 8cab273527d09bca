"""docs/iam.md names exactly the actions that the backend `aws` calls."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.plugin import Target
from amplify_modelgen_plugins.aws import backend
from amplify_modelgen_plugins.aws.backend import AwsBackend
from support.scripted_server import ScriptedServer, response, scripted_server

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "iam.md").read_text(encoding="utf-8")
TARGET = Target(app_id="d1", environment="dev", resource="blog", region="us-east-1")
JOB = {"jobId": "j1", "status": "PENDING"}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        server.script = {
            "GenerateBackendAPIModels": [response(JOB)],
            "GetBackendAPI": [response({"appId": "d1"})],
            "GetBackendAPIModels": [response({"models": "{}", "status": "LATEST"})],
            "GetBackendJob": [response(JOB)],
            "UpdateBackendAPI": [response(JOB)],
        }
        yield server


def called(server: ScriptedServer) -> set[str]:
    """Call all methods of the backend; return the operations that were requested."""
    aws = AwsBackend()
    aws.deployed_schema(TARGET)
    aws.push_schema(TARGET, "type Post @model { id: ID! }")
    aws.start_job(TARGET)
    aws.get_job(TARGET, "j1")
    aws.get_models(TARGET)
    aws.close()
    return {request.operation for request in server.requests}


def policies() -> list[dict[str, Any]]:
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


def actions() -> list[str]:
    main, push = policies()
    return sorted([*main["Statement"][0]["Action"], push["Action"]])


def test_the_policies_allow_what_is_called_and_no_more(server: ScriptedServer) -> None:
    assert actions() == sorted(f"amplifybackend:{name}" for name in called(server))


def test_the_table_explains_every_action() -> None:
    assert sorted(re.findall(r"^\| `(\S+)` \|", PAGE, re.MULTILINE)) == actions()


def test_other_operations_are_not_named() -> None:
    from botocore.loaders import Loader

    operations = Loader().load_service_model("amplifybackend", "service-2")["operations"]
    directory = Path(backend.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in directory.glob("*.py"))
    named = {name for name in operations if f'"{name}"' in sources}
    assert sorted(f"amplifybackend:{name}" for name in named) == actions()


def test_both_statements_are_about_the_same_resources() -> None:
    main, push = policies()
    assert main["Statement"][0]["Resource"] == push["Resource"]
