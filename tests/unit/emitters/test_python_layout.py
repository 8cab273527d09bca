"""The forms that lines take; that ruff takes the same ones is for tests/emitters/python."""

from __future__ import annotations

import pytest

from amplify_modelgen_plugins.python_models.layout import (
    Annotation,
    Name,
    Of,
    Optional,
    assignment,
    call,
    declaration,
    heading,
)

A, T = "a" * 40, "T" * 60
WIDE = "T" * 80


@pytest.mark.parametrize(
    ("name", "annotation", "value", "lines"),
    [
        ("x", Name("int"), [], ["x: int"]),
        ("x", Optional(Name("int")), ["None"], ["x: int | None = None"]),
        (A, Name(T), [], [f"{A}: (", f"    {T}", ")"]),
        ("x", Name(T + T), [], [f"x: {T}{T}"]),
        (A, Name(T), ["F(", "    y=1,", ")"], [f"{A}: {T} = F(", "    y=1,", ")"]),
        (A, Of("list", Name(T)), [], [f"{A}: list[", f"    {T}", "]"]),
        (A + A, Of("list", Name("int")), [], [f"{A}{A}: (", "    list[int]", ")"]),
        (A, Optional(Name(T)), ["None"], [f"{A}: (", f"    {T} | None", ") = None"]),
        (
            "a" * 66,
            Optional(Name("int")),
            ["None"],
            [f"{'a' * 66}: int | None = (", "    None", ")"],
        ),
        (
            "x",
            Optional(Of("list", Optional(Name(WIDE)))),
            ["None"],
            [
                "x: (",
                "    list[",
                f"        {WIDE}",
                "        | None",
                "    ]",
                "    | None",
                ") = None",
            ],
        ),
    ],
)
def test_a_declaration_is_broken_where_it_is_too_long(
    name: str, annotation: Annotation, value: list[str], lines: list[str]
) -> None:
    assert declaration(name, annotation, value) == [f"    {line}" for line in lines]


def test_the_line_that_opens_a_class() -> None:
    assert heading("A", "_Model") == ["class A(_Model):"]
    assert heading(WIDE, "_Model") == [f"class {WIDE}(", "    _Model", "):"]


def test_a_value_gets_a_line_of_its_own_where_it_fits_there() -> None:
    assert assignment("x", "1") == ["    x = 1"]
    assert assignment(A, T) == [f"    {A} = (", f"        {T}", "    )"]
    assert assignment("x", T + T) == [f"    x = {T}{T}"]


def test_a_call_has_one_argument_a_line_where_all_are_too_long() -> None:
    assert call("F", ["1", "2"], depth=1, end=",") == ["    F(1, 2),"]
    assert call("F", [A, T], depth=1) == ["    F(", f"        {A},", f"        {T},", "    )"]
