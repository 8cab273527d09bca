"""The reporter `junit`: a test case for each target, for CI servers that show test results.

Source of the format: the Jenkins xUnit plugin's schema `junit-10.xsd`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Reporter, escape, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO
    from xml.etree.ElementTree import Element

    from amplify_modelgen.plugin import FileChange, Outcome, Report

_FAILURES = ("stale", "drifted", "invalid", "rejected")
# XML 1.0 cannot represent these, not even as references.
_INVALID_XML = re.compile("[\ufffe\uffff]")


def report(report: Report, stream: TextIO) -> None:
    """Write one test case per target: `failure` if stale, `error` if it could not be processed.

    The XML is ASCII, which is valid in whatever encoding the stream has.
    """
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    root = Element("testsuites", _totals(report))
    name = f"amplify-modelgen {escape(report.command)}"
    suite = SubElement(root, "testsuite", {"name": name, **_totals(report)})
    suite.extend(_case(outcome) for outcome in report.outcomes)
    notes = [*_files(report.files), *report.notes]
    if notes:
        SubElement(suite, "system-out").text = _text(notes)
    indent(root)
    xml: bytes = tostring(root, encoding="us-ascii", xml_declaration=True)
    stream.write(f"{xml.decode('ascii')}\n")


def _totals(report: Report) -> dict[str, str]:
    statuses = [outcome.status for outcome in report.outcomes]
    return {
        "tests": str(len(statuses)),
        "failures": str(sum(status in _FAILURES for status in statuses)),
        "errors": str(statuses.count("failed")),
        "time": f"{report.seconds:.3f}",
    }


def _case(outcome: Outcome) -> Element:
    from xml.etree.ElementTree import Element, SubElement

    name, resource = outcome.target.name, outcome.target.resource
    seconds = sum(job_run.seconds for job_run in outcome.jobs)
    attributes = {"name": _text([name]), "classname": _text([f"amplify-modelgen.{resource}"])}
    case = Element("testcase", {**attributes, "time": f"{seconds:.3f}"})
    text = _text(_lines(outcome))
    if outcome.status in _FAILURES or outcome.status == "failed":
        tag = "error" if outcome.status == "failed" else "failure"
        problem = {"type": outcome.status, "message": _text([outcome.reason])}
        SubElement(case, tag, problem).text = text
    elif outcome.status == "skipped":
        SubElement(case, "skipped").text = text
    else:
        SubElement(case, "system-out").text = text
    return case


def _lines(outcome: Outcome) -> Iterator[str]:
    yield f"{outcome.status}: {outcome.reason}"
    for diagnostic in outcome.diagnostics:
        rule = f" [{diagnostic.rule}]" if diagnostic.rule else ""
        yield f"{diagnostic.location}: {diagnostic.severity}: {diagnostic.message}{rule}"
        if diagnostic.hint:
            yield f"    {diagnostic.hint}"
    for job_run in outcome.jobs:
        job = job_run.job
        yield f"job {job.id}: {job.operation}: {job.status}: {job_run.seconds:.1f} s"
    for change in outcome.changes:
        yield f"{change.level}: {change.subject} {change.message}"
    yield from _files(outcome.files)
    if outcome.hint:
        yield outcome.hint


def _files(files: Iterable[FileChange]) -> Iterator[str]:
    for file in files:
        yield f"{file.action}: {file.path}{f' ({file.detail})' if file.detail else ''}"


def _text(lines: Iterable[str]) -> str:
    return "\n".join(_INVALID_XML.sub("\ufffd", escape(line)) for line in lines)


@hookimpl
def modelgen_reporters() -> list[Reporter]:
    """Return the reporter."""
    return [Reporter(name="junit", help="a JUnit XML file, for CI servers", report=report)]
