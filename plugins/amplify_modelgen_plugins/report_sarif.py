"""The reporter `sarif`: what is wrong with schemas and models, for code scanning, SARIF 2.1.0.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from amplify_modelgen import Reporter, __version__, hookimpl, printable

from ._repository import repository_path

if TYPE_CHECKING:
    from typing import TextIO

    from amplify_modelgen import Diagnostic, Outcome, RunReport

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_HOME = "https://github.com/amplify-modelgen/amplify-modelgen"
_RULES = {
    "schema": "What Amplify would refuse or ignore in a GraphQL schema",
    "models": "Models that do not match their schema",
}
_FOUND = ("stale", "drifted")

_Json = dict[str, object]


def report(run: RunReport, stream: TextIO) -> None:
    """Write one SARIF log with one run.

    What is wrong with schemas and models are its results; a target that failed says nothing about
    the code, so it is a notification of the invocation, as is one that is gone.
    """
    result = {
        "tool": {"driver": _driver()},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(run)],
        "results": [result for outcome in run.outcomes for result in _results(run, outcome)],
    }
    json.dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [result]}, stream, indent=2)
    stream.write("\n")


def _driver() -> _Json:
    rules = [{"id": name, "shortDescription": {"text": text}} for name, text in _RULES.items()]
    return {
        "name": "amplify-modelgen",
        "semanticVersion": __version__,
        "informationUri": _HOME,
        "rules": rules,
    }


def _invocation(run: RunReport) -> _Json:
    failed = [
        {"level": "error", "message": _message(_headline(outcome), outcome.hint)}
        for outcome in run.outcomes
        if outcome.status == "failed"
    ]
    gone = [
        {"level": "note", "message": _message(f"{key}: gone: {run.why_gone}", None)}
        for key in run.gone
    ]
    return {
        "executionSuccessful": not failed,
        "exitCode": run.exit_code,
        "toolExecutionNotifications": [*failed, *gone],
    }


def _results(run: RunReport, outcome: Outcome) -> list[_Json]:
    results = [_diagnostic(run, each) for each in outcome.diagnostics]
    if outcome.status in _FOUND:
        message = _message(_headline(outcome), outcome.hint)
        places = [_location(run, path, {}) for path in _places(outcome)]
        results.append(_result("models", "error", message, places))
    return results


def _headline(outcome: Outcome) -> str:
    return f"{outcome.target.name}: {outcome.status}: {outcome.reason}"


def _places(outcome: Outcome) -> list[str]:
    """Return where to show that models are out of date: the schema, else the models."""
    outputs = [output.path for output in outcome.target.outputs]
    return [path for path in (outcome.target.schema, *outputs) if path][:1]


def _diagnostic(run: RunReport, each: Diagnostic) -> _Json:
    region = {"startLine": max(1, each.line), "startColumn": max(1, each.column)}
    place = _location(run, each.path, region)
    return _result("schema", each.severity, _message(each.message, each.hint), [place])


def _result(rule: str, level: str, message: _Json, locations: list[_Json]) -> _Json:
    return {"ruleId": rule, "level": level, "message": message, "locations": locations}


def _message(text: str, hint: str | None) -> _Json:
    whole = printable(f"{text}: {hint}" if hint else text)
    # Viewers make a link of `[words](target)`, whoever wrote it.
    return {"text": whole.replace("](", "] (")}


def _location(run: RunReport, path: str, region: dict[str, int]) -> _Json:
    uri = quote(repository_path(run, path), errors="replace")
    physical: _Json = {"artifactLocation": {"uri": uri}}
    if region:
        physical["region"] = region
    return {"physicalLocation": physical}


@hookimpl
def modelgen_reporters() -> list[Reporter]:
    """Bring the reporter."""
    return [Reporter(name="sarif", help="a SARIF 2.1.0 log, for code scanning", report=report)]
