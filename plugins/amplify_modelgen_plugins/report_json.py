"""The reporter `json`: a run for machines. The shape is described in docs/report.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from amplify_modelgen import Reporter, hookimpl

if TYPE_CHECKING:
    from typing import TextIO

    from amplify_modelgen import Outcome, RunReport

VERSION = 1


def report(run: RunReport, stream: TextIO) -> None:
    """Write the report as one JSON object with sorted keys."""
    document = {
        "version": VERSION,
        "verb": run.verb,
        "backend": run.backend,
        "exit_code": run.exit_code,
        "seconds": round(run.seconds, 3),
        "summary": run.headline,
        "gone": list(run.gone),
        "files": [asdict(file) for file in run.files],
        "targets": [_target(outcome) for outcome in run.outcomes],
    }
    json.dump(document, stream, indent=2, sort_keys=True)
    stream.write("\n")


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
        "job": _job(outcome),
        "changes": [asdict(change) for change in outcome.changes],
        "files": [asdict(file) for file in outcome.files],
        "diagnostics": [asdict(diagnostic) for diagnostic in outcome.diagnostics],
    }


def _job(outcome: Outcome) -> dict[str, object] | None:
    if outcome.job is None:
        return None
    return {
        **asdict(outcome.job),
        "polls": outcome.polls,
        "seconds": round(outcome.seconds, 3),
    }


@hookimpl
def modelgen_reporters() -> list[Reporter]:
    """Bring the reporter."""
    return [Reporter(name="json", help="one JSON object, for machines", report=report)]
