from __future__ import annotations

import pytest

from amplify_modelgen.lint.linter import argument_offset

TEXT = """type A @auth(
  # a comment with @auth(rules: 1)
  rules: [{ allow: owner, operations: [read, "x"] }, { allow: { deep: 3 } }], rules: null
) @model"""
OFFSET = TEXT.index("@auth")


def token_at(path: tuple[str | int, ...], *, at_name: bool = False) -> str:
    return TEXT[argument_offset(TEXT, OFFSET, path, at_name=at_name) :]


@pytest.mark.parametrize(
    ("path", "token"),
    [
        (("rules",), "null\n"),
        (("rules", 0), "{ allow: owner"),
        (("rules", 0, "allow"), "owner,"),
        (("rules", 0, "operations"), "[read"),
        (("rules", 0, "operations", 1), '"x"'),
        (("rules", 1, "allow", "deep"), "3 }"),
        (("rules", 2), "@auth"),
        (("other",), "@auth"),
    ],
)
def test_a_path_leads_to_a_value(path: tuple[str | int, ...], token: str) -> None:
    assert token_at(path).startswith(token)


def test_the_name_of_an_argument_has_a_place() -> None:
    assert token_at(("rules", 0, "operations"), at_name=True).startswith("operations: [")


@pytest.mark.parametrize("text", ["@a", "@a @b(x: 1)", "@a(", "@a(x: [", '@a(x: "\\u0041")'])
def test_a_path_that_leads_nowhere_gives_the_directive(text: str) -> None:
    assert argument_offset(text, 0, ("x", 5)) == 0
