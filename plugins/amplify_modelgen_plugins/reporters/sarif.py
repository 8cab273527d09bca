"""The reporter `sarif`: problems of schemas and models for code scanning, in SARIF 2.1.0.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from amplify_modelgen import __version__
from amplify_modelgen.plugin import Reporter, escape, hookimpl

if TYPE_CHECKING:
    from typing import TextIO

    from amplify_modelgen.plugin import Diagnostic, Outcome, Report

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_HOME = "https://github.com/amplify-modelgen/amplify-modelgen"
_RULES = {
    "schema": "Problems of a GraphQL schema",
    "models": "Models that do not match their schema",
}

_Json = dict[str, object]


def report(report: Report, stream: TextIO) -> None:
    """Write one SARIF log with one run.

    Problems of schemas and models are its results. A target that failed says nothing about the
    code, so it is a notification of the invocation, and so are the notes.
    """
    log = {
        "tool": {"driver": _driver(report)},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": [result for outcome in report.outcomes for result in _results(report, outcome)],
    }
    json.dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [log]}, stream, indent=2)
    stream.write("\n")


def _driver(report: Report) -> _Json:
    diagnostics = [item for outcome in report.outcomes for item in outcome.diagnostics]
    used = sorted({diagnostic.rule for diagnostic in diagnostics} - {"", *_RULES})
    described = [{"id": rule, "shortDescription": {"text": text}} for rule, text in _RULES.items()]
    return {
        "name": "amplify-modelgen",
        "version": __version__,
        "informationUri": _HOME,
        "rules": [*described, *map(_described, used)],
    }


def _described(rule_id: str) -> _Json:
    """Return what the log says of a rule; only its id, if it is the rule of another plugin."""
    from amplify_modelgen.lint import RULES, RULES_PAGE, explain_rule

    rule = RULES.get(rule_id)
    if rule is None:
        return {"id": rule_id}
    return {
        "id": rule_id,
        "shortDescription": {"text": rule.summary},
        "help": {"text": explain_rule(rule)},
        "helpUri": f"{RULES_PAGE}#{rule_id}",
        "defaultConfiguration": {"level": rule.severity},
    }


def _invocation(report: Report) -> _Json:
    failed = [
        {"level": "error", "message": _message(_headline(outcome), outcome.hint)}
        for outcome in report.outcomes
        if outcome.status == "failed"
    ]
    notes = [{"level": "note", "message": _message(note, None)} for note in report.notes]
    return {
        "executionSuccessful": not failed,
        "exitCode": report.exit_code,
        "toolExecutionNotifications": [*failed, *notes],
    }


def _results(report: Report, outcome: Outcome) -> list[_Json]:
    results = [_diagnostic(report, diagnostic) for diagnostic in outcome.diagnostics]
    if outcome.status in ("stale", "drifted"):
        message = _message(_headline(outcome), outcome.hint)
        # At the schema, else at the models.
        paths = [outcome.target.schema, *(output.path for output in outcome.target.outputs)]
        locations = [_location(report, path, {}) for path in paths if path][:1]
        results.append(_result("models", "error", message, locations))
    return results


def _headline(outcome: Outcome) -> str:
    return f"{outcome.target.name}: {outcome.status}: {outcome.reason}"


def _diagnostic(report: Report, diagnostic: Diagnostic) -> _Json:
    region = {"startLine": max(1, diagnostic.line), "startColumn": max(1, diagnostic.column)}
    message = _message(diagnostic.message, diagnostic.hint)
    location = _location(report, diagnostic.path, region)
    from hashlib import sha256

    result = _result(diagnostic.rule or "schema", diagnostic.severity, message, [location])
    # Lines move: a problem is the same one if its rule, file and message are.
    identity = f"{diagnostic.rule}\0{diagnostic.path}\0{diagnostic.message}"
    digest = sha256(identity.encode(errors="surrogatepass")).hexdigest()
    return {**result, "partialFingerprints": {"problem/v1": digest}}


def _result(rule: str, level: str, message: _Json, locations: list[_Json]) -> _Json:
    return {"ruleId": rule, "level": level, "message": message, "locations": locations}


def _message(text: str, hint: str | None) -> _Json:
    message = escape(f"{text}: {hint}" if hint else text)
    # Viewers turn `[text](target)` into a link.
    return {"text": message.replace("](", "] (")}


def _location(report: Report, path: str, region: dict[str, int]) -> _Json:
    uri = quote(report.repository_path(path), errors="replace")
    physical: _Json = {"artifactLocation": {"uri": uri}}
    if region:
        physical["region"] = region
    return {"physicalLocation": physical}


@hookimpl
def modelgen_reporters() -> list[Reporter]:
    """Return the reporter."""
    return [Reporter(name="sarif", help="a SARIF 2.1.0 log, for code scanning", report=report)]
