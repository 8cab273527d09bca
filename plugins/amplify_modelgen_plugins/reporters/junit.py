"""The reporter `junit`: a test case for each target, for CI servers that show test results.

Source of the format: the Jenkins xUnit plugin's schema `junit-10.xsd`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Reporter, escape, hookimpl

from .terminal import file_lines, outcome_lines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO
    from xml.etree.ElementTree import Element

    from amplify_modelgen.plugin import Outcome, Report

    from .terminal import Line

_TAGS = {
    **dict.fromkeys(("stale", "drifted", "invalid", "rejected"), "failure"),
    "failed": "error",
    "skipped": "skipped",
}
# XML 1.0 cannot represent these, not even as references.
_INVALID_XML = re.compile("[\ufffe\uffff]")


def report(report: Report, stream: TextIO) -> None:
    """Write one test case per target: `failure` if stale, `error` if it could not be processed.

    The XML is ASCII, which is valid in whatever encoding the stream has.
    """
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    totals = _totals(report)
    root = Element("testsuites", totals)
    suite = SubElement(root, "testsuite", totals, name=f"amplify-modelgen {escape(report.command)}")
    suite.extend(_case(outcome) for outcome in report.outcomes)
    notes = [*file_lines(report.files), *(("", note) for note in report.notes)]
    if notes:
        SubElement(suite, "system-out").text = _text(notes)
    indent(root)
    xml: bytes = tostring(root, encoding="us-ascii", xml_declaration=True)
    stream.write(f"{xml.decode('ascii')}\n")


def _totals(report: Report) -> dict[str, str]:
    tags = [_TAGS.get(outcome.status) for outcome in report.outcomes]
    return {
        "tests": str(len(tags)),
        "failures": str(tags.count("failure")),
        "errors": str(tags.count("error")),
        "time": f"{report.seconds:.3f}",
    }


def _case(outcome: Outcome) -> Element:
    from xml.etree.ElementTree import Element, SubElement

    case = Element(
        "testcase",
        name=_line(outcome.target.name),
        classname=_line(f"amplify-modelgen.{outcome.target.resource}"),
        time=f"{sum(job_run.seconds for job_run in outcome.jobs):.3f}",
    )
    tag = _TAGS.get(outcome.status, "system-out")
    is_problem = tag in ("failure", "error")
    problem = {"type": outcome.status, "message": _line(outcome.reason)} if is_problem else {}
    SubElement(case, tag, problem).text = _text(outcome_lines(outcome))
    return case


def _text(lines: Iterable[Line]) -> str:
    return "\n".join(_line(text) for _, text in lines)


def _line(text: str) -> str:
    return _INVALID_XML.sub("\ufffd", escape(text))


@hookimpl
def modelgen_reporters() -> list[Reporter]:
    """Return the reporter."""
    return [Reporter(name="junit", help="a JUnit XML file, for CI servers", report=report)]
