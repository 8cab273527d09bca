from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from amplify_modelgen.plugin import UsageError
from amplify_modelgen_plugins.serve.faults import KINDS, Fault, FaultInjector, parse_fault

DOCS = Path(__file__).parents[3] / "docs" / "serve.md"


def _kinds(rules: FaultInjector, count: int, operation: str = "GetBackendJob") -> list[str]:
    return [
        "+".join(fault.kind for fault in rules.match(operation, {"blog"})) for _ in range(count)
    ]


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
def test_rule(rule: str, fault: Fault) -> None:
    assert parse_fault(rule) == fault


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("", "unknown fault ''"),
        ("explode", "unknown fault 'explode'"),
        ("GetJob:throttle", "unknown operation 'GetJob'"),
        (":throttle", "unknown operation ''"),
        ("GetBackendJob:fail", "fail does not apply to GetBackendJob"),
        ("throttle=often", "N must be an integer of at least 1"),
        ("throttle=0", "N must be an integer of at least 1"),
        ("throttle,times=-1", "N must be an integer of at least 1"),
        ("throttle,after=x", "N must be an integer of at least 1 (for after: 0)"),
        ("throttle,every=0", "N must be an integer of at least 1"),
        ("status=bad", "status needs an HTTP status"),
        ("status=700", "status needs an HTTP status"),
        ("latency", "latency needs seconds"),
        ("latency=-1", "latency needs seconds"),
        ("latency=1e9", "latency needs seconds"),
        ("progress", "progress needs a text"),
        ("throttle,for=", "NAME must not be empty"),
        ("throttle=\udcff", "N must be an integer of at least 1"),
        ("answer", "answer needs a text"),
        ("type=a\nb", "type needs printable ASCII"),
        ("type=\N{SNOWMAN}", "type needs printable ASCII"),
        ("fail=\udcff", "fail needs a text in UTF-8"),
        ("answer=@.", ". is not a regular file"),
        ("answer=@/dev/null", "/dev/null is not a regular file of at most 20000000 bytes"),
        ("answer=@a\0b", "a\0b is not a regular file"),
        ("answer=@missing.json", "missing.json is not a regular file"),
    ],
)
def test_invalid_rule_is_rejected(rule: str, why: str) -> None:
    with pytest.raises(UsageError, match=re.escape(why)) as caught:
        parse_fault(rule)
    assert repr(rule) in caught.value.message
    assert caught.value.hint


def test_typo_gets_a_suggestion() -> None:
    with pytest.raises(UsageError) as caught:
        parse_fault("throtle=3")
    assert caught.value.hint == "did you mean throttle?"


def test_times_limits_how_often_a_fault_is_injected() -> None:
    assert _kinds(FaultInjector(["throttle=2"]), 4) == ["throttle", "throttle", "", ""]


def test_after_skips_the_first_requests() -> None:
    assert _kinds(FaultInjector(["throttle=1,after=2"]), 4) == ["", "", "throttle", ""]


def test_every_injects_into_each_nth_request() -> None:
    assert _kinds(FaultInjector(["throttle=2,every=2"]), 6) == [
        "",
        "throttle",
        "",
        "throttle",
        "",
        "",
    ]


def test_rule_applies_to_its_operation_only() -> None:
    assert _kinds(FaultInjector(["GetBackendAPI:throttle"]), 1) == [""]


def test_rule_applies_to_supported_operations_only() -> None:
    rules = FaultInjector(["stall"])
    assert _kinds(rules, 1) == [""]
    assert _kinds(rules, 1, "GenerateBackendAPIModels") == ["stall"]


def test_rule_applies_to_its_name_only() -> None:
    assert _kinds(FaultInjector(["throttle,for=blog"]), 1) == ["throttle"]
    assert _kinds(FaultInjector(["throttle,for=shop"]), 1) == [""]


def test_rules_apply_together() -> None:
    assert _kinds(FaultInjector(["latency=1", "half", "html"]), 1) == ["latency+half+html"]


def test_first_rejecting_rule_wins() -> None:
    assert _kinds(FaultInjector(["throttle=1", "timeout=1", "latency=1"]), 3) == [
        "throttle",
        "timeout",
        "latency",
    ]


def test_rules_can_be_changed_while_the_server_runs() -> None:
    rules = FaultInjector()
    rules.add("cut")
    assert _kinds(rules, 1) == ["cut"]
    rules.clear()
    assert _kinds(rules, 1) == [""]


def test_documentation_lists_every_kind() -> None:
    names = re.findall(r"^\| `(\w+)", DOCS.read_text("utf-8"), re.MULTILINE)
    assert names == list(KINDS)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no FIFOs")
def test_answer_is_not_read_from_a_fifo(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    with pytest.raises(UsageError, match="is not a regular file"):
        parse_fault(f"answer=@{path}")


def test_answer_is_not_read_from_a_large_file(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(20_000_001)
    with pytest.raises(UsageError, match="is not a regular file of at most 20000000 bytes"):
        parse_fault(f"answer=@{path}")
