from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplify_modelgen.storage.lockfile import (
    LockEntry,
    parse_lockfile,
    render_lockfile,
)

A, B, C = "a" * 64, "b" * 64, "0123456789abcdef" * 4
ENTRIES = {"z.json": LockEntry(inputs=A, content=B), "src/a b.json": LockEntry(inputs=C, content=A)}
TEXT = f"""\
# amplify-modelgen lock 2
# Models that AWS generated. Written by 'amplify-modelgen generate'; commit this file.
{C} {A} src/a b.json
{A} {B} z.json
"""
DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64)
PATHS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).filter(
    lambda path: not path.startswith("/")
)


def entry(inputs: str, content: str) -> LockEntry:
    # Hypothesis would resolve the annotations of the struct, which are for type checkers only.
    return LockEntry(inputs=inputs, content=content)


LOCKS = st.dictionaries(PATHS, st.builds(entry, inputs=DIGESTS, content=DIGESTS), max_size=5)


def test_lines_are_sorted_by_path() -> None:
    assert render_lockfile(ENTRIES) == TEXT


@given(LOCKS)
def test_rendered_entries_are_parsed(entries: dict[str, LockEntry]) -> None:
    assert parse_lockfile(render_lockfile(entries)) == entries


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXT.replace("\n", "\r\n"), id="Windows line endings"),
        pytest.param(TEXT.rstrip("\n"), id="no newline at the end"),
        pytest.param(TEXT + "\n# a comment\n\n", id="comments and blank lines"),
        pytest.param("\n".join(TEXT.splitlines()[2:]), id="no header"),
        pytest.param("".join(reversed(TEXT.splitlines(keepends=True))), id="another order"),
    ],
)
def test_another_form_of_the_same_entries(text: str) -> None:
    assert parse_lockfile(text) == ENTRIES


@pytest.mark.parametrize(
    "line",
    [
        f"{A} {B}",
        f"{A} {B} ",
        f"{A} {B[1:]} z.json",
        f"{A.upper()} {B} z.json",
        f"{A}  {B} z.json",
        f" {A} {B} z.json",
        f"{A} {B} /z.json",
        "z.json",
        "[blog@dev]",
        "\x00",
        "",
    ],
)
def test_an_unreadable_line_counts_as_absent(line: str) -> None:
    assert parse_lockfile(TEXT.replace(f"{A} {B} z.json", line)) == {
        "src/a b.json": ENTRIES["src/a b.json"]
    }


def test_a_conflict_costs_the_entries_that_are_in_it() -> None:
    conflict = f"<<<<<<< ours\n{A} {B} z.json\n=======\n{B} {B} z.json\n>>>>>>> theirs\n"
    entries = parse_lockfile(TEXT.replace(f"{A} {B} z.json\n", conflict))
    assert entries == {"src/a b.json": ENTRIES["src/a b.json"]}


@given(st.text())
def test_any_text_can_be_parsed(text: str) -> None:
    assert isinstance(parse_lockfile(text), dict)


@pytest.mark.parametrize("text", [None, ""])
def test_a_missing_lock_file_has_no_entries(text: str | None) -> None:
    assert parse_lockfile(text) == {}
