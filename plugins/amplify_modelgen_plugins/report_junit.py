"""The reporter `junit`: a test case for each target, for CI servers that show test results.

Source of the shape: the Jenkins xUnit plugin's schema `junit-10.xsd`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amplify_modelgen import Reporter, hookimpl, printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO
    from xml.etree.ElementTree import Element

    from amplify_modelgen import Outcome, RunReport

_FOUND = ("stale", "drifted", "invalid")
# XML 1.0 has no way to write these, not even as references.
_NO_XML = re.compile("[\ufffe\uffff]")


def report(run: RunReport, stream: TextIO) -> None:
    """Write one test suite: a failure for what was found, an error for what did not work.

    The XML is ASCII, which is right whatever the encoding of the stream.
    """
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    root = Element("testsuites", _totals(run))
    name = f"amplify-modelgen {printable(run.verb)}"
    suite = SubElement(root, "testsuite", {"name": name, **_totals(run)})
    suite.extend(_case(outcome) for outcome in run.outcomes)
    suite.extend(_gone(key, run.why_gone) for key in run.gone)
    indent(root)
    xml: bytes = tostring(root, encoding="us-ascii", xml_declaration=True)
    stream.write(f"{xml.decode('ascii')}\n")


def _totals(run: RunReport) -> dict[str, str]:
    statuses = [outcome.status for outcome in run.outcomes]
    return {
        "tests": str(len(statuses) + len(run.gone)),
        "failures": str(sum(status in _FOUND for status in statuses)),
        "errors": str(statuses.count("failed")),
        "time": f"{run.seconds:.3f}",
    }


def _case(outcome: Outcome) -> Element:
    from xml.etree.ElementTree import SubElement

    case = _named(outcome.target.name, outcome.target.resource, outcome.seconds)
    lines = "\n".join(_text(line) for line in _lines(outcome))
    if outcome.status in _FOUND or outcome.status == "failed":
        tag = "error" if outcome.status == "failed" else "failure"
        problem = {"type": outcome.status, "message": _text(outcome.reason)}
        SubElement(case, tag, problem).text = lines
    else:
        SubElement(case, "system-out").text = lines
    return case


def _gone(key: str, why: str) -> Element:
    from xml.etree.ElementTree import SubElement

    case = _named(key, key, 0.0)
    SubElement(case, "system-out").text = f"gone: {why}"
    return case


def _named(name: str, resource: str, seconds: float) -> Element:
    from xml.etree.ElementTree import Element

    names = {"name": _text(name), "classname": _text(f"amplify-modelgen.{resource}")}
    return Element("testcase", {**names, "time": f"{seconds:.3f}"})


def _lines(outcome: Outcome) -> Iterator[str]:
    yield f"{outcome.status}: {outcome.reason}"
    for each in outcome.diagnostics:
        yield f"{each.path}:{each.line}:{each.column}: {each.severity}: {each.message}"
        if each.hint:
            yield f"    {each.hint}"
    for change in outcome.changes:
        yield f"{change.level}: {change.subject} {change.message}"
    for file in outcome.files:
        yield f"{file.action}: {file.path}"
    if outcome.hint:
        yield outcome.hint


def _text(text: str) -> str:
    return _NO_XML.sub("\ufffd", printable(text))


@hookimpl
def modelgen_reporters() -> list[Reporter]:
    """Bring the reporter."""
    return [Reporter(name="junit", help="a JUnit XML file, for CI servers", report=report)]
