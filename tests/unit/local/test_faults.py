from __future__ import annotations

import re
from pathlib import Path

import pytest

from amplify_modelgen.errors import UsageError
from amplify_modelgen_plugins.local import faults
from amplify_modelgen_plugins.local.faults import KINDS, Fault, Faults, parse_fault

DOCS = Path(__file__).parents[3] / "docs" / "serve.md"


def _kinds(rules: Faults, count: int, operation: str = "GetBackendJob") -> list[str]:
    return ["+".join(it.kind for it in rules.strike(operation, {"blog"})) for _ in range(count)]


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("throttle", Fault(kind="throttle")),
        ("throttle=3", Fault(kind="throttle", times=3)),
        ("throttle,times=3", Fault(kind="throttle", times=3)),
        ("GetBackendJob:cut=1", Fault(kind="cut", operation="GetBackendJob", times=1)),
        ("fail", Fault(kind="fail")),
        ("fail=out of luck: 3,4", Fault(kind="fail", value="out of luck: 3,4")),
        ("fail=a=b,times=2", Fault(kind="fail", value="a=b", times=2)),
        ("latency=0.08", Fault(kind="latency", value="0.08")),
        ("latency=.5,every=2", Fault(kind="latency", value=".5", every=2)),
        ("status=500,after=2", Fault(kind="status", value="500", after=2)),
        ("expired,after=5,for=blog", Fault(kind="expired", after=5, name="blog")),
        (
            "GetBackendAPIModels:without=Models",
            Fault(kind="without", operation="GetBackendAPIModels", value="Models"),
        ),
    ],
)
def test_a_rule_is_read(rule: str, fault: Fault) -> None:
    assert parse_fault(rule) == fault


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("", "no kind of fault is called ''"),
        ("explode", "no kind of fault is called 'explode'"),
        ("GetJob:throttle", "no operation is called 'GetJob'"),
        (":throttle", "no operation is called ''"),
        ("GetBackendJob:fail", "fail has no meaning for GetBackendJob"),
        ("throttle=often", "times must be a number from 1 on"),
        ("throttle=0", "times must be a number from 1 on"),
        ("throttle,times=-1", "times must be a number from 1 on"),
        ("throttle,after=x", "after must be a number from 0 on"),
        ("throttle,every=0", "every must be a number from 1 on"),
        ("status=bad", "status needs an HTTP status"),
        ("status=700", "status needs an HTTP status"),
        ("latency", "latency needs seconds"),
        ("latency=-1", "latency needs seconds"),
        ("latency=1e9", "latency needs seconds"),
        ("progress", "progress needs a text"),
        ("throttle,for=", "for needs a name"),
        ("answer=@missing.json", "missing.json cannot be read (No such file or directory)"),
    ],
)
def test_a_bad_rule_is_refused(rule: str, why: str) -> None:
    with pytest.raises(UsageError, match=re.escape(why)) as caught:
        parse_fault(rule)
    assert repr(rule) in caught.value.message
    assert caught.value.hint


def test_a_slip_of_the_pen_is_named() -> None:
    with pytest.raises(UsageError) as caught:
        parse_fault("throtle=3")
    assert caught.value.hint == "did you mean throttle?"


def test_times_bounds_how_often_a_rule_strikes() -> None:
    assert _kinds(Faults(["throttle=2"]), 4) == ["throttle", "throttle", "", ""]


def test_after_lets_requests_pass_first() -> None:
    assert _kinds(Faults(["throttle=1,after=2"]), 4) == ["", "", "throttle", ""]


def test_every_strikes_each_nth_request() -> None:
    assert _kinds(Faults(["throttle=2,every=2"]), 6) == ["", "throttle", "", "throttle", "", ""]


def test_a_rule_strikes_only_its_operation() -> None:
    assert _kinds(Faults(["GetBackendAPI:throttle"]), 1) == [""]


def test_a_rule_strikes_only_the_kind_of_operation_that_it_suits() -> None:
    rules = Faults(["stall"])
    assert _kinds(rules, 1) == [""]
    assert _kinds(rules, 1, "GenerateBackendAPIModels") == ["stall"]


def test_a_rule_strikes_only_the_name_that_it_is_for() -> None:
    assert _kinds(Faults(["throttle,for=blog"]), 1) == ["throttle"]
    assert _kinds(Faults(["throttle,for=shop"]), 1) == [""]


def test_rules_hold_together() -> None:
    assert _kinds(Faults(["latency=1", "half", "html"]), 1) == ["latency+half+html"]


def test_of_rules_that_refuse_the_first_one_does() -> None:
    assert _kinds(Faults(["throttle=1", "timeout=1", "latency=1"]), 3) == [
        "throttle",
        "timeout",
        "latency",
    ]


def test_rules_come_and_go_while_the_server_runs() -> None:
    rules = Faults()
    rules.add("cut")
    assert _kinds(rules, 1) == ["cut"]
    rules.clear()
    assert _kinds(rules, 1) == [""]


def _documented(text: str, pattern: str) -> list[str]:
    return re.findall(pattern, text, re.MULTILINE)


def test_the_docstring_lists_every_kind() -> None:
    table = (faults.__doc__ or "").partition("what happens\n")[2]
    assert _documented(table, r"^    (\w+)") == list(KINDS)


def test_the_documentation_lists_every_kind() -> None:
    assert _documented(DOCS.read_text("utf-8"), r"^\| `(\w+)") == list(KINDS)
