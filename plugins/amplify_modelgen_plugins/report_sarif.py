"""The reporter `sarif`: schema diagnostics for code scanning, SARIF 2.1.0.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from amplify_modelgen import Reporter, __version__, hookimpl

if TYPE_CHECKING:
    from typing import TextIO

    from amplify_modelgen import Diagnostic, Outcome, RunReport

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_RULES = {
    "schema": "What Amplify would refuse or ignore in a GraphQL schema",
    "models": "Models that do not match their schema",
}
_FOUND = ("stale", "drifted", "failed")


def report(run: RunReport, stream: TextIO) -> None:
    """Write one SARIF log with one run."""
    driver = {
        "name": "amplify-modelgen",
        "semanticVersion": __version__,
        "rules": [
            {"id": name, "shortDescription": {"text": text}} for name, text in _RULES.items()
        ],
    }
    results = [result for outcome in run.outcomes for result in _results(outcome)]
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
        ],
    }
    json.dump(log, stream, indent=2)
    stream.write("\n")


def _results(outcome: Outcome) -> list[dict[str, object]]:
    results = [_diagnostic(each) for each in outcome.diagnostics]
    if outcome.status in _FOUND:
        text = f"{outcome.target.name}: {outcome.status}: {outcome.reason}"
        place = [_location(outcome.target.schema, {})] if outcome.target.schema else []
        results.append(_result("models", "error", text, place))
    return results


def _diagnostic(each: Diagnostic) -> dict[str, object]:
    message = f"{each.message}: {each.hint}" if each.hint else each.message
    region = {"startLine": each.line, "startColumn": each.column}
    return _result("schema", each.severity, message, [_location(each.path, region)])


def _result(
    rule: str, level: str, text: str, locations: list[dict[str, object]]
) -> dict[str, object]:
    return {"ruleId": rule, "level": level, "message": {"text": text}, "locations": locations}


def _location(path: str, region: dict[str, int]) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": quote(path)}}
    if region:
        physical["region"] = region
    return {"physicalLocation": physical}


@hookimpl
def modelgen_reporters() -> list[Reporter]:
    """Bring the reporter."""
    return [Reporter(name="sarif", help="a SARIF 2.1.0 log, for code scanning", report=report)]
