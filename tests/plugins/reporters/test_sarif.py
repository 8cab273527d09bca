from __future__ import annotations

import io
import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from amplify_modelgen.lint import RULES
from amplify_modelgen.plugin import Diagnostic, Outcome, Report
from amplify_modelgen_plugins.reporters import sarif
from support.core_values import target
from support.report_golden import rendered
from support.report_runs import HOSTILE, REPORTS

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text("utf-8"))
# jsonschema comes without types.
VALIDATOR: Any = import_module("jsonschema").Draft202012Validator(SCHEMA)


def log_of(report: Report) -> Any:
    stream = io.StringIO()
    sarif.report(report, stream)
    (log,) = json.loads(stream.getvalue())["runs"]
    return log


def uris(report: Report) -> list[str]:
    results = log_of(report)["results"]
    locations = [location for result in results for location in result["locations"]]
    return [item["physicalLocation"]["artifactLocation"]["uri"] for item in locations]


def test_the_schema_is_valid() -> None:
    VALIDATOR.check_schema(SCHEMA)
    assert not VALIDATOR.is_valid({"version": "2.0.0", "runs": []})


@pytest.mark.parametrize("name", REPORTS)
def test_a_log_is_valid(name: str) -> None:
    VALIDATOR.validate(json.loads(rendered(f"{name}.sarif")))


@pytest.mark.parametrize("name", REPORTS)
def test_every_result_has_a_rule_that_is_described(name: str) -> None:
    log = log_of(REPORTS[name])
    rules = {rule["id"] for rule in log["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in log["results"]} <= rules


def test_a_failed_target_is_a_notification_and_not_a_result() -> None:
    log = log_of(REPORTS["found"])
    (invocation,) = log["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 3
    notifications = invocation["toolExecutionNotifications"]
    assert [item["message"]["text"] for item in notifications] == [
        "tax@dev: failed: why: log in: 'aws sso login'",
        "till@dev: failed: why",
    ]
    assert not any("failed" in result["message"]["text"] for result in log["results"])


def test_a_stale_target_is_shown_at_its_schema_or_else_at_its_models() -> None:
    assert uris(REPORTS["found"]) == ["blog.graphql", "models/phone.json", "shop.graphql",
                                   "chat.graphql", "chat.graphql"]  # fmt: skip


def test_foreign_text_does_not_become_a_link() -> None:
    messages = [result["message"]["text"] for result in log_of(REPORTS["hostile"])["results"]]
    assert any("[link] (https" in message for message in messages)
    assert not any(re.search(r"\[[^]]*\]\(", message) for message in messages)


def test_paths_are_relative_to_the_repository() -> None:
    report = replace(REPORTS["found"], prefix="apps/web site")
    assert uris(report)[0] == "apps/web%20site/blog.graphql"


def test_a_result_has_the_rule_of_its_diagnostic() -> None:
    log = log_of(REPORTS["found"])
    assert {result["ruleId"] for result in log["results"]} == {
        "models",
        "schema",
        "unused-directive",
    }
    assert {"id": "unused-directive"} in log["tool"]["driver"]["rules"]


def test_notes_are_notifications() -> None:
    (invocation,) = log_of(REPORTS["first"])["invocations"]
    assert invocation["executionSuccessful"] is True
    assert invocation["toolExecutionNotifications"] == [
        {"level": "note", "message": {"text": "removed the lock of an older version"}},
        {"level": "note", "message": {"text": "2 targets share a schema"}},
    ]
    notifications = log_of(REPORTS["hostile"])["invocations"][0]["toolExecutionNotifications"]
    assert len(notifications) == 2 * len(HOSTILE)


def test_a_rule_of_the_linter_is_explained() -> None:
    diagnostics = tuple(
        Diagnostic(message="m", line=line, column=1, path="a.graphql", rule="auth-groups")
        for line in (1, 2)
    )
    outcome = Outcome(target=target(), status="invalid", reason="", diagnostics=diagnostics)
    log = log_of(Report(command="check", backend="local", seconds=0, outcomes=(outcome,)))
    (rule,) = [rule for rule in log["tool"]["driver"]["rules"] if rule["id"] == "auth-groups"]
    assert rule["shortDescription"] == {"text": RULES["auth-groups"].summary}
    assert "groups" in rule["help"]["text"]
    assert rule["helpUri"].endswith("/docs/rules.md#auth-groups")
    first, second = (result["partialFingerprints"] for result in log["results"])
    assert first == second
