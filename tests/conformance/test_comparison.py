from __future__ import annotations

import pytest

from amplify_modelgen.modelgen.documents import FeatureFlags
from conformance import comparison, corpus
from conformance.peer import Result, Verdict

GENERATED = Verdict(introspection=Result(text='{\n  "a": 1\n}'), datastore=Result(text="{}"))
REFUSED = Verdict(introspection=Result(error="no such type"), datastore=Result(text="{}"))


def compare(monkeypatch: pytest.MonkeyPatch, *, ours: Verdict, peers: Verdict) -> str:
    monkeypatch.setattr(comparison, "ours", lambda _schema, _flags: ours)
    return comparison.difference("type A @model", FeatureFlags(improve_pluralization=True), peers)


@pytest.mark.parametrize("both", [GENERATED, REFUSED])
def test_equal_verdicts_agree(monkeypatch: pytest.MonkeyPatch, both: Verdict) -> None:
    assert compare(monkeypatch, ours=both, peers=both) == ""


def test_refusals_with_different_messages_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    other = Verdict(introspection=Result(error="bad field"), datastore=Result(text="{}"))
    assert compare(monkeypatch, ours=REFUSED, peers=other) == ""


def test_a_refusal_by_one_side_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    report = compare(monkeypatch, ours=GENERATED, peers=REFUSED)
    assert "introspection: peer: refused: no such type" in report
    assert "introspection: ours: generated" in report


def test_a_changed_line_is_reported_as_a_diff(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Verdict(introspection=Result(text='{\n  "a": 2\n}'), datastore=Result(text="{}"))
    report = compare(monkeypatch, ours=ours, peers=GENERATED)
    assert '-  "a": 1\n+  "a": 2' in report
    assert "datastore" not in report


def test_a_report_contains_the_schema_and_the_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    report = compare(monkeypatch, ours=GENERATED, peers=REFUSED)
    assert 'type A @model\n--- flags {"improve_pluralization": true}' in report


@pytest.mark.parametrize("case", corpus.cases()[:1] + corpus.cases()[-1:])
def test_recorded_files_are_parsed_and_formatted_unchanged(case: corpus.Case) -> None:
    assert corpus.verdict_files(corpus.recorded(case)) == corpus.recorded_files(case)
