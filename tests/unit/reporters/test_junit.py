from __future__ import annotations

import io
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from xmlschema import XMLSchema

from amplify_modelgen_plugins import report_junit
from unit.reporters.golden import rendered
from unit.reporters.runs import HOSTILE, RUNS

SCHEMA = XMLSchema(Path(__file__).parent / "schemas" / "junit-10.xsd")


@pytest.mark.parametrize("run", RUNS)
def test_a_report_is_what_jenkins_accepts(run: str) -> None:
    SCHEMA.validate(ET.fromstring(rendered(f"{run}.junit.xml")))


@pytest.mark.parametrize("run", RUNS)
def test_a_report_has_a_case_for_each_target_and_counts_them(run: str) -> None:
    suite = ET.fromstring(rendered(f"{run}.junit.xml"))[0]
    targets = len(RUNS[run].outcomes) + len(RUNS[run].gone)
    assert len(suite) == int(suite.attrib["tests"]) == targets
    for tag in ("failure", "error"):
        assert len(suite.findall(f"testcase/{tag}")) == int(suite.attrib[f"{tag}s"])


def test_what_was_found_fails_and_what_did_not_work_is_an_error() -> None:
    suite = ET.fromstring(rendered("found.junit.xml"))[0]
    found = [(case.attrib["name"], case[0].tag, case[0].attrib["type"]) for case in suite]
    assert found == [
        ("blog@dev", "failure", "stale"),
        ("gone@dev", "failure", "stale"),
        ("phone@dev", "failure", "stale"),
        ("shop@dev", "failure", "drifted"),
        ("chat@dev", "failure", "invalid"),
        ("tax@dev", "error", "failed"),
        ("till@dev", "error", "failed"),
    ]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_report_can_be_written_in_any_encoding(encoding: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
    report_junit.report(RUNS["hostile"], stream)
    assert len(ET.fromstring(raw.getvalue())[0]) == 4 * len(HOSTILE)
