from __future__ import annotations

import pytest

from amplify_modelgen.modelgen.flags import FeatureFlags
from conformance import corpus, verdict
from conformance.peer import Judgement, Result

GIVEN = Judgement(introspection=Result(text='{\n  "a": 1\n}'), datastore=Result(text="{}"))
REFUSED = Judgement(introspection=Result(error="no such type"), datastore=Result(text="{}"))


def said(monkeypatch: pytest.MonkeyPatch, *, mine: Judgement, theirs: Judgement) -> str:
    monkeypatch.setattr(verdict, "ours", lambda _schema, _flags: mine)
    return verdict.difference("type A @model", FeatureFlags(improve_pluralization=True), theirs)


@pytest.mark.parametrize("both", [GIVEN, REFUSED])
def test_equal_judgements_agree(monkeypatch: pytest.MonkeyPatch, both: Judgement) -> None:
    assert said(monkeypatch, mine=both, theirs=both) == ""


def test_refusals_agree_whatever_their_words(monkeypatch: pytest.MonkeyPatch) -> None:
    other = Judgement(introspection=Result(error="bad field"), datastore=Result(text="{}"))
    assert said(monkeypatch, mine=REFUSED, theirs=other) == ""


def test_a_refusal_of_one_side_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    report = said(monkeypatch, mine=GIVEN, theirs=REFUSED)
    assert "introspection: peer refuses: no such type" in report
    assert "introspection: ours gives it" in report


def test_one_changed_line_is_shown_as_a_diff(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = Judgement(introspection=Result(text='{\n  "a": 2\n}'), datastore=Result(text="{}"))
    report = said(monkeypatch, mine=mine, theirs=GIVEN)
    assert '-  "a": 1\n+  "a": 2' in report
    assert "datastore" not in report


def test_a_difference_names_schema_and_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    report = said(monkeypatch, mine=GIVEN, theirs=REFUSED)
    assert 'type A @model\n--- flags {"improve_pluralization": true}' in report


@pytest.mark.parametrize("case", corpus.cases()[:1] + corpus.cases()[-1:])
def test_what_is_recorded_is_read_back(case: corpus.Case) -> None:
    assert corpus.files(corpus.recorded(case)) == corpus.standing(case)
