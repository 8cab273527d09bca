from __future__ import annotations

import time

import pytest

from amplify_modelgen.records import Diagnostic, Schema, SchemaFile

TEXTS = {"a.graphql": "one\ntwo", "b.graphql": "", "c.graphql": "four\n", "d.graphql": "six"}
SCHEMA = Schema(files=tuple(SchemaFile(path=path, text=text) for path, text in TEXTS.items()))


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (1, ("a.graphql", 1)),
        (2, ("a.graphql", 2)),
        (3, ("b.graphql", 1)),
        (4, ("c.graphql", 1)),
        (5, ("c.graphql", 2)),
        (6, ("d.graphql", 1)),
        (9, ("d.graphql", 4)),
    ],
)
def test_a_line_of_the_text_is_found_in_its_file(line: int, place: tuple[str, int]) -> None:
    assert SCHEMA.locate(line) == place
    found = SCHEMA.located([Diagnostic(message="m", line=line, column=7)])
    assert found == (Diagnostic(message="m", line=place[1], column=7, path=place[0]),)


def test_many_diagnostics_in_many_files_are_located_in_linear_time() -> None:
    files = (SchemaFile(path=f"{number}.graphql", text="\n" * 20) for number in range(2_000))
    schema = Schema(files=tuple(files))
    started = time.monotonic()
    schema.located(Diagnostic(message="m", line=line, column=1) for line in range(1, 40_000))
    assert time.monotonic() - started < 5  # quadratic time would take minutes
