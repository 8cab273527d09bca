from __future__ import annotations

import io
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from xmlschema import XMLSchema

from amplify_modelgen_plugins.reporters import junit
from support.report_golden import rendered
from support.report_runs import HOSTILE, REPORTS

SCHEMA = XMLSchema(Path(__file__).parent / "schemas" / "junit-10.xsd")


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_valid_for_jenkins(name: str) -> None:
    SCHEMA.validate(ET.fromstring(rendered(f"{name}.junit.xml")))


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_has_a_case_for_each_target_and_counts_them(name: str) -> None:
    suite = ET.fromstring(rendered(f"{name}.junit.xml"))[0]
    targets = len(REPORTS[name].outcomes)
    assert len(suite.findall("testcase")) == int(suite.attrib["tests"]) == targets
    for tag in ("failure", "error"):
        assert len(suite.findall(f"testcase/{tag}")) == int(suite.attrib[f"{tag}s"])


def test_problems_are_failures_and_failed_targets_are_errors() -> None:
    suite = ET.fromstring(rendered("found.junit.xml"))[0]
    cases = [(case.attrib["name"], case[0].tag, case[0].attrib["type"]) for case in suite]
    assert cases == [
        ("blog@dev", "failure", "stale"),
        ("shut@dev", "failure", "stale"),
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
    junit.report(REPORTS["hostile"], stream)
    suite = ET.fromstring(raw.getvalue())[0]
    assert len(suite.findall("testcase")) == 3 * len(HOSTILE)


def test_all_jobs_and_their_time_are_in_the_case_of_their_target() -> None:
    (case,) = ET.fromstring(rendered("generated.junit.xml"))[0].findall("testcase")
    lines = (case[0].text or "").splitlines()
    assert [line for line in lines if line.startswith("  job ")] == [
        "  job job-0  UpdateBackendAPI  COMPLETED  2.5 s  1 poll",
        "  job job-1  GenerateBackendAPIModels  COMPLETED  2.5 s  3 polls",
    ]
    assert case.attrib["time"] == "5.000"


def test_a_skipped_target_is_a_skipped_case_and_notes_are_output_of_the_suite() -> None:
    suite = ET.fromstring(rendered("first.junit.xml"))[0]
    assert suite[1][0].tag == "skipped"
    assert suite[1][0].text == "auth@dev: skipped: no output is configured\n  --create"
    assert (suite.findtext("system-out") or "").splitlines() == [
        "  removed    old.lock  (old format)",
        "removed the lock of an older version",
        "2 targets share a schema",
    ]


def test_the_detail_of_a_file_is_reported() -> None:
    text = rendered("ignored.junit.xml")
    assert "  ignored    models/a.json  (ignored by .gitignore:3)" in text
    assert "  refused    models/b.json  (no generator wrote it)" in text
