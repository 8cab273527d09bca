from __future__ import annotations

import io
import json
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from amplify_modelgen_plugins import report_sarif
from unit.reporters.golden import rendered
from unit.reporters.runs import RUNS

if TYPE_CHECKING:
    from amplify_modelgen.records import RunReport

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text("utf-8"))
# jsonschema comes without types.
VALIDATOR: Any = import_module("jsonschema").Draft202012Validator(SCHEMA)


def log_of(run: RunReport) -> Any:
    stream = io.StringIO()
    report_sarif.report(run, stream)
    (log,) = json.loads(stream.getvalue())["runs"]
    return log


def uris(run: RunReport) -> list[str]:
    places = [place for result in log_of(run)["results"] for place in result["locations"]]
    return [place["physicalLocation"]["artifactLocation"]["uri"] for place in places]


def test_the_schema_is_one() -> None:
    VALIDATOR.check_schema(SCHEMA)
    assert not VALIDATOR.is_valid({"version": "2.0.0", "runs": []})


@pytest.mark.parametrize("run", RUNS)
def test_a_log_is_valid(run: str) -> None:
    VALIDATOR.validate(json.loads(rendered(f"{run}.sarif")))


@pytest.mark.parametrize("run", RUNS)
def test_every_result_has_a_rule_that_is_described(run: str) -> None:
    log = log_of(RUNS[run])
    rules = {rule["id"] for rule in log["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in log["results"]} <= rules


def test_what_failed_is_no_result_but_a_notification() -> None:
    log = log_of(RUNS["found"])
    (invocation,) = log["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 3
    said = [each["message"]["text"] for each in invocation["toolExecutionNotifications"]]
    assert said == ["tax@dev: failed: why: log in: 'aws sso login'", "till@dev: failed: why"]
    assert not any("failed" in result["message"]["text"] for result in log["results"])


def test_a_stale_target_is_shown_at_its_schema_or_else_at_its_models() -> None:
    assert uris(RUNS["found"]) == ["blog.graphql", "models/phone.json", "shop.graphql",
                                   "chat.graphql", "chat.graphql"]  # fmt: skip


def test_no_text_of_others_becomes_a_link() -> None:
    messages = [result["message"]["text"] for result in log_of(RUNS["hostile"])["results"]]
    assert any("[link] (https" in message for message in messages)
    assert not any(re.search(r"\[[^]]*\]\(", message) for message in messages)


def test_paths_are_relative_to_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    root = tmp_path / "apps" / "web site"
    root.mkdir(parents=True)
    assert uris(replace(RUNS["found"], root=root))[0] == "apps/web%20site/blog.graphql"
