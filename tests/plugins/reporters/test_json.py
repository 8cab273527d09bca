from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from amplify_modelgen.plugin import Diagnostic, FileChange, ModelChange
from amplify_modelgen_plugins.reporters import json as json_reporter
from support.core_values import job, outcome, report
from support.report_runs import LOCK, REPORTS, job_run

if TYPE_CHECKING:
    from amplify_modelgen.plugin import Report

CHANGE = ModelChange(
    level="breaking",
    action="removed",
    subject="Post.title",
    message="was removed",
    reason="clients read it",
)
DIAGNOSTIC = Diagnostic(
    severity="error", message="no such type", path="a.graphql", line=3, column=5, hint="fix it"
)


def document(report: Report) -> dict[str, Any]:
    stream = io.StringIO()
    json_reporter.report(report, stream)
    assert stream.getvalue().endswith("}\n")
    parsed: dict[str, Any] = json.loads(stream.getvalue())
    text = json.dumps(parsed, indent=2, sort_keys=True) + "\n"
    assert text.replace("##", r"#\u0023") == stream.getvalue()
    assert "##" not in stream.getvalue()
    return parsed


def test_the_keys_of_a_run() -> None:
    full = report(outcome(), outcome("failed", "api@dev"), files=(LOCK,), notes=("a note",))
    parsed = document(full)
    assert len(parsed.pop("targets")) == 2
    assert parsed == {
        "version": 2,
        "command": "generate",
        "backend": "local",
        "exit_code": 3,
        "seconds": 1.235,
        "summary": full.summary,
        "notes": ["a note"],
        "files": [
            {
                "path": "amplify-modelgen.lock",
                "action": "changed",
                "detail": "",
                "is_ignored": False,
                "diff": "",
            }
        ],
    }


def test_the_keys_of_a_target() -> None:
    (target,) = document(
        report(
            outcome(
                jobs=(
                    job_run(job=job(job_id="job-0"), seconds=0.1, polls=0),
                    job_run(job=job(error="e"), seconds=2.34567, polls=1),
                ),
                changes=(CHANGE,),
                files=(
                    FileChange(path="b.json", action="refused", detail="no generator wrote it"),
                ),
                diagnostics=(DIAGNOSTIC,),
                hint="h",
            )
        )
    )["targets"]
    assert target == {
        "id": "blog@dev", "app": "d1", "environment": "dev", "resource": "blog",
        "region": "eu-west-1", "schema": "blog.graphql", "outcome": "generated",
        "reason": "why", "hint": "h",
        "jobs": [
            {"id": "job-0", "operation": "GenerateBackendAPIModels", "status": "COMPLETED",
             "error": None, "polls": 0, "seconds": 0.1},
            {"id": "job-1", "operation": "GenerateBackendAPIModels", "status": "COMPLETED",
             "error": "e", "polls": 1, "seconds": 2.346},
        ],
        "changes": [
            {"level": "breaking", "action": "removed", "subject": "Post.title",
             "message": "was removed", "reason": "clients read it", "rule": ""},
        ],
        "files": [
            {"path": "b.json", "action": "refused", "detail": "no generator wrote it",
             "is_ignored": False, "diff": ""},
        ],
        "diagnostics": [
            {"severity": "error", "message": "no such type", "path": "a.graphql", "line": 3,
             "column": 5, "hint": "fix it", "rule": "", "stage": "advice"},
        ],
    }  # fmt: skip


def test_a_local_target_has_no_jobs() -> None:
    (target,) = document(report(outcome()))["targets"]
    assert target["jobs"] == []


def test_hostile_text_is_json() -> None:
    assert len(document(REPORTS["hostile"])["targets"]) == len(REPORTS["hostile"].outcomes)


def test_the_plugin_registers_its_reporter() -> None:
    (reporter,) = json_reporter.modelgen_reporters()
    assert (reporter.name, reporter.report) == ("json", json_reporter.report)
