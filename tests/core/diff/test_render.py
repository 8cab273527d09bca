from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.diff import (
    change_rows,
    compare_models,
    is_failing,
    render_changes,
    summarize,
)
from amplify_modelgen.diff.render import worst_level
from amplify_modelgen.records import ModelChange
from support.introspection_documents import (
    document,
    enum,
)

if TYPE_CHECKING:
    from amplify_modelgen.diff.render import FailOn


def change(level: Any, subject: str = "Post", message: str = "m") -> ModelChange:
    return ModelChange(level=level, action="added", subject=subject, message=message, reason="r")


def test_summary_counts_by_level() -> None:
    changes = [change("safe"), change("breaking"), change("safe")]
    assert summarize(changes) == "3 changes: 1 breaking, 2 safe"


def test_summary_of_one_and_of_none() -> None:
    assert summarize([change("dangerous")]) == "1 change: 1 dangerous"
    assert summarize([]) == "no changes"


def test_worst_level() -> None:
    assert worst_level([change("safe"), change("dangerous")]) == "dangerous"
    assert worst_level([]) is None


@pytest.mark.parametrize(
    ("fail_on", "levels"),
    [
        ("breaking", ["breaking"]),
        ("dangerous", ["breaking", "dangerous"]),
        ("any", ["breaking", "dangerous", "safe"]),
        ("never", []),
    ],
)
def test_failing_includes_worse_levels(fail_on: FailOn, levels: list[str]) -> None:
    levels_in_order = ("breaking", "dangerous", "safe")
    assert [level for level in levels_in_order if is_failing([change(level)], fail_on)] == levels
    assert not is_failing([], fail_on)


def test_lines_are_grouped_by_model_and_operation() -> None:
    changes = [
        change("breaking", "Post.title", "field of type String removed"),
        change("safe", "Query.echo", "added"),
        change("safe", "Query.echo.text", "optional argument added"),
        change("dangerous", "Post", "everyone may now read"),
    ]
    assert render_changes(changes) == [
        "Post",
        "  breaking   title: field of type String removed",
        "             r",
        "  dangerous  everyone may now read",
        "             r",
        "Query.echo",
        "  safe       added",
        "             r",
        "  safe       text: optional argument added",
        "             r",
    ]


def test_lines_have_no_control_characters() -> None:
    lines = render_changes([change("safe", "Po\x1b[31mst", "a\nb")])
    assert all(line.isprintable() for line in lines)


def test_rows_have_sorted_keys() -> None:
    (row,) = change_rows(compare_models(document(), enum("A")))
    assert list(row) == sorted(row)
    assert (row["rule"], row["subject"], row["level"]) == ("enum-added", "Status", "safe")
