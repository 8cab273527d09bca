"""The reporter `junit`: a test case for each target, for CI servers that show test results."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from amplify_modelgen import Reporter, hookimpl, printable

if TYPE_CHECKING:
    from typing import TextIO

    from amplify_modelgen import Outcome, RunReport

_FOUND = ("stale", "drifted", "invalid")


def report(run: RunReport, stream: TextIO) -> None:
    """Write one test suite: a failure for what was found, an error for what did not work."""
    outcomes = run.outcomes
    failures = sum(outcome.status in _FOUND for outcome in outcomes)
    errors = sum(outcome.status == "failed" for outcome in outcomes)
    counts = {"tests": len(outcomes), "failures": failures, "errors": errors}
    numbers = {name: str(count) for name, count in counts.items()}
    root = Element("testsuites", numbers | {"time": f"{run.seconds:.3f}"})
    suite = SubElement(
        root,
        "testsuite",
        {"name": f"amplify-modelgen {run.verb}", **numbers, "time": f"{run.seconds:.3f}"},
    )
    for outcome in outcomes:
        _case(suite, outcome)
    indent(root)
    stream.write('<?xml version="1.0" encoding="utf-8"?>\n')
    ElementTree(root).write(stream, encoding="unicode")
    stream.write("\n")


def _case(suite: Element, outcome: Outcome) -> None:
    target = outcome.target
    case = SubElement(
        suite,
        "testcase",
        {
            "name": printable(target.name),
            "classname": printable(f"amplify-modelgen.{target.resource}"),
            "time": f"{outcome.seconds:.3f}",
        },
    )
    if outcome.status in _FOUND or outcome.status == "failed":
        tag = "error" if outcome.status == "failed" else "failure"
        problem = SubElement(
            case, tag, {"type": outcome.status, "message": printable(outcome.reason)}
        )
        problem.text = "\n".join(_details(outcome))


def _details(outcome: Outcome) -> list[str]:
    places = [
        f"{each.path}:{each.line}:{each.column}: {each.severity}: {each.message}"
        for each in outcome.diagnostics
    ]
    changes = [f"{each.level}: {each.subject} {each.message}" for each in outcome.changes]
    hint = [outcome.hint] if outcome.hint else []
    return [printable(line) for line in (*places, *changes, *hint)]


@hookimpl
def modelgen_reporters() -> list[Reporter]:
    """Bring the reporter."""
    return [Reporter(name="junit", help="a JUnit XML file, for CI servers", report=report)]
