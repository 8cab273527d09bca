"""The reporter `json`: a report for machines. The format is described in docs/report.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from amplify_modelgen.plugin import Reporter, hookimpl

if TYPE_CHECKING:
    from typing import TextIO

    from amplify_modelgen.plugin import Outcome, Report

VERSION = 2


def report(report: Report, stream: TextIO) -> None:
    """Write the report as one JSON object with sorted keys."""
    document = {
        "version": VERSION,
        "command": report.command,
        "backend": report.backend,
        "exit_code": report.exit_code,
        "seconds": round(report.seconds, 3),
        "summary": report.summary,
        "notes": list(report.notes),
        "files": [asdict(file) for file in report.files],
        "targets": [_target(outcome) for outcome in report.outcomes],
    }
    text = json.dumps(document, indent=2, sort_keys=True)
    # `##` may begin a command of a CI server; the text is the same JSON.
    stream.write(text.replace("##", r"#\u0023") + "\n")


def _target(outcome: Outcome) -> dict[str, object]:
    target = outcome.target
    return {
        "id": target.name,
        "app": target.app_id,
        "environment": target.environment,
        "resource": target.resource,
        "region": target.region,
        "schema": target.schema,
        "outcome": outcome.status,
        "reason": outcome.reason,
        "hint": outcome.hint,
        "jobs": [
            {**asdict(run.job), "polls": run.polls, "seconds": round(run.seconds, 3)}
            for run in outcome.jobs
        ],
        "changes": [asdict(change) for change in outcome.changes],
        "files": [asdict(file) for file in outcome.files],
        "diagnostics": [asdict(diagnostic) for diagnostic in outcome.diagnostics],
    }


@hookimpl
def modelgen_reporters() -> list[Reporter]:
    """Return the reporter."""
    return [Reporter(name="json", help="one JSON object, for machines", report=report)]
